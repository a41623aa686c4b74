package dev.slipstream.accesslog;

import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangeLog;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * One loop's way to the writer: records travel there filled and come back empty. {@link #onEnd} is the loop's, {@link
 * #poll} and {@link #giveBack} are the writer's.
 */
final class LogLane implements ExchangeLog {
    /** Records of a lane, some 400 bytes each; made when they are first needed. A power of two. */
    static final int RECORDS = 2048;

    /** The writer comes by itself ten times a second, and is woken where this many have gathered. */
    private static final int WAKE_EVERY = RECORDS / 4;

    private final SpscVarHandleArrayQueue<AccessRecord> filled = new SpscVarHandleArrayQueue<>(RECORDS);
    private final SpscVarHandleArrayQueue<AccessRecord> empty = new SpscVarHandleArrayQueue<>(RECORDS);
    private final InstantSource wallClock;
    private final Runnable wake;
    /** Written by the loop alone. */
    private final AtomicLong dropped = new AtomicLong();

    // Of the loop.
    private int made;
    private int offered;

    LogLane(InstantSource wallClock, Runnable wake) {
        this.wallClock = wallClock;
        this.wake = wake;
    }

    @Override
    public void onEnd(Exchange exchange, CloseReason reason) {
        AccessRecord record = empty.poll();
        if (record == null) {
            if (made == RECORDS) {
                dropped.setOpaque(dropped.getPlain() + 1);
                return;
            }
            made++;
            record = new AccessRecord();
        }
        record.take(exchange, reason, wallClock.millis());
        // There is room: no more records were made than the queue holds.
        filled.offer(record);
        offered++;
        if ((offered & WAKE_EVERY - 1) == 0) {
            wake.run();
        }
    }

    /** Returns owned: the next record; null where there is none. */
    @Nullable
    AccessRecord poll() {
        return filled.poll();
    }

    /** Consumes {@code record}, which came from {@link #poll}. */
    void giveBack(AccessRecord record) {
        record.client = null;
        empty.offer(record);
    }

    /** Lines that were not written because no record was free. Any thread. */
    long dropped() {
        return dropped.getOpaque();
    }
}
