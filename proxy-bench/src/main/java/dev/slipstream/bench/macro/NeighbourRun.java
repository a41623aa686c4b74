package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Neighbours and a burst through one address; a blocking thread for each client. */
final class NeighbourRun {
    /** What is asked of a leg. */
    record Plan(int neighbours, int gapMillis, long burstBytes, int eventBytes, int quietMillis) {}

    /**
     * What a leg saw, times by {@code System.nanoTime()}.
     *
     * @param burst from the first byte of the burst to its last, at its client
     * @param burstBytes with their framing
     * @param neighbours of each: when its events were written and when they came
     */
    record Leg(Span quiet, Span burst, long burstBytes, List<Arrivals> neighbours) {}

    record Span(long fromNanos, long toNanos) {
        double seconds() {
            return (toNanos - fromNanos) / 1e9;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Arrivals(long[] writtenNanos, long[] cameNanos) {
        /** Without the events that carry no time. */
        Arrivals stamped() {
            int[] kept = IntStream.range(0, writtenNanos.length)
                    .filter(i -> writtenNanos[i] != 0)
                    .toArray();
            return new Arrivals(
                    IntStream.of(kept).mapToLong(i -> writtenNanos[i]).toArray(),
                    IntStream.of(kept).mapToLong(i -> cameNanos[i]).toArray());
        }
    }

    private record Burst(Span span, long bytes) {}

    private static final int CONNECT_MILLIS = 5_000;
    private static final int SILENCE_MILLIS = 30_000;
    private static final long LIMIT_SECONDS = 120;
    /** Until every stream runs, and behind the burst. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Plan plan;
    private final InetSocketAddress address;
    private final @Nullable Conversation conversation;

    NeighbourRun(Plan plan, InetSocketAddress address) {
        this(plan, address, null);
    }

    /** @param conversation what the neighbours run beside, for as long as they are quiet before; null: the burst */
    NeighbourRun(Plan plan, InetSocketAddress address, @Nullable Conversation conversation) {
        this.plan = plan;
        this.address = address;
        this.conversation = conversation;
    }

    /** The neighbours on their own, and then beside a burst, or conversations. */
    Leg leg(BurstProvider provider) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Arrivals>> neighbours = new ArrayList<>();
            for (int i = 0; i < plan.neighbours(); i++) {
                neighbours.add(threads.submit(this::neighbour));
            }
            sleep(SETTLE_NANOS);
            long quietFrom = System.nanoTime();
            sleep(TimeUnit.MILLISECONDS.toNanos(plan.quietMillis()));
            Span quiet = new Span(quietFrom, System.nanoTime());
            Burst burst = conversation == null ? burst() : converse(conversation);
            sleep(SETTLE_NANOS);
            provider.endPaced();
            List<Arrivals> arrivals = new ArrayList<>();
            for (Future<Arrivals> each : neighbours) {
                arrivals.add(each.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
            return new Leg(quiet, burst.span(), burst.bytes(), arrivals);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a stream failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private Burst converse(Conversation conversation) throws IOException {
        try (Socket socket = connect()) {
            long from = System.nanoTime();
            long end = from + TimeUnit.MILLISECONDS.toNanos(plan.quietMillis());
            long bytes = 0;
            do {
                conversation.ask(socket);
                bytes += conversation.bytes();
            } while (System.nanoTime() - end < 0);
            return new Burst(new Span(from, System.nanoTime()), bytes);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.connect(address, CONNECT_MILLIS);
        return socket;
    }

    private Socket ask(String directive) throws IOException {
        Socket socket = connect();
        String body = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[[" + directive
                + "]]\"}]}";
        socket.getOutputStream()
                .write(("POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n"
                                + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(US_ASCII));
        return socket;
    }

    /** Reads to the end of the connection, which both the provider and the proxy close behind the answer. */
    private Burst burst() throws IOException {
        byte[] block = new byte[256 * 1024];
        try (Socket socket = ask("burst " + plan.burstBytes() + " " + plan.eventBytes())) {
            InputStream in = socket.getInputStream();
            int read = in.read(block);
            long first = System.nanoTime();
            long last = first;
            long bytes = 0;
            while (read >= 0) {
                bytes += read;
                last = System.nanoTime();
                read = in.read(block);
            }
            if (bytes < plan.burstBytes()) {
                throw new EOFException("the burst ended after " + bytes + " bytes");
            }
            return new Burst(new Span(first, last), bytes);
        }
    }

    private Arrivals neighbour() throws IOException {
        StampReader events = new StampReader();
        byte[] block = new byte[4096];
        try (Socket socket = ask("paced " + TimeUnit.MILLISECONDS.toNanos(plan.gapMillis()))) {
            InputStream in = socket.getInputStream();
            skipHead(in);
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                events.take(block, 0, read, System.nanoTime());
            }
        }
        Arrivals arrivals = events.arrivals();
        if (arrivals.cameNanos().length == 0) {
            throw new EOFException("a neighbour's stream ended without an event");
        }
        return arrivals;
    }

    private static void skipHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("no answer: " + head);
            }
            head.append((char) b);
        }
        if (!head.toString().startsWith("HTTP/1.1 200 ")) {
            throw new IOException("refused: " + head);
        }
    }
}
