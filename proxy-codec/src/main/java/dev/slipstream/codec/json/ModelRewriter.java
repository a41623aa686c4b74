package dev.slipstream.codec.json;

import io.netty.buffer.ByteBuf;

/**
 * Replaces spans of a body that passes in pieces (any split): the sequence of pieces given out is the sequence taken
 * in with each span replaced. Untouched bytes are given out as slices of what came in.
 */
public final class ModelRewriter {
    /** Takes the pieces of the rewritten body, in order. */
    public interface Output {
        /** Consumes {@code piece}, which is readable and never empty. */
        void piece(ByteBuf piece);
    }

    /** Forgets all edits and starts at offset 0. */
    public void reset() {}

    /**
     * Adds an edit: bytes from {@code start} (inclusive) to {@code end} (exclusive) give way to {@code replacement}.
     * Edits are added in order, do not overlap, and lie at or behind {@link #position()}.
     */
    public void replace(long start, long end, byte[] replacement) {}

    /** By how many bytes the edits change the body's length. */
    public long delta() {
        throw new AssertionError("stub");
    }

    /** Offset of the next byte taken in. */
    public long position() {
        throw new AssertionError("stub");
    }

    /**
     * Takes the body's next piece (consumes it) and gives out what it becomes. Where a replacement has the length of
     * what it replaces and {@code piece} is writable and referenced by nobody else, it is overwritten in place.
     */
    public void take(ByteBuf piece, Output out) {
        throw new AssertionError("stub");
    }
}
