package dev.slipstream.bench.load;

import java.time.Duration;

/** When requests are due. */
public sealed interface Pace {
    /**
     * Open loop: one request each {@code 1/perSecond} seconds, whatever became of those before.
     *
     * @param perSecond more than 0
     * @param ramp from the start on, in which the rate grows evenly from nothing to {@code perSecond}; at most a day
     */
    record Open(double perSecond, Duration ramp) implements Pace {
        private static final double NANOS_PER_SECOND = 1e9;

        public Open {
            if (!(perSecond > 0 && perSecond <= MAX_PER_SECOND)) {
                throw new IllegalArgumentException(
                        "a rate must be more than 0 and at most " + MAX_PER_SECOND + ", not " + perSecond);
            }
            if (ramp.isNegative() || ramp.compareTo(LoadPlan.MAX_LENGTH) > 0) {
                throw new IllegalArgumentException(
                        "a ramp must be within 0 to " + LoadPlan.MAX_LENGTH + ", not " + ramp);
            }
        }

        /** Without a ramp. */
        public Open(double perSecond) {
            this(perSecond, Duration.ZERO);
        }

        /** How many requests are due in the first {@code nanos}; a fraction of the next is told too. */
        double dueIn(long nanos) {
            double rampNanos = ramp.toNanos();
            double perNano = perSecond / NANOS_PER_SECOND;
            return nanos < rampNanos ? perNano * nanos / rampNanos * nanos / 2 : perNano * (nanos - rampNanos / 2);
        }

        /** When a request is due, in nanoseconds from the start; they are numbered from 0. */
        long nanos(long number) {
            double rampNanos = ramp.toNanos();
            double nanosPerRequest = NANOS_PER_SECOND / perSecond;
            double inRamp = rampNanos / nanosPerRequest / 2;
            return (long)
                    (number < inRamp
                            ? Math.sqrt(2 * number * nanosPerRequest * rampNanos)
                            : number * NANOS_PER_SECOND / perSecond + rampNanos / 2);
        }
    }

    /**
     * Closed loop: as many requests are always under way, and the next is due when one is done. A server that stalls
     * gets fewer requests, and its stall hardly shows.
     *
     * @param concurrency at least 1
     */
    record Closed(int concurrency) implements Pace {
        public Closed {
            if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
                throw new IllegalArgumentException(
                        "a concurrency must be within 1 to " + MAX_CONCURRENCY + ", not " + concurrency);
            }
        }
    }

    /** Beyond it, what a request costs in this JVM leaves no processor time. */
    double MAX_PER_SECOND = 1_000_000;

    int MAX_CONCURRENCY = 100_000;
}
