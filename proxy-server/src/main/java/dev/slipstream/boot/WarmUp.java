package dev.slipstream.boot;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JIT see the way of a request before the first client needs it: requests of our own through an engine of our
 * own, without sockets, without a provider, on a thread that ends after {@value #MAX_REQUESTS} of them, after {@value
 * #MAX_SECONDS} s, or when the first real request comes. Nothing of it is counted, logged or sent anywhere.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int MAX_REQUESTS = 20_000;
    private static final long MAX_SECONDS = 5;
    private static final long JOIN_SECONDS = 5;

    private final BooleanSupplier busy;
    private volatile boolean stopped;
    private volatile int requests;
    private @Nullable Thread thread;

    /** @param busy whether a real request has come; asked before each of ours */
    WarmUp(BooleanSupplier busy) {
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
        long end = start + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
        try (WarmUpEngine engine = new WarmUpEngine()) {
            int done = 0;
            while (done < MAX_REQUESTS && !stopped && !busy.getAsBoolean() && System.nanoTime() - end < 0) {
                engine.request(done);
                done++;
                requests = done;
            }
        } catch (RuntimeException | Error e) {
            // It is a help and no more: what serves is not touched by it.
            LOG.warn("the warm-up failed; requests are served without it", e);
        }
        LOG.debug(
                "warmed up by {} requests in {} ms",
                requests,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    /** How many requests of our own have been answered. */
    int requests() {
        return requests;
    }

    /** Stops, and waits until it has. */
    @Override
    public void close() {
        stopped = true;
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
