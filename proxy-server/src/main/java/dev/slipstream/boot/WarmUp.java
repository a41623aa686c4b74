package dev.slipstream.boot;

import dev.slipstream.loop.Transport;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JIT see the way of a request before the first client needs it: requests of our own through engines of our own,
 * {@value #SOCKET_REQUESTS} over sockets of loopback ({@link WarmUpSockets}) and then without sockets ({@link WarmUpEngine}).
 * It begins {@value #QUIET_MILLIS} ms after the start, if no real request has come until then: whoever comes at once would
 * only wait for it. It ends after {@value #MAX_REQUESTS} requests, after {@value #MAX_SECONDS} s, or when the first real one
 * comes. Nothing of it is counted, logged or sent to a provider.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int MAX_REQUESTS = 20_000;
    private static final int SOCKET_REQUESTS = 1000;
    private static final int REQUESTS_PER_CLIENT = 50;
    private static final long QUIET_MILLIS = 200;
    private static final long LOOK_MILLIS = 5;
    private static final long MAX_SECONDS = 5;
    private static final long JOIN_SECONDS = 5;

    private final Transport transport;
    private final BooleanSupplier busy;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int requests;
    private @Nullable Thread thread;

    /**
     * @param transport what real sockets are of
     * @param busy whether a real request has come; asked before each of ours
     */
    WarmUp(Transport transport, BooleanSupplier busy) {
        this.transport = transport;
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
                overSockets(start);
                throughEngine(start);
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
                && requests < MAX_REQUESTS
                && System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(MAX_SECONDS)
                && !busy.getAsBoolean();
    }

    private void overSockets(long startNanos) {
        try (WarmUpSockets sockets = new WarmUpSockets(transport)) {
            while (requests < SOCKET_REQUESTS && mayGoOn(startNanos)) {
                sockets.request();
                onAnswer();
                if (requests % REQUESTS_PER_CLIENT == 0) {
                    sockets.leave();
                }
            }
        } catch (IOException e) {
            // No descriptor, or no loopback: there is much to be seen without sockets too.
            LOG.debug("the warm-up has no sockets: {}", e.toString());
        }
    }

    private void throughEngine(long startNanos) {
        try (WarmUpEngine engine = new WarmUpEngine()) {
            while (mayGoOn(startNanos)) {
                engine.request(requests);
                onAnswer();
            }
        }
    }

    /** The warm-up's thread alone writes it. */
    private void onAnswer() {
        int answered = requests + 1;
        requests = answered;
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
