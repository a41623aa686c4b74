package dev.slipstream.codec.translate;

import java.util.Arrays;

/** Text held back, escaped as it stands inside a JSON string. Grows as it must; whoever appends holds the bound. */
final class EscapedText {
    private static final int FIRST_BYTES = 64;
    /** What a reset keeps. */
    private static final int KEPT_BYTES = 4096;

    private static final byte[] NOTHING = {};

    /** No room before the first byte: most streams hold nothing back. */
    private byte[] bytes = NOTHING;

    private int length;

    /** Makes it empty. Keeps 4 KiB of room and lets go of more. */
    void reset() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
    }

    void append(byte[] text, int from, int to) {
        int needed = Math.addExact(length, to - from);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(FIRST_BYTES, Math.max(needed, bytes.length * 2)));
        }
        System.arraycopy(text, from, bytes, length, to - from);
        length = needed;
    }

    boolean isEmpty() {
        return length == 0;
    }

    int length() {
        return length;
    }

    /** Valid up to {@link #length()}, until more is appended. */
    byte[] bytes() {
        return bytes;
    }

    boolean is(byte[] text, int from, int to) {
        return Arrays.equals(bytes, 0, length, text, from, to);
    }
}
