package dev.slipstream.boot;

import io.netty.buffer.PooledByteBufAllocator;

/** How memory is pooled: direct memory alone, one arena a loop. */
final class Allocators {
    private static final int PAGE_BYTES = 8 * 1024;

    /**
     * Chunks of 1 MiB: the smallest that hold what a loop usually has in hand. Smaller where Netty's own default is made
     * smaller ({@code io.netty.allocator.maxOrder}), as the launcher's profile edge does.
     */
    private static final int MAX_ORDER = Math.min(7, PooledByteBufAllocator.defaultMaxOrder());

    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;

    private Allocators() {}

    static PooledByteBufAllocator pooled(int loops) {
        return new PooledByteBufAllocator(true, 0, loops, PAGE_BYTES, MAX_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
    }
}
