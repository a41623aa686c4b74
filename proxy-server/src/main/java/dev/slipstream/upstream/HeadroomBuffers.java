package dev.slipstream.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Read buffers with room before the bytes that are read: an answer's head for the client, which is longer than the provider's
 * by the fields that we add, finds its place before the body, and the two are one write. Stateless, any thread.
 */
@SuppressWarnings("deprecation") // Netty asks for the old handle and wants the extended one
final class HeadroomBuffers implements MaxMessagesRecvByteBufAllocator {
    /** What our heads of answers have more than the provider's, and some more. */
    static final int HEADROOM_BYTES = 512;

    /** Reads above this size have none: a write more does not count beside them, and memory comes in steps of a quarter. */
    static final int LARGEST_BYTES = 8 * 1024;

    /** What Netty has for sockets whose allocator nobody chose. */
    private static final int READS_PER_TURN = 16;

    private final AdaptiveRecvByteBufAllocator sizes = new AdaptiveRecvByteBufAllocator();

    HeadroomBuffers() {
        sizes.maxMessagesPerRead(READS_PER_TURN);
    }

    @Override
    public Handle newHandle() {
        return new WithHeadroom(sizes.newHandle());
    }

    @Override
    public int maxMessagesPerRead() {
        return sizes.maxMessagesPerRead();
    }

    @Override
    public MaxMessagesRecvByteBufAllocator maxMessagesPerRead(int most) {
        sizes.maxMessagesPerRead(most);
        return this;
    }

    private static final class WithHeadroom extends DelegatingHandle implements ExtendedHandle {
        WithHeadroom(Handle sizes) {
            super(sizes);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int bytes = guess();
            if (bytes > LARGEST_BYTES) {
                return allocator.ioBuffer(bytes);
            }
            return allocator.ioBuffer(HEADROOM_BYTES + bytes).setIndex(HEADROOM_BYTES, HEADROOM_BYTES);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return ((ExtendedHandle) delegate()).continueReading(maybeMore);
        }
    }
}
