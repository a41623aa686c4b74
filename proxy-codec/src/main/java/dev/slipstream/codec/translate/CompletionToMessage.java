package dev.slipstream.codec.translate;

import static dev.slipstream.codec.json.JsonTree.NONE;
import static dev.slipstream.codec.json.JsonTree.ROOT;
import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;

/** A whole OpenAI completion as a message of the Anthropic dialect. Reused; confined to one thread. */
public final class CompletionToMessage {
    private static final byte[] ID = ascii("{\"id\":\"");
    private static final byte[] MODEL = ascii("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
    private static final byte[] CONTENT = ascii(",\"content\":[");
    private static final byte[] THINKING = ascii("{\"type\":\"thinking\",\"thinking\":\"");
    private static final byte[] THINKING_END = ascii("\",\"signature\":\"\"}");
    private static final byte[] TEXT = ascii("{\"type\":\"text\",\"text\":\"");
    private static final byte[] TEXT_END = ascii("\"}");
    private static final byte[] TOOL_USE = ascii("{\"type\":\"tool_use\",\"id\":\"");
    private static final byte[] TOOL_NAME = ascii("\",\"name\":\"");
    private static final byte[] TOOL_INPUT = ascii("\",\"input\":");
    private static final byte[] EMPTY_INPUT = ascii("{}");
    private static final byte[] STOP_REASON = ascii("],\"stop_reason\":\"");
    private static final byte[] USAGE = ascii("\",\"stop_sequence\":null,\"usage\":");

    private enum Open {
        NOTHING,
        TEXT,
        THINKING
    }

    private final AnswerReader reader = new AnswerReader();
    private final AnswerReader.Listener texts = this::text;
    private final TokenUsage usage = new TokenUsage();
    private final JsonTree arguments = new JsonTree();
    private final ProviderError error = new ProviderError();
    private Open open = Open.NOTHING;
    private int blocks;
    private int calls;

    /**
     * Appends the message.
     *
     * @param in the parsed answer, which came with status 200; borrowed, and, where {@code out} notes ranges, what they
     *     are ranges of
     * @param id made up for the client where the provider sends none; letters, digits, dashes and underscores
     * @return false where the answer is an error all the same, or no completion: {@link #error()} says which, and nothing
     *     was appended
     */
    public boolean translate(JsonTree in, TranslatedRequest request, String id, JsonOutput out) {
        if (ProviderError.isError(in)) {
            error.read(0, in);
            return false;
        }
        int choice = CompletionNames.firstChoice(in, in.member(ROOT, CompletionNames.CHOICES));
        int message = in.member(choice, CompletionNames.MESSAGE);
        int choiceError = in.member(choice, Names.ERROR);
        if (ProviderError.isTold(in, choiceError)) {
            error.read(0, in, choice);
            return false;
        }
        FinishReason finish = FinishReason.of(in, in.member(choice, CompletionNames.FINISH_REASON));
        if (finish == FinishReason.FAILURE) {
            error.set(502, "the provider failed before the answer was complete", null);
            return false;
        }
        // Azure: a filtered answer has a reason and no message.
        if (!in.isObject(message) && finish == FinishReason.NONE) {
            error.set(502, "the provider's answer is no completion", null);
            return false;
        }
        reader.read(in, message);
        if (hasNamelessCall(in)) {
            error.set(502, "the provider called a tool without a name", null);
            return false;
        }
        write(in, request, id, finish, out);
        return true;
    }

    /** Why there is no message. */
    public ProviderError error() {
        return error;
    }

    private void write(JsonTree in, TranslatedRequest request, String id, FinishReason finish, JsonOutput out) {
        MessageIds.message(out.raw(ID), in, in.member(ROOT, CompletionNames.ID), id);
        out.raw(MODEL);
        int model = in.member(ROOT, CompletionNames.MODEL);
        if (CompletionNames.isText(in, model)) {
            out.value(in, model);
        } else {
            out.string(request.model());
        }
        out.raw(CONTENT);
        open = Open.NOTHING;
        blocks = 0;
        calls = 0;
        reader.tell(in, out, texts);
        if (in.isObject(reader.content())) {
            // Cloudflare, asked for JSON: the object itself, where everyone else sends its text.
            openBlock(false, out);
            out.embedded(in, reader.content());
        }
        close(out);
        toolCalls(in, request.toolNames(), id, out);
        out.raw(STOP_REASON)
                .raw(finish.stopReason(calls > 0, reader.isRefused()))
                .raw(USAGE);
        usage.reset();
        usage.readOpenAi(in, in.member(in.member(ROOT, CompletionNames.X_GROQ), CompletionNames.USAGE));
        usage.readOpenAi(in, in.member(ROOT, CompletionNames.USAGE));
        usage.writeAnthropic(out, request.scale(), request.inputEstimate());
        out.raw('}');
    }

    private boolean text(boolean isThinking, JsonTree in, int text, JsonOutput out) {
        openBlock(isThinking, out);
        out.content(in, text);
        return true;
    }

    private void openBlock(boolean isThinking, JsonOutput out) {
        Open kind = isThinking ? Open.THINKING : Open.TEXT;
        if (open != kind) {
            close(out);
            block(out, isThinking ? THINKING : TEXT);
            open = kind;
        }
    }

    private void block(JsonOutput out, byte[] start) {
        if (blocks++ > 0) {
            out.raw(',');
        }
        out.raw(start);
    }

    private void close(JsonOutput out) {
        switch (open) {
            case TEXT -> out.raw(TEXT_END);
            case THINKING -> out.raw(THINKING_END);
            case NOTHING -> {}
        }
        open = Open.NOTHING;
    }

    // ------------------------------------------------------------------ tools

    private void toolCalls(JsonTree in, ToolNames names, String id, JsonOutput out) {
        int list = reader.toolCalls();
        for (int call = in.isArray(list) ? in.first(list) : NONE; call != NONE; call = in.next(list, call)) {
            toolCall(
                    in, in.member(call, CompletionNames.ID), in.member(call, CompletionNames.FUNCTION), names, id, out);
        }
        toolCall(in, NONE, reader.functionCall(), names, id, out);
    }

    private void toolCall(JsonTree in, int callId, int function, ToolNames names, String id, JsonOutput out) {
        int name = in.member(function, CompletionNames.NAME);
        if (!CompletionNames.isText(in, name)) {
            return;
        }
        block(out, TOOL_USE);
        MessageIds.call(out, in, callId, id, calls++);
        ToolCalls.writeName(out.raw(TOOL_NAME), in, name, names);
        input(in, in.member(function, CompletionNames.ARGUMENTS), out.raw(TOOL_INPUT));
        out.raw('}');
    }

    /** Appends the object that the arguments hold; an empty one where they hold none, or were cut off: never a string. */
    private void input(JsonTree in, int text, JsonOutput out) {
        if (in.isObject(text)) {
            out.value(in, text);
            return;
        }
        if (!in.isString(text)) {
            out.raw(EMPTY_INPUT);
            return;
        }
        int mark = out.length();
        out.unescaped(in, text);
        arguments.reset();
        arguments.append(out.bytes(), mark, out.length());
        if (arguments.parse() != JsonStatus.COMPLETE || !arguments.isObject(ROOT)) {
            out.truncate(mark);
            out.raw(EMPTY_INPUT);
        }
    }

    /** Whether arguments came without the name of their tool; a call without either is noise. */
    private boolean hasNamelessCall(JsonTree in) {
        int list = reader.toolCalls();
        for (int call = in.isArray(list) ? in.first(list) : NONE; call != NONE; call = in.next(list, call)) {
            if (isNameless(in, in.member(call, CompletionNames.FUNCTION))) {
                return true;
            }
        }
        return isNameless(in, reader.functionCall());
    }

    private static boolean isNameless(JsonTree in, int function) {
        int arguments = in.member(function, CompletionNames.ARGUMENTS);
        return !CompletionNames.isText(in, in.member(function, CompletionNames.NAME))
                && (CompletionNames.isText(in, arguments) || in.isObject(arguments));
    }
}
