package dev.slipstream.codec.tokens;

/**
 * The one factor by which the input tokens that a client sees differ from those that the provider counted: a client that
 * assumes a context of {@code assumed} tokens, talking to a model of {@code actual}, sees its context as full as it is.
 * Never applied to what is logged, counted or billed.
 *
 * @param assumed tokens of the context that the client assumes; 0: nothing is scaled
 * @param actual tokens of the context that the model has; 0: nothing is scaled
 */
public record TokenScale(long assumed, long actual) {
    /** Changes nothing. */
    public static final TokenScale NONE = new TokenScale(0, 0);

    /** Whether anything changes. */
    public boolean isActive() {
        return assumed > 0 && actual > 0 && assumed != actual;
    }

    /**
     * {@code tokens} as the client sees them, rounded up; what is not above 0 stays as it is. At most a quarter of what a
     * {@code long} holds, so that sums of a few do not overflow.
     */
    public long scaled(long tokens) {
        if (tokens <= 0 || !isActive()) {
            return tokens;
        }
        if (Math.multiplyHigh(tokens, assumed) != 0 || tokens * assumed < 0) {
            // No such count is real; what matters is that it stays one.
            return Long.MAX_VALUE / 4;
        }
        long product = tokens * assumed;
        return Math.min(Long.MAX_VALUE / 4, product / actual + (product % actual == 0 ? 0 : 1));
    }
}
