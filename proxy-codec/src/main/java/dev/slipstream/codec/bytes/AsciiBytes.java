package dev.slipstream.codec.bytes;

import java.util.Arrays;

/**
 * ASCII text in byte arrays: compared and hashed in place. Only {@code A} to {@code Z} have another case; a byte of
 * 0x80 and above equals itself alone. Ranges are from (inclusive) to (exclusive) and are not checked beyond what the
 * array access does.
 */
public final class AsciiBytes {
    private AsciiBytes() {}

    /** Whether the range holds exactly {@code text}. */
    public static boolean equals(byte[] bytes, int from, int to, byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }

    /** Whether the range holds {@code lowerCase} in any case. {@code lowerCase} holds no capital. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        return to - from == lowerCase.length && startsWithIgnoreCase(bytes, from, to, lowerCase);
    }

    /** Whether the range holds, in any case, what the second range holds in lower case. */
    public static boolean equalsIgnoreCase(
            byte[] bytes, int from, int to, byte[] lowerCase, int lowerCaseFrom, int lowerCaseTo) {
        if (to - from != lowerCaseTo - lowerCaseFrom) {
            return false;
        }
        for (int i = from, j = lowerCaseFrom; i < to; i++, j++) {
            if (toLowerCase(bytes[i]) != lowerCase[j]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range begins with {@code lowerCase} in any case. {@code lowerCase} holds no capital. */
    public static boolean startsWithIgnoreCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        return to - from >= lowerCase.length
                && equalsIgnoreCase(bytes, from, from + lowerCase.length, lowerCase, 0, lowerCase.length);
    }

    /** A hash of the range that takes no heed of case; not one an attacker could not collide. */
    public static int hashIgnoreCase(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + toLowerCase(bytes[i]);
        }
        return hash;
    }

    /** The lower case of {@code A} to {@code Z}; every other byte itself. */
    public static byte toLowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    /** Whether {@code b} is {@code 0} to {@code 9}. */
    public static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
