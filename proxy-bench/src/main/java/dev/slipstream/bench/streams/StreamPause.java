package dev.slipstream.bench.streams;

import java.util.concurrent.locks.LockSupport;

/** Waiting, on threads that may. */
final class StreamPause {
    private StreamPause() {}

    /** @param nanos by {@code System.nanoTime()} */
    static void until(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void seconds(double seconds) {
        until(System.nanoTime() + Math.round(seconds * 1e9));
    }
}
