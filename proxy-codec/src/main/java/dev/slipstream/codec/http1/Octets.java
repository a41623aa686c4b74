package dev.slipstream.codec.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The classes of bytes a head is made of (RFC 9110 §5.5 and §5.6.2, RFC 3986). */
final class Octets {
    static final byte HTAB = '\t';
    static final byte LF = '\n';
    static final byte CR = '\r';
    static final byte SP = ' ';

    /** By unsigned byte: the lower case of a token byte; 0 if it is none. */
    private static final byte[] TOKEN_LOWER = new byte[256];
    /**
     * By unsigned byte: whether it may stand in a request target. That is visible ASCII without {@code #} (a fragment
     * is never sent), {@code \} (taken for a slash by some) and what could end a quotation in a log or a page.
     * RFC 3986 has no <code>^ ` { | } [ ]</code> outside of IPv6 addresses either, but the URL standard of the browsers
     * leaves them bare in queries, and they are read in one way only.
     */
    private static final boolean[] TARGET = new boolean[256];
    /** By unsigned byte: whether it may stand in a host name or an IPv4 address. */
    private static final boolean[] HOST = new boolean[256];

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        for (int b = '!'; b < 0x7F; b++) {
            boolean alphanumeric = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(b) >= 0) {
                TOKEN_LOWER[b] = (byte) (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
            }
            TARGET[b] = "#\\\"<>".indexOf(b) < 0;
            HOST[b] = alphanumeric || "-._~%".indexOf(b) >= 0;
        }
    }

    private Octets() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isToken(byte b) {
        return TOKEN_LOWER[b & 0xFF] != 0;
    }

    /** The lower case of a byte that may stand in a token, or 0. */
    static byte tokenLower(byte b) {
        return TOKEN_LOWER[b & 0xFF];
    }

    static boolean isTarget(byte b) {
        return TARGET[b & 0xFF];
    }

    static boolean isHost(byte b) {
        return HOST[b & 0xFF];
    }

    static boolean isBlank(byte b) {
        return b == SP || b == HTAB;
    }

    /** A byte of a field value: HTAB, SP, visible ASCII, 0x80 and above. */
    static boolean isValue(byte b) {
        return b >= SP ? b != 0x7F : b < 0 || b == HTAB;
    }

    /** The first byte in the range that cannot stand in a field value, or {@code to}. */
    static int endOfValue(byte[] bytes, int from, int to) {
        int i = from;
        while (to - i >= Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            // The lowest marked byte is always a true one: a borrow can only come from a true one below.
            long below = (word - ONES * SP) & ~word;
            long deleted = word ^ (ONES * 0x7F);
            long marks = (below | ((deleted - ONES) & ~deleted)) & HIGHS;
            if (marks == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(marks) >>> 3;
            if (bytes[i] != HTAB) {
                return i;
            }
            i++;
        }
        while (i < to && isValue(bytes[i])) {
            i++;
        }
        return i;
    }

    /** The first byte in the range that is no blank, or {@code to}. */
    static int skipBlanks(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    /** The end of the range without the blanks that end it, or {@code from}. */
    static int trimBlanks(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && isBlank(bytes[i - 1])) {
            i--;
        }
        return i;
    }
}
