package dev.slipstream.codec.sse;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the events of a {@code text/event-stream} as it passes, by the rules of the WHATWG HTML standard §9.2.6; may
 * be fed in any split and tells the same in each.
 *
 * <h2>Line ends</h2>
 * LF, CRLF and lone CR, mixed at will. After a lone CR a line has ended at once. Once the stream has shown a CRLF, a
 * CR waits for the next byte (or {@link #finish}) before it ends its line, so that the boundary after an event is
 * behind the whole CRLF and whoever writes there does not tear it apart.
 *
 * <h2>Memory</h2>
 * Works on byte arrays, where eight bytes at a time are cheap for every kind of buffer; what has no array is copied
 * through the caller's scratch. Allocates nothing after construction.
 */
public final class SseScanner {
    /** Longer event names never match {@link #nameIs}. */
    public static final int MAX_NAME_BYTES = 40;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHS = 0x8080808080808080L;
    private static final long CONTROLS = 0x2020202020202020L;

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};
    private static final byte[] LINE_FEED = {'\n'};
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Inside a byte order mark, which only the stream's first bytes can be. */
    private static final int IN_BOM = 0;

    private static final int LINE_START = 1;
    private static final int FIELD = 2;
    /** Behind the colon: one space may follow that is no part of the value. */
    private static final int VALUE_START = 3;

    private static final int VALUE = 4;
    /** A comment. It is no part of an event. */
    private static final int COMMENT = 5;

    private static final int UNKNOWN_FIELD = 6;

    private final byte[] name = new byte[MAX_NAME_BYTES];

    private int state;
    /** The field that the line begins like: {@link #DATA}, {@link #EVENT}, or {@link #NONE}. */
    private byte[] field = NONE;
    /** Bytes matched of {@link #field} or {@link #BOM}; in a value, 0 while nothing of the event's data was told. */
    private int matched;
    /** The last byte was a CR whose line end was acted on; an LF now belongs to it. */
    private boolean afterCr;
    /** The last byte was a CR whose line end was not acted on yet. */
    private boolean heldCr;

    private boolean crlf;
    private boolean fieldSeen;
    private boolean dataSeen;
    private int nameLength;
    private long position;

    public SseScanner() {
        reset();
    }

    /** Makes ready for the next stream. */
    public void reset() {
        state = IN_BOM;
        field = NONE;
        matched = 0;
        afterCr = false;
        heldCr = false;
        crlf = false;
        fieldSeen = false;
        dataSeen = false;
        nameLength = 0;
        position = 0;
    }

    /** Scans the readable bytes of {@code piece} (borrows; leaves its indices alone); {@code scratch} is overwritten. */
    public void feed(ByteBuf piece, byte[] scratch, SseListener listener) {
        int at = piece.readerIndex();
        int length = piece.readableBytes();
        if (piece.hasArray()) {
            int from = piece.arrayOffset() + at;
            feed(piece.array(), from, from + length, listener);
            return;
        }
        while (length > 0) {
            int step = Math.min(length, scratch.length);
            piece.getBytes(at, scratch, 0, step);
            feed(scratch, 0, step, listener);
            at += step;
            length -= step;
        }
    }

    /** Scans {@code bytes[from..to)}, the stream's next bytes. */
    public void feed(byte[] bytes, int from, int to, SseListener listener) {
        // The stream's offset of index 0, so that a position is one addition.
        long base = position - from;
        int i = from;
        while (i < to) {
            if (heldCr || afterCr) {
                boolean lf = bytes[i] == '\n';
                if (heldCr) {
                    endLine(base + i + (lf ? 1 : 0), listener);
                }
                heldCr = false;
                afterCr = false;
                crlf = lf;
                if (lf) {
                    i++;
                    continue;
                }
            }
            switch (state) {
                case IN_BOM -> i = bom(bytes, i);
                case LINE_START -> i = lineStart(bytes, i, to, base, listener);
                case FIELD -> i = field(bytes[i], i, listener);
                case VALUE_START -> {
                    startValue(listener);
                    i += bytes[i] == ' ' ? 1 : 0;
                }
                case VALUE -> i = value(bytes, i, to, base, listener);
                default -> {
                    i = lineEnd(bytes, i, to);
                    if (i < to) {
                        i = lineBreak(bytes, i, base, listener);
                    }
                }
            }
        }
        position = base + to;
    }

    /** The stream has ended. An event without its blank line is not told; what it had of data was. */
    public void finish(SseListener listener) {
        if (heldCr) {
            heldCr = false;
            endLine(position, listener);
        }
    }

    /** Whether nothing of a next event was seen since the last one ended (or since the start). */
    public boolean atBoundary() {
        return !fieldSeen && !heldCr && (state == LINE_START || (state == IN_BOM && matched == 0));
    }

    /** Whether the current event has a data line so far. */
    public boolean hasData() {
        return dataSeen;
    }

    /** Whether the current event is named {@code ascii}; an event without a name is named by no byte. */
    public boolean nameIs(byte[] ascii) {
        return nameLength == ascii.length
                && nameLength <= MAX_NAME_BYTES
                && Arrays.equals(name, 0, nameLength, ascii, 0, nameLength);
    }

    /** Bytes scanned since {@link #reset}. */
    public long position() {
        return position;
    }

    private int bom(byte[] bytes, int i) {
        if (bytes[i] == BOM[matched]) {
            if (++matched == BOM.length) {
                state = LINE_START;
            }
            return i + 1;
        }
        // Part of a mark begins a line with bytes that no known field begins with.
        state = matched == 0 ? LINE_START : UNKNOWN_FIELD;
        fieldSeen = matched != 0;
        return i;
    }

    private int lineStart(byte[] bytes, int i, int to, long base, SseListener listener) {
        byte first = bytes[i];
        if (first == '\n' || first == '\r') {
            return lineBreak(bytes, i, base, listener);
        }
        if (first == ':') {
            state = COMMENT;
            return i + 1;
        }
        fieldSeen = true;
        if (first == 'd'
                && to - i > 6
                && bytes[i + 1] == 'a'
                && bytes[i + 2] == 't'
                && bytes[i + 3] == 'a'
                && bytes[i + 4] == ':') {
            field = DATA;
            startValue(listener);
            return value(bytes, bytes[i + 5] == ' ' ? i + 6 : i + 5, to, base, listener);
        }
        field = first == 'd' ? DATA : first == 'e' ? EVENT : NONE;
        matched = 1;
        state = field == NONE ? UNKNOWN_FIELD : FIELD;
        return i + 1;
    }

    private int field(byte next, int i, SseListener listener) {
        boolean complete = matched == field.length;
        if (!complete && next == field[matched]) {
            matched++;
            return i + 1;
        }
        if (complete && next == ':') {
            state = VALUE_START;
            return i + 1;
        }
        if (complete && (next == '\n' || next == '\r')) {
            // A known field without a colon has an empty value.
            startValue(listener);
            return i;
        }
        state = UNKNOWN_FIELD;
        return i;
    }

    private void startValue(SseListener listener) {
        state = VALUE;
        if (field == EVENT) {
            nameLength = 0;
            return;
        }
        matched = dataSeen ? 1 : 0;
        if (dataSeen) {
            listener.data(LINE_FEED, 0, 1, false);
        }
        dataSeen = true;
    }

    private int value(byte[] bytes, int i, int to, long base, SseListener listener) {
        int end = lineEnd(bytes, i, to);
        if (field == EVENT) {
            int room = Math.max(0, Math.min(MAX_NAME_BYTES - nameLength, end - i));
            System.arraycopy(bytes, i, name, Math.min(nameLength, MAX_NAME_BYTES), room);
            // Counts on past the array, so that a name that was cut off matches nothing.
            nameLength = (int) Math.min(Integer.MAX_VALUE, (long) nameLength + (end - i));
        } else if (end > i) {
            boolean whole = matched == 0 && blankFollows(bytes, end, to);
            matched = 1;
            listener.data(bytes, i, end, whole);
        }
        return end < to ? lineBreak(bytes, end, base, listener) : end;
    }

    /** Whether the line end at {@code end} is followed by a blank line, as far as can be seen. */
    private static boolean blankFollows(byte[] bytes, int end, int to) {
        if (to - end < 2) {
            return false;
        }
        if (bytes[end] == '\n') {
            return bytes[end + 1] == '\n';
        }
        return to - end >= 4 && bytes[end + 1] == '\n' && bytes[end + 2] == '\r' && bytes[end + 3] == '\n';
    }

    /** Acts on the CR or LF at {@code i}; returns the index behind it. */
    private int lineBreak(byte[] bytes, int i, long base, SseListener listener) {
        if (bytes[i] == '\r' && crlf) {
            heldCr = true;
            return i + 1;
        }
        afterCr = bytes[i] == '\r';
        endLine(base + i + 1, listener);
        return i + 1;
    }

    private void endLine(long end, SseListener listener) {
        boolean blank = state == LINE_START;
        state = LINE_START;
        if (blank && fieldSeen) {
            boolean hasData = dataSeen;
            fieldSeen = false;
            dataSeen = false;
            listener.eventEnd(hasData, end);
            nameLength = 0;
        }
    }

    /** Index of the next CR or LF, or {@code to}. */
    private static int lineEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES) {
            long x = (long) LONG.get(bytes, i);
            // Bytes below 0x20: one test for both, and other control bytes are rare here. The lowest hit is exact.
            long hit = (x - CONTROLS) & ~x & HIGHS;
            if (hit == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(hit) >>> 3;
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                return i;
            }
            i++;
        }
        while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }
}
