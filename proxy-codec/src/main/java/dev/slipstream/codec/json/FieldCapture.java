package dev.slipstream.codec.json;

import dev.slipstream.codec.bytes.Swar;
import java.util.Arrays;

/** Strings of the top level, unescaped as they pass: each key, as far as it is compared, and the value of {@code model}. */
final class FieldCapture {
    private static final long MODEL = Swar.pack("model");
    private static final long STREAM = Swar.pack("stream");
    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    /** Names are short, most of them; a longer one makes it grow, to {@link JsonFieldScanner#MAX_MODEL_BYTES} at most. */
    private static final int FIRST_VALUE_BYTES = 64;

    private byte[] value = new byte[FIRST_VALUE_BYTES];
    private int valueLength;
    private boolean tooLong;

    /** The first characters of the key, as {@link Swar#pack} has them. */
    private long key;

    private int keyLength;

    /** Whether the string at hand is a key. */
    private boolean inKey;

    /** High surrogate that waits for its low one, else 0. */
    private int high;

    void reset() {
        valueLength = 0;
        tooLong = false;
    }

    void startKey() {
        inKey = true;
        key = 0;
        keyLength = 0;
        high = 0;
    }

    void startValue() {
        inKey = false;
        high = 0;
    }

    void end() {
        flushHigh();
    }

    boolean keyIsModel() {
        return keyLength == 5 && key == MODEL;
    }

    boolean keyIsStream() {
        return keyLength == 6 && key == STREAM;
    }

    /** A byte as it stands in the body, or what an escape of two characters stands for. */
    void add(byte b) {
        if (inKey) {
            addToKey(b);
        } else {
            flushHigh();
            put(b);
        }
    }

    /** What an escape of four hexadecimal digits stands for: a UTF-16 unit. */
    void addUnit(int unit) {
        if (inKey) {
            // Beyond ASCII no key can match: any byte beyond ASCII says so.
            addToKey(unit < 0x80 ? (byte) unit : (byte) -1);
        } else if (Character.isHighSurrogate((char) unit)) {
            flushHigh();
            high = unit;
        } else if (!Character.isLowSurrogate((char) unit)) {
            flushHigh();
            putCodePoint(unit);
        } else if (high != 0) {
            int codePoint = Character.toCodePoint((char) high, (char) unit);
            high = 0;
            putCodePoint(codePoint);
        } else {
            putCodePoint(REPLACEMENT_CHARACTER);
        }
    }

    private void addToKey(byte b) {
        if (keyLength < Long.BYTES) {
            key |= (b & 0xFFL) << (keyLength * Byte.SIZE);
            keyLength++;
        }
    }

    private void flushHigh() {
        if (high != 0) {
            high = 0;
            putCodePoint(REPLACEMENT_CHARACTER);
        }
    }

    private void putCodePoint(int codePoint) {
        if (codePoint < 0x80) {
            put(codePoint);
        } else if (codePoint < 0x800) {
            put(0xC0 | (codePoint >> 6));
            put(0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            put(0xE0 | (codePoint >> 12));
            put(0x80 | ((codePoint >> 6) & 0x3F));
            put(0x80 | (codePoint & 0x3F));
        } else {
            put(0xF0 | (codePoint >> 18));
            put(0x80 | ((codePoint >> 12) & 0x3F));
            put(0x80 | ((codePoint >> 6) & 0x3F));
            put(0x80 | (codePoint & 0x3F));
        }
    }

    private void put(int b) {
        if (valueLength == JsonFieldScanner.MAX_MODEL_BYTES) {
            tooLong = true;
            return;
        }
        if (valueLength == value.length) {
            value = Arrays.copyOf(value, value.length * 2);
        }
        value[valueLength++] = (byte) b;
    }

    byte[] value() {
        return value;
    }

    int valueLength() {
        return valueLength;
    }

    boolean tooLong() {
        return tooLong;
    }
}
