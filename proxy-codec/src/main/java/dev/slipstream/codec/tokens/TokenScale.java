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

    /** {@code tokens} as the client sees them, rounded up; what is not above 0 stays as it is. */
    public long scaled(long tokens) {
        if (tokens <= 0 || !isActive()) {
            return tokens;
        }
        long mostThatFits = (Long.MAX_VALUE - actual) / assumed;
        return (Math.min(tokens, mostThatFits) * assumed + actual - 1) / actual;
    }
}
