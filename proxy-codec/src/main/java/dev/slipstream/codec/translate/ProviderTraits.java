package dev.slipstream.codec.translate;

/**
 * What a provider and its model understand of their dialect, as far as translation has a choice. Immutable.
 *
 * @param maxTokensField what the OpenAI dialect's limit of output tokens is called there
 * @param developerRole whether the role {@code developer} is understood
 * @param reasoning how thinking is asked for
 * @param reasoningHistory whether thinking of earlier turns is sent as {@code reasoning_content}
 * @param topK whether {@code top_k} is understood by a provider of the OpenAI dialect
 * @param sampling whether temperature, top_p and top_k are accepted at all
 * @param samplingPair whether temperature and top_p may be sent together
 * @param maxTemperature the highest temperature that is accepted
 * @param maxStop the most stop sequences that are accepted; 0: none
 * @param jsonSchema whether output by a schema is understood; else it is asked for in the prompt
 * @param namedToolChoice whether a tool can be forced; else the choice becomes {@code auto}
 * @param streamUsage whether {@code stream_options} is accepted
 * @param files whether a part may be a file, a PDF say
 * @param strictTools whether {@code strict} of a tool is understood
 * @param maxUserChars the longest end-user id that is accepted
 * @param maxToolNameChars the longest name of a tool that is accepted
 * @param defaultMaxTokens what is sent where the client named no limit and the dialect wants one
 * @param maxOutputTokens the most output tokens that the model accepts; 0: not known, nothing is clamped
 */
public record ProviderTraits(
        MaxTokensField maxTokensField,
        boolean developerRole,
        Reasoning reasoning,
        boolean reasoningHistory,
        boolean topK,
        boolean sampling,
        boolean samplingPair,
        double maxTemperature,
        int maxStop,
        boolean jsonSchema,
        boolean namedToolChoice,
        boolean streamUsage,
        boolean files,
        boolean strictTools,
        int maxUserChars,
        int maxToolNameChars,
        long defaultMaxTokens,
        long maxOutputTokens) {
    /** The name of the limit of output tokens. */
    public enum MaxTokensField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS
    }

    /** How a provider is asked to think. */
    public enum Reasoning {
        /** Not at all: what the client says of it is dropped. */
        NONE,
        /** OpenAI: {@code reasoning_effort}. Anthropic: {@code thinking: adaptive} and {@code output_config.effort}. */
        EFFORT,
        /** Anthropic: {@code thinking} with {@code budget_tokens}. */
        BUDGET,
        /** Z.AI: {@code thinking} with {@code enabled} or {@code disabled}. */
        SWITCH
    }

    /** OpenAI itself. */
    public static final ProviderTraits OPENAI = new ProviderTraits(
            MaxTokensField.MAX_COMPLETION_TOKENS,
            true,
            Reasoning.EFFORT,
            false,
            false,
            true,
            true,
            2,
            4,
            true,
            true,
            true,
            true,
            true,
            64,
            64,
            4096,
            0);

    /** A server of the OpenAI dialect of which nothing is known. */
    public static final ProviderTraits OPENAI_COMPATIBLE = new ProviderTraits(
            MaxTokensField.MAX_TOKENS,
            false,
            Reasoning.EFFORT,
            false,
            false,
            true,
            true,
            2,
            4,
            true,
            true,
            true,
            false,
            false,
            64,
            64,
            4096,
            0);

    /** Z.AI's endpoint of the OpenAI dialect. */
    public static final ProviderTraits ZAI = new ProviderTraits(
            MaxTokensField.MAX_TOKENS,
            false,
            Reasoning.SWITCH,
            true,
            false,
            true,
            true,
            1,
            1,
            false,
            true,
            true,
            false,
            false,
            64,
            64,
            4096,
            0);

    /** Anthropic itself. */
    public static final ProviderTraits ANTHROPIC = new ProviderTraits(
            MaxTokensField.MAX_TOKENS,
            false,
            Reasoning.BUDGET,
            false,
            true,
            true,
            false,
            1,
            Integer.MAX_VALUE,
            true,
            true,
            true,
            true,
            true,
            256,
            128,
            4096,
            0);

    /** A server of the Anthropic dialect of which nothing is known. */
    public static final ProviderTraits ANTHROPIC_COMPATIBLE = new ProviderTraits(
            MaxTokensField.MAX_TOKENS,
            false,
            Reasoning.BUDGET,
            false,
            true,
            true,
            true,
            1,
            Integer.MAX_VALUE,
            false,
            true,
            true,
            false,
            false,
            256,
            64,
            4096,
            0);
}
