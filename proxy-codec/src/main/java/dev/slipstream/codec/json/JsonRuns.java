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
    static final int SLACK = 32;

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
            // Keys and most values of schemas end within two words; their lengths repeat, so that branches do well.
            long hits = specials(Swar.word(text, p));
            if (hits == 0) {
                p += 8;
                hits = specials(Swar.word(text, p));
            }
            p = hits != 0 ? p + Swar.first(hits) : skipPlain(text, p + 8);
            if (text[p] != '\\') {
                return p;
            }
            byte next = text[p + 1];
            if (ESCAPES[next & 0xFF] != 0) {
                p += 2;
            } else if (next == 'u' && isHex4(text, p + 2)) {
                p += 6;
            } else {
                return p;
            }
        }
    }

    private static boolean isHex4(byte[] text, int p) {
        return hex(text[p]) >= 0 && hex(text[p + 1]) >= 0 && hex(text[p + 2]) >= 0 && hex(text[p + 3]) >= 0;
    }

    /** The first special byte from {@code p} on, two words at a time: in prose the next escape is near, and four were slower. */
    private static int skipPlain(byte[] text, int p) {
        for (; ; ) {
            long a = specials(Swar.word(text, p));
            long b = specials(Swar.word(text, p + 8));
            if ((a | b) != 0) {
                // Which of the two is as random as text is: no branch. The second counts if the first has none.
                int plain = Swar.first(a);
                plain += -(plain >>> 3) & Swar.first(b);
                return p + plain;
            }
            p += 16;
        }
    }

    /**
     * Mask of the bytes that are a quote, a backslash or a control character; first exact. With bit 1
     * flipped a control character stays below 0x20 and the quote becomes 0x20, so that one subtraction finds both.
     */
    private static long specials(long word) {
        long quotesAndControls = (word ^ (0x02 * Swar.ONES)) - 0x21 * Swar.ONES;
        long backslashes = (word ^ ('\\' * Swar.ONES)) - Swar.ONES;
        return (quotesAndControls | backslashes) & ~word & Swar.TOPS;
    }
}
