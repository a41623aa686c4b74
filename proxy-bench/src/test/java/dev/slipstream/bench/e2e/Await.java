package dev.slipstream.bench.e2e;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bounded waiting for what another thread or process is about to do. */
final class Await {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /** @param what the condition in words, asked for only where it was waited for in vain */
    static void until(Supplier<String> what, BooleanSupplier condition) {
        until(LIMIT_NANOS, what, condition);
    }

    /** As {@link #until(Supplier, BooleanSupplier)}, for what takes long where many processes share the machine. */
    static void until(long limitNanos, Supplier<String> what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limitNanos) {
                throw new AssertionError("waited in vain until " + what.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }
}
