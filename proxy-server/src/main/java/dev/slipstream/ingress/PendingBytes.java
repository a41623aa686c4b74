package dev.slipstream.ingress;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a client that were read and not used yet, in the buffers they were read into. Owner of those. It has no bound
 * of its own: whoever fills it stops reading at one.
 */
final class PendingBytes {
    /** Smaller reads share a buffer: one a packet, each in its own, they would take many times their bytes. */
    private static final int SMALL_BYTES = 1024;

    /** What a client that is served has waiting, at most times. */
    private static final int FEW_READS = 2;

    private final ArrayDeque<ByteBuf> reads = new ArrayDeque<>(FEW_READS);
    private int bytes;

    /** Consumes {@code read}. */
    void add(ByteBuf read) {
        bytes += read.readableBytes();
        if (!append(reads.peekLast(), read)) {
            reads.addLast(read);
        }
    }

    /**
     * Copies {@code read} behind what {@code last} holds and releases it, if it is small and there is room. Nothing that
     * was handed out of {@code last} changes by that: it ends where it ended.
     *
     * @return whether {@code read} was consumed
     */
    private static boolean append(@Nullable ByteBuf last, ByteBuf read) {
        int count = read.readableBytes();
        if (last == null || count > SMALL_BYTES || last.maxFastWritableBytes() < count) {
            return false;
        }
        last.writeBytes(read, read.readerIndex(), count);
        read.release();
        return true;
    }

    int bytes() {
        return bytes;
    }

    /** Borrows the first read with a byte left in it; null where there is none. */
    @Nullable
    ByteBuf first() {
        ByteBuf first = reads.peekFirst();
        while (first != null && !first.isReadable()) {
            reads.pollFirst();
            first.release();
            first = reads.peekFirst();
        }
        return first;
    }

    /** That many bytes were read out of {@link #first()}. */
    void used(int count) {
        bytes -= count;
    }

    /** Returns owned: the next {@code count} bytes of {@link #first()}, which is that read itself where it has no more. */
    ByteBuf take(ByteBuf first, int count) {
        bytes -= count;
        if (count < first.readableBytes()) {
            return first.readRetainedSlice(count);
        }
        reads.pollFirst();
        return first;
    }

    /** Gives everything back. */
    void release() {
        for (ByteBuf read = reads.pollFirst(); read != null; read = reads.pollFirst()) {
            read.release();
        }
        bytes = 0;
    }
}
