package dev.slipstream.bench.macro;

import java.time.Duration;

/**
 * How hard and how long it storms.
 *
 * @param good clients that want every answer in full; so do the slow ones
 * @param loops event loops of the proxy
 * @param bounds what may have been added between the rest behind the warm-up (a quarter of the time) and the last one
 */
record StormPlan(
        Duration duration,
        Duration reportEvery,
        long seed,
        int good,
        int slow,
        int leaving,
        int malformed,
        int flooding,
        int loops,
        Bounds bounds) {

    /** What may have been added. */
    record Bounds(long rssBytes, long heapBytes, long directBytes, long descriptors) {}

    private static final long MIB = 1024 * 1024;
    private static final Bounds BOUNDS = new Bounds(64 * MIB, 16 * MIB, 16 * MIB, 8);

    static StormPlan of(Duration duration, long seed) {
        return new StormPlan(duration, Duration.ofSeconds(10), seed, 8, 6, 6, 3, 2, 2, BOUNDS);
    }

    StormPlan withBounds(Bounds bounds) {
        return new StormPlan(duration, reportEvery, seed, good, slow, leaving, malformed, flooding, loops, bounds);
    }
}
