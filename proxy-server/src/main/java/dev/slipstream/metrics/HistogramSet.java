package dev.slipstream.metrics;

import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The histograms of one loop for the time between two swaps. It has one owner at a time: the loop that fills it or the
 * reporter that empties it; {@link LoopMetrics} hands it over.
 */
final class HistogramSet {
    /** Made on the first value: most installations never see some of the stages. */
    private final @Nullable IntCountsHistogram[] histograms = new IntCountsHistogram[Series.COUNT];

    /** The tick that closed it; set by the loop before the hand-over. */
    long tick;

    /**
     * Counts a value within the range.
     *
     * @return whether it had room
     */
    boolean record(int series, long nanos) {
        IntCountsHistogram histogram = histograms[series];
        if (histogram == null) {
            histogram = Series.newHistogram(series);
            histograms[series] = histogram;
        }
        if (histogram.getTotalCount() == Integer.MAX_VALUE) {
            return false;
        }
        histogram.recordValue(nanos);
        return true;
    }

    @Nullable
    IntCountsHistogram histogram(int series) {
        return histograms[series];
    }
}
