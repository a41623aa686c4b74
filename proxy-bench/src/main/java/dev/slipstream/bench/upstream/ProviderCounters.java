package dev.slipstream.bench.upstream;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a stand-in provider has seen since it started. Written by its loops, read by anyone. */
public final class ProviderCounters {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger maxActive = new AtomicInteger();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final LongAdder chunks = new LongAdder();
    /** By name; there are as many names as statuses and endings. */
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();

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

    /** Pieces of bodies that were written, each with a flush of its own: an event of a stream, or a whole body. */
    public long chunks() {
        return chunks.sum();
    }

    /**
     * What went wrong as it was asked to, by a share or by a directive: {@code status_429}, {@code error_body}, {@code
     * trickle}, and the endings {@code close}, {@code cut}, {@code reset}, {@code refuse}, {@code stall}, {@code error_event},
     * {@code truncate}. A copy.
     */
    public SortedMap<String, Long> faults() {
        SortedMap<String, Long> counts = new TreeMap<>();
        faults.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
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

    void onChunk() {
        chunks.increment();
    }

    void onFault(String name) {
        faults.computeIfAbsent(name, any -> new LongAdder()).increment();
    }

    void onConnect() {
        connections.incrementAndGet();
        openConnections.incrementAndGet();
    }

    void onDisconnect() {
        openConnections.decrementAndGet();
    }

    /** Lines of {@code name value}, for scripts. */
    String lines() {
        StringBuilder out = new StringBuilder();
        out.append("requests ").append(requests).append('\n');
        out.append("active ").append(active).append('\n');
        out.append("max_active ").append(maxActive).append('\n');
        out.append("cancelled ").append(cancelled).append('\n');
        out.append("connections ").append(connections).append('\n');
        out.append("open_connections ").append(openConnections).append('\n');
        out.append("chunks ").append(chunks()).append('\n');
        faults().forEach((name, count) ->
                out.append("fault_").append(name).append(' ').append(count).append('\n'));
        return out.toString();
    }

    /** The same on one line. */
    @Override
    public String toString() {
        return lines().strip().replace(' ', '=').replace('\n', ' ');
    }
}
