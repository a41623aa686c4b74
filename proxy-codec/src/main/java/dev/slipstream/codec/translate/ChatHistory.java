package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import java.util.Arrays;
import java.util.BitSet;

/**
 * System prompt and messages of the Anthropic dialect as messages of the OpenAI dialect. Neighbours of one role are one
 * turn, as Anthropic reads them. Results of tools stand directly behind the calls they answer, for nothing else may
 * stand there; a call without a result is given one that says so, a result without a call is told as text. One per
 * request.
 */
final class ChatHistory {
    private static final byte[] SYSTEM_MESSAGE = ascii("{\"role\":\"system\",\"content\":");
    private static final byte[] DEVELOPER_MESSAGE = ascii("{\"role\":\"developer\",\"content\":");
    private static final byte[] USER_MESSAGE = ascii("{\"role\":\"user\",\"content\":");
    private static final byte[] ASSISTANT_MESSAGE = ascii("{\"role\":\"assistant\",\"content\":");
    private static final byte[] TOOL_MESSAGE = ascii("{\"role\":\"tool\",\"tool_call_id\":");
    private static final byte[] TOOL_CONTENT = ascii(",\"content\":");
    private static final byte[] REASONING = ascii(",\"reasoning_content\":\"");
    private static final byte[] NULL = ascii("null");
    private static final byte[] CALLS = ascii(",\"tool_calls\":[");
    private static final byte[] CALL_ID = ascii("{\"id\":");
    private static final byte[] CALL_NAME = ascii(",\"type\":\"function\",\"function\":{\"name\":");
    private static final byte[] CALL_ARGUMENTS = ascii(",\"arguments\":\"");
    private static final byte[] CALL_END = ascii("\"}}");
    private static final byte[] NO_ARGUMENTS = ascii("{}");
    private static final byte[] WRAPPED = ascii("{\\\"input\\\":");
    private static final byte[] ERROR_PREFIX = ascii("Error: ");
    private static final byte[] NO_RESULT = ascii("Error: this call was given no result.");
    private static final byte[] IMAGES_FOLLOW = ascii("[shown in the next message]");
    private static final byte[] SHOWN_BY = ascii("Shown by the tool call ");
    private static final byte[] RESULT_OF = ascii("Result of the tool call ");
    private static final byte[] COLON = ascii(":");

    /** Claude Code's first block of system text; it is another in each request, and would spoil every prompt cache. */
    private static final byte[] BILLING_PREFIX = ascii("x-anthropic-billing-header:");

    static final byte[][] ROLES = {Keys.USER, Keys.ASSISTANT, Keys.SYSTEM};

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final ModelRules rules;
    private final TranslatedRequest request;
    private final Arguments arguments;
    private final ChatContent content;
    private final PendingCalls calls = new PendingCalls();
    private final BitSet answering = new BitSet();
    private int messages;

    ChatHistory(
            JsonTree in,
            JsonOutput out,
            ProviderTraits to,
            ModelRules rules,
            TranslatedRequest request,
            Arguments arguments) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.rules = rules;
        this.request = request;
        this.arguments = arguments;
        content = new ChatContent(in, out, to, request);
    }

    /**
     * Appends the list of messages.
     *
     * @param schema a schema that the answer is to be asked for by in words, or NONE
     */
    boolean write(int schema) {
        if (!MessageShape.check(in, Dialect.ANTHROPIC, ROLES, request)) {
            return false;
        }
        messages = in.member(JsonTree.ROOT, Keys.MESSAGES);
        out.raw('[');
        system(schema);
        int written = out.length();
        for (int run = nextTurn(in.first(messages)); run != NONE; ) {
            int end = endOfTurn(run);
            if (!(isAssistant(run) ? assistantTurn(run, end) : userTurn(run, end))) {
                return false;
            }
            run = nextTurn(end);
        }
        openCalls();
        if (out.length() == written) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, messages, "no message has any content");
        }
        out.raw(']');
        return true;
    }

    // ------------------------------------------------------------------ system

    private void system(int schema) {
        int before = out.length();
        out.comma().raw(rules.developerRole(to) ? DEVELOPER_MESSAGE : SYSTEM_MESSAGE);
        content.open(false);
        int system = in.member(JsonTree.ROOT, Keys.SYSTEM);
        systemTexts(system);
        for (int message = in.first(messages); message != NONE; message = in.next(messages, message)) {
            if (in.textIs(in.member(message, Keys.ROLE), Keys.SYSTEM)) {
                systemTexts(in.member(message, Keys.CONTENT));
            }
        }
        if (schema != NONE) {
            Schemas.hint(content.openText(), in, schema);
            content.closeText();
        }
        if (content.isEmpty()) {
            out.truncate(before);
        } else {
            content.close();
            out.raw('}');
        }
    }

    private void systemTexts(int system) {
        if (in.isString(system)) {
            content.text(system);
        } else if (in.isArray(system)) {
            for (int block = in.first(system); block != NONE; block = in.next(system, block)) {
                int text = in.member(block, Keys.TEXT);
                if (!isBilling(text)) {
                    content.text(text);
                }
            }
        }
    }

    private boolean isBilling(int text) {
        if (!in.isString(text)) {
            return false;
        }
        int from = in.start(text) + 1;
        int to = Math.min(in.end(text), from + BILLING_PREFIX.length);
        return Arrays.equals(in.text(), from, to, BILLING_PREFIX, 0, BILLING_PREFIX.length);
    }

    // ------------------------------------------------------------------ turns

    private boolean isAssistant(int message) {
        return in.textIs(in.member(message, Keys.ROLE), Keys.ASSISTANT);
    }

    /** The first message from {@code message} on that belongs to a turn. */
    private int nextTurn(int message) {
        int at = message;
        while (at != NONE && isOfNoTurn(at)) {
            at = in.next(messages, at);
        }
        return at;
    }

    /** The first message behind {@code run} of the other role. */
    private int endOfTurn(int run) {
        boolean isAssistant = isAssistant(run);
        int at = in.next(messages, run);
        while (at != NONE && (isOfNoTurn(at) || isAssistant(at) == isAssistant)) {
            at = in.next(messages, at);
        }
        return at;
    }

    /** System text, which was hoisted, and an answer of which nothing is left. */
    private boolean isOfNoTurn(int message) {
        return in.textIs(in.member(message, Keys.ROLE), Keys.SYSTEM)
                || (isAssistant(message) && !tellsAnything(in.member(message, Keys.CONTENT)));
    }

    private boolean tellsAnything(int answer) {
        if (in.isString(answer)) {
            return !in.isEmptyString(answer);
        }
        for (int block = in.first(answer); block != NONE; block = in.next(answer, block)) {
            int type = in.member(block, Keys.TYPE);
            if (in.textIs(type, Keys.TOOL_USE)
                    || isText(block)
                    || (to.reasoningHistory() && in.textIs(type, Keys.THINKING))) {
                return true;
            }
        }
        return false;
    }

    private boolean isText(int block) {
        int text = in.member(block, Keys.TEXT);
        return in.textIs(in.member(block, Keys.TYPE), Keys.TEXT) && in.isString(text) && !in.isEmptyString(text);
    }

    // ------------------------------------------------------------------ the assistant

    private boolean assistantTurn(int run, int end) {
        calls.clear();
        out.comma().raw(ASSISTANT_MESSAGE);
        int before = out.length();
        out.raw('"');
        boolean hasText = false;
        boolean hasCalls = false;
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (isAssistant(message)) {
                int answer = in.member(message, Keys.CONTENT);
                if (in.isString(answer)) {
                    out.content(in, answer);
                    hasText |= !in.isEmptyString(answer);
                    continue;
                }
                for (int block = in.first(answer); block != NONE; block = in.next(answer, block)) {
                    hasCalls |= in.textIs(in.member(block, Keys.TYPE), Keys.TOOL_USE);
                    if (isText(block)) {
                        out.content(in, in.member(block, Keys.TEXT));
                        hasText = true;
                    }
                }
            }
        }
        if (!hasText && hasCalls && to.vendor() == ProviderTraits.Vendor.OPENAI) {
            out.truncate(before);
            out.raw(NULL);
        } else {
            out.raw('"');
        }
        if (to.reasoningHistory()) {
            reasoning(run, end);
        }
        if (hasCalls && !toolCalls(run, end)) {
            return false;
        }
        out.raw('}');
        return true;
    }

    private void reasoning(int run, int end) {
        int before = out.length();
        out.raw(REASONING);
        boolean isEmpty = true;
        for (int message = run; message != end; message = in.next(messages, message)) {
            int answer = in.member(message, Keys.CONTENT);
            if (isAssistant(message) && in.isArray(answer)) {
                for (int block = in.first(answer); block != NONE; block = in.next(answer, block)) {
                    int thinking = in.member(block, Keys.THINKING);
                    if (in.textIs(in.member(block, Keys.TYPE), Keys.THINKING)
                            && in.isString(thinking)
                            && !in.isEmptyString(thinking)) {
                        out.content(in, thinking);
                        isEmpty = false;
                    }
                }
            }
        }
        if (isEmpty) {
            out.truncate(before);
        } else {
            out.raw('"');
        }
    }

    private boolean toolCalls(int run, int end) {
        out.raw(CALLS);
        for (int message = run; message != end; message = in.next(messages, message)) {
            int answer = in.member(message, Keys.CONTENT);
            if (isAssistant(message) && in.isArray(answer)) {
                for (int block = in.first(answer); block != NONE; block = in.next(answer, block)) {
                    if (in.textIs(in.member(block, Keys.TYPE), Keys.TOOL_USE) && !toolCall(block)) {
                        return false;
                    }
                }
            }
        }
        out.raw(']');
        return true;
    }

    private boolean toolCall(int block) {
        int id = in.member(block, Keys.ID);
        int name = in.member(block, Keys.NAME);
        if (!in.isString(id) || !in.isString(name) || in.isEmptyString(name)) {
            return Refusal.of(request, Dialect.ANTHROPIC, in, block, "a tool_use must have an id and a name");
        }
        String original = in.string(id);
        String written = ToolIds.openAi(original, to.vendor());
        calls.add(original, written);
        out.comma().raw(CALL_ID).string(written).raw(CALL_NAME);
        request.toolNames().write(out, in, name, to.maxToolNameChars());
        out.raw(CALL_ARGUMENTS);
        int input = in.member(block, Keys.INPUT);
        if (in.isObject(input)) {
            out.embedded(in, input);
        } else if (!in.isPresent(input) || in.isBlank(input)) {
            out.raw(NO_ARGUMENTS);
        } else if (arguments.read(in, input)) {
            // Text that is an object: it was escaped once already.
            out.content(in, input);
        } else {
            out.raw(WRAPPED).embedded(in, input).raw('}');
        }
        out.raw(CALL_END);
        return true;
    }

    // ------------------------------------------------------------------ the user

    private boolean userTurn(int run, int end) {
        answering.clear();
        for (int message = run; message != end; message = in.next(messages, message)) {
            int blocks = blocksOf(message);
            for (int block = in.first(blocks); block != NONE; block = in.next(blocks, block)) {
                if (isResult(block)) {
                    result(block);
                }
            }
        }
        openCalls();
        calls.clear();
        return rest(run, end);
    }

    /** The blocks of a user's message; NONE: it has none. */
    private int blocksOf(int message) {
        int blocks = in.member(message, Keys.CONTENT);
        boolean isUser = in.textIs(in.member(message, Keys.ROLE), Keys.USER);
        return isUser && in.isArray(blocks) ? blocks : NONE;
    }

    private boolean isResult(int block) {
        return in.textIs(in.member(block, Keys.TYPE), Keys.TOOL_RESULT);
    }

    /** Tells a result behind its call; one without a call is left for later. */
    private void result(int block) {
        int id = in.member(block, Keys.TOOL_USE_ID);
        int call = in.isString(id) ? calls.answer(in.string(id)) : PendingCalls.NONE;
        if (call == PendingCalls.NONE) {
            return;
        }
        answering.set(block);
        int result = in.member(block, Keys.CONTENT);
        out.comma().raw(TOOL_MESSAGE).string(calls.written(call)).raw(TOOL_CONTENT);
        content.open(false);
        if (in.isTrue(in.member(block, Keys.IS_ERROR))) {
            out.raw(ERROR_PREFIX);
        }
        content.texts(result);
        if (content.isEmpty() && content.hasMedia(result)) {
            out.raw(IMAGES_FOLLOW);
        }
        content.close();
        out.raw('}');
    }

    /** Calls that nobody has answered. */
    private void openCalls() {
        for (int call = calls.firstOpen(); call != PendingCalls.NONE; call = calls.firstOpen()) {
            out.comma().raw(TOOL_MESSAGE).string(calls.written(call)).raw(TOOL_CONTENT);
            out.raw('"').raw(NO_RESULT).raw('"').raw('}');
            calls.close(call);
        }
    }

    /** What the user says besides results, and what these show and a tool's message cannot. */
    private boolean rest(int run, int end) {
        int before = out.length();
        out.comma().raw(USER_MESSAGE);
        content.open(hasMedia(run, end));
        for (int message = run; message != end; message = in.next(messages, message)) {
            int said = in.member(message, Keys.CONTENT);
            if (!in.textIs(in.member(message, Keys.ROLE), Keys.USER)) {
                continue;
            }
            content.text(said);
            int blocks = blocksOf(message);
            for (int block = in.first(blocks); block != NONE; block = in.next(blocks, block)) {
                if (!(isResult(block) ? resultMedia(block) : content.block(block))) {
                    return false;
                }
            }
        }
        if (content.isEmpty()) {
            out.truncate(before);
        } else {
            content.close();
            out.raw('}');
        }
        return true;
    }

    private boolean hasMedia(int run, int end) {
        for (int message = run; message != end; message = in.next(messages, message)) {
            int blocks = blocksOf(message);
            if (content.hasMedia(blocks)) {
                return true;
            }
            for (int block = in.first(blocks); block != NONE; block = in.next(blocks, block)) {
                if (isResult(block) && content.hasMedia(in.member(block, Keys.CONTENT))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean resultMedia(int block) {
        int result = in.member(block, Keys.CONTENT);
        boolean isTold = answering.get(block);
        if (isTold && !content.hasMedia(result)) {
            return true;
        }
        int id = in.member(block, Keys.TOOL_USE_ID);
        content.openText().raw(isTold ? SHOWN_BY : RESULT_OF);
        if (in.isString(id)) {
            out.escaped(ToolIds.openAi(in.string(id), to.vendor()));
        }
        out.raw(COLON);
        content.closeText();
        if (!isTold) {
            content.texts(result);
        }
        return content.media(result);
    }
}
