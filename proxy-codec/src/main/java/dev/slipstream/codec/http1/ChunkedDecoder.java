package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * The strict decoder of the chunked transfer coding (RFC 9112 §7.1); resumable at any byte. Confined to its owner.
 *
 * <p>Lines end with CRLF and nothing else. A size has 1 to 8 hex digits and is at most 2^31-1. Extensions must follow
 * the grammar, without the blanks it calls bad, and are dropped; so are trailers, which must be well-formed fields. A
 * chunk line is at most {@value #MAX_LINE_BYTES} bytes long, a trailer section {@value #MAX_TRAILER_BYTES} bytes and
 * {@value #MAX_TRAILER_FIELDS} fields, CRLFs included: longer ones are {@link ChunkResult#BAD}.
 *
 * <p>As with heads, every byte is judged by those before it alone, so the split does not matter, and a failure takes
 * the bytes up to and including the one that failed.
 */
public final class ChunkedDecoder {
    static final int MAX_LINE_BYTES = 4096;
    static final int MAX_TRAILER_BYTES = 8192;
    static final int MAX_TRAILER_FIELDS = 64;
    private static final int MAX_SIZE_DIGITS = 8;

    private enum State {
        SIZE,
        EXTENSION_NAME_START,
        EXTENSION_NAME,
        EXTENSION_VALUE_START,
        EXTENSION_VALUE,
        QUOTED,
        QUOTED_PAIR,
        QUOTED_END,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        END_LF,
        END,
        FAILED
    }

    private State state = State.SIZE;
    private int digits;
    private long size;
    /** Bytes of the chunk line or of the trailer section so far. */
    private int sectionBytes;

    private int trailers;
    /** Bytes of the chunk that are not yet given out. */
    private int remaining;

    private int dataLength;
    private String detail = "";

    /**
     * Takes framing bytes from {@code in} (borrows it). On {@link ChunkResult#DATA} the caller takes exactly
     * {@link #dataLength()} bytes from {@code in} (read, slice or skip) before it calls again. After
     * {@link ChunkResult#END} and {@link ChunkResult#BAD} it takes nothing and repeats itself until it is
     * {@linkplain #reset() reset}.
     */
    public ChunkResult next(ByteBuf in) {
        dataLength = 0;
        if (state == State.DATA) {
            return data(in);
        }
        if (state == State.END) {
            return ChunkResult.END;
        }
        if (state == State.FAILED) {
            return ChunkResult.BAD;
        }
        int i = in.readerIndex();
        int end = in.writerIndex();
        while (i < end) {
            step(in.getByte(i));
            i++;
            if (state.compareTo(State.END) >= 0) {
                in.readerIndex(i);
                return state == State.END ? ChunkResult.END : ChunkResult.BAD;
            }
            if (state == State.DATA) {
                in.readerIndex(i);
                return data(in);
            }
        }
        in.readerIndex(i);
        return ChunkResult.NEED_MORE;
    }

    private ChunkResult data(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable == 0) {
            return ChunkResult.NEED_MORE;
        }
        dataLength = Math.min(remaining, readable);
        remaining -= dataLength;
        if (remaining == 0) {
            state = State.DATA_CR;
        }
        return ChunkResult.DATA;
    }

    /** Body bytes at the reader index, 1 up to what is readable; 0 unless the last result was DATA. */
    public int dataLength() {
        return dataLength;
    }

    /** What was wrong, a constant sentence; empty if nothing was. */
    public String detail() {
        return detail;
    }

    /** Makes ready for the first byte of a body. */
    public void reset() {
        state = State.SIZE;
        digits = 0;
        size = 0;
        sectionBytes = 0;
        trailers = 0;
        remaining = 0;
        dataLength = 0;
        detail = "";
    }

    private void step(byte b) {
        switch (state) {
            case DATA_CR -> expect(b, Octets.CR, State.DATA_LF, "chunk data longer than its size");
            case DATA_LF -> {
                expect(b, Octets.LF, State.SIZE, "chunk data longer than its size");
                digits = 0;
                size = 0;
                sectionBytes = 0;
            }
            case TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF, END_LF -> {
                trailer(b);
                if (++sectionBytes >= MAX_TRAILER_BYTES && state != State.END) {
                    fail("the trailer section is too long");
                }
            }
            case SIZE,
                    EXTENSION_NAME_START,
                    EXTENSION_NAME,
                    EXTENSION_VALUE_START,
                    EXTENSION_VALUE,
                    QUOTED,
                    QUOTED_PAIR,
                    QUOTED_END,
                    SIZE_LF -> {
                line(b);
                if (++sectionBytes >= MAX_LINE_BYTES && state.compareTo(State.SIZE_LF) <= 0) {
                    fail("the chunk line is too long");
                }
            }
            case DATA, END, FAILED -> throw new AssertionError(state);
        }
    }

    private void line(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION_NAME_START -> in(Octets.isToken(b), State.EXTENSION_NAME);
            case EXTENSION_NAME -> {
                if (b == '=') {
                    state = State.EXTENSION_VALUE_START;
                } else if (!Octets.isToken(b)) {
                    endOfExtension(b);
                }
            }
            case EXTENSION_VALUE_START -> {
                if (b == '"') {
                    state = State.QUOTED;
                } else {
                    in(Octets.isToken(b), State.EXTENSION_VALUE);
                }
            }
            case EXTENSION_VALUE -> {
                if (!Octets.isToken(b)) {
                    endOfExtension(b);
                }
            }
            case QUOTED -> {
                if (b == '"') {
                    state = State.QUOTED_END;
                } else if (b == '\\') {
                    state = State.QUOTED_PAIR;
                } else {
                    in(isQuoted(b), State.QUOTED);
                }
            }
            case QUOTED_PAIR -> in(isQuoted(b), State.QUOTED);
            case QUOTED_END -> endOfExtension(b);
            case SIZE_LF -> endOfLine(b);
            default -> throw new AssertionError(state);
        }
    }

    private void size(byte b) {
        int digit = hexDigit(b);
        if (digit >= 0) {
            size = size << 4 | digit;
            if (++digits > MAX_SIZE_DIGITS || size > Integer.MAX_VALUE) {
                fail("the chunk size is too large");
            }
        } else if (digits == 0) {
            fail("malformed chunk size");
        } else {
            endOfExtension(b);
        }
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private void in(boolean allowed, State next) {
        if (allowed) {
            state = next;
        } else {
            fail("malformed chunk extension");
        }
    }

    /** Without the bytes of 0x80 and above that the grammar would allow: Netty's decoder fails on them. */
    private static boolean isQuoted(byte b) {
        return b >= 0 && Octets.isValue(b);
    }

    private void endOfExtension(byte b) {
        if (b == ';') {
            state = State.EXTENSION_NAME_START;
        } else {
            expect(b, Octets.CR, State.SIZE_LF, "malformed chunk line");
        }
    }

    private void endOfLine(byte b) {
        if (b != Octets.LF) {
            fail("a bare CR in a chunk line");
        } else if (size > 0) {
            remaining = (int) size;
            state = State.DATA;
        } else {
            sectionBytes = -1;
            state = State.TRAILER;
        }
    }

    private void trailer(byte b) {
        switch (state) {
            case TRAILER -> {
                if (b == Octets.CR) {
                    state = State.END_LF;
                } else if (!Octets.isToken(b)) {
                    fail("malformed trailer");
                } else if (++trailers > MAX_TRAILER_FIELDS) {
                    fail("too many trailers");
                } else {
                    state = State.TRAILER_NAME;
                }
            }
            case TRAILER_NAME -> {
                if (b == ':') {
                    state = State.TRAILER_VALUE;
                } else if (!Octets.isToken(b)) {
                    fail("malformed trailer");
                }
            }
            case TRAILER_VALUE -> {
                if (!Octets.isValue(b)) {
                    expect(b, Octets.CR, State.TRAILER_LF, "a control character in a trailer");
                }
            }
            case TRAILER_LF -> expect(b, Octets.LF, State.TRAILER, "a bare CR in a trailer");
            case END_LF -> expect(b, Octets.LF, State.END, "a bare CR in the trailers");
            default -> throw new AssertionError(state);
        }
    }

    private void expect(byte b, byte expected, State next, String otherwise) {
        if (b == expected) {
            state = next;
        } else {
            fail(otherwise);
        }
    }

    private void fail(String why) {
        state = State.FAILED;
        detail = why;
    }
}
