package dev.slipstream.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All deadlines of one loop, in one timer wheel that is polled while it holds any. A deadline fires up to two ticks
 * ({@value #TICK_NANOS} ns each) late and never early.
 *
 * <p>A loop that stood still (the process was stopped, the machine slept, a long collection) finds many deadlines passed
 * whose bytes have been waiting in its sockets all the while. It reads those first: a poll that comes more than {@value
 * #STALL_NANOS} ns late is put off by {@value #GRACE_NANOS} ns, once, so that also a second step (a
 * connection that becomes free and is used again) can still be made. What is silent behind that has run out.
 *
 * <p>The poll is one repeated task of the event loop: a task for each poll would be the only garbage of a busy loop.
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
    private static final int TICKS_PER_WHEEL = 1024;
    private static final int EXPIRIES_PER_POLL = 10_000;

    private final EventLoop eventLoop;
    private final NanoClock clock;
    private final DeadlineTimerWheel wheel;
    private final Long2ObjectHashMap<Timer> timers = new Long2ObjectHashMap<>();
    private final DeadlineTimerWheel.TimerHandler onExpiry = this::onExpiry;
    private final Runnable onPoll = this::onPoll;
    /** The repeated poll; null while the wheel is empty. */
    private @Nullable ScheduledFuture<?> polling;
    /** When the next poll should come. */
    private long dueNanos;

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
        if (polling == null) {
            beginPolling();
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
        if (late && !putOff) {
            putOff = true;
            graceEndNanos = now + GRACE_NANOS;
            return;
        }
        if (putOff && graceEndNanos - now > 0) {
            return;
        }
        putOff = false;
        boolean whole = false;
        try {
            poll();
            whole = true;
        } finally {
            if (timers.isEmpty()) {
                endPolling();
            } else if (!whole) {
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
