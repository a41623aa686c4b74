package dev.slipstream.limit;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A count that never exceeds its limit, shared by all loops. Charged once per request or connection, never per chunk.
 */
public final class ExactLimit {
    // The count stands in the middle of an array of two cache lines, so that nothing else is written beside it.
    private static final int PADDED_LENGTH = 33;
    private static final int MIDDLE = 16;

    private final int limit;
    private final AtomicIntegerArray used = new AtomicIntegerArray(PADDED_LENGTH);

    /** @param limit 0: none, the count alone is kept */
    public ExactLimit(int limit) {
        this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** Takes one; false where the limit is reached. Whoever took one gives it back by {@link #release()}, once. */
    public boolean tryAcquire() {
        int now = used.get(MIDDLE);
        while (now < limit) {
            int seen = used.compareAndExchange(MIDDLE, now, now + 1);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    public void release() {
        int left = used.decrementAndGet(MIDDLE);
        assert left >= 0;
    }

    /** How many are taken. */
    public int used() {
        return used.get(MIDDLE);
    }

    public int limit() {
        return limit;
    }
}
