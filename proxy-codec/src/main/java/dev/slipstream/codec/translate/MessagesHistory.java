package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.ProviderTraits.Vendor;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Messages of the OpenAI dialect as system prompt and messages of the Anthropic dialect. Neighbours of one role become
 * one message, which the user begins; results of tools lead the message behind their calls; a call without a result is
 * given one that says so, a result without a call is told as text. One per request.
 */
final class MessagesHistory {
    private static final byte[] USER_MESSAGE = ascii("{\"role\":\"user\",\"content\":[");
    private static final byte[] ASSISTANT_MESSAGE = ascii("{\"role\":\"assistant\",\"content\":[");
    private static final byte[] TOOL_RESULT = ascii("{\"type\":\"tool_result\",\"tool_use_id\":");
    private static final byte[] NO_RESULT = ascii(",\"is_error\":true,\"content\":\"This call was given no result.\"}");
    private static final byte[] TOOL_USE = ascii("{\"type\":\"tool_use\",\"id\":");
    private static final byte[] NO_INPUT = ascii("{}");
    private static final byte[] WRAPPED = ascii("{\"arguments\":");
    private static final byte[] RESULT_OF = ascii("Result of a tool call:");
    /** Stands for a turn of the user that Anthropic must have, and that says nothing. */
    private static final byte[] PLACEHOLDER = ascii("...");

    private static final byte[] CONTINUE = ascii("Continue.");
    private static final byte[] JSON_HINT = ascii("Answer with one JSON object and nothing else.");
    private static final String MADE_UP_ID = "call_";

    static final byte[][] ROLES = {Keys.USER, Keys.ASSISTANT, Keys.TOOL, Keys.SYSTEM, Keys.DEVELOPER, Keys.FUNCTION};

    private final JsonTree in;
    private final JsonOutput out;
    private final ProviderTraits to;
    private final ModelRules rules;
    private final TranslatedRequest request;
    private final Arguments arguments;
    private final MessagesContent content;
    private final PendingCalls calls = new PendingCalls();
    private final Set<String> usedIds = new HashSet<>();
    private final BitSet answering = new BitSet();
    private int messages;
    private int callCount;

    MessagesHistory(
            JsonTree in,
            JsonOutput out,
            ProviderTraits to,
            ModelRules rules,
            TranslatedRequest request,
            Arguments arguments,
            MessagesContent content) {
        this.in = in;
        this.out = out;
        this.to = to;
        this.rules = rules;
        this.request = request;
        this.arguments = arguments;
        this.content = content;
        messages = in.member(JsonTree.ROOT, Keys.MESSAGES);
    }

    // ------------------------------------------------------------------ system

    /**
     * Appends the member {@code system}, where there is any.
     *
     * @param asksForJson whether the answer is to be asked for as JSON in words
     * @param schema the schema it is asked for by in words, or NONE
     */
    void system(boolean asksForJson, int schema) {
        int before = out.length();
        out.key(Keys.SYSTEM).raw('[');
        int empty = out.length();
        int notes = out.noteCount();
        for (int message = in.first(messages); message != NONE; message = in.next(messages, message)) {
            if (isSystem(message)) {
                int said = in.member(message, Keys.CONTENT);
                content.text(said, message);
                if (in.isArray(said)) {
                    for (int part = in.first(said); part != NONE; part = in.next(said, part)) {
                        content.text(content.textOf(part), part);
                    }
                }
            }
        }
        if (schema != NONE) {
            out.comma()
                    .raw('{')
                    .key(Keys.TYPE)
                    .raw('"')
                    .raw(Keys.TEXT)
                    .raw('"')
                    .key(Keys.TEXT)
                    .raw('"');
            Schemas.hint(out, in, schema);
            out.raw('"').raw('}');
        } else if (asksForJson) {
            content.text(JSON_HINT);
        }
        if (out.length() == empty && out.noteCount() == notes) {
            out.truncate(before);
        } else {
            out.raw(']');
        }
    }

    private boolean isSystem(int message) {
        int role = in.member(message, Keys.ROLE);
        return in.textIs(role, Keys.SYSTEM) || in.textIs(role, Keys.DEVELOPER);
    }

    // ------------------------------------------------------------------ turns

    /** Appends the list of messages. False: it was refused. */
    boolean write() {
        out.raw('[');
        int run = nextTurn(in.first(messages));
        if (run == NONE || isAssistant(run)) {
            say(PLACEHOLDER);
        }
        boolean isAssistantLast = false;
        while (run != NONE) {
            int end = endOfTurn(run);
            isAssistantLast = isAssistant(run);
            if (!(isAssistantLast ? assistantTurn(run, end) : userTurn(run, end))) {
                return false;
            }
            run = nextTurn(end);
        }
        if (isAssistantLast && calls.firstOpen() != PendingCalls.NONE) {
            out.comma().raw(USER_MESSAGE);
            openCalls();
            out.raw(']').raw('}');
        } else if (isAssistantLast && !rules.prefill()) {
            say(CONTINUE);
        }
        out.raw(']');
        return true;
    }

    private void say(byte[] text) {
        out.comma().raw(USER_MESSAGE);
        content.text(text);
        out.raw(']').raw('}');
    }

    private boolean isAssistant(int message) {
        return in.textIs(in.member(message, Keys.ROLE), Keys.ASSISTANT);
    }

    private int nextTurn(int message) {
        int at = message;
        while (at != NONE && isOfNoTurn(at)) {
            at = in.next(messages, at);
        }
        return at;
    }

    private int endOfTurn(int run) {
        boolean isAssistant = isAssistant(run);
        int at = in.next(messages, run);
        while (at != NONE && (isOfNoTurn(at) || isAssistant(at) == isAssistant)) {
            at = in.next(messages, at);
        }
        return at;
    }

    private boolean isOfNoTurn(int message) {
        return isSystem(message) || (isAssistant(message) && !tellsAnything(message));
    }

    private boolean tellsAnything(int message) {
        int said = in.member(message, Keys.CONTENT);
        if (content.isText(said) || content.isText(in.member(message, Keys.REFUSAL)) || hasCalls(message)) {
            return true;
        }
        for (int part = in.first(said); in.isArray(said) && part != NONE; part = in.next(said, part)) {
            if (content.isText(content.textOf(part))) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCalls(int message) {
        int list = in.member(message, Keys.TOOL_CALLS);
        return (in.isArray(list) && in.first(list) != NONE) || in.isObject(in.member(message, Keys.FUNCTION_CALL));
    }

    /** Whether the last turn of the assistant calls tools and does not bring its signed thinking, as Anthropic demands. */
    boolean lacksSignedThinking() {
        int last = NONE;
        for (int run = nextTurn(in.first(messages)); run != NONE; run = nextTurn(endOfTurn(run))) {
            last = isAssistant(run) ? run : last;
        }
        if (last == NONE) {
            return false;
        }
        int end = endOfTurn(last);
        boolean calling = false;
        boolean signed = false;
        for (int message = last; message != end; message = in.next(messages, message)) {
            calling |= isAssistant(message) && hasCalls(message);
            signed |= isAssistant(message) && signedThinking(message, false);
        }
        return calling && !signed;
    }

    /** Whether the last turn is the assistant's, to be gone on with. */
    boolean endsWithAssistant() {
        boolean isAssistant = false;
        for (int run = nextTurn(in.first(messages)); run != NONE; run = nextTurn(endOfTurn(run))) {
            isAssistant = isAssistant(run);
        }
        return isAssistant;
    }

    // ------------------------------------------------------------------ the assistant

    private boolean assistantTurn(int run, int end) {
        calls.clear();
        out.comma().raw(ASSISTANT_MESSAGE);
        boolean isPrefill = nextTurn(end) == NONE;
        for (int message = run; message != end; message = in.next(messages, message)) {
            isPrefill &= !isAssistant(message) || !hasCalls(message);
            if (isAssistant(message)) {
                signedThinking(message, true);
            }
        }
        int lastText = isPrefill ? lastText(run, end) : NONE;
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (isAssistant(message)) {
                texts(message, lastText);
            }
        }
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (isAssistant(message) && !toolUses(message)) {
                return false;
            }
        }
        out.raw(']').raw('}');
        return true;
    }

    private void texts(int message, int lastText) {
        int said = in.member(message, Keys.CONTENT);
        text(said, message, lastText);
        for (int part = in.first(said); in.isArray(said) && part != NONE; part = in.next(said, part)) {
            text(content.textOf(part), part, lastText);
        }
        text(in.member(message, Keys.REFUSAL), NONE, lastText);
    }

    private void text(int text, int holder, int lastText) {
        if (content.isText(text)) {
            // Anthropic refuses an answer to be gone on with that ends in white space.
            int to = text == lastText ? RawText.trimmedEnd(in, text) : in.end(text) - 1;
            content.text(in.start(text) + 1, to, holder);
        }
    }

    private int lastText(int run, int end) {
        int last = NONE;
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (isAssistant(message)) {
                int said = in.member(message, Keys.CONTENT);
                last = content.isText(said) ? said : last;
                for (int part = in.first(said); in.isArray(said) && part != NONE; part = in.next(said, part)) {
                    int text = content.textOf(part);
                    last = content.isText(text) ? text : last;
                }
                int refusal = in.member(message, Keys.REFUSAL);
                last = content.isText(refusal) ? refusal : last;
            }
        }
        return last;
    }

    /**
     * Thinking that Anthropic has signed, which some proxies hand to clients of this dialect and get back; without its
     * signature it is refused.
     */
    private boolean signedThinking(int message, boolean write) {
        int blocks = in.member(message, Keys.THINKING_BLOCKS);
        if (to.vendor() != Vendor.ANTHROPIC || !in.isArray(blocks)) {
            return false;
        }
        boolean found = false;
        for (int block = in.first(blocks); block != NONE; block = in.next(blocks, block)) {
            int type = in.member(block, Keys.TYPE);
            int proof = in.textIs(type, Keys.THINKING)
                    ? in.member(block, Keys.SIGNATURE)
                    : in.textIs(type, Keys.REDACTED_THINKING) ? in.member(block, Keys.DATA) : NONE;
            if (in.isString(proof) && !in.isEmptyString(proof)) {
                found = true;
                if (write) {
                    out.comma().value(in, block);
                }
            }
        }
        return found;
    }

    private boolean toolUses(int message) {
        int list = in.member(message, Keys.TOOL_CALLS);
        for (int call = in.first(list); in.isArray(list) && call != NONE; call = in.next(list, call)) {
            int id = in.member(call, Keys.ID);
            if (!toolUse(in.isString(id) ? in.string(id) : "", in.member(call, Keys.FUNCTION), call)) {
                return false;
            }
        }
        int legacy = in.member(message, Keys.FUNCTION_CALL);
        return !in.isObject(legacy) || toolUse("", legacy, legacy);
    }

    private boolean toolUse(String id, int function, int call) {
        int name = in.member(function, Keys.NAME);
        if (!in.isString(name) || in.isEmptyString(name)) {
            return Refusal.of(request, Dialect.OPENAI, in, call, "a tool call must be of a function with a name");
        }
        callCount++;
        String written = unused(id.isEmpty() ? MADE_UP_ID + callCount : ToolIds.anthropic(id));
        calls.add(id, written);
        out.comma().raw(TOOL_USE).string(written).key(Keys.NAME);
        request.toolNames().write(out, in, name, to.maxToolNameChars());
        out.key(Keys.INPUT);
        int input = in.member(function, Keys.ARGUMENTS);
        if (in.isObject(input)) {
            out.value(in, input);
        } else if (!in.isPresent(input) || in.isBlank(input)) {
            out.raw(NO_INPUT);
        } else if (arguments.read(in, input)) {
            arguments.write(out);
        } else {
            out.raw(WRAPPED).value(in, input).raw('}');
        }
        out.raw('}');
        return true;
    }

    /** An id that no call before had: Anthropic demands that, and some servers count anew in every answer. */
    private String unused(String id) {
        String unused = id;
        for (int i = callCount; !usedIds.add(unused); i++) {
            unused = id + "_" + i;
        }
        return unused;
    }

    // ------------------------------------------------------------------ the user

    private boolean userTurn(int run, int end) {
        answering.clear();
        out.comma().raw(USER_MESSAGE);
        int empty = out.length();
        int notes = out.noteCount();
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (isResult(message) && !result(message)) {
                return false;
            }
        }
        openCalls();
        calls.clear();
        for (int message = run; message != end; message = in.next(messages, message)) {
            if (answering.get(message) || isOfNoTurn(message)) {
                continue;
            }
            if (isResult(message)) {
                content.text(RESULT_OF);
            }
            if (!content.blocks(message)) {
                return false;
            }
        }
        if (out.length() == empty && out.noteCount() == notes) {
            content.text(PLACEHOLDER);
        }
        out.raw(']').raw('}');
        return true;
    }

    private boolean isResult(int message) {
        int role = in.member(message, Keys.ROLE);
        return in.textIs(role, Keys.TOOL) || in.textIs(role, Keys.FUNCTION);
    }

    /** Tells a result behind its call; one without a call is left for later. False: it was refused. */
    private boolean result(int message) {
        int id = in.member(message, Keys.TOOL_CALL_ID);
        boolean hasId = in.isString(id) && !in.isEmptyString(id);
        int call = calls.answer(hasId ? in.string(id) : "");
        if (call == PendingCalls.NONE && !hasId) {
            call = calls.firstOpen();
            if (call != PendingCalls.NONE) {
                calls.close(call);
            }
        }
        if (call == PendingCalls.NONE) {
            return true;
        }
        answering.set(message);
        out.comma().raw(TOOL_RESULT).string(calls.written(call));
        int before = out.length();
        out.key(Keys.CONTENT).raw('[');
        int empty = out.length();
        int notes = out.noteCount();
        if (!content.blocks(message)) {
            return false;
        }
        if (out.length() == empty && out.noteCount() == notes) {
            out.truncate(before);
        } else {
            out.raw(']');
        }
        out.raw('}');
        return true;
    }

    /** Calls that nobody has answered. */
    private void openCalls() {
        for (int call = calls.firstOpen(); call != PendingCalls.NONE; call = calls.firstOpen()) {
            out.comma().raw(TOOL_RESULT).string(calls.written(call)).raw(NO_RESULT);
            calls.close(call);
        }
    }
}
