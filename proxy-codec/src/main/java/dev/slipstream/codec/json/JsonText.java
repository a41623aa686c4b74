package dev.slipstream.codec.json;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes text that nobody vouches for as the content of a JSON string. */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int REPLACEMENT = 0xFFFD;

    private JsonText() {}

    /** Appends {@code text} as a JSON string, quotes included. Borrows {@code out}. */
    public static void string(ByteBuf out, CharSequence text) {
        out.writeByte('"');
        escape(out, text);
        out.writeByte('"');
    }

    /**
     * Appends {@code text} as UTF-8, escaped to stand between the quotes of a JSON string and on one line. A lone
     * surrogate becomes U+FFFD: UTF-8 has no bytes for it, and an escape of it is refused by strict parsers. Borrows
     * {@code out}.
     */
    public static void escape(ByteBuf out, CharSequence text) {
        int length = text.length();
        out.ensureWritable(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii(out, c);
            } else if (c < 0x800) {
                out.writeByte(0xC0 | (c >> 6));
                out.writeByte(0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                threeBytes(out, c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                int point = Character.toCodePoint(c, text.charAt(i));
                out.writeByte(0xF0 | (point >> 18));
                out.writeByte(0x80 | ((point >> 12) & 0x3F));
                out.writeByte(0x80 | ((point >> 6) & 0x3F));
                out.writeByte(0x80 | (point & 0x3F));
            } else {
                threeBytes(out, REPLACEMENT);
            }
        }
    }

    private static void threeBytes(ByteBuf out, int point) {
        out.writeByte(0xE0 | (point >> 12));
        out.writeByte(0x80 | ((point >> 6) & 0x3F));
        out.writeByte(0x80 | (point & 0x3F));
    }

    private static void ascii(ByteBuf out, char c) {
        switch (c) {
            case '"', '\\' -> out.writeByte('\\').writeByte(c);
            case '\n' -> out.writeByte('\\').writeByte('n');
            case '\r' -> out.writeByte('\\').writeByte('r');
            case '\t' -> out.writeByte('\\').writeByte('t');
            default -> {
                if (c >= 0x20 && c != 0x7F) {
                    out.writeByte(c);
                } else {
                    out.writeByte('\\').writeByte('u').writeByte('0').writeByte('0');
                    out.writeByte(HEX[c >> 4]).writeByte(HEX[c & 0xF]);
                }
            }
        }
    }
}
