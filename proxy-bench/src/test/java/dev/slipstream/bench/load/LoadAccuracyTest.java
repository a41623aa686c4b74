package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The generator's figures beside what the server itself wrote down, by the same clock and on the same loop. No figure may be more
 * than two percent too small, whatever else this machine does; too large it may be by two percent and by what the loop
 * was kept from running, which is next to nothing where the machine has time.
 */
@DisplayName("The load generator")
class LoadAccuracyTest {
    private static final double TWO_PERCENT = 0.02;
    private static final int STALL_AT = 300;
    private static final long STALL_MILLIS = 500;
    private static final double STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(STALL_MILLIS);
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Four delays, mixed. Each percentile that is looked at lies well within one of them. */
    private static long[] delaysMillis() {
        Long[] delays = new Long[1000];
        Arrays.fill(delays, 0, 450, 40L);
        Arrays.fill(delays, 450, 940, 200L);
        Arrays.fill(delays, 940, 985, 400L);
        Arrays.fill(delays, 985, delays.length, 600L);
        List<Long> mixed = Arrays.asList(delays);
        Collections.shuffle(mixed, new Random(7));
        return mixed.stream().mapToLong(Long::longValue).toArray();
    }

    private static LoadReport run(KnownDelays server, LoadPlan plan) throws IOException {
        LoadPlan patient = plan.withLimits(LONG, LONG).withLoops(1, LoadTransport.NIO);
        return LoadRun.run(LoadTarget.of(server.baseUrl(), "m"), patient, server.loop());
    }

    private static void near(double[] sorted, double of, LoadReport report, double latenessNanos) {
        double expected = sorted[(int) (of * sorted.length)];
        double told = report.quantile(Metric.TOTAL, of).nanos();
        String all = "p" + of * 100 + " " + told + " for " + expected + ", loop late by " + latenessNanos + "\n";
        assertTrue(told >= (1 - TWO_PERCENT) * expected, () -> all + report.table());
        assertTrue(told <= (1 + TWO_PERCENT) * expected + latenessNanos, () -> all + report.table());
    }

    /** For the way of a request and that of its answer. */
    private static double lateness(KnownDelays server, int firstRequest, double of) {
        return 2.0 * server.latenessNanos(firstRequest, of);
    }

    @Test
    @DisplayName("tells the percentiles of known delays within two percent, in an open loop")
    void openLoop() throws IOException {
        int warmUp = 200;
        int requests = 1000;
        double perSecond = 800;
        LoadPlan plan = LoadPlan.open(perSecond, LONG)
                .withConnections(250, 1, LoadPlan.DEFAULT_QUEUE, false)
                .withLength(Load.seconds(warmUp / perSecond), LONG, requests);
        try (KnownDelays server = new KnownDelays(delaysMillis(), warmUp + requests, -1, 0)) {
            LoadReport report = run(server, plan);
            assertEquals(requests, report.results().count(Outcome.OK), report.table());
            double[] expected = server.sortedNanosSinceDue(warmUp, report.startNanos(), 1e9 / perSecond);
            double late = lateness(server, warmUp, 0.5);
            near(expected, 0.5, report, late);
            near(expected, 0.95, report, late);
            near(expected, 0.99, report, late);
        }
    }

    @Test
    @DisplayName("tells the percentiles of known delays within two percent, in a closed loop")
    void closedLoop() throws IOException {
        int requests = 300;
        LoadPlan plan = LoadPlan.closed(80, LONG).withLength(Duration.ofMillis(200), LONG, requests);
        try (KnownDelays server = new KnownDelays(delaysMillis(), 100 * requests, -1, 0)) {
            LoadReport report = run(server, plan);
            assertEquals(requests, report.results().count(Outcome.OK), report.table());
            double[] expected = server.sortedServiceNanos(server.requests() - requests);
            double late = lateness(server, server.requests() - requests, 0.5);
            near(expected, 0.5, report, late);
            near(expected, 0.95, report, late);
        }
    }

    @Test
    @DisplayName("shows a stall of 500 ms to all requests that were due in it, in an open loop")
    void stallInAnOpenLoop() throws IOException {
        int requests = 1500;
        double gapNanos = 1e6;
        LoadPlan plan = LoadPlan.open(1e9 / gapNanos, LONG)
                .withLength(Duration.ZERO, LONG, requests)
                .withConnections(8, 1, LoadPlan.DEFAULT_QUEUE, false);
        try (KnownDelays server = new KnownDelays(new long[] {0}, requests, STALL_AT, STALL_MILLIS)) {
            LoadReport report = run(server, plan);
            assertEquals(requests, report.results().count(Outcome.OK), report.table());
            // The requests of the stall are answered in a short time at its end, when the loop has most to do.
            double late = lateness(server, 0, 0.99);
            double[] expected = server.sortedNanosSinceDue(0, report.startNanos(), gapNanos);
            // A third of all requests were due in it, so it is in these figures, not beside them.
            assertTrue(expected[(int) (0.9 * requests)] > 0.6 * STALL_NANOS, report::table);
            near(expected, 0.9, report, late);
            near(expected, 0.95, report, late);
            near(expected, 0.99, report, late);
            // Counted from when they were sent, the same requests hide it: eight alone were under way.
            double fromSent = report.quantile(Metric.SERVICE, 0.99).nanos();
            assertTrue(fromSent < STALL_NANOS / 2 + late, report::table);
        }
    }

    @Test
    @DisplayName("hides the same stall in a closed loop, as closed loops do")
    void stallInAClosedLoop() throws IOException {
        int requests = 2000;
        LoadPlan plan = LoadPlan.closed(8, LONG).withLength(Duration.ZERO, LONG, requests);
        try (KnownDelays server = new KnownDelays(new long[] {0}, requests, STALL_AT, STALL_MILLIS)) {
            LoadReport report = run(server, plan);
            assertEquals(requests, report.results().count(Outcome.OK), report.table());
            // The requests of the stall are answered in a short time at its end, when the loop has most to do.
            double late = lateness(server, 0, 0.99);
            double[] service = server.sortedServiceNanos(0);
            assertTrue(service[requests - 1] >= STALL_NANOS, "the server did not stall");
            assertTrue(report.results().histogram(Metric.TOTAL).getMaxValue() >= STALL_NANOS * (1 - TWO_PERCENT));
            assertTrue(report.quantile(Metric.TOTAL, 0.99).nanos() < STALL_NANOS / 2 + late, report::table);
        }
    }
}
