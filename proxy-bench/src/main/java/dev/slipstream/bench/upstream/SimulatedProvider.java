package dev.slipstream.bench.upstream;

import java.io.IOException;
import java.util.List;

/**
 * A provider that makes its answers up, in both dialects: {@code /chat/completions}, {@code /completions},
 * {@code /embeddings}, {@code /responses} and {@code /models} of OpenAI, {@code /messages}, {@code
 * /messages/count_tokens} and {@code /models} of Anthropic, behind any prefix. Whole answers and streams; every
 * event of a stream is a chunk and a flush of its own.
 *
 * <p><b>Directives</b> change the behaviour for one request. They stand in double square brackets, blanks between
 * them, in the text of the last user message or in the model's name, as in {@code [[status=429 retry-after=1]]};
 * towards the provider itself they may also be header fields, as in {@code x-sim-status: 429}. An unknown one is
 * answered with 400.
 *
 * <table>
 * <caption>Directives</caption>
 * <tr><td>{@code status=N}</td><td>the dialect's error with this status, 400 to 599</td></tr>
 * <tr><td>{@code retry-after=TEXT}</td><td>this field on the error</td></tr>
 * <tr><td>{@code error-body}</td><td>status 200, and an error for a body</td></tr>
 * <tr><td>{@code delay=DELAY}</td><td>before the head; here and below any {@link Distribution}</td></tr>
 * <tr><td>{@code gap=DELAY}</td><td>between two tokens, drawn for each</td></tr>
 * <tr><td>{@code tokens=NUMBER}</td><td>output tokens</td></tr>
 * <tr><td>{@code token-bytes=N}</td><td>bytes of each</td></tr>
 * <tr><td>{@code reasoning=N}</td><td>tokens of thinking before the answer</td></tr>
 * <tr><td>{@code input=N}, {@code cached=N}</td><td>figures of the usage</td></tr>
 * <tr><td>{@code tool}, {@code tool=N}</td><td>N calls of the request's first tool; also made where {@code
 * tool_choice} forces one, or the last user message has the word "tool" outside of directives</td></tr>
 * <tr><td>{@code unicode}</td><td>words of several scripts, quotes and backslashes</td></tr>
 * <tr><td>{@code stamp}</td><td>each token of a stream (chat, completions, messages) is the {@code System.nanoTime()} at which it
 * was made, 19 digits</td></tr>
 * <tr><td>{@code close-after=N}</td><td>closes the connection after N events; 0: before the head. A whole answer
 * counts as two pieces of equal size, here and below. HTTP/2: RST_STREAM with INTERNAL_ERROR</td></tr>
 * <tr><td>{@code cut-after=N}</td><td>the same in the middle of event N + 1</td></tr>
 * <tr><td>{@code reset-after=N}</td><td>resets the connection (RST of TCP) after N events; HTTP/2: with all streams
 * on it</td></tr>
 * <tr><td>{@code stall-after=N}</td><td>falls silent after N events, and keeps the connection open</td></tr>
 * <tr><td>{@code error-event-after=N}</td><td>an error event after N events, then a normal end of the response
 * (streams only)</td></tr>
 * <tr><td>{@code truncate}, {@code truncate=N}</td><td>a normal end of the response after half of the events, or
 * N; a whole answer is closed after half of its declared length, in HTTP/2 by RST_STREAM</td></tr>
 * <tr><td>{@code trickle=N}</td><td>the body at N bytes a second, in at most 20 pieces a second, whatever its own pace is; an
 * ending from above counts these pieces</td></tr>
 * <tr><td>{@code refuse}</td><td>HTTP/2: RST_STREAM with REFUSED_STREAM before the head; HTTP/1.1: as {@code
 * close-after=0}</td></tr>
 * </table>
 *
 * <p><b>Chance.</b> Delays, gaps and lengths are {@link Distribution}s, and shares of the requests to models meet {@link
 * Fault}s. A request's chance is decided by the provider's seed and by how many requests came before it.
 *
 * <p><b>Its limit.</b> {@code GET /sim/counters} tells, in lines of {@code name value}, what it did and how busy its loops were:
 * see {@link ProviderCounters} and {@link LoopLoad}.
 *
 * <p>{@link SimulatedProviderOptions#wire()} decides what is spoken: HTTP/1.1 or HTTP/2, plaintext or TLS. What is
 * said is the same on all of them.
 *
 * <p>Thread-safe. Several may live in one JVM. Closing it closes all connections and waits for its loops.
 */
public final class SimulatedProvider implements AutoCloseable {
    private final SimulatedProviderOptions options;
    private final ProviderServer server;

    private SimulatedProvider(SimulatedProviderOptions options) throws IOException {
        this.options = options;
        this.server = new ProviderServer(
                options.host(),
                options.port(),
                options.loops(),
                options.keepRequests(),
                options.wire(),
                new SimulatedResponder(options));
    }

    /**
     * Starts one; the port is open when this returns.
     *
     * @throws IOException if the address cannot be bound, or the wire's TLS cannot be had
     */
    public static SimulatedProvider start(SimulatedProviderOptions options) throws IOException {
        return new SimulatedProvider(options);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** {@code http://HOST:PORT/v1}, {@code https} on TLS: what stands before {@code /chat/completions}. */
    public String openAiBaseUrl() {
        return anthropicBaseUrl() + "/v1";
    }

    /** {@code http://HOST:PORT}, {@code https} on TLS: what stands before {@code /v1/messages}. */
    public String anthropicBaseUrl() {
        return BaseUrl.of(options.wire(), options.host(), port());
    }

    public ProviderCounters counters() {
        return server.counters();
    }

    /** How near its loops are to their limit; from {@link #close()} on, how near they were. */
    public LoopLoad load() {
        return server.load();
    }

    /** The last requests, oldest first, as many as {@link SimulatedProviderOptions#keepRequests()} tells. */
    public List<ReceivedRequest> received() {
        return server.received();
    }

    /**
     * Takes no new connections, and answers what it has begun: HTTP/2 clients get a GOAWAY, and what they had sent before
     * they heard of it is answered too; HTTP/1.1 connections close behind their answer. Returns at once; {@link ProviderCounters#openConnections()}
     * falls to 0.
     */
    public void drain() {
        server.drain();
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
