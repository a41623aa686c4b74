package dev.slipstream.codec.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time in a {@code long}. Words are little-endian: the byte at the lowest offset is the lowest one, so
 * that the first hit of a mask is its lowest set bit.
 *
 * <p>A mask has the top bit of a byte set where that byte is a hit. Masks marked <em>first exact</em> may also have
 * bits above the lowest true hit (a borrow runs upwards); zero or not, and the lowest bit, are right.
 */
public final class Swar {
    /** 1 in each byte. */
    public static final long ONES = 0x0101010101010101L;

    /** The top bit of each byte. */
    public static final long TOPS = 0x8080808080808080L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Swar() {}

    /** The eight bytes from {@code offset}, which need not be aligned. */
    public static long word(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    /** The four bytes from {@code offset}, which need not be aligned. */
    public static int half(byte[] bytes, int offset) {
        return (int) INTS.get(bytes, offset);
    }

    /** {@code b} in each byte. */
    public static long repeat(byte b) {
        return (b & 0xFFL) * ONES;
    }

    /** Up to eight ASCII characters as a word, the rest zero. */
    public static long pack(String ascii) {
        if (ascii.length() > Long.BYTES) {
            throw new IllegalArgumentException("more than eight characters: " + ascii);
        }
        long packed = 0;
        for (int i = 0; i < ascii.length(); i++) {
            packed |= (ascii.charAt(i) & 0x7FL) << (i * Byte.SIZE);
        }
        return packed;
    }

    /** Mask of the bytes of {@code word} that are zero; first exact. */
    public static long zeros(long word) {
        return (word - ONES) & ~word & TOPS;
    }

    /** Mask of the bytes of {@code word} that equal the one {@code repeated} in each byte; first exact. */
    public static long matches(long word, long repeated) {
        return zeros(word ^ repeated);
    }

    /** Index (0 to 7) of the first hit of {@code mask}, 8 if there is none. */
    public static int first(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }
}
