package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;

/**
 * Translates a whole answer of a provider of the Anthropic dialect, a message, into a completion of the OpenAI dialect.
 *
 * <p>Texts are joined without a separator, thinking becomes {@code reasoning_content}, calls of tools keep their order.
 * What has no counterpart is left out: tools that the provider itself runs and their results, citations, redacted
 * thinking, signatures. Without a {@code usage} that is whole the completion has none: none is invented.
 *
 * <p>Holds nothing between two answers but the last error. Confined to one thread at a time.
 */
public final class MessageToCompletion {
    private static final byte[] OBJECT = ascii("chat.completion");
    private static final byte[] CHOICES =
            ascii(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
    private static final byte[] QUOTE = ascii("\"");
    private static final byte[] NULL = ascii("null");
    private static final byte[] REFUSAL = ascii(",\"refusal\":null");
    private static final byte[] REASONING = ascii(",\"reasoning_content\":\"");
    private static final byte[] TOOL_CALLS = ascii(",\"tool_calls\":[");
    private static final byte[] CALL = ascii("{\"id\":\"");
    private static final byte[] FUNCTION = ascii("\",\"type\":\"function\",\"function\":{\"name\":\"");
    private static final byte[] ARGUMENTS = ascii("\",\"arguments\":\"");
    private static final byte[] CALL_END = ascii("\"}}");
    private static final byte[] FINISH = ascii("},\"logprobs\":null,\"finish_reason\":");
    private static final byte[] CHOICES_END = ascii("}]");
    private static final byte[] USAGE = ascii(",\"usage\":");

    private final ProviderError error = new ProviderError();
    private final TokenUsage usage = new TokenUsage();

    /**
     * Appends the completion.
     *
     * @param in a parsed answer of status 200
     * @param id made up for the client where the provider sends none; letters, digits, dashes and underscores
     * @param createdSeconds the time, in seconds of Unix time
     * @return false where it is an error all the same, or no message: {@link #error()} says which, nothing was appended
     */
    public boolean translate(JsonTree in, TranslatedRequest request, String id, long createdSeconds, JsonOutput out) {
        if (ProviderError.isError(in)) {
            error.read(200, in);
            return false;
        }
        int content = in.member(JsonTree.ROOT, CompletionParts.CONTENT);
        if (!in.isArray(content)) {
            error.set(502, "The provider's answer is no message", null);
            return false;
        }
        int calls = countOfCalls(in, content);
        if (calls < 0) {
            error.set(502, "The provider's answer calls a tool without a name", null);
            return false;
        }
        CompletionParts.open(out, in, JsonTree.ROOT, request, id, createdSeconds, OBJECT);
        out.raw(CHOICES);
        if (!writeTexts(in, content, CompletionParts.TEXT, QUOTE, out)) {
            out.raw(NULL);
        }
        out.raw(REFUSAL);
        writeTexts(in, content, CompletionParts.THINKING, REASONING, out);
        if (calls > 0) {
            writeCalls(in, content, request, id, out);
        }
        int stopReason = in.member(JsonTree.ROOT, CompletionParts.STOP_REASON);
        out.raw(FINISH).raw(StopReason.of(in, stopReason).given(calls > 0).json).raw(CHOICES_END);
        usage.reset();
        usage.readAnthropic(in, in.member(JsonTree.ROOT, CompletionParts.USAGE));
        if (usage.isWhole()) {
            out.raw(USAGE);
            usage.writeOpenAi(out, request.scale());
        }
        out.raw('}');
        return true;
    }

    /** Why the last answer was not translated. */
    public ProviderError error() {
        return error;
    }

    /** Calls of the client's tools; negative where one has no name. */
    private static int countOfCalls(JsonTree in, int content) {
        int calls = 0;
        for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
            if (in.textIs(in.member(block, CompletionParts.TYPE), CompletionParts.TOOL_USE)) {
                if (!CompletionParts.isText(in, in.member(block, CompletionParts.NAME))) {
                    return -1;
                }
                calls++;
            }
        }
        return calls;
    }

    /**
     * Appends {@code opening} and the texts of all blocks of a type, whose text is the member of the same name; nothing,
     * and false, where there is no text.
     */
    private static boolean writeTexts(JsonTree in, int content, byte[] type, byte[] opening, JsonOutput out) {
        boolean isOpen = false;
        for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
            if (in.textIs(in.member(block, CompletionParts.TYPE), type)) {
                int text = in.member(block, type);
                if (CompletionParts.isText(in, text)) {
                    if (!isOpen) {
                        out.raw(opening);
                        isOpen = true;
                    }
                    out.content(in, text);
                }
            }
        }
        if (isOpen) {
            out.raw('"');
        }
        return isOpen;
    }

    private static void writeCalls(JsonTree in, int content, TranslatedRequest request, String id, JsonOutput out) {
        out.raw(TOOL_CALLS);
        int index = 0;
        for (int block = in.first(content); block != JsonTree.NONE; block = in.next(content, block)) {
            if (in.textIs(in.member(block, CompletionParts.TYPE), CompletionParts.TOOL_USE)) {
                if (index > 0) {
                    out.raw(',');
                }
                out.raw(CALL);
                CompletionParts.callId(out, in, block, id, index++);
                out.raw(FUNCTION);
                CompletionParts.toolName(out, in, in.member(block, CompletionParts.NAME), request.toolNames());
                out.raw(ARGUMENTS);
                CompletionParts.arguments(out, in, in.member(block, CompletionParts.INPUT));
                out.raw(CALL_END);
            }
        }
        out.raw(']');
    }
}
