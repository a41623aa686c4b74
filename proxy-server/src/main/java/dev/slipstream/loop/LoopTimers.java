package dev.slipstream.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All deadlines of one loop, in one timer wheel. A deadline fires up to two ticks ({@value #TICK_NANOS} ns each) late
 * and never early.
 *
 * <p>The wheel is polled every tick while deadlines are being set. A loop that has set none for {@value #QUIET_POLLS}
 * polls looks once through the wheel and sleeps until its earliest deadline has passed, but no longer than {@value
 * #MAX_SLEEP_NANOS} ns and a tick; where that is less than {@value #MIN_SLEEP_NANOS} ns away it polls on. Behind each
 * sleep it polls and looks again. A deadline that passes before the planned wake, set meanwhile, ends the sleep; a later
 * one is found at the wake. An empty wheel has neither poll nor wake.
 *
 * <p>A loop that stood still (the process was stopped, the machine slept, a long collection) finds many deadlines passed
 * whose bytes have been waiting in its sockets all the while. It reads those first: a poll that comes more than {@value
 * #STALL_NANOS} ns late, out of a sleep by its planned wake, is put off by {@value #GRACE_NANOS} ns, once, so that also a
 * second step (a connection that becomes free and is used again) can still be made. What is silent behind that has run
 * out.
 *
 * <p>The poll is one repeated task of the event loop: a task for each poll would be the only garbage of a busy loop. A
 * sleep is one task; there is at most one change from polling to sleep in {@value #QUIET_POLLS} polls.
 */
public final class LoopTimers {
    /** What a deadline wakes. */
    public interface Timer {
        /** The deadline has passed. The timer is gone; it may be set anew. */
        void onTimer(long nowNanos);
    }

    static final long TICK_NANOS = 1L << 22;
    static final long STALL_NANOS = 500_000_000;
    static final long GRACE_NANOS = 100_000_000;
    /** How many polls in a row must have found no new deadline before the loop looks whether it can sleep. */
    static final int QUIET_POLLS = 32;
    /** A shorter sleep is not worth the look, which reads the whole wheel. */
    static final long MIN_SLEEP_NANOS = 8 * TICK_NANOS;

    static final long MAX_SLEEP_NANOS = 1_000_000_000;
    private static final int TICKS_PER_WHEEL = 1024;
    private static final int EXPIRIES_PER_POLL = 10_000;

    private final EventLoop eventLoop;
    private final NanoClock clock;
    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<Timer> timers = new Long2ObjectHashMap<>();
    private final DeadlineTimerWheel.TimerHandler onExpiry = this::onExpiry;
    private final DeadlineTimerWheel.TimerConsumer onLook = this::onLook;
    private final Runnable onPoll = this::onPoll;
    /** The repeated poll or, asleep, the one wake; null while the wheel is empty. */
    private @Nullable ScheduledFuture<?> polling;
    /** When the next poll should come; asleep, the planned wake. */
    private long dueNanos;

    private boolean asleep;
    /** Polls since a deadline was set, or since the last look that found one near. */
    private int quietPolls;
    /** What a look has found so far. */
    private long earliestNanos;

    private boolean putOff;
    private long graceEndNanos;
    private boolean inPoll;

    LoopTimers(EventLoop eventLoop, NanoClock clock) {
        this.eventLoop = eventLoop;
        this.clock = clock;
        this.wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, clock.nanoTime(), TICK_NANOS, TICKS_PER_WHEEL);
    }

    /** Sets a deadline; gives back what {@link #cancel(long)} takes. */
    public long schedule(long deadlineNanos, Timer timer) {
        assert eventLoop.inEventLoop();
        if (wheel.timerCount() == 0 && !inPoll) {
            // The wheel stood still while it was empty; without this it would walk every tick it missed.
            wheel.resetStartTime(clock.nanoTime());
        }
        long id = wheel.scheduleTimer(deadlineNanos);
        timers.put(id, timer);
        if (!inPoll && !asleep) {
            // What is set from within a poll, or in a sleep, is seen by the look behind the poll.
            quietPolls = 0;
        }
        if (polling == null) {
            beginPolling();
        } else if (asleep && deadlineNanos - dueNanos < -TICK_NANOS) {
            wakeUp();
        }
        return id;
    }

    public void cancel(long id) {
        assert eventLoop.inEventLoop();
        if (timers.remove(id) != null) {
            wheel.cancelTimer(id);
        }
    }

    /** How many deadlines are set. */
    public int size() {
        return timers.size();
    }

    /** Fires what is due; called by the loop, and by tests that move their clock. */
    public void poll() {
        long now = clock.nanoTime();
        inPoll = true;
        try {
            // One poll handles one tick of the wheel.
            while (!timers.isEmpty()) {
                int expired = wheel.poll(now, onExpiry, EXPIRIES_PER_POLL);
                if (expired < EXPIRIES_PER_POLL && wheel.currentTickTime() - now > 0) {
                    break;
                }
            }
        } finally {
            inPoll = false;
        }
    }

    private void onPoll() {
        long now = clock.nanoTime();
        boolean late = now - dueNanos > STALL_NANOS;
        dueNanos = now + TICK_NANOS;
        boolean repeated = !asleep;
        asleep = false;
        if (late && !putOff) {
            putOff = true;
            graceEndNanos = now + GRACE_NANOS;
        }
        if (putOff && graceEndNanos - now > 0) {
            if (!repeated) {
                beginPolling();
            }
            return;
        }
        putOff = false;
        quietPolls++;
        boolean whole = false;
        try {
            poll();
            whole = true;
        } finally {
            if (timers.isEmpty()) {
                endPolling();
            } else if (!fallAsleep() && !(whole && repeated)) {
                // A repeated task that threw is not run again, and the loop's other deadlines are not to die of a bug.
                beginPolling();
            }
        }
    }

    private void beginPolling() {
        dueNanos = clock.nanoTime() + TICK_NANOS;
        polling = eventLoop.isShuttingDown()
                ? null
                : eventLoop.scheduleWithFixedDelay(onPoll, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Ends the polling for a wake, if the loop is quiet and its earliest deadline is far. */
    private boolean fallAsleep() {
        if (quietPolls < QUIET_POLLS || eventLoop.isShuttingDown()) {
            return false;
        }
        // Not the time of the poll: its timers may have taken long.
        long now = clock.nanoTime();
        earliestNanos = now + MAX_SLEEP_NANOS;
        wheel.forEach(onLook);
        if (earliestNanos - now < MIN_SLEEP_NANOS) {
            quietPolls = 0;
            return false;
        }
        endPolling();
        asleep = true;
        // The wheel fires a deadline when its tick is over; that is so one tick behind the deadline.
        dueNanos = earliestNanos + TICK_NANOS;
        polling = eventLoop.schedule(onPoll, dueNanos - now, TimeUnit.NANOSECONDS);
        return true;
    }

    private void onLook(long deadlineNanos, long id) {
        if (deadlineNanos < earliestNanos) { // as the wheel compares
            earliestNanos = deadlineNanos;
        }
    }

    /** A wake that is due is left to come: only it can tell that the loop stood still. */
    private void wakeUp() {
        if (dueNanos - clock.nanoTime() > TICK_NANOS) {
            endPolling();
            asleep = false;
            quietPolls = 0;
            beginPolling();
        }
    }

    private void endPolling() {
        ScheduledFuture<?> here = polling;
        polling = null;
        if (here != null) {
            here.cancel(false);
        }
    }

    private boolean onExpiry(TimeUnit unit, long nowNanos, long id) {
        Timer timer = timers.remove(id);
        if (timer != null) {
            timer.onTimer(nowNanos);
        }
        return true;
    }
}
