package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Any body in dribbles: at most twenty small pieces a second, whatever the body's own pieces and their pace are. */
final class TricklePieces implements Pieces {
    private static final int PIECES_PER_SECOND = 20;
    private static final byte[] NONE = new byte[0];

    private final Pieces body;
    private final int step;
    private final long gapNanos;
    private byte[] current = NONE;
    private int position;
    private boolean begun;

    /** @param bytesPerSecond at least 1 */
    TricklePieces(Pieces body, int bytesPerSecond) {
        this.body = body;
        this.step = Math.max(1, bytesPerSecond / PIECES_PER_SECOND);
        this.gapNanos = step * 1_000_000_000L / bytesPerSecond;
    }

    /** Between two pieces. */
    long gapNanos() {
        return gapNanos;
    }

    /** Of the body's own pieces: these here are not known before they come. */
    @Override
    public int count() {
        return body.count();
    }

    @Override
    public boolean hasNext() {
        return position < current.length || body.hasNext();
    }

    @Override
    public boolean isPaced() {
        return begun;
    }

    @Override
    public ByteBuf next(ByteBufAllocator allocator) {
        if (position == current.length) {
            // A copy: a client that leaves would leave half a buffer behind.
            ByteBuf whole = body.next(allocator);
            current = new byte[whole.readableBytes()];
            whole.readBytes(current).release();
            position = 0;
        }
        begun = true;
        int length = Math.min(step, current.length - position);
        ByteBuf piece = allocator.buffer(length).writeBytes(current, position, length);
        position += length;
        return piece;
    }
}
