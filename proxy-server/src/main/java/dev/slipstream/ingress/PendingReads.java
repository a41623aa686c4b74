package dev.slipstream.ingress;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Small reads that must wait share a buffer: one a packet, each in its own, they would take many times their bytes. */
final class PendingReads {
    private static final int SMALL_BYTES = 1024;

    private PendingReads() {}

    /**
     * Copies {@code in} behind what {@code last} holds and releases it, if it is small and there is room. Nothing that was
     * handed out of {@code last} changes by that: it ends where it ended.
     *
     * @return whether {@code in} was consumed
     */
    static boolean append(@Nullable ByteBuf last, ByteBuf in) {
        int bytes = in.readableBytes();
        if (last == null || bytes > SMALL_BYTES || last.maxFastWritableBytes() < bytes) {
            return false;
        }
        last.writeBytes(in, in.readerIndex(), bytes);
        in.release();
        return true;
    }
}
