package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The arrivals of an open loop")
class LoadArrivalsTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static void near(long expected, long nanos) {
        assertTrue(Math.abs(expected - nanos) <= 10, nanos + " for " + expected);
    }

    @Test
    @DisplayName("are evenly spaced without a ramp")
    void even() {
        Pace.Open pace = new Pace.Open(100);
        assertEquals(0, pace.nanos(0));
        assertEquals(nanos(2.5), pace.nanos(250));
        assertEquals(250, pace.dueIn(nanos(2.5)), 1e-6);
        LoadPlan plan = LoadPlan.open(500, Duration.ofMillis(100))
                .withLength(Duration.ofMillis(200), Duration.ofMillis(100), 0);
        assertEquals(100, plan.warmUpRequests(new Pace.Open(500)));
        assertEquals(50, plan.recordedRequests(new Pace.Open(500)));
    }

    @Test
    @DisplayName("come closer and closer on a ramp, and at the full rate behind it")
    void ramp() {
        Pace.Open pace = new Pace.Open(100, Duration.ofSeconds(4));
        // Half of 4 s × 100/s are due on the ramp, a quarter of these in its first half.
        assertEquals(200, pace.dueIn(nanos(4)), 1e-6);
        assertEquals(50, pace.dueIn(nanos(2)), 1e-6);
        near(nanos(2), pace.nanos(50));
        near(nanos(4), pace.nanos(200));
        near(nanos(5), pace.nanos(300));
        assertEquals(300, pace.dueIn(nanos(5)), 1e-6);
        long before = -1;
        long gap = Long.MAX_VALUE / 2;
        for (int number = 0; number < 400; number++) {
            long at = pace.nanos(number);
            assertTrue(at > before, "request " + number);
            if (number > 1) {
                assertTrue(at - before <= gap + 10, "request " + number);
                gap = at - before;
            }
            before = at;
        }
        near(nanos(0.01), gap);
    }

    @Test
    @DisplayName("are as many as the ramp lets come, in the length of the plan, on any number of loops")
    void count() {
        LoadPlan plan =
                LoadPlan.open(100, TEN_SECONDS).withRamp(Duration.ofSeconds(4)).withLoops(3, LoadTransport.NIO);
        int all = 0;
        for (int worker = 0; worker < 3; worker++) {
            LoadArrivals arrivals = new LoadArrivals(plan, worker);
            while (arrivals.hasNext(0)) {
                long due = arrivals.nextNanos(0);
                assertTrue(due < nanos(10));
                assertEquals(due, arrivals.dueNanos(arrivals.take(0)));
                all++;
            }
        }
        assertEquals(800, all);
    }

    @Test
    @DisplayName("are warm-up, or recorded, by when they are due on the ramp")
    void warmUp() {
        LoadPlan plan = LoadPlan.open(100, TEN_SECONDS)
                .withLength(Duration.ofSeconds(2), TEN_SECONDS, 0)
                .withRamp(Duration.ofSeconds(4));
        LoadArrivals arrivals = new LoadArrivals(plan, 0);
        int recorded = 0;
        while (arrivals.hasNext(0)) {
            long ticket = arrivals.take(0);
            assertEquals(arrivals.dueNanos(ticket) >= nanos(2) - 10, arrivals.isMeasured(ticket));
            recorded += arrivals.isMeasured(ticket) ? 1 : 0;
        }
        assertEquals(950, recorded);
        assertFalse(arrivals.hasNext(0));
    }

    @Test
    @DisplayName("of a closed loop have no ramp")
    void closed() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LoadPlan.closed(2, TEN_SECONDS).withRamp(TEN_SECONDS));
        assertThrows(IllegalArgumentException.class, () -> new Pace.Open(1, Duration.ofDays(2)));
    }
}
