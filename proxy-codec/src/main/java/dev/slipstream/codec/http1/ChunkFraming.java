package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/**
 * Passes a chunk on in the framing it came with (RFC 9112 §7.1), so that a proxy between two chunked bodies writes a chunk
 * as one piece of the memory it was read into. Stateless, any thread.
 */
public final class ChunkFraming {
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int CRLF_BYTES = 2;
    private static final int BITS_PER_DIGIT = 4;

    private ChunkFraming() {}

    /**
     * Takes the next {@code length} bytes of {@code in}, the data of a chunk, as a retained slice that is owned by the
     * caller. Where the whole chunk lies in {@code in}, the slice holds its framing too: before its reader index and behind
     * its writer index, where {@link #include} finds it.
     */
    public static ByteBuf readChunk(ByteBuf in, int length) {
        int start = in.readerIndex();
        int line = lineBytes(length);
        if (!isFramed(in, start, start + length, line, in.writerIndex())) {
            return in.readRetainedSlice(length);
        }
        ByteBuf slice = in.retainedSlice(start - line, line + length + CRLF_BYTES);
        in.skipBytes(length);
        return slice.setIndex(line, line + length);
    }

    /** Makes the framing that {@code data} has around it readable too; false, and nothing is changed, where it has none. */
    public static boolean include(ByteBuf data) {
        int start = data.readerIndex();
        int end = data.writerIndex();
        int line = lineBytes(end - start);
        if (!isFramed(data, start, end, line, data.capacity())) {
            return false;
        }
        data.setIndex(start - line, end + CRLF_BYTES);
        return true;
    }

    /** Of the size line, line end and all; no extensions, no leading zeros. */
    private static int lineBytes(int length) {
        return HeadWriter.hexDigits(length) + CRLF_BYTES;
    }

    private static boolean isFramed(ByteBuf bytes, int start, int end, int line, int limit) {
        int from = start - line;
        if (from < 0
                || end + CRLF_BYTES > limit
                || bytes.getShort(end) != CRLF
                || bytes.getShort(start - CRLF_BYTES) != CRLF) {
            return false;
        }
        int size = end - start;
        for (int i = start - CRLF_BYTES - 1; i >= from; i--) {
            if (Character.digit(bytes.getByte(i), 1 << BITS_PER_DIGIT) != (size & 0xF)) {
                return false;
            }
            size >>>= BITS_PER_DIGIT;
        }
        return true;
    }
}
