package dev.slipstream.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.Closeable;

/**
 * Direct memory of the admin listener's own, taken at the start: it must answer when the API has used up all the rest.
 * One chunk of {@value #CHUNK_BYTES} bytes is never given back before {@link #close()}; what does not fit into it is asked
 * of the system, and may not be had.
 */
final class AdminMemory implements Closeable {
    static final int CHUNK_BYTES = 1024 * 1024;

    private static final int PAGE_BYTES = 8 * 1024;
    /** Pages double so many times up to a chunk. */
    private static final int MAX_ORDER = 7;

    private final PooledByteBufAllocator pool =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, MAX_ORDER, 0, 0, false);

    /** Keeps its chunk from being empty: an arena may give such a one back. */
    private final ByteBuf kept = pool.directBuffer(PAGE_BYTES);

    /**
     * The codec's classes take direct memory when they are loaded. Were that with the first scrape, and there were none just
     * then, they could not be loaded ever again. Takes some 20 ms: on the admin loop, which nobody waits for.
     */
    static void loadCodec() {
        new HttpServerCodec();
    }

    ByteBufAllocator allocator() {
        return pool;
    }

    /** Bytes taken from the system. */
    long takenBytes() {
        return pool.metric().usedDirectMemory();
    }

    /** Gives the chunk back once all else in it was released. Idempotent; any thread. */
    @Override
    public synchronized void close() {
        if (kept.refCnt() > 0) {
            kept.release();
        }
    }
}
