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
        SplittableRandom random = seeded();
        int[] fired = {0};
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
        /** Steps in which the loop was woken by its timers. */
        private int wakes;

        SteppedLoop() {
            channel.freezeTime();
            polled = new LoopTimers(channel.eventLoop(), () -> nowNanos);
        }

        /** How long until the timers wake the loop; -1: never. */
        long untilWake() {
            return channel.runScheduledPendingTasks();
        }

        void step(long nanos) {
            long untilWake = untilWake();
            if (untilWake >= 0 && untilWake <= nanos) {
                wakes++;
            }
            nowNanos += nanos;
            channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
            channel.runPendingTasks();
        }

        void pass(long nanos) {
            for (long end = nowNanos + nanos; nowNanos < end; ) {
                step(TICK);
            }
        }

        /** Lets the loop be quiet until it sleeps. */
        void fallAsleep() {
            for (int i = 0; untilWake() <= TICK; i++) {
                assertTrue(i <= LoopTimers.QUIET_POLLS, "the loop does not sleep");
                step(TICK);
            }
            wakes = 0;
        }

        /** Sets a deadline whose time of firing is held against it; gives back what cancels it. */
        long set(long dueNanos, List<Long> fired) {
            long fromNanos = Math.max(dueNanos, nowNanos);
            return polled.schedule(dueNanos, now -> {
                fired.add(dueNanos);
                if (now < dueNanos || now - fromNanos > 2 * TICK) {
                    wrong.add("due " + fromNanos + ", fired " + (now - fromNanos) + " late");
                }
            });
        }
    }

    /** What fired early or late. */
    private final List<String> wrong = new ArrayList<>();

    private static List<Long> fired() {
        return new ArrayList<>();
    }

    private static SplittableRandom seeded() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new SplittableRandom(seed);
    }

    @Test
    void aQuietLoopSleepsAndFiresInTime() {
        SplittableRandom random = seeded();
        for (int round = 0; round < 50; round++) {
            SteppedLoop loop = new SteppedLoop();
            long due = nowNanos + 10 * SECOND + random.nextLong(2 * SECOND);
            List<Long> fired = fired();
            loop.set(due, fired);
            loop.fallAsleep();
            for (int second = 0; second < 9; second++) {
                loop.pass(SECOND);
                assertTrue(loop.wakes <= 2 * (second + 1), loop.wakes + " wakes in " + (second + 1) + " s");
            }
            loop.pass(3 * SECOND + 3 * TICK);
            assertEquals(List.of(due), fired);
            assertEquals(List.of(), wrong);
            assertEquals(-1, loop.untilWake(), "the loop is woken for nothing");
        }
    }

    @Test
    void aDeadlineSetInASleepFiresInTimeWhereverItLies() {
        SplittableRandom random = seeded();
        for (int ticks = -2; ticks < 520; ticks++) {
            SteppedLoop loop = new SteppedLoop();
            long far = nowNanos + 3 * SECOND;
            List<Long> fired = fired();
            loop.set(far, fired);
            loop.fallAsleep();
            long due = nowNanos + ticks * TICK + random.nextLong(TICK);
            loop.set(due, fired);
            loop.pass(Math.max(0, due - nowNanos) + 3 * TICK);
            assertEquals(List.of(due), fired);
            loop.pass(far - nowNanos + 3 * TICK);
            assertEquals(List.of(due, far), fired);
            assertEquals(List.of(), wrong);
            assertEquals(-1, loop.untilWake(), "the loop is woken for nothing");
        }
    }

    @Test
    void aFarDeadlineSetInASleepDoesNotEndIt() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = fired();
        loop.set(nowNanos + 600 * SECOND, fired);
        loop.fallAsleep();
        long due = nowNanos + 5 * SECOND;
        loop.set(due, fired);
        loop.pass(4 * SECOND);
        assertTrue(loop.wakes <= 8, loop.wakes + " wakes");
        loop.pass(SECOND + 3 * TICK);
        assertEquals(List.of(due), fired);
        assertEquals(List.of(), wrong);
    }

    @Test
    void cancellingTheEarliestInASleepLeavesTheOthersRight() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = fired();
        long start = nowNanos;
        long earliest = loop.set(start + SECOND / 2, fired);
        loop.set(start + 2 * SECOND, fired);
        long last = loop.set(start + 4 * SECOND, fired);
        loop.fallAsleep();
        loop.polled.cancel(earliest);
        loop.pass(3 * SECOND);
        assertEquals(List.of(start + 2 * SECOND), fired);
        assertEquals(List.of(), wrong);
        assertTrue(loop.wakes <= 6, loop.wakes + " wakes");
        loop.polled.cancel(last);
        loop.pass(SECOND + 2 * TICK);
        assertEquals(-1, loop.untilWake(), "the loop is woken for nothing");
    }

    @Test
    void aLoopThatStoodStillInItsSleepReadsFirst() {
        for (boolean setsOnePassed : new boolean[] {false, true}) {
            SteppedLoop loop = new SteppedLoop();
            List<String> late = new ArrayList<>();
            Deadline read = new Deadline(loop.polled, (which, now) -> late.add("read"));
            Deadline silent = new Deadline(loop.polled, (which, now) -> late.add("silent"));
            read.after(nowNanos, SECOND);
            silent.after(nowNanos, SECOND);
            loop.fallAsleep();
            if (setsOnePassed) {
                // As the bytes that are read before the wake is run.
                nowNanos += 10 * SECOND;
                loop.channel.advanceTimeBy(10 * SECOND, TimeUnit.NANOSECONDS);
                loop.polled.schedule(nowNanos - 10 * SECOND, now -> {});
                loop.step(0);
            } else {
                loop.step(10 * SECOND);
            }
            assertEquals(List.of(), late);
            loop.step(LoopTimers.GRACE_NANOS / 2);
            assertEquals(List.of(), late);
            read.after(nowNanos, SECOND);
            loop.pass(LoopTimers.GRACE_NANOS / 2 + 2 * TICK);
            assertEquals(List.of("silent"), late);
            loop.pass(SECOND);
            assertEquals(List.of("silent", "read"), late);
        }
    }

    @Test
    void aWakeThatIsALittleLateIsNotPutOff() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = new ArrayList<>();
        loop.polled.schedule(nowNanos + SECOND / 2, fired::add);
        loop.fallAsleep();
        loop.step(loop.untilWake() + LoopTimers.STALL_NANOS);
        assertEquals(1, fired.size());
    }

    @Test
    void aBusyLoopDoesNotSleep() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = fired();
        int ticks = 100 * LoopTimers.QUIET_POLLS;
        for (int tick = 0; tick < ticks; tick++) {
            if (tick % (LoopTimers.QUIET_POLLS / 2) == 0) {
                loop.set(nowNanos + 600 * SECOND, fired);
            }
            loop.step(TICK);
        }
        assertEquals(ticks, loop.wakes);
    }

    @Test
    void aLoopWhoseNextDeadlineIsAlwaysNearDoesNotSleep() {
        SteppedLoop loop = new SteppedLoop();
        loop.polled.schedule(nowNanos, new LoopTimers.Timer() {
            @Override
            public void onTimer(long now) {
                loop.polled.schedule(now + LoopTimers.MIN_SLEEP_NANOS / 2, this);
            }
        });
        int ticks = 10 * LoopTimers.QUIET_POLLS;
        loop.pass(ticks * TICK);
        assertEquals(ticks, loop.wakes);
    }

    @Test
    void aLoopThatIsKeptFromItsSleepPollsForAWhileBeforeTheNext() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = fired();
        long far = loop.set(nowNanos + 600 * SECOND, fired);
        for (int round = 1; round <= 20; round++) {
            loop.fallAsleep();
            // Far enough for another sleep.
            loop.set(nowNanos + LoopTimers.MIN_SLEEP_NANOS + 10 * TICK, fired);
            for (int poll = 0; poll < LoopTimers.QUIET_POLLS; poll++) {
                assertTrue(loop.untilWake() <= TICK, "asleep behind " + poll + " polls");
                loop.step(TICK);
            }
            assertEquals(round, fired.size());
        }
        assertEquals(List.of(), wrong);
        loop.polled.cancel(far);
        loop.pass(SECOND + 2 * TICK);
        assertEquals(-1, loop.untilWake(), "one more task polls");
    }

    @Test
    void aHandlerThatThrowsOutOfASleepDoesNotStopTheOthers() {
        SteppedLoop loop = new SteppedLoop();
        List<Long> fired = fired();
        long start = nowNanos;
        int[] thrown = {0};
        loop.polled.schedule(start + SECOND, now -> {
            thrown[0]++;
            throw new IllegalStateException("a bug");
        });
        loop.set(start + SECOND + 2 * TICK, fired);
        loop.set(start + 5 * SECOND, fired);
        loop.fallAsleep();
        loop.pass(SECOND + 5 * TICK);
        assertEquals(1, thrown[0]);
        assertEquals(List.of(start + SECOND + 2 * TICK), fired);
        loop.pass(4 * SECOND + 3 * TICK);
        assertEquals(2, fired.size());
        assertEquals(List.of(), wrong);
        assertEquals(-1, loop.untilWake(), "the loop is woken for nothing");
    }

    /** What {@link #anythingAtAnyTimeFiresAsAListOfDeadlinesWould} expects of one deadline. */
    private static final class Expected {
        private final long dueNanos;
        private final long fromNanos;
        private long id;
        private long firedNanos;

        Expected(long dueNanos, long fromNanos) {
            this.dueNanos = dueNanos;
            this.fromNanos = fromNanos;
        }
    }

    @Test
    void anythingAtAnyTimeFiresAsAListOfDeadlinesWould() {
        SplittableRandom random = seeded();
        SteppedLoop loop = new SteppedLoop();
        List<Expected> set = new ArrayList<>();
        long[] steps = {TICK / 3, TICK, TICK, 5 * TICK / 2, LoopTimers.STALL_NANOS / 3};
        long[] reaches = {4 * TICK, 40 * TICK, SECOND, 10 * SECOND, 60 * SECOND};
        int sleeps = 0;
        for (int round = 0; round < 3000; round++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                if (random.nextInt(3) == 0 && !set.isEmpty()) {
                    loop.polled.cancel(set.remove(random.nextInt(set.size())).id);
                    continue;
                }
                long due = nowNanos + random.nextLong(-TICK, reaches[random.nextInt(reaches.length)]);
                Expected each = new Expected(due, Math.max(due, nowNanos));
                each.id = loop.polled.schedule(due, now -> each.firedNanos = now);
                set.add(each);
            }
            long step = steps[random.nextInt(steps.length)];
            for (int i = random.nextInt(80); i > 0; i--) {
                loop.step(step);
                for (Expected each : set) {
                    boolean fired = each.firedNanos != 0;
                    assertFalse(fired && each.dueNanos - nowNanos > 0, "early");
                    assertTrue(fired || nowNanos - each.fromNanos <= 2 * TICK + step, "late");
                }
                set.removeIf(each -> each.firedNanos != 0);
                assertEquals(set.size(), loop.polled.size());
                sleeps += loop.untilWake() > 2 * TICK ? 1 : 0;
            }
        }
        assertTrue(sleeps > 1000, "asleep behind " + sleeps + " steps");
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
