package dev.slipstream.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.codec.bytes.Swar;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A JSON document as a flat table over its bytes: for each value where it stands, its key, and where the next value
 * behind it is. Nothing is converted: texts keep their escapes, numbers their digits, so that they can be copied as they
 * were written.
 *
 * <p>A value is named by its index, the root is {@link #ROOT}; values stand in document order, so the first child of a
 * value is the one behind it. {@link #NONE} is no value, and may be asked for its kind, a member, a text or a number: it
 * has none. Where it stands may not be asked.
 *
 * <h2>Limits</h2>
 * The full grammar of RFC 8259, iterative; at most {@link #MAX_DEPTH} levels and {@link #MAX_VALUES} values, which is
 * 10 MiB of table. Bytes from 0x80 on are not looked into.
 *
 * <h2>Memory</h2>
 * Owns a copy of the text and the table; both grow and are kept for the next document, up to a size that
 * {@link #reset} states. Confined to one thread at a time.
 */
public final class JsonTree {
    /** No value. */
    public static final int NONE = -1;

    /** The document's own value. */
    public static final int ROOT = 0;

    public static final int MAX_DEPTH = 512;
    public static final int MAX_VALUES = 1 << 19;

    private static final int FIRST_TEXT_BYTES = 2048;
    private static final int FIRST_VALUES = 64;
    /** What a reset keeps. */
    private static final int KEPT_TEXT_BYTES = 64 * 1024;

    private static final int KEPT_VALUES = 4096;

    /** From here on a {@code double} does not tell each whole number from the next. */
    private static final double MAX_EXACT = 1L << 53;

    /** Bytes of the longest escape of one byte. */
    private static final int MAX_ESCAPED = 6;

    private static final int START = 0;
    private static final int END = 1;
    private static final int NEXT = 2;
    private static final int KEY_START = 3;
    private static final int KEY_END = 4;
    private static final int INTS = 5;

    private static final int TRUE_WORD = Swar.half(new byte[] {'t', 'r', 'u', 'e'}, 0);
    private static final int ALSE_WORD = Swar.half(new byte[] {'a', 'l', 's', 'e'}, 0);
    private static final int NULL_WORD = Swar.half(new byte[] {'n', 'u', 'l', 'l'}, 0);

    private final int maxValues;

    private byte[] text = new byte[FIRST_TEXT_BYTES + JsonRuns.SLACK];
    private int length;
    private int[] table = new int[FIRST_VALUES * INTS];
    private int values;
    private int[] open = new int[16];

    public JsonTree() {
        this(MAX_VALUES);
    }

    /** @param maxValues the most values that are taken, each 20 bytes of table; {@link #MAX_VALUES} at most */
    public JsonTree(int maxValues) {
        this.maxValues = Math.min(maxValues, MAX_VALUES);
    }

    // ------------------------------------------------------------------ filling

    /** Makes ready for the next document. Keeps 64 KiB of text and 4096 values of room, and lets go of more. */
    public void reset() {
        length = 0;
        values = 0;
        if (text.length > KEPT_TEXT_BYTES + JsonRuns.SLACK) {
            text = new byte[FIRST_TEXT_BYTES + JsonRuns.SLACK];
        }
        if (table.length > KEPT_VALUES * INTS) {
            table = new int[FIRST_VALUES * INTS];
        }
    }

    /** Makes room for a text of {@code bytes}, so that it is not copied while it grows. */
    public void reserve(int bytes) {
        if (bytes > text.length - JsonRuns.SLACK) {
            text = Arrays.copyOf(text, bytes + JsonRuns.SLACK);
        }
    }

    /** Appends to the text. Borrows {@code piece}, and leaves its indices alone. */
    public void append(ByteBuf piece) {
        int bytes = piece.readableBytes();
        grow(bytes);
        piece.getBytes(piece.readerIndex(), text, length, bytes);
        length += bytes;
    }

    /** Appends {@code bytes[from, to)} to the text. */
    public void append(byte[] bytes, int from, int to) {
        grow(to - from);
        System.arraycopy(bytes, from, text, length, to - from);
        length += to - from;
    }

    private void grow(int bytes) {
        int needed = Math.addExact(length, bytes);
        if (needed > text.length - JsonRuns.SLACK) {
            text = Arrays.copyOf(text, Math.max(needed, needed + (needed >> 1)) + JsonRuns.SLACK);
        }
    }

    /** Bytes of the text. */
    public int length() {
        return length;
    }

    /**
     * Reads the text that was appended. Only behind {@link JsonStatus#COMPLETE} is there anything to be asked; else there
     * is no value, and {@link #ROOT} must not be used.
     *
     * @return {@link JsonStatus#COMPLETE}, {@link JsonStatus#INVALID}, or {@link JsonStatus#TOO_DEEP}, which is also said
     *     of a document of too many values
     */
    public JsonStatus parse() {
        Arrays.fill(text, length, Math.min(text.length, length + JsonRuns.SLACK), JsonRuns.STOP);
        values = 0;
        JsonStatus status = read();
        if (status != JsonStatus.COMPLETE) {
            values = 0;
        }
        return status;
    }

    private JsonStatus read() {
        byte[] in = text;
        int depth = 0;
        int p = JsonRuns.skipBlanks(in, 0);
        int keyStart = NONE;
        int keyEnd = NONE;
        for (; ; ) {
            // A value begins at p.
            if (values == maxValues) {
                return JsonStatus.TOO_DEEP;
            }
            int value = add(p, keyStart, keyEnd);
            byte c = in[p];
            if (c == '{' || c == '[') {
                if (depth == MAX_DEPTH) {
                    return JsonStatus.TOO_DEEP;
                }
                if (depth == open.length) {
                    open = Arrays.copyOf(open, depth * 2);
                }
                open[depth++] = value;
                p = JsonRuns.skipBlanks(in, p + 1);
                if (in[p] != (c == '{' ? '}' : ']')) {
                    if (c == '[') {
                        keyStart = NONE;
                        keyEnd = NONE;
                        continue;
                    }
                    keyStart = p;
                    p = key(in, p);
                    if (p < 0) {
                        return JsonStatus.INVALID;
                    }
                    keyEnd = lastKeyEnd;
                    continue;
                }
            } else {
                p = scalar(in, p, c);
                if (p < 0) {
                    return JsonStatus.INVALID;
                }
                table[value * INTS + END] = p;
                table[value * INTS + NEXT] = values;
            }
            // A value has ended before p, or a bracket stands there that closes an empty container.
            for (; ; ) {
                if (depth == 0) {
                    p = JsonRuns.skipBlanks(in, p);
                    return p == length ? JsonStatus.COMPLETE : JsonStatus.INVALID;
                }
                int container = open[depth - 1];
                boolean isObject = in[table[container * INTS + START]] == '{';
                p = JsonRuns.skipBlanks(in, p);
                byte d = in[p];
                if (d == (isObject ? '}' : ']')) {
                    p++;
                    table[container * INTS + END] = p;
                    table[container * INTS + NEXT] = values;
                    depth--;
                    continue;
                }
                if (d != ',') {
                    return JsonStatus.INVALID;
                }
                p = JsonRuns.skipBlanks(in, p + 1);
                keyStart = NONE;
                keyEnd = NONE;
                if (isObject) {
                    keyStart = p;
                    p = key(in, p);
                    if (p < 0) {
                        return JsonStatus.INVALID;
                    }
                    keyEnd = lastKeyEnd;
                }
                break;
            }
        }
    }

    /** Behind the quote of the key that {@link #key} has read. */
    private int lastKeyEnd;

    /** Reads a key and its colon; gives back where the value begins, negative where this is no key. */
    private int key(byte[] in, int p) {
        if (in[p] != '"') {
            return NONE;
        }
        int end = JsonRuns.skipString(in, p + 1);
        if (in[end] != '"') {
            return NONE;
        }
        lastKeyEnd = end + 1;
        int colon = JsonRuns.skipBlanks(in, end + 1);
        return in[colon] == ':' ? JsonRuns.skipBlanks(in, colon + 1) : NONE;
    }

    /** Gives back where the value that starts at {@code p} ends, negative where there is none. */
    private static int scalar(byte[] in, int p, byte c) {
        switch (c) {
            case '"' -> {
                int end = JsonRuns.skipString(in, p + 1);
                return in[end] == '"' ? end + 1 : NONE;
            }
            case 't' -> {
                return Swar.half(in, p) == TRUE_WORD ? p + 4 : NONE;
            }
            case 'f' -> {
                return Swar.half(in, p + 1) == ALSE_WORD ? p + 5 : NONE;
            }
            case 'n' -> {
                return Swar.half(in, p) == NULL_WORD ? p + 4 : NONE;
            }
            default -> {
                return JsonNumber.skip(in, p);
            }
        }
    }

    private int add(int start, int keyStart, int keyEnd) {
        int at = values * INTS;
        if (at == table.length) {
            table = Arrays.copyOf(table, table.length * 2);
        }
        table[at + START] = start;
        table[at + KEY_START] = keyStart;
        table[at + KEY_END] = keyEnd;
        return values++;
    }

    // ------------------------------------------------------------------ kinds

    public boolean isObject(int value) {
        return firstByte(value) == '{';
    }

    public boolean isArray(int value) {
        return firstByte(value) == '[';
    }

    public boolean isString(int value) {
        return firstByte(value) == '"';
    }

    public boolean isNumber(int value) {
        byte c = firstByte(value);
        return c == '-' || JsonNumber.isDigit(c);
    }

    public boolean isTrue(int value) {
        return firstByte(value) == 't';
    }

    public boolean isFalse(int value) {
        return firstByte(value) == 'f';
    }

    public boolean isNull(int value) {
        return firstByte(value) == 'n';
    }

    /** Whether there is a value and it is not null: what most fields mean by being there. */
    public boolean isPresent(int value) {
        return value != NONE && !isNull(value);
    }

    private byte firstByte(int value) {
        return value == NONE ? 0 : text[table[value * INTS + START]];
    }

    // ------------------------------------------------------------------ structure

    /** The first element or member of {@code container}, or {@link #NONE}. */
    public int first(int container) {
        byte c = firstByte(container);
        return (c == '{' || c == '[') && table[container * INTS + NEXT] > container + 1 ? container + 1 : NONE;
    }

    /** What follows {@code child} in {@code container}, or {@link #NONE}. */
    public int next(int container, int child) {
        int next = table[child * INTS + NEXT];
        return next < table[container * INTS + NEXT] ? next : NONE;
    }

    /** Behind the last value inside {@code value}: what stands from {@code value} to before it is the value's own. */
    public int behind(int value) {
        return table[value * INTS + NEXT];
    }

    /** Elements or members of {@code container}; 0 of anything else. */
    public int count(int container) {
        int count = 0;
        for (int child = first(container); child != NONE; child = next(container, child)) {
            count++;
        }
        return count;
    }

    /** The member of {@code object} whose key is {@code key} (UTF-8); the last, where several are; or {@link #NONE}. */
    public int member(int object, byte[] key) {
        int found = NONE;
        if (isObject(object)) {
            for (int child = first(object); child != NONE; child = next(object, child)) {
                if (keyIs(child, key)) {
                    found = child;
                }
            }
        }
        return found;
    }

    /** Whether {@code member}, of an object, has the key {@code key} (UTF-8), however it is escaped. */
    public boolean keyIs(int member, byte[] key) {
        int start = table[member * INTS + KEY_START];
        return start != NONE && rangeIs(start + 1, table[member * INTS + KEY_END] - 1, key);
    }

    /** The start of the key of {@code member}, at its quote. */
    public int keyStart(int member) {
        return table[member * INTS + KEY_START];
    }

    /** The end of the key of {@code member}, behind its quote. */
    public int keyEnd(int member) {
        return table[member * INTS + KEY_END];
    }

    // ------------------------------------------------------------------ values

    /** The text that was read; not to be changed. Behind {@link #length()} it holds anything. */
    @SuppressWarnings("MutableGetter")
    public byte[] text() {
        return text;
    }

    /** Offset of the first byte of {@code value} in {@link #text()}; of a string, its quote. */
    public int start(int value) {
        return table[value * INTS + START];
    }

    /** Offset behind the last byte of {@code value}; of a string, behind its quote. */
    public int end(int value) {
        return table[value * INTS + END];
    }

    /** Whether {@code value} is a string without a character. */
    public boolean isEmptyString(int value) {
        return isString(value) && end(value) - start(value) == 2;
    }

    /** Whether {@code value} is a string of {@code expected} (UTF-8), however it is escaped. */
    public boolean textIs(int value, byte[] expected) {
        return isString(value) && rangeIs(start(value) + 1, end(value) - 1, expected);
    }

    /** Whether {@code value} is a string that begins with {@code prefix} (UTF-8), none of it escaped. */
    public boolean startsWith(int value, byte[] prefix) {
        if (!isString(value) || end(value) - start(value) - 2 < prefix.length) {
            return false;
        }
        int from = start(value) + 1;
        return Arrays.equals(text, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /** Whether {@code value} is a string of RFC 8259's white space alone, however it is escaped, or empty. */
    public boolean isBlank(int value) {
        if (!isString(value)) {
            return false;
        }
        int end = end(value) - 1;
        for (int i = start(value) + 1; i < end; i++) {
            byte c = text[i];
            if (c == '\\') {
                c = text[++i];
                if (c == 'u') {
                    char unit = unit(i + 1);
                    i += 4;
                    if (unit != ' ' && unit != '\n' && unit != '\t' && unit != '\r') {
                        return false;
                    }
                } else if (c != 'n' && c != 't' && c != 'r') {
                    return false;
                }
            } else if (c != ' ') {
                return false;
            }
        }
        return true;
    }

    private boolean rangeIs(int from, int to, byte[] expected) {
        // Most questions are of another key, and nearly all of those end here.
        if (from < to && expected.length > 0 && text[from] != expected[0] && text[from] != '\\') {
            return false;
        }
        if (Arrays.equals(text, from, to, expected, 0, expected.length)) {
            return true;
        }
        if (to - from <= expected.length || to - from > MAX_ESCAPED * expected.length) {
            // An escape is longer than what it stands for, but not by more.
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text[i] == '\\') {
                return unescape(from, to).equals(new String(expected, UTF_8));
            }
        }
        return false;
    }

    /** The text of a string, unescaped; of any other value, its JSON; of none, nothing. A lone surrogate stays one. */
    public String string(int value) {
        if (value == NONE) {
            return "";
        }
        int start = start(value);
        int end = end(value);
        return isString(value) ? unescape(start + 1, end - 1) : new String(text, start, end - start, UTF_8);
    }

    /** The text of {@code [from, to)}, a part of a string that cuts no escape in two, unescaped. */
    public String string(int from, int to) {
        return unescape(from, to);
    }

    private String unescape(int from, int to) {
        int escape = from;
        while (escape < to && text[escape] != '\\') {
            escape++;
        }
        if (escape == to) {
            return new String(text, from, to - from, UTF_8);
        }
        StringBuilder plain = new StringBuilder(to - from);
        int run = from;
        int i = escape;
        while (i < to) {
            if (text[i] != '\\') {
                i++;
                continue;
            }
            plain.append(new String(text, run, i - run, UTF_8));
            byte c = text[i + 1];
            if (c == 'u') {
                plain.append(unit(i + 2));
                i += 6;
            } else {
                plain.append((char) JsonRuns.escape(c));
                i += 2;
            }
            run = i;
        }
        return plain.append(new String(text, run, to - run, UTF_8)).toString();
    }

    /** The UTF-16 unit of the four hexadecimal digits at {@code p}. */
    char unit(int p) {
        int unit = 0;
        for (int i = p; i < p + 4; i++) {
            unit = 16 * unit + JsonRuns.hex(text[i]);
        }
        return (char) unit;
    }

    /**
     * The whole number that {@code value} is, up to 18 digits; {@code 12.0} and {@code 1e3} are whole too, up to 2 to the
     * 53rd, as far as a {@code double} tells. {@code otherwise} where it is none or larger.
     */
    public long integer(int value, long otherwise) {
        if (!isNumber(value)) {
            return otherwise;
        }
        int start = start(value);
        int end = end(value);
        boolean negative = text[start] == '-';
        long number = 0;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            if (!JsonNumber.isDigit(text[i]) || i - start >= (negative ? 19 : 18)) {
                return unusual(value, otherwise);
            }
            number = number * 10 + (text[i] - '0');
        }
        return negative ? -number : number;
    }

    private long unusual(int value, long otherwise) {
        double number = real(value, Double.NaN);
        boolean isWhole = Math.rint(number) == number && Math.abs(number) <= MAX_EXACT;
        return isWhole ? (long) number : otherwise;
    }

    /** The number that {@code value} is; {@code otherwise} where it is none, has over 64 bytes or is beyond a double. */
    public double real(int value, double otherwise) {
        if (!isNumber(value) || end(value) - start(value) > 64) {
            return otherwise;
        }
        double number = Double.parseDouble(string(value));
        return Double.isInfinite(number) ? otherwise : number;
    }
}
