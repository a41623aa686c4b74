package dev.slipstream.limit;

import java.util.concurrent.atomic.AtomicLongArray;

/** Bytes held by all exchanges together, never more than the limit, and no more while memory is short. Shared by all loops. */
public final class ByteBudget {
    private static final int PADDED_LENGTH = 17;
    private static final int MIDDLE = 8;

    private final long limitBytes;
    private final MemoryGate memory;
    private final AtomicLongArray used = new AtomicLongArray(PADDED_LENGTH);

    /** @param limitBytes 0: none, the sum alone is kept */
    public ByteBudget(long limitBytes) {
        this(limitBytes, MemoryGate.OPEN);
    }

    /** As {@link #ByteBudget(long)}, and while {@code memory} is shut nothing can be taken. */
    public ByteBudget(long limitBytes, MemoryGate memory) {
        this.memory = memory;
        this.limitBytes = limitBytes == 0 ? Long.MAX_VALUE : limitBytes;
    }

    /** Takes {@code bytes}; false, and nothing taken, where they would exceed the limit. */
    public boolean tryReserve(long bytes) {
        if (memory.isShut()) {
            return false;
        }
        long now = used.get(MIDDLE);
        while (bytes <= limitBytes - now) {
            long seen = used.compareAndExchange(MIDDLE, now, now + bytes);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    public void release(long bytes) {
        long left = used.addAndGet(MIDDLE, -bytes);
        assert left >= 0;
    }

    public long usedBytes() {
        return used.get(MIDDLE);
    }
}
