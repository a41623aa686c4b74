package dev.slipstream.bench.load;

/** When requests are due. */
public sealed interface Pace {
    /**
     * Open loop: one request each {@code 1/perSecond} seconds, whatever became of those before.
     *
     * @param perSecond more than 0
     */
    record Open(double perSecond) implements Pace {
        public Open {
            if (!(perSecond > 0 && perSecond <= MAX_PER_SECOND)) {
                throw new IllegalArgumentException(
                        "a rate must be more than 0 and at most " + MAX_PER_SECOND + ", not " + perSecond);
            }
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
