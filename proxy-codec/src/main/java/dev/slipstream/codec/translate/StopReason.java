package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Names.ascii;

import dev.slipstream.codec.json.JsonTree;

/** Why an answer ended, in OpenAI's words, from Anthropic's {@code stop_reason}. */
enum StopReason {
    STOP("stop"),
    LENGTH("length"),
    TOOL_CALLS("tool_calls"),
    CONTENT_FILTER("content_filter");

    private static final byte[] MAX_TOKENS = ascii("max_tokens");
    private static final byte[] CONTEXT_EXCEEDED = ascii("model_context_window_exceeded");
    private static final byte[] REFUSAL = ascii("refusal");
    private static final byte[] PAUSE_TURN = ascii("pause_turn");
    private static final byte[] STOP_SEQUENCE = ascii("stop_sequence");

    /** The word, as a JSON string. */
    @SuppressWarnings("ImmutableEnumChecker")
    final byte[] json;

    StopReason(String word) {
        json = ascii('"' + word + '"');
    }

    /**
     * {@link #TOOL_CALLS} stands for an end that calls of tools explain, if there are any: see {@link #given}.
     *
     * @param stopReason any value or none; what is unknown counts as a plain end
     */
    static StopReason of(JsonTree tree, int stopReason) {
        if (tree.textIs(stopReason, MAX_TOKENS) || tree.textIs(stopReason, CONTEXT_EXCEEDED)) {
            return LENGTH;
        }
        if (tree.textIs(stopReason, REFUSAL)) {
            return CONTENT_FILTER;
        }
        if (tree.textIs(stopReason, PAUSE_TURN) || tree.textIs(stopReason, STOP_SEQUENCE)) {
            return STOP;
        }
        return TOOL_CALLS;
    }

    /**
     * Whether tools were called is told by the calls themselves, not by the provider's word: loops of agents go on by it,
     * and would wait for a call that never came, or pass over one that did.
     */
    StopReason given(boolean toolsCalled) {
        return this == TOOL_CALLS && !toolsCalled ? STOP : this;
    }
}
