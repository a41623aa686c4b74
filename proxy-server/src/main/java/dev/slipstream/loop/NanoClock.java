package dev.slipstream.loop;

/** The monotonic clock of deadlines and histograms; a test freezes it. */
@FunctionalInterface
public interface NanoClock {
    /** The process's own clock. */
    NanoClock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; compare by difference. */
    long nanoTime();
}
