package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/** The strict decoder of the chunked transfer coding (RFC 9112 §7.1); resumable at any byte. */
public final class ChunkedDecoder {
    /**
     * Takes framing bytes from {@code in} (borrows it). On {@link ChunkResult#DATA} the caller takes exactly
     * {@link #dataLength()} bytes from {@code in} (read, slice or skip) before it calls again.
     */
    public ChunkResult next(ByteBuf in) {
        throw new AssertionError("stub");
    }

    /** Body bytes at the reader index, 1 up to what is readable. */
    public int dataLength() {
        throw new AssertionError("stub");
    }

    /** What was wrong, a constant sentence. */
    public String detail() {
        throw new AssertionError("stub");
    }

    public void reset() {}
}
