package dev.slipstream.codec.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Replaces spans of a body that passes in pieces (any split): the sequence of pieces given out is the sequence taken
 * in with each span replaced. Untouched bytes are given out as slices of what came in.
 *
 * <p>Confined to one thread at a time.
 */
public final class ModelRewriter {
    /** Takes the pieces of the rewritten body, in order. */
    public interface Output {
        /** Consumes {@code piece}, which is readable and never empty. */
        void piece(ByteBuf piece);

        /**
         * The next bytes are {@code replacement[offset, offset + length)}, never none; borrowed until all that was given
         * out is released.
         */
        default void replacement(byte[] replacement, int offset, int length) {
            piece(Unpooled.wrappedBuffer(replacement, offset, length));
        }
    }

    private static final int USUAL_EDITS = 4;

    private long[] starts = new long[USUAL_EDITS];
    private long[] ends = new long[USUAL_EDITS];
    private byte[][] replacements = new byte[USUAL_EDITS][];
    private int edits;

    /** The first edit that is not done with. */
    private int current;

    private long position;
    private long delta;

    /** Forgets all edits and starts at offset 0. */
    public void reset() {
        Arrays.fill(replacements, 0, edits, null);
        edits = 0;
        current = 0;
        position = 0;
        delta = 0;
    }

    /**
     * Adds an edit: bytes from {@code start} (inclusive) to {@code end} (exclusive) give way to {@code replacement}.
     * Edits are added in order, do not overlap, and lie at or behind {@link #position()}. The array is not copied: it
     * must stay as it is until all pieces given out are released. An empty span inserts; at the very end of the body
     * it does so only if it is added before the last piece is taken.
     */
    public void replace(long start, long end, byte[] replacement) {
        if (start < position || end < start || (edits > 0 && start < ends[edits - 1])) {
            throw new IllegalArgumentException("edit " + start + ".." + end + " at " + position);
        }
        if (edits == starts.length) {
            starts = Arrays.copyOf(starts, 2 * edits);
            ends = Arrays.copyOf(ends, 2 * edits);
            replacements = Arrays.copyOf(replacements, 2 * edits);
        }
        starts[edits] = start;
        ends[edits] = end;
        replacements[edits] = replacement;
        edits++;
        delta += replacement.length - (end - start);
    }

    /** By how many bytes the edits change the body's length. */
    public long delta() {
        return delta;
    }

    /** Offset of the next byte taken in. */
    public long position() {
        return position;
    }

    /**
     * Takes the body's next piece (consumes it) and gives out what it becomes. Never overwrites: other views of the
     * bytes may exist, and a reference count does not tell (a pooled slice has its own).
     */
    public void take(ByteBuf piece, Output out) {
        take(piece, false, out);
    }

    /**
     * Takes the body's next piece (consumes it) and gives out what it becomes. Where a replacement has the length of
     * what it replaces, {@code piece} is writable and {@code exclusive}, it is overwritten in place.
     *
     * @param exclusive whether the caller knows that no other buffer, of whatever reference count, shows these bytes
     */
    public void take(ByteBuf piece, boolean exclusive, Output out) {
        boolean owned = true;
        try {
            boolean mayOverwrite = exclusive && piece.refCnt() == 1 && !piece.isReadOnly();
            long pieceEnd = position + piece.readableBytes();
            // Where `position` is in `piece`; the reader index stays behind it, at the first byte not given out.
            int index = piece.readerIndex();
            while (current < edits && isDue(pieceEnd)) {
                long start = starts[current];
                long end = ends[current];
                byte[] replacement = replacements[current];
                long from = Math.max(start, position);
                long to = Math.min(end, pieceEnd);
                index += (int) (from - position);
                int covered = (int) (to - from);
                boolean sameLength = replacement.length == end - start;
                if (sameLength && mayOverwrite) {
                    piece.setBytes(index, replacement, (int) (from - start), covered);
                } else {
                    giveBefore(piece, index, out);
                    piece.skipBytes(covered);
                    if (sameLength) {
                        give(replacement, (int) (from - start), covered, out);
                    } else if (from == start) {
                        give(replacement, 0, replacement.length, out);
                    }
                }
                index += covered;
                position = to;
                if (to < end) {
                    break;
                }
                current++;
            }
            position = pieceEnd;
            owned = false;
            if (piece.isReadable()) {
                out.piece(piece);
            } else {
                piece.release();
            }
        } finally {
            if (owned) {
                piece.release();
            }
        }
    }

    /** Whether the current edit starts before {@code pieceEnd}, or inserts right there. */
    private boolean isDue(long pieceEnd) {
        return starts[current] < pieceEnd || (starts[current] == pieceEnd && ends[current] == pieceEnd);
    }

    private static void giveBefore(ByteBuf piece, int index, Output out) {
        int length = index - piece.readerIndex();
        if (length > 0) {
            out.piece(piece.readRetainedSlice(length));
        }
    }

    private static void give(byte[] replacement, int offset, int length, Output out) {
        if (length > 0) {
            out.replacement(replacement, offset, length);
        }
    }
}
