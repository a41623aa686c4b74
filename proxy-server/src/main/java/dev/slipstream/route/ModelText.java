package dev.slipstream.route;

import java.util.Arrays;

/** Model names as bytes: comparing, hashing, and writing them as JSON strings and field values. */
final class ModelText {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private ModelText() {}

    static int hash(byte[] bytes, int length) {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ hash >>> 16;
    }

    static boolean startsWith(byte[] bytes, int length, byte[] prefix) {
        return length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    static boolean endsWith(byte[] bytes, int length, byte[] suffix) {
        return length >= suffix.length
                && Arrays.equals(bytes, length - suffix.length, length, suffix, 0, suffix.length);
    }

    /** {@code bytes}, changed in place: what may not stand in a field value, or at its ends, becomes a question mark. */
    static byte[] fieldValue(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] >= 0 && bytes[i] < 0x21) || bytes[i] == 0x7f) {
                bytes[i] = '?';
            }
        }
        return bytes;
    }

    /** {@code utf8} as a JSON string with its quotes (RFC 8259 §7). */
    static byte[] quoted(byte[] utf8) {
        return quoted(utf8, utf8.length);
    }

    static byte[] quoted(byte[] utf8, int length) {
        byte[] out = new byte[2 + length * 6];
        int at = 0;
        out[at++] = '"';
        for (int i = 0; i < length; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\') {
                out[at++] = '\\';
                out[at++] = b;
            } else if (b >= 0 && b < 0x20) {
                out[at++] = '\\';
                out[at++] = 'u';
                out[at++] = '0';
                out[at++] = '0';
                out[at++] = HEX[b >> 4];
                out[at++] = HEX[b & 15];
            } else {
                out[at++] = b;
            }
        }
        out[at++] = '"';
        return Arrays.copyOf(out, at);
    }
}
