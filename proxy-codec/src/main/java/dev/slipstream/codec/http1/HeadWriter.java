package dev.slipstream.codec.http1;

import io.netty.buffer.ByteBuf;

/** Writes HTTP/1.1 heads and chunk framing. Every method appends to {@code out}, which it borrows. */
public final class HeadWriter {
    private HeadWriter() {}

    /** {@code HTTP/1.1 200 OK\r\n}; a constant array for the usual statuses. */
    public static void statusLine(ByteBuf out, int status) {
        throw new AssertionError("stub");
    }

    /** {@code name: value\r\n} of a field of {@code head}. */
    public static void copyField(ByteBuf out, FlatHead head, int field) {
        throw new AssertionError("stub");
    }

    /** {@code name: value\r\n}; the arrays must be a token and a field value, which is asserted. */
    public static void field(ByteBuf out, byte[] name, byte[] value) {
        throw new AssertionError("stub");
    }

    /** {@code content-length: N\r\n}. */
    public static void contentLength(ByteBuf out, long bytes) {
        throw new AssertionError("stub");
    }

    /** {@code transfer-encoding: chunked\r\n}. */
    public static void chunked(ByteBuf out) {
        throw new AssertionError("stub");
    }

    /** {@code number} in decimal digits. */
    public static void decimal(ByteBuf out, long number) {
        throw new AssertionError("stub");
    }

    /** The chunk-size line of a chunk of {@code bytes} (&gt; 0): hex digits and CRLF. */
    public static void chunkSize(ByteBuf out, int bytes) {
        throw new AssertionError("stub");
    }

    /** The empty line that ends a head. */
    public static void end(ByteBuf out) {
        throw new AssertionError("stub");
    }
}
