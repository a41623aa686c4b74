package dev.slipstream.loop;

/**
 * One deadline that is moved far more often than it passes (per request, per read). Moving it later, or clearing it,
 * costs a field write: the timer that is set already finds out when it fires.
 */
public final class Deadline implements LoopTimers.Timer {
    /** Whom the deadline wakes. */
    public interface Owner {
        /** {@code deadline} has passed; it is cleared. */
        void onDeadline(Deadline deadline, long nowNanos);
    }

    private final LoopTimers timers;
    private final Owner owner;
    private long deadlineNanos;
    private boolean set;
    private long timer;
    private long timerNanos;
    private boolean scheduled;

    public Deadline(LoopTimers timers, Owner owner) {
        this.timers = timers;
        this.owner = owner;
    }

    /** Sets or moves the deadline. */
    public void set(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        set = true;
        if (scheduled && deadlineNanos - timerNanos < 0) {
            timers.cancel(timer);
            scheduled = false;
        }
        if (!scheduled) {
            schedule();
        }
    }

    /** Sets the deadline {@code afterNanos} from {@code nowNanos}; clears it where {@code afterNanos} is 0 (off). */
    public void after(long nowNanos, long afterNanos) {
        if (afterNanos == 0) {
            clear();
        } else {
            set(nowNanos + afterNanos);
        }
    }

    /** Nothing is to be woken; the timer may still stand until it fires into nothing. */
    public void clear() {
        set = false;
    }

    public boolean isSet() {
        return set;
    }

    /** Gives the timer back; to be called when the owner ends. */
    public void close() {
        set = false;
        if (scheduled) {
            scheduled = false;
            timers.cancel(timer);
        }
    }

    @Override
    public void onTimer(long nowNanos) {
        scheduled = false;
        if (!set) {
            return;
        }
        if (deadlineNanos - nowNanos > 0) {
            schedule();
            return;
        }
        set = false;
        owner.onDeadline(this, nowNanos);
    }

    private void schedule() {
        scheduled = true;
        timerNanos = deadlineNanos;
        timer = timers.schedule(deadlineNanos, this);
    }
}
