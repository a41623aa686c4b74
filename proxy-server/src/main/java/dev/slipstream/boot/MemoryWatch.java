package dev.slipstream.boot;

import dev.slipstream.limit.MemoryGate;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * Watches how much direct memory is in use, of how much the JVM may have, and shuts the gate before there is none.
 *
 * <p>Where Netty counts for itself (the launcher sees to that) the figure is exact at any moment and of the whole process.
 * Else it is this allocator's, as of the last second.
 */
final class MemoryWatch {
    /** Kept free for what is under way, and for the refusals. */
    private static final int RESERVED_SHARE = 8;

    private static final long RESERVED_PER_LOOP_BYTES = 2L * 1024 * 1024;

    private final PooledByteBufAllocator allocator;
    private final long limitBytes = PlatformDependent.maxDirectMemory();
    private final MemoryGate gate;
    private volatile long sampledBytes;

    MemoryWatch(PooledByteBufAllocator allocator, int loops) {
        this.allocator = allocator;
        this.gate = new MemoryGate(this::usedBytes, shutAt(limitBytes, loops));
    }

    /** Used bytes from which on the gate is shut: an eighth below the limit, at least 2 MiB a loop, at most half of it. */
    static long shutAt(long limitBytes, int loops) {
        long reserved = Math.max(limitBytes / RESERVED_SHARE, loops * RESERVED_PER_LOOP_BYTES);
        return limitBytes - Math.min(limitBytes / 2, reserved);
    }

    MemoryGate gate() {
        return gate;
    }

    /** Direct memory that the process may take. */
    long limitBytes() {
        return limitBytes;
    }

    /** Direct memory that was taken from the system; any thread. */
    long usedBytes() {
        long exact = PlatformDependent.usedDirectMemory();
        return exact >= 0 ? exact : sampledBytes;
    }

    /** Once a second on each loop. */
    void tick() {
        if (PlatformDependent.usedDirectMemory() < 0) {
            sampledBytes = allocator.metric().usedDirectMemory();
        }
        if (usedBytes() >= limitBytes / 2) {
            // What this thread keeps for the next time holds whole chunks, and without requests it would keep it. Also
            // where the gate is open still: kept just below that, it would have the next few requests refused.
            allocator.trimCurrentThreadCache();
        }
    }
}
