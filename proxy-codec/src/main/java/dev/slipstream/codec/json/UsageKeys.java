package dev.slipstream.codec.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a key means where it stands. A role below {@link UsageFigures#COUNT} is that figure. Keys are compared as
 * written: one spelled with escapes is not recognised (no provider does that).
 */
final class UsageKeys {
    /** Longer keys, and longer values of {@code type}, match nothing. */
    static final int MAX_BYTES = 32;

    /** The places where keys have a meaning. */
    static final int IN_TOP = 0;
    /** In {@code message}, {@code response} or {@code x_groq}, which carry a usage. */
    static final int IN_CARRIER = 1;

    static final int IN_USAGE = 2;
    static final int IN_INPUT_DETAILS = 3;
    static final int IN_OUTPUT_DETAILS = 4;

    static final int NOTHING = -1;
    static final int TYPE = 16;
    static final int MESSAGE = 17;
    static final int CARRIER = 18;
    static final int USAGE = 19;
    static final int INPUT_DETAILS = 20;
    /** {@code input_tokens_details}, by which OpenAI's Responses are told from Anthropic's Messages. */
    static final int INCLUSIVE_DETAILS = 21;

    static final int OUTPUT_DETAILS = 22;

    private static final byte[] USAGE_KEY = ascii("usage");
    private static final byte[] TYPE_KEY = ascii("type");
    private static final byte[] MESSAGE_KEY = ascii("message");
    private static final byte[] RESPONSE_KEY = ascii("response");
    private static final byte[] X_GROQ_KEY = ascii("x_groq");
    private static final byte[] CACHED_KEY = ascii("cached_tokens");
    private static final byte[] REASONING_KEY = ascii("reasoning_tokens");
    private static final byte[] THINKING_KEY = ascii("thinking_tokens");
    private static final byte[] PROMPT_KEY = ascii("prompt_tokens");
    private static final byte[] COMPLETION_KEY = ascii("completion_tokens");
    private static final byte[] TOTAL_KEY = ascii("total_tokens");
    private static final byte[] INPUT_KEY = ascii("input_tokens");
    private static final byte[] OUTPUT_KEY = ascii("output_tokens");
    private static final byte[] CACHE_READ_KEY = ascii("cache_read_input_tokens");
    private static final byte[] CACHE_CREATION_KEY = ascii("cache_creation_input_tokens");
    private static final byte[] CACHE_HIT_KEY = ascii("prompt_cache_hit_tokens");
    private static final byte[] PROMPT_DETAILS_KEY = ascii("prompt_tokens_details");
    private static final byte[] COMPLETION_DETAILS_KEY = ascii("completion_tokens_details");
    private static final byte[] INPUT_DETAILS_KEY = ascii("input_tokens_details");
    private static final byte[] OUTPUT_DETAILS_KEY = ascii("output_tokens_details");

    private static final byte[] MESSAGE_STOP = ascii("message_stop");
    private static final byte[] RESPONSE_COMPLETED = ascii("response.completed");

    private UsageKeys() {}

    static int role(int place, byte[] bytes, int from, int to) {
        return switch (place) {
            case IN_TOP -> inTop(bytes, from, to);
            case IN_CARRIER -> is(USAGE_KEY, bytes, from, to) ? USAGE : NOTHING;
            case IN_USAGE -> inUsage(bytes, from, to);
            case IN_INPUT_DETAILS -> is(CACHED_KEY, bytes, from, to) ? UsageFigures.CACHED : NOTHING;
            default ->
                is(REASONING_KEY, bytes, from, to) || is(THINKING_KEY, bytes, from, to)
                        ? UsageFigures.REASONING
                        : NOTHING;
        };
    }

    /** Whether this is the {@code type} of a stream's last event. */
    static boolean endsStream(byte[] bytes, int from, int to) {
        return is(MESSAGE_STOP, bytes, from, to) || is(RESPONSE_COMPLETED, bytes, from, to);
    }

    private static int inTop(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 4 -> is(TYPE_KEY, bytes, from, to) ? TYPE : NOTHING;
            case 5 -> is(USAGE_KEY, bytes, from, to) ? USAGE : NOTHING;
            case 6 -> is(X_GROQ_KEY, bytes, from, to) ? CARRIER : NOTHING;
            case 7 -> is(MESSAGE_KEY, bytes, from, to) ? MESSAGE : NOTHING;
            case 8 -> is(RESPONSE_KEY, bytes, from, to) ? CARRIER : NOTHING;
            default -> NOTHING;
        };
    }

    private static int inUsage(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 12 ->
                is(INPUT_KEY, bytes, from, to)
                        ? UsageFigures.INPUT
                        : is(TOTAL_KEY, bytes, from, to) ? UsageFigures.TOTAL : NOTHING;
            case 13 ->
                is(OUTPUT_KEY, bytes, from, to)
                        ? UsageFigures.OUTPUT
                        : is(PROMPT_KEY, bytes, from, to)
                                ? UsageFigures.PROMPT
                                : is(CACHED_KEY, bytes, from, to) ? UsageFigures.CACHE_HIT : NOTHING;
            case 17 -> is(COMPLETION_KEY, bytes, from, to) ? UsageFigures.COMPLETION : NOTHING;
            case 20 -> is(INPUT_DETAILS_KEY, bytes, from, to) ? INCLUSIVE_DETAILS : NOTHING;
            case 21 ->
                is(PROMPT_DETAILS_KEY, bytes, from, to)
                        ? INPUT_DETAILS
                        : is(OUTPUT_DETAILS_KEY, bytes, from, to) ? OUTPUT_DETAILS : NOTHING;
            case 23 ->
                is(CACHE_READ_KEY, bytes, from, to)
                        ? UsageFigures.CACHE_READ
                        : is(CACHE_HIT_KEY, bytes, from, to) ? UsageFigures.CACHE_HIT : NOTHING;
            case 25 -> is(COMPLETION_DETAILS_KEY, bytes, from, to) ? OUTPUT_DETAILS : NOTHING;
            case 27 -> is(CACHE_CREATION_KEY, bytes, from, to) ? UsageFigures.CACHE_CREATION : NOTHING;
            default -> NOTHING;
        };
    }

    private static boolean is(byte[] key, byte[] bytes, int from, int to) {
        return Arrays.equals(key, 0, key.length, bytes, from, to);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
