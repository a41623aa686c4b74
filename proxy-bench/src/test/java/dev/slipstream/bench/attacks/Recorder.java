package dev.slipstream.bench.attacks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider that records each request it gets, finds fault with what a strict server would, and answers with the marker
 * of the request's body. A request whose {@code x-client-request-id} names a script is left to that.
 */
final class Recorder implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Pattern MARKER = Pattern.compile("m[0-9]{7}");
    private static final Pattern START = Pattern.compile(
            "POST (/base/v1/(chat/completions|embeddings|completions|responses)|/anth/v1/messages(/count_tokens)?)"
                    + "(\\?[!-~]*)? HTTP/1\\.1");
    private static final Set<String> ALLOWED = Set.of(
            "host",
            "authorization",
            "x-api-key",
            "content-type",
            "accept",
            "accept-encoding",
            "user-agent",
            "anthropic-version",
            "anthropic-beta",
            "openai-beta",
            "idempotency-key",
            "x-client-request-id",
            "traceparent",
            "tracestate",
            "content-length",
            "transfer-encoding");

    /** An answer by hand. */
    interface Script {
        /** Whether it answers behind the head, the body unread. */
        default boolean isEarly() {
            return false;
        }

        /** @return whether the connection may be read on */
        boolean answer(Message request, Socket socket, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Map<String, Script> scripts;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private List<Message> requests = new ArrayList<>();
    private List<String> faults = new ArrayList<>();

    Recorder(Map<String, Script> scripts) throws IOException {
        this.scripts = scripts;
        server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "recorder");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket), "recorder-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            StrictReader reader = new StrictReader(socket.getInputStream());
            while (reader.hasMore() && serveOne(reader, socket)) {
                socket.setSoTimeout(0);
            }
        } catch (Malformed e) {
            fault(e.getMessage());
        } catch (IOException e) {
            // The proxy gave the connection up; what it sent is recorded.
        } finally {
            open.remove(socket);
        }
    }

    private boolean serveOne(StrictReader reader, Socket socket) throws IOException {
        busy.incrementAndGet();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            Message head = reader.head();
            if (head == null) {
                return false;
            }
            check(head);
            String name = head.field("x-client-request-id");
            Script script = name == null ? null : scripts.get(name);
            OutputStream out = socket.getOutputStream();
            if (script != null && script.isEarly()) {
                boolean on = script.answer(head, socket, out);
                record(reader.body(head, false));
                return on;
            }
            Message request = reader.body(head, false);
            record(request);
            if (!request.complete()) {
                return false;
            }
            if (reader.hasUnread()) {
                fault("bytes behind a request whose answer has not gone: " + reader.all());
                return false;
            }
            if (script != null) {
                return script.answer(request, socket, out);
            }
            String body = "{\"marker\":\"" + markerIn(request.body()) + "\"}";
            out.write(Raw.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                    + "\r\n\r\n" + body));
            return true;
        } finally {
            busy.decrementAndGet();
        }
    }

    static String markerIn(String text) {
        Matcher matcher = MARKER.matcher(text);
        return matcher.find() ? matcher.group() : "none";
    }

    private void check(Message head) {
        if (!START.matcher(head.startLine()).matches()) {
            fault("start line: " + head.startLine());
        }
        if (!("127.0.0.1:" + port()).equals(head.field("host"))) {
            fault("host: " + head.field("host"));
        }
        boolean bearer = ("Bearer " + Raw.PROVIDER_KEY).equals(head.field("authorization"));
        boolean own = Raw.PROVIDER_KEY.equals(head.field("x-api-key"));
        if (bearer == own || head.count("authorization") + head.count("x-api-key") != 1) {
            fault("not our credential, and it alone: " + head.fields());
        }
        if (!"identity".equals(head.field("accept-encoding"))) {
            fault("accept-encoding: " + head.field("accept-encoding"));
        }
        for (Message.Field field : head.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!ALLOWED.contains(name) && !name.startsWith("x-stainless-")) {
                fault("field: " + field);
            }
        }
        if ((head.startLine() + head.fields()).contains(Raw.KEY)) {
            fault("a client's key: " + head);
        }
        if (head.field("content-length") == null && head.field("transfer-encoding") == null) {
            fault("no framing");
        }
    }

    private synchronized void fault(@Nullable String what) {
        faults.add(String.valueOf(what));
    }

    private synchronized void record(Message request) {
        requests.add(request);
    }

    /** Returns what was recorded, and forgets it. */
    synchronized List<Message> takeRequests() {
        List<Message> taken = requests;
        requests = new ArrayList<>();
        return taken;
    }

    synchronized List<String> takeFaults() {
        List<String> taken = faults;
        faults = new ArrayList<>();
        return taken;
    }

    /** Whether no connection is inside a request or an answer. */
    boolean isQuiet() {
        return busy.get() == 0;
    }

    /** Connections that are inside a request or an answer. */
    int busy() {
        return busy.get();
    }

    /** Connections accepted so far. */
    int connections() {
        return connections.get();
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
