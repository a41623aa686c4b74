package dev.slipstream.bench.macro;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of a storm have met. Any thread. */
final class StormCounts {
    private static final int KEPT = 10;

    /** Requests of good clients and of slow ones, all of which must be answered in full. */
    final LongAdder sent = new LongAdder();

    final LongAdder answered = new LongAdder();
    final LongAdder streamsAnswered = new LongAdder();
    final LongAdder slowUploads = new LongAdder();
    final LongAdder slowDownloads = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder invalidKeys = new LongAdder();
    /** Of {@link #invalidKeys} those whose large body was still to be sent, most of it or all, when the answer was there. */
    final LongAdder refusedUnread = new LongAdder();

    private final Map<LeavingClient.When, LongAdder> left = new EnumMap<>(LeavingClient.When.class);
    private final LongAdder failed = new LongAdder();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    StormCounts() {
        for (LeavingClient.When when : LeavingClient.When.values()) {
            left.put(when, new LongAdder());
        }
    }

    void left(LeavingClient.When when) {
        left.getOrDefault(when, failed).increment();
    }

    long left() {
        return left.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Answers of good clients and of slow ones, whole and as they should be. */
    long allAnswered() {
        return answered.sum() + streamsAnswered.sum() + slowUploads.sum() + slowDownloads.sum();
    }

    /** Kinds of what should have happened and never did. */
    List<String> missing() {
        Map<String, LongAdder> kinds = new TreeMap<>(Map.of(
                "answers in one piece", answered,
                "streams", streamsAnswered,
                "slow uploads", slowUploads,
                "slow downloads", slowDownloads,
                "malformed requests", malformed,
                "invalid keys", invalidKeys,
                "invalid keys with large bodies", refusedUnread));
        left.forEach((when, count) -> kinds.put("leavers " + when, count));
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue().sum() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    void failed(String who, Exception e) {
        failed.increment();
        if (failures.size() < KEPT) {
            failures.add(who + ": " + e + (e.getCause() == null ? "" : ", " + e.getCause()));
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
