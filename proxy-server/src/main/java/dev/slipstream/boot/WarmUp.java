package dev.slipstream.boot;

import dev.slipstream.loop.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JIT see the way of a request before the first client needs it, by requests of our own through engines of our
 * own: over sockets of loopback ({@link WarmUpSockets}) on each way that the providers are spoken to ({@link WarmUpWay}),
 * without sockets ({@link WarmUpEngine}), and over sockets once more. The second time is the one that counts: closing the
 * first ones, and the engine's channels, are things that code compiled until then had never seen, and end it.
 *
 * <p>It pauses for {@value #PAUSE_MILLIS} ms behind every {@value #BURST}: while much waits to be compiled, the JIT asks
 * for more calls before it compiles a method, and what was called too little by the end of the warm-up would be compiled
 * beside the first real requests.
 *
 * <p>It begins {@value #QUIET_MILLIS} ms after the start, if no real request has come until then: whoever comes at once
 * would only wait for it. It ends behind its last request, after {@value #MAX_SECONDS} s, or when the first real one comes.
 * Nothing of it is counted, logged or sent to a provider.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int FIRST_REQUESTS = 500;
    private static final int ENGINE_REQUESTS = 6000;
    private static final int SECOND_REQUESTS = 6000;
    private static final int BURST = 100;
    private static final long PAUSE_MILLIS = 20;
    private static final int REQUESTS_PER_CLIENT = 50;
    private static final long QUIET_MILLIS = 200;
    private static final long LOOK_MILLIS = 5;
    private static final long MAX_SECONDS = 10;
    private static final long JOIN_SECONDS = 12;

    private final Transport transport;
    private final List<WarmUpWay> ways;
    private final BooleanSupplier busy;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int requests;
    private @Nullable Thread thread;

    /**
     * @param transport what real sockets are of
     * @param ways how the providers are spoken to
     * @param busy whether a real request has come; asked before each of ours
     */
    WarmUp(Transport transport, List<WarmUpWay> ways, BooleanSupplier busy) {
        this.transport = transport;
        this.ways = List.copyOf(ways);
        this.busy = busy;
    }

    /** Begins; does not wait. */
    void start() {
        Thread worker = new Thread(this::run, "slipstream-warm-up");
        worker.setDaemon(true);
        thread = worker;
        worker.start();
    }

    private void run() {
        long start = System.nanoTime();
        try {
            if (quiet()) {
                overSockets(FIRST_REQUESTS, start);
                throughEngine(start);
                overSockets(SECOND_REQUESTS, start);
            }
        } catch (RuntimeException | Error e) {
            // It is a help and no more: what serves is not touched by it.
            LOG.warn("the warm-up failed; requests are served without it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.debug(
                "warmed up by {} requests in {} ms",
                requests,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** Waits; gives back whether nobody came meanwhile. */
    private boolean quiet() throws InterruptedException {
        for (long waited = 0; waited < QUIET_MILLIS; waited += LOOK_MILLIS) {
            if (busy.getAsBoolean() || stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayGoOn(long startNanos) {
        return stopped.getCount() > 0
                && System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(MAX_SECONDS)
                && !busy.getAsBoolean();
    }

    /** On each way its share of {@code count}. */
    private void overSockets(int count, long startNanos) throws InterruptedException {
        for (WarmUpWay way : ways) {
            if (mayGoOn(startNanos)) {
                overSockets(way, count / ways.size(), startNanos);
            }
        }
    }

    private void overSockets(WarmUpWay way, int count, long startNanos) throws InterruptedException {
        try (WarmUpSockets sockets = new WarmUpSockets(transport, way)) {
            for (int i = 1; i <= count && mayGoOn(startNanos); i++) {
                sockets.request();
                onAnswer();
                if (i % REQUESTS_PER_CLIENT == 0) {
                    sockets.leave();
                }
            }
        } catch (IOException e) {
            // No descriptor, or no loopback: there is much to be seen without sockets too.
            LOG.debug("the warm-up has no sockets for {}: {}", way, e.toString());
        }
    }

    private void throughEngine(long startNanos) throws InterruptedException {
        try (WarmUpEngine engine = new WarmUpEngine()) {
            for (int i = 0; i < ENGINE_REQUESTS && mayGoOn(startNanos); i++) {
                engine.request(i);
                onAnswer();
            }
        }
    }

    /** The warm-up's thread alone writes it. */
    private void onAnswer() throws InterruptedException {
        int answered = requests + 1;
        requests = answered;
        if (answered % BURST == 0) {
            stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** How many requests of our own have been answered. */
    int requests() {
        return requests;
    }

    /** Stops, and waits until it has. */
    @Override
    public void close() {
        stopped.countDown();
        awaitEnd();
    }

    /** Waits until it has ended by itself; no longer than {@value #JOIN_SECONDS} s. */
    void awaitEnd() {
        Thread worker = thread;
        if (worker == null) {
            return;
        }
        try {
            worker.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
