package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;

/**
 * Translates a stream of a provider of the Anthropic dialect into chunks of the OpenAI dialect: text as {@code content},
 * thinking as {@code reasoning_content}, calls of tools under an index of their own, however the provider counts its
 * blocks. Tools that the provider itself runs, their results, signatures and citations are left out.
 *
 * <h2>End</h2>
 * At {@code message_stop} the finish chunk, the usage chunk where it was asked for and both sides are known, and
 * {@code [DONE]}. A provider's stream that ends before is taken for complete only if it had told why it stops. An event
 * that begins like an object and is no JSON breaks the stream: what it said is lost, and half a call of a tool must not
 * be run.
 *
 * <h2>Memory</h2>
 * Nothing is kept but which blocks are open, and the arguments of calls that came with the start of their block, up to
 * {@link OpenBlocks#MAX_HELD_BYTES}. Nothing is allocated per event; names of tools that were changed on the way to the
 * provider are looked up as strings, once per call. Confined to one thread at a time.
 */
public final class MessageEventsToChunks implements StreamTranslator {
    private static final byte[] CONTENT_BLOCK_DELTA = ascii("content_block_delta");
    private static final byte[] CONTENT_BLOCK_START = ascii("content_block_start");
    private static final byte[] CONTENT_BLOCK_STOP = ascii("content_block_stop");
    private static final byte[] MESSAGE_START = ascii("message_start");
    private static final byte[] MESSAGE_DELTA = ascii("message_delta");
    private static final byte[] MESSAGE_STOP = ascii("message_stop");
    private static final byte[] CONTENT_BLOCK = ascii("content_block");
    private static final byte[] INDEX = ascii("index");
    private static final byte[] DELTA = ascii("delta");
    private static final byte[] TEXT_DELTA = ascii("text_delta");
    private static final byte[] INPUT_JSON_DELTA = ascii("input_json_delta");
    private static final byte[] THINKING_DELTA = ascii("thinking_delta");
    private static final byte[] PARTIAL_JSON = ascii("partial_json");

    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] OBJECT = ascii("chat.completion.chunk");
    private static final byte[] CHOICE = ascii(",\"choices\":[{\"index\":0,\"delta\":{");
    private static final byte[] ROLE = ascii("\"role\":\"assistant\",\"content\":\"\"");
    private static final byte[] CONTENT = ascii("\"content\":\"");
    private static final byte[] REASONING = ascii("\"reasoning_content\":\"");
    private static final byte[] CALL = ascii("\"tool_calls\":[{\"index\":");
    private static final byte[] CALL_ID = ascii(",\"id\":\"");
    private static final byte[] CALL_NAME = ascii("\",\"type\":\"function\",\"function\":{\"name\":\"");
    private static final byte[] NO_ARGUMENTS_YET = ascii("\",\"arguments\":\"\"}}]");
    private static final byte[] ARGUMENTS = ascii(",\"function\":{\"arguments\":\"");
    private static final byte[] ARGUMENTS_END = ascii("\"}}]");
    private static final byte[] EMPTY_ARGUMENTS = ascii("{}");
    private static final byte[] GOES_ON = ascii("},\"finish_reason\":null}]");
    private static final byte[] FINISH = ascii("},\"finish_reason\":");
    private static final byte[] FINISH_END = ascii("}]");
    private static final byte[] NO_USAGE_YET = ascii(",\"usage\":null");
    private static final byte[] USAGE = ascii(",\"choices\":[],\"usage\":");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final JsonTree tree;
    private final TokenUsage usage = new TokenUsage();
    private final OpenBlocks blocks = new OpenBlocks();
    private final ProviderError error = new ProviderError();
    /** What every chunk begins with, up to where they differ. */
    private final JsonOutput head = new JsonOutput();

    private TranslatedRequest request = new TranslatedRequest();
    private String id = "";
    private long createdSeconds;
    private boolean isStarted;
    private boolean isDone;
    private int calls;
    private boolean isReasonKnown;
    private StopReason reason = StopReason.TOOL_CALLS;

    public MessageEventsToChunks() {
        this(new JsonTree());
    }

    /** @param tree what events are read into, in use during a call alone: translators of one thread may share it */
    public MessageEventsToChunks(JsonTree tree) {
        this.tree = tree;
    }

    @Override
    public void start(TranslatedRequest request, String id, long createdSeconds) {
        this.request = request;
        this.id = id;
        this.createdSeconds = createdSeconds;
        tree.reset();
        usage.reset();
        blocks.reset();
        head.reset(false);
        isStarted = false;
        isDone = false;
        calls = 0;
        isReasonKnown = false;
        reason = StopReason.TOOL_CALLS;
    }

    @Override
    public Progress onEvent(String name, byte[] data, int from, int to, JsonOutput out) {
        if (isDone) {
            return Progress.DONE;
        }
        int at = from;
        while (at < to && data[at] <= ' ' && data[at] >= 0) {
            at++;
        }
        if (at == to || data[at] != '{') {
            // [DONE], as OpenRouter ends streams of either dialect, and what other servers say that is no event.
            return Progress.MORE;
        }
        tree.reset();
        tree.append(data, from, to);
        if (tree.parse() != JsonStatus.COMPLETE) {
            return failed(502, "The provider's stream has an event that is no JSON");
        }
        int type = tree.member(JsonTree.ROOT, CompletionParts.TYPE);
        if (is(type, name, CONTENT_BLOCK_DELTA)) {
            return onDelta(out);
        }
        if (is(type, name, CONTENT_BLOCK_START)) {
            return onBlock(out);
        }
        if (is(type, name, CONTENT_BLOCK_STOP)) {
            int slot = blocks.find(tree.integer(tree.member(JsonTree.ROOT, INDEX), -1));
            if (slot != OpenBlocks.NONE) {
                close(slot, out);
            }
            return Progress.MORE;
        }
        if (is(type, name, MESSAGE_START)) {
            return onMessage(out);
        }
        if (is(type, name, MESSAGE_DELTA)) {
            return onMessageDelta();
        }
        if (is(type, name, MESSAGE_STOP)) {
            return finish(out);
        }
        if (is(type, name, Names.ERROR) || ProviderError.isError(tree)) {
            error.read(200, tree);
            return Progress.FAILED;
        }
        return Progress.MORE;
    }

    /** The data's type counts; where they have none, the event's name. */
    private boolean is(int type, String name, byte[] expected) {
        if (tree.isString(type)) {
            return tree.textIs(type, expected);
        }
        if (name.length() != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (name.charAt(i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    // ------------------------------------------------------------------ the message

    private Progress onMessage(JsonOutput out) {
        if (isStarted) {
            // Seen from compatible servers: the first one counts.
            return Progress.MORE;
        }
        int message = tree.member(JsonTree.ROOT, CompletionParts.MESSAGE);
        usage.readAnthropic(tree, tree.member(message, CompletionParts.USAGE));
        begin(message, out);
        return Progress.MORE;
    }

    private void begin(int message, JsonOutput out) {
        isStarted = true;
        head.raw(DATA);
        CompletionParts.open(head, tree, message, request, id, createdSeconds, OBJECT);
        open(out).raw(ROLE);
        goOn(out);
    }

    private Progress onMessageDelta() {
        usage.readAnthropic(tree, tree.member(JsonTree.ROOT, CompletionParts.USAGE));
        int stopReason = tree.member(tree.member(JsonTree.ROOT, DELTA), CompletionParts.STOP_REASON);
        if (tree.isString(stopReason)) {
            isReasonKnown = true;
            reason = StopReason.of(tree, stopReason);
        }
        return Progress.MORE;
    }

    private Progress finish(JsonOutput out) {
        if (!isStarted) {
            return failed(502, "The provider's stream ended before it began");
        }
        while (blocks.count() > 0) {
            close(0, out);
        }
        isDone = true;
        open(out).raw(FINISH).raw(reason.given(calls > 0).json).raw(FINISH_END);
        end(out);
        if (request.isUsageWanted() && usage.isWhole()) {
            out.raw(head.bytes(), 0, head.length()).raw(USAGE);
            usage.writeOpenAi(out, request.scale());
            out.raw('}').raw(END);
        }
        out.raw(DONE);
        return Progress.DONE;
    }

    // ------------------------------------------------------------------ blocks

    private Progress onBlock(JsonOutput out) {
        int block = tree.member(JsonTree.ROOT, CONTENT_BLOCK);
        long index = Math.max(0, tree.integer(tree.member(JsonTree.ROOT, INDEX), 0));
        int type = tree.member(block, CompletionParts.TYPE);
        if (tree.textIs(type, CompletionParts.TOOL_USE)) {
            return onCall(index, block, out);
        }
        boolean isText = tree.textIs(type, CompletionParts.TEXT);
        boolean isSaid = isText || tree.textIs(type, CompletionParts.THINKING);
        if (blocks.open(index, isSaid ? OpenBlocks.SAID : OpenBlocks.SWALLOWED) == OpenBlocks.NONE) {
            return failed(502, "The provider's stream has too many content blocks open");
        }
        if (isSaid) {
            say(
                    isText ? CONTENT : REASONING,
                    tree.member(block, isText ? CompletionParts.TEXT : CompletionParts.THINKING),
                    out);
        }
        return Progress.MORE;
    }

    private Progress onCall(long index, int block, JsonOutput out) {
        int name = tree.member(block, CompletionParts.NAME);
        if (!CompletionParts.isText(tree, name)) {
            return failed(502, "The provider's stream calls a tool without a name");
        }
        int slot = blocks.open(index, calls);
        if (slot == OpenBlocks.NONE) {
            return failed(502, "The provider's stream has too many content blocks open");
        }
        int input = tree.member(block, CompletionParts.INPUT);
        if (CompletionParts.hasArguments(tree, input) && !blocks.hold(slot, tree, input)) {
            return failed(502, "The provider's stream has too many arguments of tools at once");
        }
        open(out).raw(CALL).number(calls).raw(CALL_ID);
        CompletionParts.callId(out, tree, block, id, calls);
        out.raw(CALL_NAME);
        CompletionParts.toolName(out, tree, name, request.toolNames());
        out.raw(NO_ARGUMENTS_YET);
        goOn(out);
        calls++;
        return Progress.MORE;
    }

    private Progress onDelta(JsonOutput out) {
        int delta = tree.member(JsonTree.ROOT, DELTA);
        int type = tree.member(delta, CompletionParts.TYPE);
        int slot = blocks.find(tree.integer(tree.member(JsonTree.ROOT, INDEX), -1));
        int call = slot == OpenBlocks.NONE ? OpenBlocks.SAID : blocks.call(slot);
        if (call == OpenBlocks.SWALLOWED) {
            return Progress.MORE;
        }
        if (tree.textIs(type, TEXT_DELTA)) {
            // Also where its block was never begun: text is not to be lost.
            say(CONTENT, tree.member(delta, CompletionParts.TEXT), out);
        } else if (tree.textIs(type, THINKING_DELTA)) {
            say(REASONING, tree.member(delta, CompletionParts.THINKING), out);
        } else if (call >= 0 && tree.textIs(type, INPUT_JSON_DELTA)) {
            int fragment = tree.member(delta, PARTIAL_JSON);
            boolean isMissing =
                    blocks.isArgued(slot) ? !CompletionParts.isText(tree, fragment) : !isSomething(fragment);
            if (!isMissing) {
                blocks.setArgued(slot);
                openArguments(call, out);
                CompletionParts.copy(out, tree, fragment);
                closeArguments(out);
            }
        }
        return Progress.MORE;
    }

    /** Whether arguments can begin with it: before them white space says nothing, and alone it is no JSON. */
    private boolean isSomething(int fragment) {
        return tree.isString(fragment) && !tree.isBlank(fragment);
    }

    private void close(int slot, JsonOutput out) {
        int call = blocks.call(slot);
        if (call >= 0 && !blocks.isArgued(slot)) {
            // Arguments that came with the start, or none at all: clients parse what they have, and it must be JSON.
            openArguments(call, out);
            if (blocks.isHolding(slot)) {
                blocks.writeHeld(slot, out);
            } else {
                out.raw(EMPTY_ARGUMENTS);
            }
            closeArguments(out);
        }
        blocks.close(slot);
    }

    // ------------------------------------------------------------------ chunks

    private JsonOutput open(JsonOutput out) {
        if (!isStarted) {
            // No message_start: what the client is told of it comes from the request.
            begin(JsonTree.NONE, out);
        }
        return out.raw(head.bytes(), 0, head.length()).raw(CHOICE);
    }

    private void goOn(JsonOutput out) {
        out.raw(GOES_ON);
        end(out);
    }

    private void end(JsonOutput out) {
        if (request.isUsageWanted()) {
            // As OpenAI does: null in all chunks but the last.
            out.raw(NO_USAGE_YET);
        }
        out.raw('}').raw(END);
    }

    /** Appends a chunk with a text, if there is any. */
    private void say(byte[] key, int text, JsonOutput out) {
        if (CompletionParts.isText(tree, text)) {
            open(out).raw(key);
            CompletionParts.copy(out, tree, text);
            out.raw('"');
            goOn(out);
        }
    }

    private void openArguments(int call, JsonOutput out) {
        open(out).raw(CALL).number(call).raw(ARGUMENTS);
    }

    private void closeArguments(JsonOutput out) {
        out.raw(ARGUMENTS_END);
        goOn(out);
    }

    // ------------------------------------------------------------------ the end

    @Override
    public Progress onEnd(JsonOutput out) {
        if (isDone) {
            return Progress.DONE;
        }
        if (isReasonKnown && isStarted) {
            return finish(out);
        }
        return failed(502, "The provider's stream ended early");
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        out.raw(DATA);
        error.writeOpenAi(out);
        out.raw(END);
        isDone = true;
    }

    private Progress failed(int status, String message) {
        error.set(status, message, null);
        return Progress.FAILED;
    }

    @Override
    public int heldBytes() {
        return blocks.heldBytes();
    }

    @Override
    public boolean isStarted() {
        return isStarted;
    }

    @Override
    public ProviderError error() {
        return error;
    }
}
