package dev.slipstream.metrics;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * One second of one histogram in about as few bytes as there are values. A second of a histogram is nearly empty, and
 * sixty of them are kept per series.
 *
 * <p>For every bucket that holds something, in ascending order: its distance to the last one, shifted left by one; the
 * low bit says that it holds one value, else the count follows. Both in LEB128.
 *
 * <p>Not thread-safe: the encoder's room is used again.
 */
final class CompactCounts {
    private static final int UNIT_BITS = Long.numberOfTrailingZeros(Series.LOWEST_NANOS);
    /** A distance below 2^16 and a count below 2^31. */
    private static final int ENTRY_BYTES_MAX = 3 + 5;

    private byte[] room = new byte[1024];

    /** Returns the counts of {@code histogram}, which it only borrows; null for none. */
    byte @Nullable [] encode(int series, AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return null;
        }
        int halfBits = halfBits(series);
        int length = 0;
        int last = 0;
        for (HistogramIterationValue value : histogram.recordedValues()) {
            if (room.length - length < ENTRY_BYTES_MAX) {
                room = Arrays.copyOf(room, room.length * 2);
            }
            int bucket = bucket(value.getValueIteratedTo(), halfBits);
            long count = value.getCountAtValueIteratedTo();
            int distance = (bucket - last) << 1;
            if (count == 1) {
                length = put(length, distance | 1);
            } else {
                length = put(length, distance);
                length = put(length, count);
            }
            last = bucket;
        }
        return Arrays.copyOf(room, length);
    }

    /** Adds {@code counts}, made from a histogram of {@code series}, to {@code sum}, which has the same digits. */
    static void addTo(int series, byte[] counts, AbstractHistogram sum) {
        int halfBits = halfBits(series);
        int at = 0;
        int bucket = 0;
        while (at < counts.length) {
            long distance = 0;
            int shift = 0;
            byte b;
            do {
                b = counts[at++];
                distance |= (long) (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            bucket += (int) (distance >>> 1);
            long count = 1;
            if ((distance & 1) == 0) {
                count = 0;
                shift = 0;
                do {
                    b = counts[at++];
                    count |= (long) (b & 0x7F) << shift;
                    shift += 7;
                } while (b < 0);
            }
            sum.recordValueWithCount(lowestNanos(bucket, halfBits), count);
        }
    }

    /**
     * Returns the bucket of a value as HdrHistogram numbers them, which does not tell: linear up to 2^(halfBits + 1)
     * units, from there 2^halfBits buckets for each doubling.
     */
    private static int bucket(long nanos, int halfBits) {
        long units = nanos >>> UNIT_BITS;
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(units | 1) - halfBits);
        return (shift << halfBits) + (int) (units >>> shift);
    }

    private static long lowestNanos(int bucket, int halfBits) {
        int shift = Math.max(0, (bucket >>> halfBits) - 1);
        return (long) (bucket - (shift << halfBits)) << (shift + UNIT_BITS);
    }

    /** Half of the buckets HdrHistogram needs for the digits, as a power of two: 128 for 2 and 1024 for 3. */
    private static int halfBits(int series) {
        return Series.digits(series) == 2 ? 7 : 10;
    }

    private int put(int at, long number) {
        int next = at;
        long rest = number;
        while (rest > 0x7F) {
            room[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        room[next++] = (byte) rest;
        return next;
    }
}
