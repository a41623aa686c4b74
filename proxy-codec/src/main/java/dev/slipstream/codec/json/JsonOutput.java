package dev.slipstream.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A JSON document being written: bytes of our own, and, where that is wanted, long ranges of the text it is made from,
 * which are only noted and never copied.
 *
 * <p>Keeps no count of commas or brackets: what is appended is what stands there. Reused; confined to one thread at a time.
 */
public final class JsonOutput {
    /** Ranges from this length on are noted, where noting is on. */
    public static final int MIN_NOTED_BYTES = 1024;

    private static final int FIRST_BYTES = 256;
    private static final int KEPT_BYTES = 64 * 1024;
    private static final int NOTE_INTS = 3;
    private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

    private static final byte[] NOTHING = {};
    private static final int[] NO_NOTES = {};

    /** No room before the first byte: of the outputs that an answer may need most are not. */
    private byte[] bytes = NOTHING;

    private int length;
    private boolean noting;
    /** Of each noted range: how many bytes of our own stand before it, where it starts in the text, and where it ends. */
    private int[] notes = NO_NOTES;

    private int noted;
    private long notedBytes;

    /**
     * Makes ready for the next document. Keeps 64 KiB of room and lets go of more.
     *
     * @param noting whether long ranges of the text are noted: only where all that is copied comes from one text, which
     *     lives until the document has been taken
     */
    public void reset(boolean noting) {
        this.noting = noting;
        length = 0;
        noted = 0;
        notedBytes = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
    }

    // ------------------------------------------------------------------ writing

    /** Appends {@code json} as it is. */
    public JsonOutput raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** Appends {@code json[from, to)} as it is. */
    public JsonOutput raw(byte[] json, int from, int to) {
        int count = to - from;
        grow(count);
        System.arraycopy(json, from, bytes, length, count);
        length += count;
        return this;
    }

    public JsonOutput raw(char ascii) {
        grow(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends a comma, unless a bracket was opened just before. */
    public JsonOutput comma() {
        boolean isBehindRange = noted > 0 && notes[(noted - 1) * NOTE_INTS] == length;
        boolean isFirst = length == 0 || bytes[length - 1] == '{' || bytes[length - 1] == '[';
        return isFirst && !isBehindRange ? this : raw(',');
    }

    /** Appends the key {@code name} of a member, which needs no escapes, its colon, and where it belongs the comma before. */
    public JsonOutput key(byte[] name) {
        return comma().raw('"').raw(name).raw('"').raw(':');
    }

    /** Appends {@code value} as it was written. */
    public JsonOutput value(JsonTree tree, int value) {
        return range(tree, tree.start(value), tree.end(value));
    }

    /** Appends the inside of a string as it was written, escapes and all, without its quotes. */
    public JsonOutput content(JsonTree tree, int string) {
        return range(tree, tree.start(string) + 1, tree.end(string) - 1);
    }

    /** Appends {@code [from, to)} of the text of {@code tree}; long ranges are noted where that is on. */
    public JsonOutput range(JsonTree tree, int from, int to) {
        if (!noting || to - from < MIN_NOTED_BYTES) {
            return raw(tree.text(), from, to);
        }
        if (noted * NOTE_INTS == notes.length) {
            notes = Arrays.copyOf(notes, Math.max(4 * NOTE_INTS, notes.length * 2));
        }
        int at = noted++ * NOTE_INTS;
        notes[at] = length;
        notes[at + 1] = from;
        notes[at + 2] = to;
        notedBytes += to - from;
        return this;
    }

    /** Appends {@code text} as a JSON string, quotes included. A lone surrogate becomes U+FFFD. */
    public JsonOutput string(CharSequence text) {
        raw('"');
        escaped(text);
        return raw('"');
    }

    /** Appends {@code text}, escaped to stand inside a JSON string. A lone surrogate becomes U+FFFD. */
    public JsonOutput escaped(CharSequence text) {
        int count = text.length();
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            grow(6);
            if (c < 0x80) {
                escaped((byte) c);
            } else if (Character.isHighSurrogate(c) && i + 1 < count && Character.isLowSurrogate(text.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                utf8(c);
            }
        }
        return this;
    }

    /** Room for six bytes is there. */
    private void escaped(byte c) {
        if (c == '"' || c == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = c;
        } else if (c >= 0x20 || c < 0) {
            bytes[length++] = c;
        } else {
            bytes[length++] = '\\';
            switch (c) {
                case '\n' -> bytes[length++] = 'n';
                case '\r' -> bytes[length++] = 'r';
                case '\t' -> bytes[length++] = 't';
                default -> {
                    bytes[length++] = 'u';
                    bytes[length++] = '0';
                    bytes[length++] = '0';
                    bytes[length++] = HEX[c >> 4];
                    bytes[length++] = HEX[c & 0xF];
                }
            }
        }
    }

    /** Room for four bytes is there. A surrogate is no character: U+FFFD stands for it. */
    private void utf8(int point) {
        if (point < 0x80) {
            bytes[length++] = (byte) point;
        } else if (point < 0x800) {
            bytes[length++] = (byte) (0xC0 | (point >> 6));
            continuation(point);
        } else if (point >= 0x10000) {
            bytes[length++] = (byte) (0xF0 | (point >> 18));
            continuation(point >> 12);
            continuation(point >> 6);
            continuation(point);
        } else {
            int shown = Character.isSurrogate((char) point) ? 0xFFFD : point;
            bytes[length++] = (byte) (0xE0 | (shown >> 12));
            continuation(shown >> 6);
            continuation(shown);
        }
    }

    private void continuation(int bits) {
        bytes[length++] = (byte) (0x80 | (bits & 0x3F));
    }

    /**
     * Appends the JSON of {@code value}, less the white space between its tokens, escaped to stand inside a JSON string:
     * an object as the text that OpenAI's {@code arguments} are.
     */
    public JsonOutput embedded(JsonTree tree, int value) {
        byte[] text = tree.text();
        int end = tree.end(value);
        boolean inString = false;
        for (int i = tree.start(value); i < end; i++) {
            byte c = text[i];
            grow(6);
            if (c == '"') {
                inString = !inString;
                escaped(c);
            } else if (c == '\\') {
                escaped(c);
                escaped(text[++i]);
            } else if (inString || c > ' ' || c < 0) {
                escaped(c);
            }
        }
        return this;
    }

    /**
     * Appends the text of a string, unescaped: the JSON that OpenAI's {@code arguments} hold, as itself. An escaped pair
     * of surrogates becomes its character, a lone one U+FFFD.
     */
    public JsonOutput unescaped(JsonTree tree, int string) {
        byte[] text = tree.text();
        int end = tree.end(string) - 1;
        int i = tree.start(string) + 1;
        while (i < end) {
            grow(6);
            byte c = text[i];
            if (c != '\\') {
                bytes[length++] = c;
                i++;
            } else if (text[i + 1] != 'u') {
                bytes[length++] = JsonRuns.escape(text[i + 1]);
                i += 2;
            } else {
                i = unescapedUnit(tree, i, end);
            }
        }
        return this;
    }

    private int unescapedUnit(JsonTree tree, int escape, int end) {
        char unit = tree.unit(escape + 2);
        int behind = escape + 6;
        if (Character.isHighSurrogate(unit)
                && behind + 6 <= end
                && tree.text()[behind] == '\\'
                && tree.text()[behind + 1] == 'u'
                && Character.isLowSurrogate(tree.unit(behind + 2))) {
            utf8(Character.toCodePoint(unit, tree.unit(behind + 2)));
            return behind + 6;
        }
        utf8(unit);
        return behind;
    }

    public JsonOutput number(long number) {
        grow(20);
        if (number == 0) {
            bytes[length++] = '0';
            return this;
        }
        if (number < 0) {
            // Long.MIN_VALUE has no positive: its digits are taken from the negative side.
            bytes[length++] = '-';
        }
        int digits = 0;
        for (long rest = number; rest != 0; rest /= 10) {
            digits++;
        }
        length += digits;
        int at = length;
        for (long rest = number; rest != 0; rest /= 10) {
            bytes[--at] = (byte) ('0' + Math.abs(rest % 10));
        }
        return this;
    }

    /** Takes back what was appended behind {@code length} bytes of our own; noted ranges must not stand there. */
    public void truncate(int length) {
        assert noted == 0 || notes[(noted - 1) * NOTE_INTS] <= length;
        this.length = Math.min(this.length, length);
    }

    private void grow(int count) {
        int needed = Math.addExact(length, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(FIRST_BYTES, Math.max(needed, bytes.length * 2)));
        }
    }

    // ------------------------------------------------------------------ taking

    /** Bytes of our own, noted ranges not among them. */
    public int length() {
        return length;
    }

    /** Bytes of the whole document. */
    public long documentBytes() {
        return length + notedBytes;
    }

    /** The bytes of our own; valid up to {@link #length()}, until the next one is appended; not to be changed. */
    @SuppressWarnings("MutableGetter")
    public byte[] bytes() {
        return bytes;
    }

    /** How many ranges were noted. */
    public int noteCount() {
        return noted;
    }

    /** How many bytes of our own stand before noted range {@code i}. */
    public int noteAt(int i) {
        return notes[i * NOTE_INTS];
    }

    /** Where noted range {@code i} starts in the text. */
    public int noteStart(int i) {
        return notes[i * NOTE_INTS + 1];
    }

    /** Where noted range {@code i} ends in the text. */
    public int noteEnd(int i) {
        return notes[i * NOTE_INTS + 2];
    }

    /** Appends the whole document to {@code out}, noted ranges from {@code text}. Borrows {@code out}. */
    public void writeTo(ByteBuf out, byte[] text) {
        int from = 0;
        for (int i = 0; i < noted; i++) {
            out.writeBytes(bytes, from, noteAt(i) - from);
            from = noteAt(i);
            out.writeBytes(text, noteStart(i), noteEnd(i) - noteStart(i));
        }
        out.writeBytes(bytes, from, length - from);
    }
}
