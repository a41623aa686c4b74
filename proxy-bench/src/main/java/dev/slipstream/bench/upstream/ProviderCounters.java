package dev.slipstream.bench.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a stand-in provider has seen since it started. Written by its loops, read by anyone. */
public final class ProviderCounters {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger maxActive = new AtomicInteger();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger openConnections = new AtomicInteger();

    ProviderCounters() {}

    /** Complete requests that arrived. */
    public long requests() {
        return requests.get();
    }

    /** Requests that are being answered. */
    public int active() {
        return active.get();
    }

    /** The most requests that were being answered at one time. */
    public int maxActive() {
        return maxActive.get();
    }

    /** Answers that were not sent to their end because the client left. */
    public long cancelled() {
        return cancelled.get();
    }

    /** Connections accepted. */
    public long connections() {
        return connections.get();
    }

    /** Connections that are open. */
    public int openConnections() {
        return openConnections.get();
    }

    void onRequest() {
        requests.incrementAndGet();
        maxActive.accumulateAndGet(active.incrementAndGet(), Math::max);
    }

    void onAnswerEnd(boolean clientLeft) {
        if (clientLeft) {
            cancelled.incrementAndGet();
        }
        active.decrementAndGet();
    }

    void onConnect() {
        connections.incrementAndGet();
        openConnections.incrementAndGet();
    }

    void onDisconnect() {
        openConnections.decrementAndGet();
    }

    @Override
    public String toString() {
        return "requests=" + requests + " active=" + active + " max_active=" + maxActive + " cancelled=" + cancelled
                + " connections=" + connections + " open_connections=" + openConnections;
    }
}
