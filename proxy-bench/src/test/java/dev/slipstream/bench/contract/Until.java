package dev.slipstream.bench.contract;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bounded waiting for what another thread is about to do. */
final class Until {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Until() {}

    static void holds(String what, BooleanSupplier condition) {
        holds(() -> what, condition);
    }

    /** @param what asked for only where it was waited for in vain */
    static void holds(Supplier<String> what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("waited in vain until " + what.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
