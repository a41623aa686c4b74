package dev.slipstream.codec.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

    private static final byte[] USAGE = ascii("usage\"");
    private static final byte[] STOP = ascii("_stop\"");
    private static final byte[] LETED = ascii("leted\"");
    private static final byte[] NULL = ascii("null");

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
     * be written, but for {@code "usage":null}, which OpenAI puts on every chunk. Nearly every delta is a no, and costs
     * a fraction of what reading it would.
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
            long hits = hits(bytes, i);
            if (hits != 0 && anyMatters(bytes, i, to, hits)) {
                return true;
            }
        }
        long hits = hits(bytes, last);
        return hits != 0 && anyMatters(bytes, last, to, hits);
    }

    /** The top bits of the bytes at which one of the words may begin. */
    private static long hits(byte[] bytes, int i) {
        long first = (long) LONG.get(bytes, i);
        long quote = (long) LONG.get(bytes, i + 5) ^ QUOTE;
        long usage = quote | (first ^ U) | ((long) LONG.get(bytes, i + 3) ^ G);
        long end = quote
                | ((first & MASK_OF_UNDERSCORE_AND_L) ^ SAME_OF_UNDERSCORE_AND_L)
                | ((long) LONG.get(bytes, i + 2) ^ T);
        return (((usage - ONES) & ~usage) | ((end - ONES) & ~end)) & HIGHS;
    }

    private static boolean anyMatters(byte[] bytes, int i, int to, long hits) {
        for (long left = hits; left != 0; left &= left - 1) {
            int at = i + (Long.numberOfTrailingZeros(left) >>> 3);
            if (startsWith(bytes, at, USAGE)) {
                if (!nullFollows(bytes, at + USAGE.length, to)) {
                    return true;
                }
            } else if (startsWith(bytes, at, STOP) || startsWith(bytes, at, LETED)) {
                return true;
            }
        }
        return false;
    }

    /** A colon, at most one blank, null: written otherwise, it is read in full. */
    private static boolean nullFollows(byte[] bytes, int from, int to) {
        int at = from + 1;
        if (at >= to || bytes[from] != ':') {
            return false;
        }
        at += bytes[at] == ' ' ? 1 : 0;
        return to - at >= NULL.length && startsWith(bytes, at, NULL);
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] word) {
        return Arrays.equals(bytes, at, at + word.length, word, 0, word.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
