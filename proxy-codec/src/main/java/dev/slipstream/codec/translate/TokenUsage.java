package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;

/**
 * Token usage of one answer, kept by Anthropic's disjoint parts; OpenAI's are subsets of each other. Figures that come
 * again replace those before, for they are cumulative; a part that is absent or null keeps what it was.
 */
final class TokenUsage {
    private static final long UNKNOWN = -1;
    private static final byte[] PROMPT_TOKENS = ascii("prompt_tokens");
    private static final byte[] COMPLETION_TOKENS = ascii("completion_tokens");
    private static final byte[] PROMPT_DETAILS = ascii("prompt_tokens_details");
    private static final byte[] CACHED_TOKENS = ascii("cached_tokens");
    private static final byte[] CACHE_WRITE_TOKENS = ascii("cache_write_tokens");
    private static final byte[] CACHE_HIT_TOKENS = ascii("prompt_cache_hit_tokens");
    private static final byte[] COMPLETION_DETAILS = ascii("completion_tokens_details");
    private static final byte[] REASONING_TOKENS = ascii("reasoning_tokens");
    private static final byte[] INPUT_TOKENS = ascii("input_tokens");
    private static final byte[] OUTPUT_TOKENS = ascii("output_tokens");
    private static final byte[] CACHE_READ = ascii("cache_read_input_tokens");
    private static final byte[] CACHE_CREATION = ascii("cache_creation_input_tokens");
    private static final byte[] OUTPUT_DETAILS = ascii("output_tokens_details");
    private static final byte[] THINKING_TOKENS = ascii("thinking_tokens");

    /** Input tokens that were neither read from a cache nor written to one. */
    private long input = UNKNOWN;

    private long cacheRead = UNKNOWN;
    private long cacheWrite = UNKNOWN;
    private long output = UNKNOWN;
    private long reasoning = UNKNOWN;

    void reset() {
        input = UNKNOWN;
        cacheRead = UNKNOWN;
        cacheWrite = UNKNOWN;
        output = UNKNOWN;
        reasoning = UNKNOWN;
    }

    /** Whether the provider has told anything. */
    boolean isKnown() {
        return input != UNKNOWN || output != UNKNOWN;
    }

    /** Whether the provider has told both sides, so that a total of them is true. */
    boolean isWhole() {
        return input != UNKNOWN && output != UNKNOWN;
    }

    /** Reads a {@code usage} of the OpenAI dialect; anything but an object is passed over. */
    void readOpenAi(JsonTree tree, int usage) {
        if (!tree.isObject(usage)) {
            return;
        }
        int details = tree.member(usage, PROMPT_DETAILS);
        long cached = tree.integer(tree.member(details, CACHED_TOKENS), UNKNOWN);
        if (cached == UNKNOWN) {
            cached = tree.integer(tree.member(usage, CACHE_HIT_TOKENS), UNKNOWN);
        }
        if (cached == UNKNOWN) {
            // Together, Moonshot.
            cached = tree.integer(tree.member(usage, CACHED_TOKENS), UNKNOWN);
        }
        cacheRead = told(cached, cacheRead);
        cacheWrite = told(tree.integer(tree.member(details, CACHE_WRITE_TOKENS), UNKNOWN), cacheWrite);
        long prompt = tree.integer(tree.member(usage, PROMPT_TOKENS), UNKNOWN);
        if (prompt >= 0) {
            input = Math.max(0, prompt - Math.max(0, cacheRead) - Math.max(0, cacheWrite));
        }
        output = told(tree.integer(tree.member(usage, COMPLETION_TOKENS), UNKNOWN), output);
        int outputDetails = tree.member(usage, COMPLETION_DETAILS);
        reasoning = told(tree.integer(tree.member(outputDetails, REASONING_TOKENS), UNKNOWN), reasoning);
    }

    /** Reads a {@code usage} of the Anthropic dialect; anything but an object is passed over. */
    void readAnthropic(JsonTree tree, int usage) {
        if (!tree.isObject(usage)) {
            return;
        }
        input = told(tree.integer(tree.member(usage, INPUT_TOKENS), UNKNOWN), input);
        cacheRead = told(tree.integer(tree.member(usage, CACHE_READ), UNKNOWN), cacheRead);
        cacheWrite = told(tree.integer(tree.member(usage, CACHE_CREATION), UNKNOWN), cacheWrite);
        output = told(tree.integer(tree.member(usage, OUTPUT_TOKENS), UNKNOWN), output);
        int details = tree.member(usage, OUTPUT_DETAILS);
        reasoning = told(tree.integer(tree.member(details, THINKING_TOKENS), UNKNOWN), reasoning);
    }

    private static long told(long now, long before) {
        return now >= 0 ? now : before;
    }

    /**
     * Appends the {@code usage} object of the Anthropic dialect. What is unknown is 0: clients read it unguarded.
     *
     * @param inputEstimate stands for the input where that is unknown, unscaled
     */
    void writeAnthropic(JsonOutput out, TokenScale scale, long inputEstimate) {
        long read = Math.max(0, cacheRead);
        long write = Math.max(0, cacheWrite);
        long fresh = input == UNKNOWN ? Math.max(0, inputEstimate) : input;
        // The total first, the parts then, and the last of them is the rest: they still add up.
        long total = scale.scaled(fresh + read + write);
        long scaledRead = Math.min(total, scale.scaled(read));
        long scaledWrite = Math.min(total - scaledRead, scale.scaled(write));
        out.raw(USAGE_INPUT).number(total - scaledRead - scaledWrite);
        out.raw(USAGE_CREATION).number(scaledWrite);
        out.raw(USAGE_READ).number(scaledRead);
        out.raw(USAGE_OUTPUT).number(Math.max(0, output)).raw('}');
    }

    private static final byte[] USAGE_INPUT = ascii("{\"input_tokens\":");
    private static final byte[] USAGE_CREATION = ascii(",\"cache_creation_input_tokens\":");
    private static final byte[] USAGE_READ = ascii(",\"cache_read_input_tokens\":");
    private static final byte[] USAGE_OUTPUT = ascii(",\"output_tokens\":");

    /** Appends the {@code usage} object of the OpenAI dialect. */
    void writeOpenAi(JsonOutput out, TokenScale scale) {
        long read = Math.max(0, cacheRead);
        long write = Math.max(0, cacheWrite);
        long prompt = scale.scaled(Math.max(0, input) + read + write);
        long completion = Math.max(0, output);
        out.raw(USAGE_PROMPT).number(prompt);
        out.raw(USAGE_COMPLETION).number(completion);
        out.raw(USAGE_TOTAL).number(prompt + completion);
        long scaledRead = Math.min(prompt, scale.scaled(read));
        out.raw(USAGE_CACHED).number(scaledRead);
        if (cacheWrite != UNKNOWN) {
            out.raw(USAGE_CACHE_WRITE).number(Math.min(prompt - scaledRead, scale.scaled(write)));
        }
        out.raw('}');
        if (reasoning != UNKNOWN) {
            out.raw(USAGE_REASONING).number(reasoning).raw('}');
        }
        out.raw('}');
    }

    private static final byte[] USAGE_PROMPT = ascii("{\"prompt_tokens\":");
    private static final byte[] USAGE_COMPLETION = ascii(",\"completion_tokens\":");
    private static final byte[] USAGE_TOTAL = ascii(",\"total_tokens\":");
    private static final byte[] USAGE_CACHED = ascii(",\"prompt_tokens_details\":{\"cached_tokens\":");
    private static final byte[] USAGE_CACHE_WRITE = ascii(",\"cache_write_tokens\":");
    private static final byte[] USAGE_REASONING = ascii(",\"completion_tokens_details\":{\"reasoning_tokens\":");
}
