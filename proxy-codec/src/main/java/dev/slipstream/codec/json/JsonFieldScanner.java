package dev.slipstream.codec.json;

import io.netty.buffer.ByteBuf;

/**
 * Scans a request body by the full grammar of RFC 8259 and finds its top-level {@code model} and {@code stream};
 * resumable at any byte, iterative, bounded depth. Positions are offsets from the body's first byte.
 */
public final class JsonFieldScanner {
    /** Model names longer than this, once unescaped, are cut off and marked by {@link #modelTooLong()}. */
    public static final int MAX_MODEL_BYTES = 512;

    public JsonFieldScanner(int maxDepth) {}

    /** Makes ready for the next body. */
    public void reset() {}

    /** Scans the readable bytes of {@code piece}, the body's next ones. Borrows it and leaves its indices alone. */
    public JsonStatus feed(ByteBuf piece) {
        throw new AssertionError("stub");
    }

    /** The body has ended: {@link JsonStatus#COMPLETE} or a failure. */
    public JsonStatus finish() {
        throw new AssertionError("stub");
    }

    /** Whether the value of a top-level {@code model} has been read to its end. */
    public boolean modelSeen() {
        throw new AssertionError("stub");
    }

    /** Whether that value is a string. */
    public boolean modelIsString() {
        throw new AssertionError("stub");
    }

    public boolean modelTooLong() {
        throw new AssertionError("stub");
    }

    /** Offset of the first byte of the value, its quote included. */
    public long modelStart() {
        throw new AssertionError("stub");
    }

    /** Offset behind the last byte of the value, its quote included. */
    public long modelEnd() {
        throw new AssertionError("stub");
    }

    /** The value unescaped, UTF-8, {@link #modelLength()} bytes; valid until {@link #reset()}. */
    public byte[] modelBytes() {
        throw new AssertionError("stub");
    }

    public int modelLength() {
        throw new AssertionError("stub");
    }

    /** Whether a top-level {@code "stream": true} was seen; of several the last counts. */
    public boolean stream() {
        throw new AssertionError("stub");
    }

    /** Bytes scanned since {@link #reset()}. */
    public long position() {
        throw new AssertionError("stub");
    }

    /** What is wrong, a constant sentence fit for the client, without the offset; empty if nothing is. */
    public String detail() {
        throw new AssertionError("stub");
    }
}
