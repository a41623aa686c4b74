package dev.slipstream.bench.macro;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of a storm have met. Any thread. */
final class StormCounts {
    private static final int KEPT = 10;

    /** Requests of good clients and of slow ones, all of which must be answered in full. */
    final LongAdder sent = new LongAdder();

    final LongAdder answered = new LongAdder();
    final LongAdder slowAnswered = new LongAdder();
    final LongAdder left = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder invalidKeys = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    void failed(String who, Exception e) {
        failed.increment();
        if (failures.size() < KEPT) {
            failures.add(who + ": " + e);
        }
    }

    long failed() {
        return failed.sum();
    }

    /** The first failures. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
