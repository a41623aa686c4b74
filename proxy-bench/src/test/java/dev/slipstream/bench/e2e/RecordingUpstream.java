package dev.slipstream.bench.e2e;

import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.bench.upstream.ReplayDelivery;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A provider of plain blocking sockets: keeps the bytes of each request as they came, and answers with what it was
 * told to, in pieces of its own choice. Asked by one test at a time.
 */
final class RecordingUpstream implements AutoCloseable {
    private static final long LIMIT_SECONDS = 20;
    private static final Set<String> FRAMING =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "trailer");

    /** What the next request is answered with. */
    private record Planned(RecordedExchange.Response response, ReplayDelivery delivery) {}

    private final ServerSocket listener;
    private final LinkedBlockingQueue<RawMessage> received = new LinkedBlockingQueue<>();
    private volatile @Nullable Planned planned;

    RecordingUpstream() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    void answerWith(RecordedExchange.Response response, ReplayDelivery delivery) {
        planned = new Planned(response, delivery);
    }

    /** The oldest request that was not taken yet. */
    RawMessage take() throws InterruptedException {
        RawMessage request = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Requests that were not taken yet. */
    int waiting() {
        return received.size();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "recording-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                received.add(RawMessage.read(in, false));
                Planned answer = planned;
                if (answer == null) {
                    throw new IllegalStateException("no answer was planned");
                }
                write(answer, socket.getOutputStream());
            }
        } catch (EOFException | java.net.SocketException gone) {
            // The proxy let its connection go.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Planned answer, OutputStream out) throws IOException {
        byte[] body = answer.response().body().getBytes(StandardCharsets.UTF_8);
        boolean events = isEventStream(answer.response());
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(answer.response().status())
                .append(" Whatever\r\n");
        answer.response().headers().forEach((name, value) -> {
            if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        head.append(events ? "transfer-encoding: chunked\r\n\r\n" : "content-length: " + body.length + "\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
        switch (answer.delivery()) {
            case WHOLE ->
                out.write(wire(start, events ? List.of(body) : List.of(), events ? new byte[0] : body, events));
            case EVENTS -> {
                out.write(start);
                for (byte[] piece : events ? cut(body) : List.of(body)) {
                    out.write(events ? chunk(piece) : piece);
                }
                out.write(events ? chunk(new byte[0]) : new byte[0]);
            }
            case BYTES -> {
                // Everything, the head and the framing too: all that can be split is split.
                for (byte b : wire(start, events ? cut(body) : List.of(), events ? new byte[0] : body, events)) {
                    out.write(b);
                }
            }
        }
    }

    private static boolean isEventStream(RecordedExchange.Response response) {
        return response.headers().getOrDefault("content-type", "").startsWith("text/event-stream");
    }

    private static byte[] wire(byte[] head, List<byte[]> chunks, byte[] plain, boolean chunked) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head);
        for (byte[] each : chunks) {
            all.write(chunk(each));
        }
        all.write(chunked ? chunk(new byte[0]) : plain);
        return all.toByteArray();
    }

    private static byte[] chunk(byte[] piece) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(piece);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        return chunk.toByteArray();
    }

    /** Behind each LF that follows a line end; the rest is a piece as well. */
    private static List<byte[]> cut(byte[] body) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        int lastLineEnd = -2;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\n') {
                int between = i - lastLineEnd - 1;
                if (between == 0 || (between == 1 && body[i - 1] == '\r')) {
                    pieces.add(java.util.Arrays.copyOfRange(body, from, i + 1));
                    from = i + 1;
                }
                lastLineEnd = i;
            }
        }
        if (from < body.length) {
            pieces.add(java.util.Arrays.copyOfRange(body, from, body.length));
        }
        return pieces;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
