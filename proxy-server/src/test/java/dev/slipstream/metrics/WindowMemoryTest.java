package dev.slipstream.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;
import org.junit.jupiter.api.Test;

class WindowMemoryTest {
    private static final long SEED = 20_261_120;

    private final CompactCounts encoder = new CompactCounts();

    @Test
    void aSlotHoldsWhatTheHistogramHeld() {
        Random random = new Random(SEED);
        for (int series : new int[] {0, Series.REQUEST}) {
            IntCountsHistogram histogram = Series.newHistogram(series);
            for (int i = 0; i < 20_000; i++) {
                histogram.recordValue((long) Math.exp(random.nextDouble() * Math.log(Series.HIGHEST_NANOS)));
            }
            histogram.recordValueWithCount(1_000_000, Integer.MAX_VALUE - 20_000);
            histogram.recordValue(0);
            histogram.recordValue(Series.HIGHEST_NANOS);
            byte[] counts = encoder.encode(series, histogram);
            assertNotNull(counts);

            Histogram sum = new Histogram(Series.LOWEST_NANOS, Series.HIGHEST_NANOS, Series.digits(series));
            CompactCounts.addTo(series, counts, sum);

            assertEquals(histogram.getTotalCount(), sum.getTotalCount(), "seed " + SEED);
            for (double percentile = 0; percentile <= 100; percentile += 0.01) {
                assertEquals(
                        histogram.getValueAtPercentile(percentile),
                        sum.getValueAtPercentile(percentile),
                        "seed " + SEED + " percentile " + percentile);
            }
        }
    }

    @Test
    void everyEdgeOfABucketComesBackInItsBucket() {
        for (int series : new int[] {0, Series.REQUEST}) {
            IntCountsHistogram shape = Series.newHistogram(series);
            for (long nanos = 0; nanos < Series.HIGHEST_NANOS; nanos = shape.nextNonEquivalentValue(nanos)) {
                shape.recordValue(nanos);
                byte[] counts = encoder.encode(series, shape);
                assertNotNull(counts);
                shape.reset();
                CompactCounts.addTo(series, counts, shape);
                assertEquals(1, shape.getTotalCount());
                assertEquals(1, shape.getCountAtValue(nanos), "at " + nanos);
                shape.reset();
            }
        }
    }

    @Test
    void anEmptyHistogramTakesNoSlot() {
        assertNull(encoder.encode(0, Series.newHistogram(0)));
    }

    @Test
    void aBusySecondFitsInAFewKilobytes() {
        Random random = new Random(SEED);
        IntCountsHistogram request = Series.newHistogram(Series.REQUEST);
        IntCountsHistogram stage = Series.newHistogram(0);
        for (int i = 0; i < 10_000; i++) {
            request.recordValue((long) (2_000_000 * Math.exp(random.nextGaussian() * 0.5)));
            stage.recordValue((long) (3_000 * Math.exp(random.nextGaussian() * 0.5)));
        }
        byte[] requestCounts = encoder.encode(Series.REQUEST, request);
        byte[] stageCounts = encoder.encode(0, stage);
        assertNotNull(requestCounts);
        assertNotNull(stageCounts);
        assertTrue(requestCounts.length < 6_000, requestCounts.length + " bytes");
        assertTrue(stageCounts.length < 1_000, stageCounts.length + " bytes");
    }
}
