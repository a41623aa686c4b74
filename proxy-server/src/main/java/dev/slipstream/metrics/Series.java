package dev.slipstream.metrics;

import org.HdrHistogram.IntCountsHistogram;

/**
 * The numbers under which the timed things stand in every table of this package: the stages by their place in the
 * enum, then the three ends-to-ends.
 *
 * <p>All histograms have the fixed range of 16 ns to 60 s and never resize: 3,328 counters (13 KB) with 2 significant
 * digits, 23,552 (94 KB) with 3. Counters are ints, which halves that; a histogram takes no more than
 * {@link Integer#MAX_VALUE} values between two swaps, so that none can overflow.
 */
final class Series {
    static final long LOWEST_NANOS = 16;
    static final long HIGHEST_NANOS = 60_000_000_000L;

    private static final Stage[] STAGES = Stage.values();

    static final int REQUEST = STAGES.length;
    static final int FIRST_TOKEN = REQUEST + 1;
    static final int TOKEN_GAP = REQUEST + 2;
    static final int COUNT = REQUEST + 3;

    private Series() {}

    /** The place of {@code stage}: its ordinal, because this is on the way of every request. */
    @SuppressWarnings("EnumOrdinal")
    static int of(Stage stage) {
        return stage.ordinal();
    }

    /** The name of a series where it is a label. */
    static String label(int series) {
        if (series < REQUEST) {
            return STAGES[series].label();
        }
        return series == REQUEST ? "request" : series == FIRST_TOKEN ? "first_token" : "token_gap";
    }

    /** Significant digits: stages are many and small, what a user feels is few and gets one more. */
    static int digits(int series) {
        return series < REQUEST ? 2 : 3;
    }

    static IntCountsHistogram newHistogram(int series) {
        return new IntCountsHistogram(LOWEST_NANOS, HIGHEST_NANOS, digits(series));
    }
}
