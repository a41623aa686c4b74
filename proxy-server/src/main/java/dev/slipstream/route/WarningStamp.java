package dev.slipstream.route;

import java.util.concurrent.atomic.AtomicLong;

/** When something was last warned of, so that it is said once in a while only. Any thread. */
public final class WarningStamp {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong lastNanos = new AtomicLong(NEVER);

    /** Whether it may be said now: it has not been for {@code quietNanos}, and nobody else says it now. */
    public boolean mayWarn(long nowNanos, long quietNanos) {
        long last = lastNanos.get();
        return (last == NEVER || nowNanos - last >= quietNanos) && lastNanos.compareAndSet(last, nowNanos);
    }
}
