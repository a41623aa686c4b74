package dev.slipstream.codec.translate;

import dev.slipstream.codec.Dialect;
import java.util.Locale;

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
 * @param maxOutputTokens the most output tokens that the model accepts; 0: what its name tells, if it is a known one
 * @param vendor whose server it is, where that tells what the rest does not
 * @param modelRules whether the name of the model tells more: that the newest Claude models refuse a temperature, say
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
        long maxOutputTokens,
        Vendor vendor,
        boolean modelRules) {
    /** Whose server it is. */
    public enum Vendor {
        OPENAI,
        ZAI,
        MISTRAL,
        DEEPSEEK,
        ANTHROPIC,
        /** Nobody of whom more is known. */
        OTHER
    }

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
    public static final ProviderTraits OPENAI = new Builder()
            .maxTokensField(MaxTokensField.MAX_COMPLETION_TOKENS)
            .developerRole(true)
            .files(true)
            .strictTools(true)
            .vendor(Vendor.OPENAI)
            .build();

    /** A server of the OpenAI dialect of which nothing is known. */
    public static final ProviderTraits OPENAI_COMPATIBLE = new Builder().build();

    /** Z.AI's endpoint of the OpenAI dialect. */
    public static final ProviderTraits ZAI = new Builder()
            .reasoning(Reasoning.SWITCH)
            .reasoningHistory(true)
            .maxTemperature(1)
            .maxStop(1)
            .jsonSchema(false)
            .maxUserChars(128)
            .vendor(Vendor.ZAI)
            .build();

    /** Mistral: ids of tool calls have nine characters; usage comes unasked; no word for how much to think. */
    public static final ProviderTraits MISTRAL = new Builder()
            .reasoning(Reasoning.NONE)
            .streamUsage(false)
            .vendor(Vendor.MISTRAL)
            .build();

    /** DeepSeek: thinking is switched, and wanted back with the results of tools. */
    public static final ProviderTraits DEEPSEEK = new Builder()
            .reasoning(Reasoning.SWITCH)
            .reasoningHistory(true)
            .jsonSchema(false)
            .vendor(Vendor.DEEPSEEK)
            .build();

    /** OpenRouter: hands {@code top_k} on to models that know it. */
    public static final ProviderTraits OPENROUTER =
            new Builder().topK(true).maxUserChars(128).build();

    /** Anthropic itself. */
    public static final ProviderTraits ANTHROPIC = new Builder()
            .reasoning(Reasoning.BUDGET)
            .topK(true)
            .samplingPair(false)
            .maxTemperature(1)
            .maxStop(Integer.MAX_VALUE)
            .files(true)
            .strictTools(true)
            .maxUserChars(256)
            .maxToolNameChars(128)
            .vendor(Vendor.ANTHROPIC)
            .build();

    /** A server of the Anthropic dialect of which nothing is known. */
    public static final ProviderTraits ANTHROPIC_COMPATIBLE = new Builder()
            .reasoning(Reasoning.BUDGET)
            .topK(true)
            .maxTemperature(1)
            .maxStop(Integer.MAX_VALUE)
            .jsonSchema(false)
            .maxUserChars(256)
            .build();

    /** What is known of the server of {@code dialect} at {@code host}, a name without a port, in any case. */
    public static ProviderTraits of(Dialect dialect, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return switch (dialect) {
            case OPENAI -> openAi(name);
            case ANTHROPIC -> isAt(name, "anthropic.com") ? ANTHROPIC : ANTHROPIC_COMPATIBLE;
        };
    }

    private static ProviderTraits openAi(String host) {
        if (isAt(host, "openai.com") || isAt(host, "openai.azure.com")) {
            return OPENAI;
        }
        if (isAt(host, "z.ai") || isAt(host, "bigmodel.cn")) {
            return ZAI;
        }
        if (isAt(host, "mistral.ai")) {
            return MISTRAL;
        }
        if (isAt(host, "deepseek.com")) {
            return DEEPSEEK;
        }
        return isAt(host, "openrouter.ai") ? OPENROUTER : OPENAI_COMPATIBLE;
    }

    private static boolean isAt(String host, String domain) {
        return host.endsWith(domain)
                && (host.length() == domain.length() || host.charAt(host.length() - domain.length() - 1) == '.');
    }

    /** The same with another {@link #maxOutputTokens()}. */
    public ProviderTraits withMaxOutputTokens(long tokens) {
        return but().maxOutputTokens(tokens).build();
    }

    /** The same with another {@link #defaultMaxTokens()}. */
    public ProviderTraits withDefaultMaxTokens(long tokens) {
        return but().defaultMaxTokens(tokens).build();
    }

    /** The same, but temperature, top_p and top_k are accepted at all, or not. */
    public ProviderTraits withSampling(boolean accepted) {
        return but().sampling(accepted).build();
    }

    /** Starts from these, to change some. */
    public Builder but() {
        return new Builder(this);
    }

    /** Puts traits together; begins with those of a server of the OpenAI dialect of which nothing is known. */
    public static final class Builder {
        private MaxTokensField maxTokensField = MaxTokensField.MAX_TOKENS;
        private boolean developerRole;
        private Reasoning reasoning = Reasoning.EFFORT;
        private boolean reasoningHistory;
        private boolean topK;
        private boolean sampling = true;
        private boolean samplingPair = true;
        private double maxTemperature = 2;
        private int maxStop = 4;
        private boolean jsonSchema = true;
        private boolean namedToolChoice = true;
        private boolean streamUsage = true;
        private boolean files;
        private boolean strictTools;
        private int maxUserChars = 64;
        private int maxToolNameChars = 64;
        private long defaultMaxTokens = 4096;
        private long maxOutputTokens;
        private Vendor vendor = Vendor.OTHER;
        private boolean modelRules = true;

        private Builder() {}

        private Builder(ProviderTraits traits) {
            maxTokensField = traits.maxTokensField;
            developerRole = traits.developerRole;
            reasoning = traits.reasoning;
            reasoningHistory = traits.reasoningHistory;
            topK = traits.topK;
            sampling = traits.sampling;
            samplingPair = traits.samplingPair;
            maxTemperature = traits.maxTemperature;
            maxStop = traits.maxStop;
            jsonSchema = traits.jsonSchema;
            namedToolChoice = traits.namedToolChoice;
            streamUsage = traits.streamUsage;
            files = traits.files;
            strictTools = traits.strictTools;
            maxUserChars = traits.maxUserChars;
            maxToolNameChars = traits.maxToolNameChars;
            defaultMaxTokens = traits.defaultMaxTokens;
            maxOutputTokens = traits.maxOutputTokens;
            vendor = traits.vendor;
            modelRules = traits.modelRules;
        }

        public Builder maxTokensField(MaxTokensField maxTokensField) {
            this.maxTokensField = maxTokensField;
            return this;
        }

        public Builder developerRole(boolean developerRole) {
            this.developerRole = developerRole;
            return this;
        }

        public Builder reasoning(Reasoning reasoning) {
            this.reasoning = reasoning;
            return this;
        }

        public Builder reasoningHistory(boolean reasoningHistory) {
            this.reasoningHistory = reasoningHistory;
            return this;
        }

        public Builder topK(boolean topK) {
            this.topK = topK;
            return this;
        }

        public Builder sampling(boolean sampling) {
            this.sampling = sampling;
            return this;
        }

        public Builder samplingPair(boolean samplingPair) {
            this.samplingPair = samplingPair;
            return this;
        }

        public Builder maxTemperature(double maxTemperature) {
            this.maxTemperature = maxTemperature;
            return this;
        }

        public Builder maxStop(int maxStop) {
            this.maxStop = maxStop;
            return this;
        }

        public Builder jsonSchema(boolean jsonSchema) {
            this.jsonSchema = jsonSchema;
            return this;
        }

        public Builder namedToolChoice(boolean namedToolChoice) {
            this.namedToolChoice = namedToolChoice;
            return this;
        }

        public Builder streamUsage(boolean streamUsage) {
            this.streamUsage = streamUsage;
            return this;
        }

        public Builder files(boolean files) {
            this.files = files;
            return this;
        }

        public Builder strictTools(boolean strictTools) {
            this.strictTools = strictTools;
            return this;
        }

        public Builder maxUserChars(int maxUserChars) {
            this.maxUserChars = maxUserChars;
            return this;
        }

        public Builder maxToolNameChars(int maxToolNameChars) {
            this.maxToolNameChars = maxToolNameChars;
            return this;
        }

        public Builder defaultMaxTokens(long defaultMaxTokens) {
            this.defaultMaxTokens = defaultMaxTokens;
            return this;
        }

        public Builder maxOutputTokens(long maxOutputTokens) {
            this.maxOutputTokens = maxOutputTokens;
            return this;
        }

        public Builder vendor(Vendor vendor) {
            this.vendor = vendor;
            return this;
        }

        public Builder modelRules(boolean modelRules) {
            this.modelRules = modelRules;
            return this;
        }

        public ProviderTraits build() {
            return new ProviderTraits(
                    maxTokensField,
                    developerRole,
                    reasoning,
                    reasoningHistory,
                    topK,
                    sampling,
                    samplingPair,
                    maxTemperature,
                    maxStop,
                    jsonSchema,
                    namedToolChoice,
                    streamUsage,
                    files,
                    strictTools,
                    maxUserChars,
                    maxToolNameChars,
                    defaultMaxTokens,
                    maxOutputTokens,
                    vendor,
                    modelRules);
        }
    }
}
