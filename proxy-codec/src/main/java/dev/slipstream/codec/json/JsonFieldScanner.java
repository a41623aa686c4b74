package dev.slipstream.codec.json;

import dev.slipstream.codec.bytes.Swar;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Scans a request body by the full grammar of RFC 8259 and finds its top-level {@code model} and {@code stream};
 * resumable at any byte, iterative, bounded depth. Positions are offsets from the body's first byte.
 *
 * <h2>How it reads</h2>
 *
 * Bytes are copied, a window at a time, into an array with a stop behind them, and scanned there. The copy stays in the
 * first-level cache and costs a twentieth of the scan; in return there is one kind of memory to read, whatever kind of
 * buffer comes, and no look at the end but where the grammar fails anyway: every state first asks for what it wants, and
 * only a byte that is not it can be the stop.
 *
 * <h2>What it does not do</h2>
 *
 * It converts no number and looks into no byte from 0x80 on: those are legal in strings alone and pass as they are.
 * Escaped surrogates may stand alone. A byte order mark is refused.
 *
 * <h2>Threads</h2>
 *
 * Confined to one thread at a time; no state is shared but the window, which is the thread's and is in use only during
 * {@link #feed}. Allocates nothing once it has been as deep as the bodies go.
 */
public final class JsonFieldScanner {
    /** Model names longer than this, once unescaped, are cut off and marked by {@link #modelTooLong()}. */
    public static final int MAX_MODEL_BYTES = 512;

    private static final int WINDOW_BYTES = 8 * 1024;

    private static final FastThreadLocal<byte[]> WINDOW = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[WINDOW_BYTES + JsonRuns.SLACK];
        }
    };

    /** States: what the next byte must be. Constants and no enum: they are the labels of one hot switch. */
    private static final int ROOT = 0;

    private static final int FIRST_KEY_OR_END = 1;
    private static final int KEY = 2;
    private static final int COLON = 3;
    private static final int FIRST_VALUE_OR_END = 4;
    private static final int VALUE = 5;
    private static final int AFTER_VALUE = 6;
    private static final int TRAILER = 7;
    private static final int STRING = 8;
    private static final int STRING_ESCAPE = 9;
    private static final int STRING_UNIT = 10;
    private static final int NUMBER = 11;
    private static final int LITERAL = 12;
    private static final int FAILED = 13;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final int TRUE_WORD = Swar.half(TRUE, 0);
    private static final int ALSE_WORD = Swar.half(FALSE, 1);
    private static final int NULL_WORD = Swar.half(NULL, 0);

    /** What the value of the top-level key at hand is for. */
    private static final int NOTHING = 0;

    private static final int FOR_MODEL = 1;
    private static final int FOR_STREAM = 2;

    private final int maxDepth;
    private final FieldCapture capture = new FieldCapture();

    private int state;
    private int depth;

    /** The bracket that closes the innermost container. */
    private int closer;

    /** Bit {@code d}: whether the container at depth {@code d} is an array. Valid below and at {@link #depth}. */
    private long[] arrays = new long[2];

    /** Of the string at hand: whether it is a key, and whether it is unescaped into {@link #capture}. */
    private boolean stringIsKey;

    private boolean stringIsCaptured;

    /** Of the escape at hand: hexadecimal digits still to come, and the value of those that came. */
    private int unitDigits;

    private int unit;
    private int numberPart;
    private byte[] literal = NULL;
    private int literalIndex;

    /** Stays while containers inside the value come and go. */
    private int purpose;

    private boolean modelKeySeen;
    private boolean modelSeen;
    private boolean modelIsString;
    private long modelStart;
    private long modelEnd;
    private boolean stream;

    /** Offset of the window's first byte while it is scanned. */
    private long position;

    private JsonStatus failure = JsonStatus.INVALID;
    private String detail = "";

    /** Containers nested deeper than {@code maxDepth} (the top-level object is 1) fail as too deep. */
    public JsonFieldScanner(int maxDepth) {
        if (maxDepth < 1) {
            throw new IllegalArgumentException("maxDepth: " + maxDepth);
        }
        this.maxDepth = maxDepth;
    }

    /** Makes ready for the next body. */
    public void reset() {
        capture.reset();
        state = ROOT;
        depth = 0;
        closer = 0;
        stringIsKey = false;
        stringIsCaptured = false;
        unitDigits = 0;
        unit = 0;
        numberPart = JsonNumber.SIGN;
        literal = NULL;
        literalIndex = 0;
        purpose = NOTHING;
        modelKeySeen = false;
        modelSeen = false;
        modelIsString = false;
        modelStart = 0;
        modelEnd = 0;
        stream = false;
        position = 0;
        failure = JsonStatus.INVALID;
        detail = "";
    }

    /** Scans the readable bytes of {@code piece}, the body's next ones. Borrows it and leaves its indices alone. */
    public JsonStatus feed(ByteBuf piece) {
        byte[] window = WINDOW.get();
        int offset = piece.readerIndex();
        int end = piece.writerIndex();
        while (offset < end && state != FAILED) {
            int length = Math.min(end - offset, WINDOW_BYTES);
            piece.getBytes(offset, window, 0, length);
            window[length] = JsonRuns.STOP;
            scan(window, length);
            offset += length;
        }
        return status();
    }

    /** The body has ended: {@link JsonStatus#COMPLETE} or a failure. */
    public JsonStatus finish() {
        if (state != TRAILER && state != FAILED) {
            state = FAILED;
            detail = position == 0 ? "The body is empty" : "The body ends before its JSON document does";
        }
        return status();
    }

    private JsonStatus status() {
        return switch (state) {
            case FAILED -> failure;
            case TRAILER -> JsonStatus.COMPLETE;
            default -> JsonStatus.MORE;
        };
    }

    /**
     * Scans the {@code end} bytes of a window. The usual way through a member (key, colon, value, what follows) falls
     * from case to case; the states that a cut or a failure leads to are in {@link #scanCut}. Of the fields only those
     * that change with every token are held in locals.
     */
    @SuppressWarnings("fallthrough")
    private void scan(byte[] text, int end) {
        int p = 0;
        int at = state;
        for (; ; ) {
            byte c;
            switch (at) {
                case FIRST_KEY_OR_END:
                    p = text[p] <= ' ' ? JsonRuns.skipBlanks(text, p) : p;
                    if (text[p] == '}') {
                        at = AFTER_VALUE;
                        continue;
                    }
                    if (p == end) {
                        suspend(FIRST_KEY_OR_END, end);
                        return;
                    }
                    at = KEY;
                // fall through
                case KEY:
                    p = text[p] <= ' ' ? JsonRuns.skipBlanks(text, p) : p;
                    if (text[p] != '"') {
                        if (p < end) {
                            fail(p, "A key in quotes was expected");
                            return;
                        }
                        suspend(KEY, end);
                        return;
                    }
                    p++;
                    stringIsKey = true;
                    if (depth == 1) {
                        startTopLevelKey();
                        at = STRING;
                        continue;
                    }
                    p = JsonRuns.skipString(text, p);
                    if (text[p] != '"') {
                        at = STRING;
                        continue;
                    }
                    p++;
                    at = COLON;
                // fall through
                case COLON:
                    p = text[p] <= ' ' ? JsonRuns.skipBlanks(text, p) : p;
                    if (text[p] != ':') {
                        if (p < end) {
                            fail(p, "A colon was expected after a key");
                            return;
                        }
                        suspend(COLON, end);
                        return;
                    }
                    p++;
                    at = VALUE;
                // fall through
                case VALUE:
                    p = text[p] <= ' ' ? JsonRuns.skipBlanks(text, p) : p;
                    c = text[p];
                    if (purpose != NOTHING && depth == 1 && p < end) {
                        startTopLevelValue(c, p);
                    }
                    if (c == '"') {
                        p++;
                        stringIsKey = false;
                        if (stringIsCaptured) {
                            at = STRING;
                            continue;
                        }
                        p = JsonRuns.skipString(text, p);
                        if (text[p] != '"') {
                            at = STRING;
                            continue;
                        }
                        p++;
                    } else if (c == '{') {
                        if (!push(p, '}')) {
                            return;
                        }
                        p++;
                        at = FIRST_KEY_OR_END;
                        continue;
                    } else if (c == '[') {
                        if (!push(p, ']')) {
                            return;
                        }
                        p++;
                        at = FIRST_VALUE_OR_END;
                        continue;
                    } else if (c == 't' && Swar.half(text, p) == TRUE_WORD) {
                        p += 4;
                        stream |= purpose == FOR_STREAM && depth == 1;
                    } else if (c == 'n' && Swar.half(text, p) == NULL_WORD) {
                        p += 4;
                    } else if (c == 'f' && Swar.half(text, p + 1) == ALSE_WORD) {
                        p += 5;
                    } else {
                        int behind = JsonNumber.skip(text, p);
                        if (behind < 0 || behind == end) {
                            at = startCutValue(c, p, end);
                            if (at == FAILED || p == end) {
                                return;
                            }
                            p++;
                            continue;
                        }
                        p = behind;
                    }
                    if (purpose != NOTHING && depth == 1) {
                        endTopLevelValue(p);
                    }
                    at = AFTER_VALUE;
                // fall through
                case AFTER_VALUE:
                    c = text[p];
                    if (c <= ' ') {
                        p = JsonRuns.skipBlanks(text, p);
                        c = text[p];
                    }
                    if (c == ',') {
                        p++;
                        at = closer == '}' ? KEY : VALUE;
                    } else if (c == closer) {
                        p++;
                        at = pop(p);
                    } else if (p == end) {
                        suspend(AFTER_VALUE, end);
                        return;
                    } else {
                        fail(p, "A comma or a closing bracket was expected");
                        return;
                    }
                    continue;
                case FIRST_VALUE_OR_END:
                    p = text[p] <= ' ' ? JsonRuns.skipBlanks(text, p) : p;
                    if (p == end) {
                        suspend(FIRST_VALUE_OR_END, end);
                        return;
                    }
                    at = text[p] == ']' ? AFTER_VALUE : VALUE;
                    continue;
                default:
                    p = scanCut(text, p, end, at);
                    at = state;
                    if (p == end || at == FAILED) {
                        if (at != FAILED) {
                            position += end;
                        }
                        return;
                    }
            }
        }
    }

    /** Scans on in a state that a cut, a failure or a captured string leads to, until another is reached or the end. */
    private int scanCut(byte[] text, int p, int end, int at) {
        while (p < end) {
            byte c = text[p];
            switch (at) {
                case ROOT -> {
                    p = JsonRuns.skipBlanks(text, p);
                    if (text[p] == '{') {
                        return push(p, '}') ? leave(p + 1, FIRST_KEY_OR_END) : p;
                    }
                    if (p < end) {
                        return fail(p, "The body must be a JSON object in UTF-8 without a byte order mark");
                    }
                }
                case TRAILER -> {
                    p = JsonRuns.skipBlanks(text, p);
                    if (p < end) {
                        return fail(p, "Bytes follow the JSON document");
                    }
                }
                case STRING -> {
                    if (c == '"') {
                        return leave(p + 1, endString(p + 1));
                    }
                    if (c == '\\') {
                        p++;
                        at = STRING_ESCAPE;
                    } else if (c >= 0 && c < ' ') {
                        return fail(p, "A control character stands unescaped in a string");
                    } else if (stringIsCaptured) {
                        capture.add(c);
                        p++;
                    } else {
                        p = JsonRuns.skipString(text, p);
                    }
                }
                case STRING_ESCAPE -> {
                    byte escaped = JsonRuns.escape(c);
                    if (c == 'u') {
                        unit = 0;
                        unitDigits = 4;
                        at = STRING_UNIT;
                    } else if (escaped == 0) {
                        return fail(p, "A string has an escape that JSON does not know");
                    } else {
                        if (stringIsCaptured) {
                            capture.add(escaped);
                        }
                        at = STRING;
                    }
                    p++;
                }
                case STRING_UNIT -> {
                    int digit = JsonRuns.hex(c);
                    if (digit < 0) {
                        return fail(p, "A \\u escape lacks its four hexadecimal digits");
                    }
                    unit = unit << 4 | digit;
                    if (--unitDigits == 0) {
                        if (stringIsCaptured) {
                            capture.addUnit(unit);
                        }
                        at = STRING;
                    }
                    p++;
                }
                case NUMBER -> {
                    int part = JsonNumber.next(numberPart, c);
                    if (part == JsonNumber.NONE) {
                        return JsonNumber.mayEnd(numberPart)
                                ? leave(p, endValue(p))
                                : fail(p, "A number is not one by JSON's grammar");
                    }
                    numberPart = part;
                    p++;
                }
                case LITERAL -> {
                    if (c != literal[literalIndex]) {
                        return fail(p, "A value was expected");
                    }
                    p++;
                    if (++literalIndex == literal.length) {
                        stream |= literal == TRUE && purpose == FOR_STREAM && depth == 1;
                        return leave(p, endValue(p));
                    }
                }
                default -> {
                    return leave(p, at);
                }
            }
        }
        return leave(p, at);
    }

    private int leave(int p, int next) {
        if (state != FAILED) {
            state = next;
        }
        return p;
    }

    private void suspend(int next, int end) {
        state = next;
        position += end;
    }

    private int fail(int p, String what) {
        return fail(p, JsonStatus.INVALID, what);
    }

    private int fail(int p, JsonStatus how, String what) {
        state = FAILED;
        failure = how;
        detail = what;
        position += p;
        return p;
    }

    /** Enters the container whose opening bracket is at {@code p}; whether it may be that deep. */
    private boolean push(int p, int bracket) {
        if (depth == maxDepth) {
            fail(p, JsonStatus.TOO_DEEP, "The JSON document is nested too deep");
            return false;
        }
        depth++;
        int word = depth >>> 6;
        if (word == arrays.length) {
            arrays = Arrays.copyOf(arrays, 2 * word);
        }
        long bit = 1L << depth;
        arrays[word] = bracket == ']' ? arrays[word] | bit : arrays[word] & ~bit;
        closer = bracket;
        return true;
    }

    /** Leaves the innermost container, whose closing bracket ends at {@code behind}: the next state. */
    private int pop(int behind) {
        depth--;
        if (depth == 0) {
            return TRAILER;
        }
        closer = (arrays[depth >>> 6] >>> depth & 1) == 0 ? '}' : ']';
        return endValue(behind);
    }

    /** Starts, at {@code p}, a value that could not be skipped at once: the state of its next byte. */
    private int startCutValue(byte c, int p, int end) {
        if (p == end) {
            suspend(VALUE, end);
            return VALUE;
        }
        numberPart = JsonNumber.start(c);
        if (numberPart != JsonNumber.NONE) {
            return NUMBER;
        }
        if (c != 't' && c != 'f' && c != 'n') {
            fail(p, "A value was expected");
            return FAILED;
        }
        literal = c == 't' ? TRUE : c == 'f' ? FALSE : NULL;
        literalIndex = 1;
        return LITERAL;
    }

    /** The string at hand has ended at {@code behind}, its quote included: the next state. */
    private int endString(int behind) {
        if (stringIsCaptured) {
            stringIsCaptured = false;
            capture.end();
        } else if (stringIsKey) {
            return COLON;
        }
        if (!stringIsKey) {
            return endValue(behind);
        }
        if (capture.keyIsModel()) {
            if (modelKeySeen) {
                fail(behind, JsonStatus.DUPLICATE_MODEL, "The top-level key model is there twice");
                return FAILED;
            }
            modelKeySeen = true;
            purpose = FOR_MODEL;
        } else if (capture.keyIsStream()) {
            purpose = FOR_STREAM;
        }
        return COLON;
    }

    /** A value, scalar or container, has ended at {@code behind}: the next state. */
    private int endValue(int behind) {
        if (purpose != NOTHING && depth == 1) {
            endTopLevelValue(behind);
        }
        return AFTER_VALUE;
    }

    private void startTopLevelKey() {
        purpose = NOTHING;
        stringIsCaptured = true;
        capture.startKey();
    }

    private void startTopLevelValue(byte first, int p) {
        if (purpose == FOR_MODEL) {
            modelStart = position + p;
            modelIsString = first == '"';
            stringIsCaptured = modelIsString;
            capture.startValue();
        } else {
            stream = false;
        }
    }

    private void endTopLevelValue(int behind) {
        if (purpose == FOR_MODEL) {
            modelSeen = true;
            modelEnd = position + behind;
        }
        purpose = NOTHING;
    }

    /** Whether the value of a top-level {@code model} has been read to its end. */
    public boolean modelSeen() {
        return modelSeen;
    }

    /** Whether that value is a string. */
    public boolean modelIsString() {
        return modelIsString;
    }

    public boolean modelTooLong() {
        return capture.tooLong();
    }

    /** Offset of the first byte of the value, its quote included. */
    public long modelStart() {
        return modelStart;
    }

    /** Offset behind the last byte of the value, its quote included. */
    public long modelEnd() {
        return modelEnd;
    }

    /** The value unescaped, UTF-8, {@link #modelLength()} bytes; valid until {@link #reset()}. */
    public byte[] modelBytes() {
        return capture.value();
    }

    public int modelLength() {
        return capture.valueLength();
    }

    /** Whether a top-level {@code "stream": true} was seen; of several the last counts. */
    public boolean stream() {
        return stream;
    }

    /** Bytes scanned since {@link #reset()}: all that were fed, or, after a failure, the offset it is at. */
    public long position() {
        return position;
    }

    /** What is wrong, a constant sentence fit for the client, without the offset; empty if nothing is. */
    public String detail() {
        return detail;
    }
}
