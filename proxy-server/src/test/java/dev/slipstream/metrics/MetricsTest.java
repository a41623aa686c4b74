package dev.slipstream.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.failure.FailureKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();
    private final LoopMetrics loop = metrics.forLoop(0);

    @Test
    void percentilesAppearAfterATick() {
        for (int micros = 1; micros <= 1000; micros++) {
            loop.request(micros * 1000L);
        }
        assertEquals(0, metrics.snapshot().request().windowCount());

        loop.tick();

        SummaryValues request = metrics.snapshot().request();
        assertEquals(1000, request.windowCount());
        assertNear(500_000, request.p50Nanos(), 0.001);
        assertNear(900_000, request.p90Nanos(), 0.001);
        assertNear(950_000, request.p95Nanos(), 0.001);
        assertNear(990_000, request.p99Nanos(), 0.001);
        assertNear(999_000, request.p999Nanos(), 0.001);
        assertNear(1_000_000, request.maxNanos(), 0.001);
    }

    @Test
    void stagesHaveTwoDigitsOverTheWholeRange() {
        for (long nanos = 1000; nanos < 60_000_000_000L; nanos = nanos * 3 / 2) {
            Metrics one = new Metrics();
            one.forLoop(0).stage(Stage.AUTH, nanos);
            one.forLoop(0).tick();
            assertNear(nanos, stage(one.snapshot(), Stage.AUTH).p50Nanos(), 0.01);
        }
    }

    @Test
    void loopsAreSummed() {
        LoopMetrics second = metrics.forLoop(1);
        loop.stage(Stage.ROUTE, 1000);
        second.stage(Stage.ROUTE, 3000);
        loop.tick();
        second.tick();

        SummaryValues route = stage(Stage.ROUTE);
        assertEquals(2, route.windowCount());
        assertEquals(4000, route.sumNanos());
        assertNear(1000, route.p50Nanos(), 0.01);
        assertNear(3000, route.maxNanos(), 0.01);
        assertSame(second, metrics.forLoop(1));
    }

    @Test
    void aValueLeavesTheWindowAfterSixtyTicksAndStaysInTheTotals() {
        loop.stage(Stage.CACHE, 5000);
        loop.tick();
        for (int i = 1; i < 60; i++) {
            assertEquals(1, stage(Stage.CACHE).windowCount(), "after tick " + i);
            loop.tick();
        }
        assertEquals(1, stage(Stage.CACHE).windowCount());

        loop.tick();

        assertEquals(0, stage(Stage.CACHE).windowCount());
        assertEquals(0, stage(Stage.CACHE).p50Nanos());
        assertEquals(1, stage(Stage.CACHE).count());
        assertEquals(5000, stage(Stage.CACHE).sumNanos());
    }

    @Test
    void nothingIsLostWhileTheReporterIsAway() {
        for (int second = 0; second < 10; second++) {
            loop.tokenGap(1_000_000L * (second + 1));
            loop.tick();
        }
        metrics.collect();
        loop.tick();

        SummaryValues gap = metrics.snapshot().tokenGap();
        assertEquals(10, gap.windowCount());
        assertNear(10_000_000, gap.maxNanos(), 0.001);
    }

    @Test
    void sumsAreExactAndOutOfRangeIsClampedAndCounted() {
        loop.request(-5);
        loop.request(0);
        loop.request(7);
        loop.request(Series.HIGHEST_NANOS);
        loop.request(3 * Series.HIGHEST_NANOS + 1);
        loop.tick();

        SummaryValues request = metrics.snapshot().request();
        assertEquals(5, request.count());
        assertEquals(5, request.windowCount());
        assertEquals(7 + 4 * Series.HIGHEST_NANOS + 1, request.sumNanos());
        assertEquals(Series.HIGHEST_NANOS, request.maxNanos());
        assertEquals(1, counter("slipstream_clamped_total", "request"));
        assertEquals(0, counter("slipstream_clamped_total", "auth"));
    }

    @Test
    void everyStageShowsUpAndInOrder() {
        assertEquals(
                List.of(Stage.values()),
                new ArrayList<>(metrics.snapshot().stages().keySet()));
        for (Stage stage : EnumSet.allOf(Stage.class)) {
            loop.stage(stage, 100);
        }
        loop.tick();
        metrics.snapshot().stages().forEach((stage, values) -> assertEquals(1, values.windowCount(), stage.label()));
    }

    @Test
    void countersAreSummedOverLoopsByTheirLabels() {
        LoopMetrics second = metrics.forLoop(1);
        loop.requestDone("glm", "zai", Dialect.OPENAI, 200);
        loop.requestDone("glm", "zai", Dialect.OPENAI, 200);
        second.requestDone("glm", "zai", Dialect.OPENAI, 200);
        second.requestDone(null, null, Dialect.ANTHROPIC, 401);
        loop.failure(FailureKind.INVALID_API_KEY);
        loop.attempt("zai", AttemptOutcome.OK);
        second.attempt("zai", AttemptOutcome.OK);
        loop.tokens("zai", "glm", "input", 1234);
        second.tokens("zai", "glm", "input", 1);
        loop.usageUnknown("zai");

        assertEquals(3, counter("slipstream_requests_total", "glm", "zai", "openai", "200"));
        assertEquals(1, counter("slipstream_requests_total", "none", "none", "anthropic", "401"));
        assertEquals(1, counter("slipstream_failures_total", "invalid_api_key"));
        assertEquals(0, counter("slipstream_failures_total", "internal"));
        assertEquals(2, counter("slipstream_attempts_total", "zai", "ok"));
        assertEquals(1235, counter("slipstream_tokens_total", "zai", "glm", "input"));
        assertEquals(1, counter("slipstream_usage_unknown_total", "zai"));
    }

    @Test
    void seriesBeyondTheCapAreCountedAsOther() {
        int extra = 100;
        for (int i = 0; i < CounterTable.SERIES_CAP + extra; i++) {
            loop.tokens("zai", "model-" + i, "input", 2);
        }
        assertEquals(2, counter("slipstream_tokens_total", "zai", "model-0", "input"));
        assertEquals(2, counter("slipstream_tokens_total", "zai", "model-4095", "input"));
        assertEquals(2L * extra, counter("slipstream_tokens_total", "other", "other", "other"));
    }

    @Test
    void gaugesAreReadAtTheScrape() {
        long[] value = {1};
        metrics.gauge("slipstream_in_flight", "Requests", () -> value[0]);
        metrics.gauge("slipstream_pool_waiters", "Waiters", "provider", "zai", () -> 2);
        metrics.gauge("slipstream_upstream_connections", "Open", "provider", "zai", "state", "idle", () -> 3);
        metrics.gauge("slipstream_broken", "Throws", () -> {
            throw new IllegalStateException("on purpose");
        });
        value[0] = 5;

        assertEquals(5, gauge("slipstream_in_flight"));
        assertEquals(2, gauge("slipstream_pool_waiters", "zai"));
        assertEquals(3, gauge("slipstream_upstream_connections", "zai", "idle"));
        assertTrue(Double.isNaN(gauge("slipstream_broken")));
        assertThrows(
                IllegalArgumentException.class,
                () -> metrics.gauge("slipstream_in_flight", "Requests", "a", "b", () -> 1));
    }

    @Test
    void reuseAndLagAreTold() {
        assertEquals(0, gauge("slipstream_upstream_connection_reuse_ratio"));
        loop.upstreamAcquired(false);
        loop.upstreamAcquired(true);
        loop.upstreamAcquired(true);
        loop.upstreamAcquired(true);
        loop.loopLag(2_000_000);
        loop.tick();
        loop.loopLag(1_000_000);

        assertEquals(0.75, gauge("slipstream_upstream_connection_reuse_ratio"));
        assertEquals(3, counter("slipstream_upstream_acquired_total", "reused"));
        assertEquals(0.002, gauge("slipstream_loop_lag_seconds", "0"));
        for (int i = 0; i < 60; i++) {
            loop.loopLag(500_000);
            loop.tick();
        }
        assertEquals(0.0005, gauge("slipstream_loop_lag_seconds", "0"));
    }

    @Test
    void twoReadersSeeTheSame() {
        loop.request(1_000_000);
        loop.requestDone("glm", "zai", Dialect.OPENAI, 200);
        loop.tick();
        MetricsSnapshot first = metrics.snapshot();
        assertEquals(first, metrics.snapshot());
        loop.request(1_000_000);
        assertNotEquals(first, metrics.snapshot());
    }

    @Test
    void aReaderBesideAWriterLosesNothing() throws InterruptedException {
        int values = 400_000;
        Metrics shared = new Metrics();
        LoopMetrics writing = shared.forLoop(0);
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch collected = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            started.countDown();
            for (int i = 0; i < values; i++) {
                writing.stage(Stage.EGRESS, 16 + i % 1000);
                writing.requestDone("model-" + i % 100, "zai", Dialect.OPENAI, 200);
                if (i % 10_000 == 0) {
                    writing.tick();
                }
            }
            done.set(true);
            try {
                collected.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            writing.tick();
        });
        writer.start();
        started.await();
        long last = 0;
        while (!done.get()) {
            long now = stage(shared.snapshot(), Stage.EGRESS).count();
            assertTrue(now >= last);
            last = now;
        }
        // The spare is back now, so that the writer's last tick hands over what is left.
        shared.collect();
        collected.countDown();
        writer.join();

        MetricsSnapshot end = shared.snapshot();
        assertEquals(values, stage(end, Stage.EGRESS).count());
        assertEquals(values, stage(end, Stage.EGRESS).windowCount());
        long requests = 0;
        for (CounterFamily.Point point :
                family(end, "slipstream_requests_total").points()) {
            requests += point.value();
        }
        assertEquals(values, requests);
    }

    private SummaryValues stage(Stage stage) {
        return stage(metrics.snapshot(), stage);
    }

    private static SummaryValues stage(MetricsSnapshot snapshot, Stage stage) {
        SummaryValues values = snapshot.stages().get(stage);
        if (values == null) {
            throw new AssertionError("no " + stage);
        }
        return values;
    }

    private long counter(String name, String... labels) {
        for (CounterFamily.Point point : family(metrics.snapshot(), name).points()) {
            if (point.labelValues().equals(List.of(labels))) {
                return point.value();
            }
        }
        throw new AssertionError("no " + name + List.of(labels));
    }

    private static CounterFamily family(MetricsSnapshot snapshot, String name) {
        for (CounterFamily family : snapshot.counters()) {
            if (family.name().equals(name)) {
                return family;
            }
        }
        throw new AssertionError("no " + name);
    }

    private double gauge(String name, String... labels) {
        for (GaugeFamily family : metrics.snapshot().gauges()) {
            for (GaugeFamily.Point point : family.points()) {
                if (family.name().equals(name) && point.labelValues().equals(List.of(labels))) {
                    return point.value();
                }
            }
        }
        throw new AssertionError("no " + name + List.of(labels));
    }

    private static void assertNear(long expected, long actual, double share) {
        assertTrue(Math.abs(actual - expected) <= expected * share + 16, actual + " is not near " + expected);
    }
}
