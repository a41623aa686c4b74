package dev.slipstream.codec.http1;

/** What a step of {@link ChunkedDecoder} came to. */
public enum ChunkResult {
    /** All bytes were taken and the body is not complete. */
    NEED_MORE,
    /** {@link ChunkedDecoder#dataLength()} bytes of the body stand at the buffer's reader index. */
    DATA,
    /** The last chunk and the trailer section were read; the trailers are dropped. */
    END,
    /** Malformed. Nothing behind it can be trusted. */
    BAD
}
