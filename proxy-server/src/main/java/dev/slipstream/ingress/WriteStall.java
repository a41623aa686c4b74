package dev.slipstream.ingress;

import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;

/**
 * Watches that what is queued for a client goes on leaving: {@code timeouts.client_write} without one byte gone is a
 * stall. Confined to the loop.
 */
final class WriteStall implements Deadline.Owner {
    /** Whose bytes are watched. */
    interface Watched {
        /** What is queued and has not left. */
        long unwrittenBytes();

        /** Nothing left in {@code timeouts.client_write}; the watch is over. */
        void onWriteStall();
    }

    private final Loop loop;
    private final CurrentConfig current;
    private final Watched watched;
    private final Deadline deadline;
    private long stalledBytes;

    WriteStall(Loop loop, CurrentConfig current, Watched watched) {
        this.loop = loop;
        this.current = current;
        this.watched = watched;
        this.deadline = new Deadline(loop.timers(), this);
    }

    /** Begins to watch, unless it does already. */
    void watch() {
        if (!deadline.isSet()) {
            watch(loop.nanoTime());
        }
    }

    private void watch(long nowNanos) {
        stalledBytes = watched.unwrittenBytes();
        deadline.after(nowNanos, current.snapshot().config().timeouts().clientWriteNanos());
    }

    /** Ends the watch. */
    void clear() {
        deadline.clear();
    }

    /** Ends the watch for good. */
    void close() {
        deadline.close();
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        long left = watched.unwrittenBytes();
        if (left == 0) {
            return;
        }
        if (left < stalledBytes) {
            // It takes some, if slowly.
            watch(nowNanos);
        } else {
            watched.onWriteStall();
        }
    }
}
