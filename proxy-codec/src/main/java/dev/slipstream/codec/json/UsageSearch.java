package dev.slipstream.codec.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The two searches of {@link UsageScanner}, eight bytes at a time. */
final class UsageSearch {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private static final long QUOTE = ONES * '"';
    private static final long BACKSLASH = ONES * '\\';
    private static final long U = ONES * 'u';
    private static final long G = ONES * 'g';
    private static final long T = ONES * 't';
    /** '_' and 'l' without the bits in which they differ. */
    private static final long SAME_OF_UNDERSCORE_AND_L = ONES * ('_' & 'l');

    private static final long MASK_OF_UNDERSCORE_AND_L = ONES * (0xFF & ~('_' ^ 'l'));

    /** Bytes that one step of {@link #mayMatter} looks at: eight words of six bytes, overlapping. */
    private static final int REACH = 13;

    private UsageSearch() {}

    /** Index of the next quote or backslash, or {@code to}. */
    static int quoteOrBackslash(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES) {
            long x = (long) LONG.get(bytes, i);
            long quote = x ^ QUOTE;
            long backslash = x ^ BACKSLASH;
            // Exact in its lowest bit: a borrow only ever marks bytes above a true hit.
            long hit = (((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & HIGHS;
            if (hit != 0) {
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
            i += Long.BYTES;
        }
        while (i < to && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /**
     * Whether the document in {@code bytes[from..to)} may have a usage or a type that ends the stream. No is certain:
     * none of the bytes {@code usage"}, {@code _stop"}, {@code leted"} is in it, without which no such key or value can
     * be written. Nearly every delta is a no, and costs a fraction of what reading it would.
     *
     * <p>All three are six bytes that end in a quote, so one round of loads serves them. The first is tested by its
     * bytes 0, 3 and 5; the others together by their bytes 0 (by the bits they share), 2 and 5.
     */
    static boolean mayMatter(byte[] bytes, int from, int to) {
        int last = to - REACH;
        if (last < from || bytes[from] == '[') {
            // Too short for a step; or [DONE].
            return true;
        }
        for (int i = from; i < last; i += Long.BYTES) {
            if (mayMatterAt(bytes, i)) {
                return true;
            }
        }
        return mayMatterAt(bytes, last);
    }

    private static boolean mayMatterAt(byte[] bytes, int i) {
        long first = (long) LONG.get(bytes, i);
        long quote = (long) LONG.get(bytes, i + 5) ^ QUOTE;
        long usage = quote | (first ^ U) | ((long) LONG.get(bytes, i + 3) ^ G);
        long end = quote
                | ((first & MASK_OF_UNDERSCORE_AND_L) ^ SAME_OF_UNDERSCORE_AND_L)
                | ((long) LONG.get(bytes, i + 2) ^ T);
        return ((((usage - ONES) & ~usage) | ((end - ONES) & ~end)) & HIGHS) != 0;
    }
}
