package dev.slipstream.metrics;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * One second of one histogram in as few bytes as there are values: pairs of (distance to the last value, count), both
 * in LEB128, values in units of {@link Series#LOWEST_NANOS}. A second of a histogram is nearly empty, and sixty of them
 * are kept per series.
 *
 * <p>Not thread-safe: the encoder's room is used again.
 */
final class CompactCounts {
    private static final int UNIT_BITS = Long.numberOfTrailingZeros(Series.LOWEST_NANOS);
    /** Two numbers of at most 63 bits. */
    private static final int PAIR_BYTES_MAX = 18;

    private byte[] room = new byte[1024];

    /** Returns the counts of {@code histogram}, which it only borrows; null for none. */
    byte @Nullable [] encode(AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return null;
        }
        int length = 0;
        long last = 0;
        for (HistogramIterationValue value : histogram.recordedValues()) {
            if (room.length - length < PAIR_BYTES_MAX) {
                room = Arrays.copyOf(room, room.length * 2);
            }
            long units = value.getValueIteratedTo() >>> UNIT_BITS;
            length = put(length, units - last);
            length = put(length, value.getCountAtValueIteratedTo());
            last = units;
        }
        return Arrays.copyOf(room, length);
    }

    /** Adds {@code counts}, made from a histogram of the same shape, to {@code sum}. */
    static void addTo(byte[] counts, AbstractHistogram sum) {
        int at = 0;
        long units = 0;
        long number = 0;
        int shift = 0;
        boolean isCount = false;
        while (at < counts.length) {
            byte b = counts[at++];
            number |= (long) (b & 0x7F) << shift;
            shift += 7;
            if (b >= 0) {
                if (isCount) {
                    sum.recordValueWithCount(units << UNIT_BITS, number);
                } else {
                    units += number;
                }
                isCount = !isCount;
                number = 0;
                shift = 0;
            }
        }
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
