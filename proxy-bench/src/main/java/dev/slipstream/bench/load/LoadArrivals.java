package dev.slipstream.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * When the requests of one worker are due, in nanoseconds from the run's start. A request is known by a ticket: in an open loop
 * its number, from which all follows; in a closed loop the time at which it became due. Confined to its loop.
 */
final class LoadArrivals {
    /** Null: a closed loop. */
    private final Pace.@Nullable Open open;

    private final int step;
    /** Open: numbers below are warm-up. */
    private final long warmUpRequests;
    /** Open: the first number there is not. */
    private final long endNumber;
    /** Closed: due before it is warm-up. */
    private final long warmUpNanos;
    /** Closed: nothing is due from here on. */
    private final long endNanos;
    /** Closed: how many are recorded; 0: any number. */
    private final long maxRecorded;

    private long number;
    private long recorded;

    /** @param worker from 0; the numbers of all workers are all numbers */
    LoadArrivals(LoadPlan plan, int worker) {
        this.step = plan.loops();
        this.number = worker;
        this.warmUpNanos = plan.warmUp().toNanos();
        this.endNanos = warmUpNanos + plan.length().toNanos();
        if (plan.pace() instanceof Pace.Open pace) {
            this.open = pace;
            this.warmUpRequests = plan.warmUpRequests(pace);
            this.endNumber = warmUpRequests + plan.recordedRequests(pace);
            this.maxRecorded = 0;
        } else {
            this.open = null;
            this.warmUpRequests = 0;
            this.endNumber = 0;
            long each = plan.maxRequests() / step + (worker < plan.maxRequests() % step ? 1 : 0);
            // With fewer requests than loops some loops have none; one is nearer to that than any number.
            this.maxRecorded = plan.maxRequests() == 0 ? 0 : Math.max(1, each);
        }
    }

    /** Whether there is another one, now or later. */
    boolean hasNext(long nowNanos) {
        return open != null ? number < endNumber : nowNanos < endNanos && (maxRecorded == 0 || recorded < maxRecorded);
    }

    /** When the next one is due; closed: now. */
    long nextNanos(long nowNanos) {
        return open != null ? open.nanos(number) : nowNanos;
    }

    /** Takes the next one; only where there is one. Closed: it is due now. */
    long take(long nowNanos) {
        long ticket = open != null ? number : nowNanos;
        number += step;
        if (isMeasured(ticket)) {
            recorded++;
        }
        return ticket;
    }

    long dueNanos(long ticket) {
        return open != null ? open.nanos(ticket) : ticket;
    }

    boolean isMeasured(long ticket) {
        return open != null ? ticket >= warmUpRequests : ticket >= warmUpNanos;
    }

    /** What decides of its kind: its number, or, in a closed loop, that of the one taken last. */
    long number(long ticket) {
        return open != null ? ticket : number;
    }
}
