package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/** A body that exists as a whole, sent in slices. */
final class SlicedPieces implements Pieces {
    private final byte[] body;
    /** Where each slice ends, ascending; the last is the length of the body. */
    private final int[] ends;

    private int next;
    private int position;

    private SlicedPieces(byte[] body, int[] ends) {
        this.body = body;
        this.ends = ends;
    }

    static SlicedPieces whole(byte[] body) {
        return new SlicedPieces(body, new int[] {body.length});
    }

    /** In two halves, so that something can happen between them. */
    static SlicedPieces halves(byte[] body) {
        return new SlicedPieces(body, new int[] {body.length / 2, body.length});
    }

    static SlicedPieces bytes(byte[] body) {
        int[] ends = new int[Math.max(body.length, 1)];
        for (int i = 0; i < body.length; i++) {
            ends[i] = i + 1;
        }
        return new SlicedPieces(body, ends);
    }

    /**
     * Server-sent events: a slice ends behind each blank line, whichever line end the recording uses. What
     * follows the last blank line is a slice too.
     */
    static SlicedPieces events(byte[] body) {
        int[] ends = new int[body.length + 1];
        int found = 0;
        boolean lineEmpty = true;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\r' && i + 1 < body.length && body[i + 1] == '\n') {
                continue;
            }
            if (body[i] != '\n' && body[i] != '\r') {
                lineEmpty = false;
            } else if (lineEmpty) {
                ends[found++] = i + 1;
            } else {
                lineEmpty = true;
            }
        }
        if (found == 0 || ends[found - 1] != body.length) {
            ends[found++] = body.length;
        }
        return new SlicedPieces(body, Arrays.copyOf(ends, found));
    }

    @Override
    public int count() {
        return ends.length;
    }

    @Override
    public boolean hasNext() {
        return next < ends.length;
    }

    @Override
    public boolean isPaced() {
        return next > 0;
    }

    @Override
    public ByteBuf next(ByteBufAllocator allocator) {
        int end = ends[next++];
        ByteBuf piece = allocator.buffer(end - position).writeBytes(body, position, end - position);
        position = end;
        return piece;
    }
}
