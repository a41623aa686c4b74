package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream of OpenAI chunks as events of the Anthropic dialect.
 *
 * <h2>What is held back</h2>
 * Blocks of the Anthropic dialect never overlap, and one that was closed does not come back. So while a tool call's
 * arguments are not complete, all that belongs elsewhere waits: fragments of later calls, and text. All else leaves with
 * the event that brought it. What waits is at most {@link #MAX_HELD_BYTES}; more fails the stream.
 *
 * <h2>Ends</h2>
 * {@code [DONE]}, or the end of the body behind a finish reason or behind usage alone. Any other end is a truncation, and
 * fails: a client that was told of a whole answer would run half a tool call.
 *
 * <p>Reused; allocates nothing per event once its buffers have grown to what streams need. Confined to one thread.
 */
public final class ChunksToMessageEvents implements StreamTranslator {
    /** The most that waits for a tool call to be complete; a stream that wants more fails. */
    public static final int MAX_HELD_BYTES = 4 * 1024 * 1024;

    /** Of more frames in one, none is looked for. */
    private static final int MAX_GLUED_FRAMES = 4;

    private static final byte[] DONE = ascii("[DONE]");
    private static final byte[] NEXT_FRAME = ascii("data:");
    private static final byte[] EMPTY_INPUT = ascii("{}");

    private enum Open {
        NOTHING,
        TEXT,
        THINKING,
        TOOL_USE
    }

    private final JsonTree tree;
    private final AnswerReader reader = new AnswerReader();
    private final AnswerReader.Listener texts = this::text;
    private final ToolCalls calls = new ToolCalls();
    private final TokenUsage usage = new TokenUsage();
    private final ProviderError error = new ProviderError();
    /** Texts that wait for a tool call to be complete. */
    private final EscapedText heldThinking = new EscapedText();

    private final EscapedText heldText = new EscapedText();

    private TranslatedRequest request = new TranslatedRequest();
    private String id = "";
    private Progress ended = Progress.MORE;
    private boolean started;
    private Open open = Open.NOTHING;
    private @Nullable ToolCall openCall;
    /** Blocks that were opened; the open one is the last. */
    private int blocks;

    private int heldBytes;
    private FinishReason finish = FinishReason.NONE;
    private boolean refused;
    /** The last chunk had usage and no choice, which is how a stream ends. */
    private boolean usageAlone;
    /** A part of the stream could not be read. */
    private boolean torn;

    public ChunksToMessageEvents() {
        this(new JsonTree());
    }

    /** @param tree what events are read into, in use during a call alone: translators of one thread may share it */
    public ChunksToMessageEvents(JsonTree tree) {
        this.tree = tree;
    }

    @Override
    public void start(TranslatedRequest request, String id, long createdSeconds) {
        this.request = request;
        this.id = id;
        tree.reset();
        calls.reset(request.toolNames());
        usage.reset();
        heldThinking.reset();
        heldText.reset();
        ended = Progress.MORE;
        started = false;
        open = Open.NOTHING;
        openCall = null;
        blocks = 0;
        heldBytes = 0;
        finish = FinishReason.NONE;
        refused = false;
        usageAlone = false;
        torn = false;
    }

    @Override
    public int heldBytes() {
        return heldBytes + calls.nameBytes();
    }

    @Override
    public boolean isStarted() {
        return started;
    }

    @Override
    public ProviderError error() {
        return error;
    }

    // ------------------------------------------------------------------ events

    @Override
    public Progress onEvent(String name, byte[] data, int from, int to, JsonOutput out) {
        if (ended != Progress.MORE) {
            return ended;
        }
        int mark = out.length();
        boolean wasStarted = started;
        Open wasOpen = open;
        int wasBlocks = blocks;
        ended = event(name, data, from, to, out);
        if (ended == Progress.FAILED) {
            takeBack(out, mark, wasStarted, wasOpen, wasBlocks);
        }
        return ended;
    }

    @Override
    public Progress onEnd(JsonOutput out) {
        if (ended != Progress.MORE) {
            return ended;
        }
        int mark = out.length();
        Open wasOpen = open;
        int wasBlocks = blocks;
        ended = finish == FinishReason.NONE && !usageAlone
                ? failed("the provider's stream ended before the answer was complete")
                : end(out);
        if (ended == Progress.FAILED) {
            takeBack(out, mark, started, wasOpen, wasBlocks);
        }
        return ended;
    }

    /** What an event brought before it failed is not told: the client's stream is as it was. */
    private void takeBack(JsonOutput out, int mark, boolean wasStarted, Open wasOpen, int wasBlocks) {
        out.truncate(mark);
        started = wasStarted;
        open = wasOpen;
        blocks = wasBlocks;
    }

    @Override
    public void fail(ProviderError error, String requestId, JsonOutput out) {
        if (open != Open.NOTHING) {
            MessageEvents.blockStop(out, blocks - 1);
            open = Open.NOTHING;
        }
        ended = Progress.FAILED;
        MessageEvents.error(out, error, requestId);
    }

    private Progress failed(String message) {
        error.set(502, message, null);
        return Progress.FAILED;
    }

    private Progress event(String name, byte[] data, int from, int to, JsonOutput out) {
        int start = skipBlanks(data, from, to);
        if (start == to) {
            return Progress.MORE;
        }
        if (to - start >= DONE.length && Arrays.equals(data, start, start + DONE.length, DONE, 0, DONE.length)) {
            return end(out);
        }
        if (!parse(data, start, to)) {
            if (name.equals("error")) {
                error.read(0, data, start, to);
                return Progress.FAILED;
            }
            if (!resynchronise(data, start, to)) {
                return failed("the provider sent an event that is no JSON");
            }
            torn = true;
        }
        if (name.equals("error")) {
            error.read(0, tree);
            return Progress.FAILED;
        }
        return chunk(out);
    }

    private boolean parse(byte[] data, int from, int to) {
        tree.reset();
        tree.append(data, from, to);
        return tree.parse() == JsonStatus.COMPLETE;
    }

    /** Seen from GLM-5: a frame is cut off and the next one glued to it, with its field name. The last whole one counts. */
    private boolean resynchronise(byte[] data, int from, int to) {
        int attempts = 0;
        for (int i = from; i < to - NEXT_FRAME.length && attempts < MAX_GLUED_FRAMES; i++) {
            if (Arrays.equals(data, i, i + NEXT_FRAME.length, NEXT_FRAME, 0, NEXT_FRAME.length)) {
                int start = skipBlanks(data, i + NEXT_FRAME.length, to);
                if (start < to && data[start] == '{') {
                    attempts++;
                    if (parse(data, start, to)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static int skipBlanks(byte[] data, int from, int to) {
        int i = from;
        while (i < to && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')) {
            i++;
        }
        return i;
    }

    // ------------------------------------------------------------------ chunks

    private Progress chunk(JsonOutput out) {
        int choices = NONE;
        int usageNode = NONE;
        int model = NONE;
        int chunkId = NONE;
        boolean hasError = false;
        if (tree.isObject(ROOT)) {
            for (int member = tree.first(ROOT); member != NONE; member = tree.next(ROOT, member)) {
                if (tree.keyIs(member, CompletionNames.CHOICES)) {
                    choices = member;
                } else if (tree.keyIs(member, CompletionNames.USAGE)) {
                    usageNode = member;
                } else if (tree.keyIs(member, CompletionNames.MODEL)) {
                    model = member;
                } else if (tree.keyIs(member, CompletionNames.ID)) {
                    chunkId = member;
                } else if (tree.keyIs(member, CompletionNames.X_GROQ)) {
                    usage.readOpenAi(tree, tree.member(member, CompletionNames.USAGE));
                } else if (tree.keyIs(member, Names.ERROR)) {
                    hasError = true;
                }
            }
        }
        int choice = CompletionNames.firstChoice(tree, choices);
        if ((hasError || choice == NONE) && ProviderError.isError(tree)) {
            error.read(0, tree);
            return Progress.FAILED;
        }
        usage.readOpenAi(tree, usageNode);
        usageAlone = choice == NONE && (usageAlone || (started && tree.isObject(usageNode)));
        return choice == NONE ? Progress.MORE : choice(choice, chunkId, model, out);
    }

    private Progress choice(int choice, int chunkId, int model, JsonOutput out) {
        int choiceError = tree.member(choice, Names.ERROR);
        if (ProviderError.isTold(tree, choiceError)) {
            error.read(0, tree, choice);
            return Progress.FAILED;
        }
        FinishReason reason = FinishReason.of(tree, tree.member(choice, CompletionNames.FINISH_REASON));
        if (reason == FinishReason.FAILURE) {
            return failed("the provider failed before the answer was complete");
        }
        // Moonshot tells it here.
        usage.readOpenAi(tree, tree.member(choice, CompletionNames.USAGE));
        if (!started) {
            started = true;
            messageStart(chunkId, model, out);
        }
        int delta = tree.member(choice, CompletionNames.DELTA);
        if (!tree.isObject(delta) && blocks == 0 && calls.count() == 0) {
            // A whole answer in one chunk; behind others it would be what they have said already.
            delta = tree.member(choice, CompletionNames.MESSAGE);
        }
        reader.read(tree, delta);
        boolean isWithinBounds = reader.tell(tree, out, texts) && toolCalls(out);
        if (!isWithinBounds) {
            return failed("the provider's stream calls more than " + ToolCalls.MAX_CALLS
                    + " tools, or interleaves more than " + MAX_HELD_BYTES + " bytes of them");
        }
        refused |= reader.isRefused();
        if (finish == FinishReason.NONE) {
            finish = reason;
        }
        return Progress.MORE;
    }

    private void messageStart(int chunkId, int model, JsonOutput out) {
        MessageEvents.messageStart(out);
        MessageIds.message(out, tree, chunkId, id);
        MessageEvents.messageModel(out);
        if (CompletionNames.isText(tree, model)) {
            out.raw(tree.text(), tree.start(model), tree.end(model));
        } else {
            out.string(request.model());
        }
        MessageEvents.messageUsage(out);
        usage.writeAnthropic(out, request.scale(), request.inputEstimate());
        MessageEvents.messageStarted(out);
    }

    // ------------------------------------------------------------------ text

    private boolean text(boolean isThinking, JsonTree from, int text, JsonOutput out) {
        int start = from.start(text) + 1;
        int end = from.end(text) - 1;
        if (isWaiting()) {
            (isThinking ? heldThinking : heldText).append(from.text(), start, end);
            return holds(end - start);
        }
        say(isThinking, from.text(), start, end, out);
        return true;
    }

    private void say(boolean isThinking, byte[] text, int from, int to, JsonOutput out) {
        Open kind = isThinking ? Open.THINKING : Open.TEXT;
        if (open != kind) {
            close(out);
            open = kind;
            blocks++;
            if (isThinking) {
                MessageEvents.thinkingStart(out, blocks - 1);
            } else {
                MessageEvents.textStart(out, blocks - 1);
            }
        }
        if (isThinking) {
            MessageEvents.thinkingDelta(out, blocks - 1, text, from, to);
        } else {
            MessageEvents.textDelta(out, blocks - 1, text, from, to);
        }
    }

    /** Whether a tool call is open that may get more: whatever belongs elsewhere waits. */
    private boolean isWaiting() {
        return openCall != null && open == Open.TOOL_USE && !openCall.arguments.isComplete();
    }

    private boolean holds(int bytes) {
        heldBytes += bytes;
        return heldBytes <= MAX_HELD_BYTES;
    }

    // ------------------------------------------------------------------ tools

    private boolean toolCalls(JsonOutput out) {
        int fragments = reader.toolCalls();
        if (tree.isArray(fragments)) {
            for (int fragment = tree.first(fragments); fragment != NONE; fragment = tree.next(fragments, fragment)) {
                if (tree.isObject(fragment)) {
                    ToolCall call = calls.of(tree, fragment);
                    if (call == null || !fragment(call, tree.member(fragment, CompletionNames.FUNCTION), out)) {
                        return false;
                    }
                }
            }
        }
        if (tree.isObject(reader.functionCall())) {
            ToolCall call = calls.ofFunction(tree, reader.functionCall());
            return call != null && fragment(call, reader.functionCall(), out);
        }
        return true;
    }

    private boolean fragment(ToolCall call, int function, JsonOutput out) {
        int node = tree.member(function, CompletionNames.ARGUMENTS);
        boolean isWithinBounds = true;
        if (tree.isString(node)) {
            isWithinBounds = arguments(call, tree.text(), tree.start(node) + 1, tree.end(node) - 1, out);
        } else if (tree.isObject(node)) {
            JsonOutput text = calls.asText(tree, node);
            isWithinBounds = arguments(call, text.bytes(), 0, text.length(), out);
        }
        advance(out);
        return isWithinBounds;
    }

    private boolean arguments(ToolCall call, byte[] text, int from, int to, JsonOutput out) {
        if (call.arguments.isComplete()) {
            // Whatever comes behind the object would break it.
            return true;
        }
        call.arguments.feed(text, from, to);
        int start = call.arguments.from();
        int end = call.arguments.to();
        if (start == end) {
            return true;
        }
        if (call == openCall && open == Open.TOOL_USE) {
            call.told = true;
            MessageEvents.inputDelta(out, blocks - 1, text, start, end);
            return true;
        }
        call.held.append(text, start, end);
        return holds(end - start);
    }

    /** Opens what waits and may be opened now, in the order of a whole answer: thinking, text, calls. */
    private void advance(JsonOutput out) {
        while (!isWaiting()) {
            sayHeld(out);
            ToolCall next = calls.firstReady();
            if (next == null) {
                return;
            }
            open(next, out);
        }
    }

    private void sayHeld(JsonOutput out) {
        if (!heldThinking.isEmpty()) {
            say(true, heldThinking.bytes(), 0, heldThinking.length(), out);
            heldBytes -= heldThinking.length();
            heldThinking.reset();
        }
        if (!heldText.isEmpty()) {
            say(false, heldText.bytes(), 0, heldText.length(), out);
            heldBytes -= heldText.length();
            heldText.reset();
        }
    }

    private void open(ToolCall call, JsonOutput out) {
        close(out);
        open = Open.TOOL_USE;
        openCall = call;
        call.opened = true;
        blocks++;
        if (call.id.isEmpty()) {
            calls.makeUpId(call, id);
        }
        MessageEvents.toolStart(out, blocks - 1, call.id, call.name);
        if (!call.held.isEmpty()) {
            call.told = true;
            MessageEvents.inputDelta(out, blocks - 1, call.held.bytes(), 0, call.held.length());
            heldBytes -= call.held.length();
            call.held.reset();
        }
    }

    private void close(JsonOutput out) {
        if (open == Open.NOTHING) {
            return;
        }
        if (open == Open.TOOL_USE && openCall != null && !openCall.told) {
            // No argument: an empty object, for clients that parse what they have added up.
            MessageEvents.inputDelta(out, blocks - 1, EMPTY_INPUT, 0, EMPTY_INPUT.length);
        }
        MessageEvents.blockStop(out, blocks - 1);
        open = Open.NOTHING;
        openCall = null;
    }

    // ------------------------------------------------------------------ end

    private Progress end(JsonOutput out) {
        if (!started) {
            return failed("the provider's stream ended without an answer");
        }
        if (calls.anyNameless()) {
            return failed("the provider called a tool without a name");
        }
        if (torn && calls.anyTorn()) {
            return failed("the provider's stream was broken inside a tool call");
        }
        close(out);
        sayHeld(out);
        for (int i = 0; i < calls.count(); i++) {
            ToolCall call = calls.get(i);
            if (!call.opened && !call.name.isEmpty()) {
                open(call, out);
            }
        }
        close(out);
        MessageEvents.messageDelta(out, finish.stopReason(calls.any(), refused));
        usage.writeAnthropic(out, request.scale(), request.inputEstimate());
        MessageEvents.messageStop(out);
        return Progress.DONE;
    }
}
