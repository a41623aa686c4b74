package dev.slipstream.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A read buffer of a provider connection")
@SuppressWarnings("deprecation") // as in what is tested
class HeadroomBuffersTest {
    private final RecvByteBufAllocator.Handle handle = new HeadroomBuffers().newHandle();

    @Test
    @DisplayName("has room before what is read, and as much for that as the guess")
    void hasRoom() {
        ByteBuf in = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertEquals(HeadroomBuffers.HEADROOM_BYTES, in.readerIndex());
        assertEquals(0, in.readableBytes());
        assertEquals(handle.guess(), in.writableBytes());
        in.release();
    }

    @Test
    @DisplayName("has none where reads are large, and they become large as reads fill them")
    void isLarge() {
        for (int i = 0; i < 20 && handle.guess() <= HeadroomBuffers.LARGEST_BYTES; i++) {
            ByteBuf in = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
            handle.attemptedBytesRead(in.writableBytes());
            handle.lastBytesRead(in.writableBytes());
            handle.readComplete();
            in.release();
        }
        assertTrue(handle.guess() > HeadroomBuffers.LARGEST_BYTES);
        ByteBuf in = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertEquals(0, in.readerIndex());
        assertEquals(handle.guess(), in.writableBytes());
        in.release();
    }
}
