package dev.slipstream.bench.attacks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a provider may do instead of answering well. */
final class Scripts {
    static final String JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    static final String SSE_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

    private Scripts() {}

    /** These bytes, and the connection stays. */
    static Recorder.Script says(String bytes) {
        return (request, socket, out) -> {
            out.write(Raw.bytes(bytes.replace(Raw.MARK, Recorder.markerIn(request.body()))));
            return true;
        };
    }

    /** These bytes, then the end. */
    static Recorder.Script closes(String bytes) {
        return (request, socket, out) -> {
            says(bytes).answer(request, socket, out);
            return false;
        };
    }

    /** These bytes, then a reset once they are likely read. */
    static Recorder.Script resets(String bytes) {
        return (request, socket, out) -> {
            says(bytes).answer(request, socket, out);
            LockSupport.parkNanos(30_000_000);
            socket.setSoLinger(true, 0);
            return false;
        };
    }

    /** These bytes, then silence until the proxy gives up. */
    static Recorder.Script stalls(String bytes) {
        return (request, socket, out) -> {
            says(bytes).answer(request, socket, out);
            while (socket.getInputStream().read() >= 0) {
                // Whatever comes, it is not the end.
            }
            return false;
        };
    }

    /** {@code first}, then {@code again} until the proxy closes or {@code times} are reached; counts what went out. */
    static Recorder.Script repeats(String first, String again, int times, String last, AtomicLong written) {
        return (request, socket, out) -> {
            out.write(Raw.bytes(first));
            byte[] more = Raw.bytes(again);
            for (int i = 0; i < times; i++) {
                out.write(more);
                written.addAndGet(more.length);
            }
            out.write(Raw.bytes(last));
            return true;
        };
    }

    /** {@code first}, then {@code again} for ever, cut off by a reset after {@code millis}. */
    static Recorder.Script resetsWhileWriting(String first, String again, int millis) {
        return (request, socket, out) -> {
            Thread cutter = new Thread(
                    () -> {
                        LockSupport.parkNanos(millis * 1_000_000L);
                        try {
                            socket.setSoLinger(true, 0);
                            socket.close();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    "cutter");
            cutter.setDaemon(true);
            cutter.start();
            return repeats(first, again, Integer.MAX_VALUE, "", new AtomicLong())
                    .answer(request, socket, out);
        };
    }

    /** An answer before the request's body is read. */
    static Recorder.Script early(String bytes) {
        return new Recorder.Script() {
            @Override
            public boolean isEarly() {
                return true;
            }

            @Override
            public boolean answer(Message request, Socket socket, OutputStream out) throws IOException {
                out.write(Raw.bytes(bytes));
                return false;
            }
        };
    }

    /** A good answer, and {@code late} bytes on the connection when it is idle. */
    static Recorder.Script late(String late) {
        return (request, socket, out) -> {
            says(json("{\"marker\":\"" + Raw.MARK + "\"}")).answer(request, socket, out);
            LockSupport.parkNanos(50_000_000);
            out.write(Raw.bytes(late));
            if (socket.getInputStream().read() >= 0) {
                throw new Malformed("a request on a connection that spoke unasked");
            }
            return false;
        };
    }

    static String json(String body) {
        return JSON_HEAD + "content-length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A whole stream of events, in one chunk. */
    static String events(String body) {
        return SSE_HEAD + Raw.chunked(body);
    }
}
