package dev.slipstream.bench.upstream;

import java.io.IOException;
import java.util.List;

/**
 * A provider that repeats recorded answers, byte for byte.
 *
 * <p>A request meets a recording if it asks for the same endpoint and its body is the same JSON, the value of
 * {@code model} aside (proxies rename models); whitespace and the order of members do not count. Among several,
 * one with the same path and query is taken before others, then one with the same model, then the first. The
 * path's prefix may differ, so that one base URL serves recordings of many hosts. What meets none is answered
 * with 404 in the dialect.
 *
 * <p>Status, body and fields are those of the recording, except fields that belong to the connection or to the
 * framing.
 *
 * <p>Thread-safe. Several may live in one JVM. Closing it closes all connections and waits for its loop.
 */
public final class ReplayProvider implements AutoCloseable {
    private final String host;
    private final ProviderWire wire;
    private final ProviderServer server;

    private ReplayProvider(String host, ProviderWire wire, ProviderServer server) {
        this.host = host;
        this.wire = wire;
        this.server = server;
    }

    /**
     * Starts one on any free port of 127.0.0.1; it speaks HTTP/1.1 without TLS.
     *
     * @throws IOException if it cannot listen
     */
    public static ReplayProvider start(List<RecordedExchange> exchanges, ReplayDelivery delivery) throws IOException {
        return start("127.0.0.1", 0, ProviderWire.h1(), exchanges, delivery);
    }

    /**
     * Starts one; the port is open when this returns.
     *
     * @param port 0 takes any free one
     * @throws IOException if the address cannot be bound, or the wire's TLS cannot be had
     */
    public static ReplayProvider start(
            String host, int port, ProviderWire wire, List<RecordedExchange> exchanges, ReplayDelivery delivery)
            throws IOException {
        ProviderServer server = new ProviderServer(host, port, 1, 0, wire, new ReplayResponder(exchanges, delivery));
        return new ReplayProvider(host, wire, server);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** {@code http://HOST:PORT/v1}, {@code https} on TLS: what stands before {@code /chat/completions}. */
    public String openAiBaseUrl() {
        return anthropicBaseUrl() + "/v1";
    }

    /** {@code http://HOST:PORT}, {@code https} on TLS: what stands before {@code /v1/messages}, or a recording's path. */
    public String anthropicBaseUrl() {
        return BaseUrl.of(wire, host, port());
    }

    public ProviderCounters counters() {
        return server.counters();
    }

    /** How near its loops are to their limit; from {@link #close()} on, how near they were. */
    public LoopLoad load() {
        return server.load();
    }

    @Override
    public void close() {
        server.close();
    }

    /** What it saw and how busy it was, on one line. */
    @Override
    public String toString() {
        return counters() + " " + load();
    }
}
