package dev.slipstream.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class LoopTimersTest {
    private static final long TICK = LoopTimers.TICK_NANOS;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long nowNanos = 12_345_678_901L;
    private final LoopTimers timers = new LoopTimers(new EmbeddedChannel().eventLoop(), () -> nowNanos);

    /** Lets {@code nanos} pass, a tick at a time, as the loop would poll. */
    private void pass(long nanos) {
        long end = nowNanos + nanos;
        while (nowNanos < end) {
            nowNanos = Math.min(end, nowNanos + TICK);
            timers.poll();
        }
    }

    @Test
    void manyDeadlinesAreNeverEarlyAndAtMostTwoTicksLate() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        int[] fired = {0};
        List<String> wrong = new ArrayList<>();
        int expected = 0;
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < 40; i++) {
                // From the past to several turns of the wheel.
                long due = nowNanos + random.nextLong(-SECOND, 20 * SECOND);
                long from = Math.max(due, nowNanos);
                long id = timers.schedule(due, now -> {
                    fired[0]++;
                    if (now < due || now - from > 2 * TICK) {
                        wrong.add("due " + from + ", fired " + now + ": " + (now - from) + " late");
                    }
                });
                if (random.nextInt(4) == 0) {
                    timers.cancel(id);
                } else {
                    expected++;
                }
            }
            pass(random.nextLong(SECOND / 5));
        }
        pass(25 * SECOND);
        assertEquals(List.of(), wrong);
        assertEquals(expected, fired[0]);
        assertEquals(0, timers.size());
    }

    @Test
    void aClockThatRanFarAheadWhileNothingWasSetCostsNothing() {
        nowNanos += 1_000_000 * SECOND;
        List<Long> fired = new ArrayList<>();
        timers.schedule(nowNanos + SECOND, fired::add);
        pass(SECOND + 2 * TICK);
        assertEquals(1, fired.size());
    }

    @Test
    void aLoopThatStoodStillFiresAllThatIsDueAtOnce() {
        List<Long> fired = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            timers.schedule(nowNanos + i * SECOND, fired::add);
        }
        nowNanos += 100 * SECOND + 2 * TICK;
        timers.poll();
        assertEquals(100, fired.size());
    }

    /** A loop whose time passes in steps: what it does in one is done before the next is taken. */
    private final class SteppedLoop {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final LoopTimers polled;

        SteppedLoop() {
            channel.freezeTime();
            polled = new LoopTimers(channel.eventLoop(), () -> nowNanos);
        }

        void step(long nanos) {
            nowNanos += nanos;
            channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
            channel.runPendingTasks();
        }

        void pass(long nanos) {
            for (long end = nowNanos + nanos; nowNanos < end; ) {
                step(TICK);
            }
        }
    }

    @Test
    void aLoopThatStoodStillReadsFirstAndLetsOnlyTheSilentRunOut() {
        SteppedLoop loop = new SteppedLoop();
        List<String> late = new ArrayList<>();
        Deadline read = new Deadline(loop.polled, (which, now) -> late.add("read"));
        Deadline silent = new Deadline(loop.polled, (which, now) -> late.add("silent"));
        read.after(nowNanos, SECOND);
        silent.after(nowNanos, SECOND);
        loop.step(TICK);
        loop.step(10 * SECOND);
        assertEquals(List.of(), late);
        read.after(nowNanos, SECOND);
        loop.pass(LoopTimers.GRACE_NANOS + 2 * TICK);
        assertEquals(List.of("silent"), late);
        loop.pass(SECOND);
        assertEquals(List.of("silent", "read"), late);
    }

    @Test
    void aLoopThatIsAlwaysSlowStillTellsTheTime() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = new ArrayList<>();
        loop.polled.schedule(nowNanos + SECOND, fired::add);
        for (int i = 0; i < 4; i++) {
            loop.step(2 * LoopTimers.STALL_NANOS);
        }
        assertEquals(1, fired.size());
    }

    @Test
    void aCancelledOneNeverFiresAlsoNotFromWithinAnother() {
        List<String> fired = new ArrayList<>();
        long[] second = new long[1];
        timers.schedule(nowNanos + TICK, now -> {
            fired.add("first");
            timers.cancel(second[0]);
        });
        second[0] = timers.schedule(nowNanos + 100 * TICK, now -> fired.add("second"));
        timers.cancel(second[0] + 1_000_000);
        pass(SECOND);
        assertEquals(List.of("first"), fired);
        assertEquals(0, timers.size());
    }

    @Test
    void aTimerMayBeSetAnewFromWithin() {
        List<Long> fired = new ArrayList<>();
        long start = nowNanos;
        timers.schedule(nowNanos + SECOND, new LoopTimers.Timer() {
            @Override
            public void onTimer(long now) {
                fired.add(now - start);
                if (fired.size() < 5) {
                    timers.schedule(now + SECOND, this);
                }
            }
        });
        pass(10 * SECOND);
        assertEquals(5, fired.size());
        for (int i = 0; i < 5; i++) {
            assertTrue(fired.get(i) >= (i + 1) * SECOND && fired.get(i) <= (i + 1) * (SECOND + 2 * TICK));
        }
    }

    @Test
    void aHandlerThatThrowsDoesNotStopTheOthers() {
        List<Long> fired = new ArrayList<>();
        timers.schedule(nowNanos, now -> {
            throw new IllegalStateException("a bug");
        });
        timers.schedule(nowNanos + SECOND, fired::add);
        assertThrows(IllegalStateException.class, () -> pass(TICK));
        pass(2 * SECOND);
        assertEquals(1, fired.size());
        nowNanos += 1_000 * SECOND;
        timers.schedule(nowNanos + SECOND, fired::add);
        pass(2 * SECOND);
        assertEquals(2, fired.size());
    }

    @Test
    void theLoopPollsByItselfWhileAnythingIsSetAndAlsoBehindABug() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        LoopTimers polled = new LoopTimers(channel.eventLoop(), () -> nowNanos);
        for (int round = 0; round < 2; round++) {
            List<Long> fired = new ArrayList<>();
            polled.schedule(nowNanos + 3 * TICK, now -> {
                throw new IllegalStateException("a bug");
            });
            polled.schedule(nowNanos + SECOND, fired::add);
            for (long passed = 0; passed < 2 * SECOND; passed += TICK) {
                nowNanos += TICK;
                channel.advanceTimeBy(TICK, TimeUnit.NANOSECONDS);
                channel.runScheduledPendingTasks();
            }
            assertEquals(1, fired.size());
            assertEquals(-1, channel.runScheduledPendingTasks(), "the loop is woken for nothing");
        }
    }

    private final List<Long> woken = new ArrayList<>();
    private final Deadline deadline = new Deadline(timers, (which, now) -> woken.add(now));

    @Test
    void aDeadlineThatIsMovedLaterWakesAtItsNewTimeAlone() {
        long start = nowNanos;
        deadline.set(start + SECOND);
        pass(SECOND / 2);
        deadline.set(start + 3 * SECOND);
        assertEquals(1, timers.size());
        pass(2 * SECOND);
        assertEquals(List.of(), woken);
        pass(SECOND);
        assertEquals(1, woken.size());
        assertTrue(woken.get(0) >= start + 3 * SECOND && woken.get(0) <= start + 3 * SECOND + 3 * TICK);
        assertFalse(deadline.isSet());
    }

    @Test
    void aDeadlineThatIsMovedNearerWakesInTime() {
        long start = nowNanos;
        deadline.after(start, 600 * SECOND);
        deadline.after(start, SECOND);
        assertEquals(1, timers.size());
        pass(SECOND + 2 * TICK);
        assertEquals(1, woken.size());
    }

    @Test
    void aDeadlineThatIsClearedOrOffWakesNobody() {
        deadline.after(nowNanos, SECOND);
        deadline.clear();
        pass(2 * SECOND);
        deadline.after(nowNanos, SECOND);
        deadline.after(nowNanos, 0);
        assertFalse(deadline.isSet());
        pass(2 * SECOND);
        deadline.after(nowNanos, SECOND);
        deadline.close();
        assertEquals(0, timers.size());
        pass(2 * SECOND);
        assertEquals(List.of(), woken);
    }

    @Test
    void aDeadlineSetAgainBehindAClearUsesItsTimer() {
        for (int i = 0; i < 1000; i++) {
            deadline.after(nowNanos, SECOND);
            deadline.clear();
            nowNanos += 1000;
        }
        assertEquals(1, timers.size());
        deadline.after(nowNanos, SECOND);
        pass(SECOND + 3 * TICK);
        assertEquals(1, woken.size());
    }
}
