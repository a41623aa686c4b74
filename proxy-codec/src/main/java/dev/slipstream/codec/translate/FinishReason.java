package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonTree;

/** Why an answer of the OpenAI dialect ended, vendors' own words among them. */
enum FinishReason {
    /** Not told yet, or never. */
    NONE,
    /** By itself, or by a stop sequence; a word that nobody knows says no more. */
    STOP,
    LENGTH,
    TOOL_CALLS,
    REFUSAL,
    CONTEXT_WINDOW,
    /** The provider failed: Z.AI's {@code network_error}, OpenRouter's {@code error}. */
    FAILURE;

    private static final byte[] STOP_WORD = ascii("stop");
    private static final byte[] LENGTH_WORD = ascii("length");
    private static final byte[] MAX_TOKENS_WORD = ascii("max_tokens");
    private static final byte[] TOOL_CALLS_WORD = ascii("tool_calls");
    private static final byte[] FUNCTION_CALL_WORD = ascii("function_call");
    private static final byte[] CONTENT_FILTER_WORD = ascii("content_filter");
    private static final byte[] SENSITIVE_WORD = ascii("sensitive");
    private static final byte[] CONTEXT_WINDOW_WORD = ascii("model_context_window_exceeded");
    private static final byte[] NETWORK_ERROR_WORD = ascii("network_error");
    private static final byte[] ERROR_WORD = ascii("error");

    private static final byte[] END_TURN = ascii("end_turn");
    private static final byte[] MAX_TOKENS = ascii("max_tokens");
    private static final byte[] TOOL_USE = ascii("tool_use");
    private static final byte[] REFUSED = ascii("refusal");
    private static final byte[] CONTEXT_WINDOW_EXCEEDED = ascii("model_context_window_exceeded");

    /** Reads a {@code finish_reason}. */
    static FinishReason of(JsonTree tree, int value) {
        if (!CompletionNames.isText(tree, value)) {
            return NONE;
        }
        if (tree.textIs(value, STOP_WORD)) {
            return STOP;
        }
        if (tree.textIs(value, TOOL_CALLS_WORD) || tree.textIs(value, FUNCTION_CALL_WORD)) {
            return TOOL_CALLS;
        }
        if (tree.textIs(value, LENGTH_WORD) || tree.textIs(value, MAX_TOKENS_WORD)) {
            return LENGTH;
        }
        if (tree.textIs(value, CONTENT_FILTER_WORD) || tree.textIs(value, SENSITIVE_WORD)) {
            return REFUSAL;
        }
        if (tree.textIs(value, CONTEXT_WINDOW_WORD)) {
            return CONTEXT_WINDOW;
        }
        return tree.textIs(value, NETWORK_ERROR_WORD) || tree.textIs(value, ERROR_WORD) ? FAILURE : STOP;
    }

    /**
     * The {@code stop_reason} of the Anthropic dialect. What was called counts, not what is said of it: OpenAI says
     * {@code stop} where a tool was forced, and a client that reads {@code tool_use} waits for a tool that must be there.
     *
     * @param hasCalls whether the answer calls a tool
     * @param hasRefusal whether the answer has a text of refusal
     */
    byte[] stopReason(boolean hasCalls, boolean hasRefusal) {
        return switch (this) {
            case REFUSAL -> REFUSED;
            case LENGTH -> MAX_TOKENS;
            case CONTEXT_WINDOW -> CONTEXT_WINDOW_EXCEEDED;
            case NONE, STOP, TOOL_CALLS, FAILURE -> {
                if (hasRefusal) {
                    yield REFUSED;
                }
                yield hasCalls ? TOOL_USE : END_TURN;
            }
        };
    }
}
