package dev.slipstream.bench.load;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a run does. Immutable; start from {@link #open} or {@link #closed}.
 *
 * @param pace when requests are due
 * @param scenario what they ask for
 * @param connections how many are kept open; cold: how many there may be at a time. 1 to 20,000
 * @param streams requests at a time on an HTTP/2 connection; the server may allow fewer. HTTP/1.1 has one
 * @param queue requests that were due and found no free connection; one more ends the run as an overrun
 * @param cold a new connection for each request, with a full TLS handshake
 * @param warmUp requests that are due in it are sent and not recorded
 * @param length of what is recorded, behind the warm-up
 * @param maxRequests recorded at most; 0: as many as are due in {@code length}
 * @param timeout from when a request is due to the end of its answer; at most {@link #MAX_TIMEOUT}
 * @param maxLateness no percentiles are told where the 99th percentile of {@link Metric#LATENESS} is beyond it
 * @param loops threads of the generator
 * @param transport of its sockets
 * @param seed of what is random in it
 */
public record LoadPlan(
        Pace pace,
        Scenario scenario,
        int connections,
        int streams,
        int queue,
        boolean cold,
        Duration warmUp,
        Duration length,
        long maxRequests,
        Duration timeout,
        Duration maxLateness,
        int loops,
        LoadTransport transport,
        long seed) {
    /** The histograms' range. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    /** A run of a day is no question for this. */
    static final Duration MAX_LENGTH = Duration.ofHours(24);

    /**
     * An otherwise free core wakes a thread in a fraction of this. A generator that comes later than this to one request in a
     * hundred was without processor time for longer than an answer over loopback takes, and the tail would be its own.
     */
    public static final Duration DEFAULT_MAX_LATENESS = Duration.ofMillis(1);

    public static final int DEFAULT_CONNECTIONS = 32;
    public static final int DEFAULT_STREAMS = 100;
    public static final int DEFAULT_QUEUE = 100_000;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Of a sum of fractions: a whole number of requests is not to be one less. */
    private static final double ROUNDING = 1e-6;

    private static final int MAX_CONNECTIONS = 20_000;
    private static final int MAX_STREAMS = 10_000;
    private static final int MAX_QUEUE = 10_000_000;
    private static final int MAX_LOOPS = 64;

    public LoadPlan {
        within(1, connections, MAX_CONNECTIONS, "connections");
        within(1, streams, MAX_STREAMS, "streams");
        within(0, queue, MAX_QUEUE, "queue");
        within(1, loops, MAX_LOOPS, "loops");
        if (connections < loops) {
            throw new IllegalArgumentException("each of the " + loops + " loops needs a connection");
        }
        if (pace instanceof Pace.Closed closed && closed.concurrency() < loops) {
            throw new IllegalArgumentException("each of the " + loops + " loops needs a request");
        }
        if (maxRequests < 0) {
            throw new IllegalArgumentException("requests must not be negative");
        }
        within(Duration.ZERO, warmUp, MAX_LENGTH, "the warm-up");
        within(Duration.ofMillis(1), length, MAX_LENGTH, "the length");
        within(Duration.ofMillis(1), timeout, MAX_TIMEOUT, "the timeout");
        within(Duration.ofNanos(1), maxLateness, MAX_TIMEOUT, "the lateness");
    }

    private static void within(int least, int value, int most, String name) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be within " + least + " to " + most + ", not " + value);
        }
    }

    private static void within(Duration least, Duration value, Duration most, String name) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be within " + least + " to " + most + ", not " + value);
        }
    }

    /** Open loop, chat, 32 connections, no warm-up, one loop. */
    public static LoadPlan open(double perSecond, Duration length) {
        return of(new Pace.Open(perSecond), DEFAULT_CONNECTIONS, length);
    }

    /** Closed loop, chat, a connection for each, no warm-up, one loop. */
    public static LoadPlan closed(int concurrency, Duration length) {
        return of(new Pace.Closed(concurrency), concurrency, length);
    }

    private static LoadPlan of(Pace pace, int connections, Duration length) {
        return new Draft(pace, connections, length).made();
    }

    public LoadPlan withScenario(Scenario scenario) {
        return with(draft -> draft.scenario = scenario);
    }

    /** Lets the rate of an open loop grow from nothing first; in the length and the warm-up, not before them. */
    public LoadPlan withRamp(Duration ramp) {
        if (pace instanceof Pace.Open open) {
            return with(draft -> draft.pace = new Pace.Open(open.perSecond(), ramp));
        }
        throw new IllegalArgumentException("a closed loop has no rate to grow");
    }

    /** @param cold a new connection for each request */
    public LoadPlan withConnections(int connections, int streams, int queue, boolean cold) {
        return with(draft -> {
            draft.connections = connections;
            draft.streams = streams;
            draft.queue = queue;
            draft.cold = cold;
        });
    }

    public LoadPlan withLength(Duration warmUp, Duration length, long maxRequests) {
        return with(draft -> {
            draft.warmUp = warmUp;
            draft.length = length;
            draft.maxRequests = maxRequests;
        });
    }

    public LoadPlan withLimits(Duration timeout, Duration maxLateness) {
        return with(draft -> {
            draft.timeout = timeout;
            draft.maxLateness = maxLateness;
        });
    }

    public LoadPlan withLoops(int loops, LoadTransport transport) {
        return with(draft -> {
            draft.loops = loops;
            draft.transport = transport;
        });
    }

    public LoadPlan withSeed(long seed) {
        return with(draft -> draft.seed = seed);
    }

    /** Requests of an open loop before those that are recorded. */
    long warmUpRequests(Pace.Open open) {
        return (long) (open.dueIn(warmUp.toNanos()) + ROUNDING);
    }

    /** Requests of an open loop that are recorded; at least one. */
    long recordedRequests(Pace.Open open) {
        double due = open.dueIn(warmUp.plus(length).toNanos()) - open.dueIn(warmUp.toNanos());
        long whole = Math.max(1, (long) (due + ROUNDING));
        return maxRequests == 0 ? whole : Math.min(whole, maxRequests);
    }

    private LoadPlan with(Consumer<Draft> change) {
        Draft draft = new Draft(pace, connections, length);
        draft.scenario = scenario;
        draft.streams = streams;
        draft.queue = queue;
        draft.cold = cold;
        draft.warmUp = warmUp;
        draft.maxRequests = maxRequests;
        draft.timeout = timeout;
        draft.maxLateness = maxLateness;
        draft.loops = loops;
        draft.transport = transport;
        draft.seed = seed;
        change.accept(draft);
        return draft.made();
    }

    /** The same, while it is being changed; its values are the defaults. */
    private static final class Draft {
        private Pace pace;
        private Scenario scenario = Scenario.CHAT;
        private int connections;
        private int streams = DEFAULT_STREAMS;
        private int queue = DEFAULT_QUEUE;
        private boolean cold;
        private Duration warmUp = Duration.ZERO;
        private Duration length;
        private long maxRequests;
        private Duration timeout = DEFAULT_TIMEOUT;
        private Duration maxLateness = DEFAULT_MAX_LATENESS;
        private int loops = 1;
        private LoadTransport transport = LoadTransport.AUTO;
        private long seed = 1;

        private Draft(Pace pace, int connections, Duration length) {
            this.pace = pace;
            this.connections = connections;
            this.length = length;
        }

        private LoadPlan made() {
            return new LoadPlan(
                    pace,
                    scenario,
                    connections,
                    streams,
                    queue,
                    cold,
                    warmUp,
                    length,
                    maxRequests,
                    timeout,
                    maxLateness,
                    loops,
                    transport,
                    seed);
        }
    }
}
