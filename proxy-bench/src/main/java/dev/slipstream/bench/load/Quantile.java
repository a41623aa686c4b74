package dev.slipstream.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * A percentile, or why it is not told.
 *
 * @param of 0 to 1
 * @param nanos 0 where it is refused
 * @param refused null: it is told
 */
public record Quantile(double of, long nanos, @Nullable Refusal refused) {
    /** Why a percentile is not told. */
    public enum Refusal {
        /** It stands on fewer than ten samples beyond it. */
        TOO_FEW("too few samples"),
        /** So many requests failed that it lies among them. */
        FAILED("lies among the failed requests"),
        /** The generator came late to its requests. */
        LATE("the generator could not keep its rate"),
        /** More requests waited than the plan allows; the run ended early. */
        OVERRUN("overrun: the run ended early");

        private final String text;

        Refusal(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private static final int BEYOND = 10;

    /** Samples that a percentile needs: ten beyond it, and for the median twenty in all. */
    public static long samplesNeeded(double of) {
        return (long) Math.ceil(BEYOND / (1 - of) - 1e-6);
    }

    static Quantile refused(double of, Refusal why) {
        return new Quantile(of, 0, why);
    }

    public boolean isTold() {
        return refused == null;
    }
}
