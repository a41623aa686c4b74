package dev.slipstream.codec.json;

import dev.slipstream.codec.bytes.Swar;
import java.util.Arrays;

/**
 * The runs of JSON text that make up most of a body. All methods read {@code text} up to a stop they know: {@link #STOP}
 * stands behind the last byte and is no legal byte anywhere in JSON, so none of them looks at where the text ends.
 * They may read, but never act on, up to {@link #SLACK} bytes from the stop on.
 */
final class JsonRuns {
    /** Stands behind the last byte. Illegal in JSON, in strings and out of them; a genuine one is refused likewise. */
    static final byte STOP = 0;

    /** Bytes that must be readable from the stop on. */
    static final int SLACK = 40;

    private static final byte[] HEX = new byte[256];
    private static final byte[] ESCAPES = new byte[256];

    static {
        Arrays.fill(HEX, (byte) -1);
        for (int digit = 0; digit < 16; digit++) {
            HEX[Character.forDigit(digit, 16)] = (byte) digit;
            HEX[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
        }
        String letters = "\"\\/bfnrt";
        String values = "\"\\/\b\f\n\r\t";
        for (int i = 0; i < letters.length(); i++) {
            ESCAPES[letters.charAt(i)] = (byte) values.charAt(i);
        }
    }

    private JsonRuns() {}

    /** The value of a hexadecimal digit, negative if {@code c} is none. */
    static int hex(byte c) {
        return HEX[c & 0xFF];
    }

    /** What a backslash and {@code c} stand for, 0 if they are no escape of two characters. */
    static byte escape(byte c) {
        return ESCAPES[c & 0xFF];
    }

    /** The first byte from {@code p} on that is not blank. */
    static int skipBlanks(byte[] text, int p) {
        byte c = text[p];
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            // A run of the same blank, eight at a time: the word is zero where it goes on.
            p += Swar.first(Swar.word(text, p) ^ Swar.repeat(c));
            c = text[p];
        }
        return p;
    }

    /**
     * Skips the inside of a string: the first byte from {@code p} on that is a quote, a control character (the stop is
     * one), or the backslash of an escape that is not whole or not legal. Bytes from 0x80 on are never looked into, so
     * a broken UTF-8 lead byte cannot swallow a quote.
     */
    static int skipString(byte[] text, int p) {
        for (; ; ) {
            long hits = specials(Swar.word(text, p)) & Swar.TOPS;
            if (hits == 0) {
                p += 8;
                hits = specials(Swar.word(text, p)) & Swar.TOPS;
                if (hits == 0) {
                    p = skipPlain(text, p + 8);
                    hits = specials(Swar.word(text, p)) & Swar.TOPS;
                }
            }
            p += Swar.first(hits);
            if (text[p] != '\\') {
                return p;
            }
            byte next = text[p + 1];
            if (ESCAPES[next & 0xFF] != 0) {
                p += 2;
            } else if (next == 'u' && hex(text[p + 2]) >= 0 && isHex3(text, p + 3)) {
                p += 6;
            } else {
                return p;
            }
        }
    }

    private static boolean isHex3(byte[] text, int p) {
        return hex(text[p]) >= 0 && hex(text[p + 1]) >= 0 && hex(text[p + 2]) >= 0;
    }

    /** An offset whose next eight bytes have the first special one. */
    private static int skipPlain(byte[] text, int p) {
        for (; ; ) {
            long a = specials(Swar.word(text, p));
            long b = specials(Swar.word(text, p + 8));
            long c = specials(Swar.word(text, p + 16));
            long d = specials(Swar.word(text, p + 24));
            if (((a | b | c | d) & Swar.TOPS) != 0) {
                if ((a & Swar.TOPS) != 0) {
                    return p;
                }
                if ((b & Swar.TOPS) != 0) {
                    return p + 8;
                }
                return (c & Swar.TOPS) != 0 ? p + 16 : p + 24;
            }
            p += 32;
        }
    }

    /**
     * Top bit set in the bytes that are a quote, a backslash or a control character (first exact); the other bits mean
     * nothing. With bit 1 flipped a control character stays below 0x20 and the quote becomes 0x20, so that one
     * subtraction finds both.
     */
    private static long specials(long word) {
        long quotesAndControls = (word ^ (0x02 * Swar.ONES)) - 0x21 * Swar.ONES;
        long backslashes = (word ^ ('\\' * Swar.ONES)) - Swar.ONES;
        return (quotesAndControls | backslashes) & ~word;
    }
}
