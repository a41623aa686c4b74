package dev.slipstream.metrics;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The last sixty ticks of one loop, as the reporter keeps them: one slot per tick and series.
 *
 * <p>A window is summed from its slots when somebody asks, and a slot is out of it as soon as its tick is too old.
 * Nothing is subtracted, so nothing can drift, and the maximum is right too; the price is some ten thousand additions
 * per scrape. Belongs to {@link Metrics} and is guarded by it.
 */
final class LoopWindow {
    private static final int SLOTS = LoopMetrics.WINDOW_TICKS;

    private final LoopMetrics loop;
    /** The tick that closed what is in the slot; 0: nothing ever was. */
    private final long[] slotTicks = new long[SLOTS];
    /** By series and slot; null where there is nothing. */
    private final byte[] @Nullable [] @Nullable [] slots = new byte[Series.COUNT] @Nullable [] @Nullable [];

    LoopWindow(LoopMetrics loop) {
        this.loop = loop;
    }

    LoopMetrics loop() {
        return loop;
    }

    /** Puts what the loop has handed over into its slot and gives the loop its spare back. */
    void collect(CompactCounts encoder) {
        HistogramSet set = loop.takeFilled();
        if (set == null) {
            return;
        }
        int slot = (int) (set.tick % SLOTS);
        for (int series = 0; series < Series.COUNT; series++) {
            IntCountsHistogram histogram = set.histogram(series);
            byte[] counts = histogram == null ? null : encoder.encode(series, histogram);
            store(series, slot, counts);
            if (histogram != null && counts != null) {
                histogram.reset();
            }
        }
        slotTicks[slot] = set.tick;
        loop.giveBack(set);
    }

    /** Adds the window of {@code series} to {@code sum}. */
    void addTo(int series, AbstractHistogram sum) {
        byte @Nullable [] @Nullable [] ofSeries = slots[series];
        if (ofSeries == null) {
            return;
        }
        long now = loop.ticks();
        for (int slot = 0; slot < SLOTS; slot++) {
            byte[] counts = ofSeries[slot];
            if (counts != null && now - slotTicks[slot] < SLOTS) {
                CompactCounts.addTo(series, counts, sum);
            }
        }
    }

    private void store(int series, int slot, byte @Nullable [] counts) {
        byte @Nullable [] @Nullable [] ofSeries = slots[series];
        if (ofSeries == null) {
            if (counts == null) {
                return;
            }
            ofSeries = new byte[SLOTS] @Nullable [];
            slots[series] = ofSeries;
        }
        ofSeries[slot] = counts;
    }
}
