package dev.slipstream.bench.attacks;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** Runs the lines of a table on a few lanes at once, and tells them apart as tests. */
final class Table {
    private static final long LIMIT_SECONDS = 120;

    private Table() {}

    static Stream<DynamicTest> run(
            List<Case> cases, int lanes, Lane.Settings settings, Map<String, Recorder.Script> scripts) {
        Map<String, CompletableFuture<Void>> results = new LinkedHashMap<>();
        Queue<Case> left = new ArrayDeque<>();
        for (Case each : cases) {
            if (results.put(each.name, new CompletableFuture<>()) != null) {
                throw new IllegalStateException("twice: " + each.name);
            }
            left.add(each);
        }
        for (int i = 0; i < lanes; i++) {
            Thread thread = new Thread(() -> runLane(left, results, settings, scripts), "lane-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        Iterator<Case> names = cases.iterator();
        return Stream.generate(names::next)
                .limit(cases.size())
                .map(each -> DynamicTest.dynamicTest(each.name, () -> await(results, each.name)));
    }

    private static void await(Map<String, CompletableFuture<Void>> results, String name) throws Throwable {
        CompletableFuture<Void> result = results.get(name);
        if (result == null) {
            throw new AssertionError(name);
        }
        try {
            result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void runLane(
            Queue<Case> cases,
            Map<String, CompletableFuture<Void>> results,
            Lane.Settings settings,
            Map<String, Recorder.Script> scripts) {
        Lane lane = null;
        for (Case next = poll(cases); next != null; next = poll(cases)) {
            CompletableFuture<Void> result = results.get(next.name);
            if (result == null) {
                throw new IllegalStateException(next.name);
            }
            try {
                if (lane == null) {
                    lane = new Lane(settings, scripts);
                }
                lane.run(next);
                result.complete(null);
            } catch (Throwable e) {
                result.completeExceptionally(e);
                // What a failed case left behind is not the next one's fault.
                close(lane);
                lane = null;
            }
        }
        close(lane);
    }

    private static @Nullable Case poll(Queue<Case> cases) {
        synchronized (cases) {
            return cases.poll();
        }
    }

    private static void close(@Nullable Lane lane) {
        if (lane != null) {
            try {
                lane.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
