package dev.slipstream.bench.contract;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawH2;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import dev.slipstream.bench.rawh2.RawMessageHead;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 by hand, one stream at a time, of which the next has the next number. Credit is given for what was read by the
 * test, so that a test that does not read gives none.
 */
final class H2Client implements ApiClient {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int MAX_FRAME = 16_384;

    private final RawH2 wire;
    private final String scheme;
    /** Of the stream that is under way. */
    private final Deque<RawFrame> frames = new ArrayDeque<>();

    private @Nullable RawMessageHead head;
    private int stream = -1;
    private long connectionCredit = DEFAULT_WINDOW;
    private long streamCredit;
    private long initialCredit = DEFAULT_WINDOW;
    private boolean goingAway;
    /** Nothing more of the request is wanted. */
    private boolean stopped;

    /**
     * @param receiveBytes the receive buffer of its socket, and the window of a stream; 0: the defaults
     * @param tls null: plaintext, with prior knowledge
     */
    H2Client(InetSocketAddress api, int receiveBytes, @Nullable SSLContext tls) throws IOException {
        scheme = tls == null ? "http" : "https";
        wire = tls == null ? RawH2.connect(api, receiveBytes) : RawH2.connectTls(tls, api, receiveBytes, "h2");
        try {
            int window = receiveBytes > 0 ? receiveBytes : 1 << 20;
            onSettings(wire.greetAsClient(RawFrame.INITIAL_WINDOW_SIZE, window, RawFrame.ENABLE_PUSH, 0));
        } catch (IOException | RuntimeException | Error e) {
            wire.close();
            throw e;
        }
    }

    // ------------------------------------------------------------------ requests

    private void open(String path, long length) throws IOException {
        if (goingAway) {
            throw new EOFException("the proxy takes no more streams");
        }
        for (RawFrame unread = frames.poll(); unread != null; unread = frames.poll()) {
            if (unread.type() == RawFrame.DATA) {
                giveBack(0, unread.payload().length);
            }
        }
        stream += 2;
        streamCredit = initialCredit;
        stopped = false;
        head = null;
        byte[] block = RawHeaderBlock.request("POST", scheme, "proxy", path)
                .fields("content-type", "application/json", "content-length", "" + length, "x-api-key", "of-the-client")
                .bytes();
        wire.write(RawFrame.headers(stream, false, block));
    }

    /** As far as there is credit; waits for it where there is none. */
    private void write(byte[] bytes, int offset, int length, boolean end) throws IOException {
        int at = 0;
        while (!stopped && (at < length || (length == 0 && end))) {
            int count = (int) Math.min(Math.min(length - at, MAX_FRAME), Math.min(connectionCredit, streamCredit));
            if (count <= 0 && length > 0) {
                take();
                continue;
            }
            byte[] piece = Arrays.copyOfRange(bytes, offset + at, offset + at + count);
            at += count;
            connectionCredit -= count;
            streamCredit -= count;
            wire.write(RawFrame.data(stream, end && at == length, piece));
            if (length == 0) {
                return;
            }
        }
    }

    @Override
    public void send(String path, byte[] body) throws IOException {
        open(path, body.length);
        write(body, 0, body.length, true);
    }

    @Override
    public Answer answer() throws IOException {
        while (head == null) {
            RawFrame first = frames.poll();
            if (first == null) {
                take();
            } else if (first.type() == RawFrame.RST_STREAM) {
                throw new EOFException("reset without an answer: " + first);
            } else {
                throw new AssertionError("before a head: " + first);
            }
        }
        return new H2Answer(head);
    }

    @Override
    public Upload begin(String path, long length) throws IOException {
        open(path, length);
        return new Upload() {
            private long left = length;

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                left -= count;
                H2Client.this.write(bytes, offset, count, left == 0);
            }

            @Override
            public Answer end() throws IOException {
                if (left > 0) {
                    throw new IllegalStateException(left + " bytes were not written");
                }
                return answer();
            }

            @Override
            public void cancel() throws IOException {
                wire.write(RawFrame.rst(stream, RawFrame.CANCEL));
            }
        };
    }

    // ------------------------------------------------------------------ what comes

    /** Waits for a frame. What is of the connection, or of a stream before, is dealt with; the rest is kept. */
    private void take() throws IOException {
        RawFrame frame = wire.next(LIMIT);
        switch (frame.type()) {
            case RawFrame.SETTINGS -> {
                if (!frame.has(RawFrame.ACK)) {
                    onSettings(frame);
                    wire.write(RawFrame.settingsAck());
                }
            }
            case RawFrame.PING -> {
                if (!frame.has(RawFrame.ACK)) {
                    wire.write(RawFrame.pingAck(frame));
                }
            }
            case RawFrame.GOAWAY -> goingAway = true;
            case RawFrame.WINDOW_UPDATE -> {
                if (frame.streamId() == 0) {
                    connectionCredit += frame.increment();
                } else if (frame.streamId() == stream) {
                    streamCredit += frame.increment();
                }
            }
            case RawFrame.HEADERS -> onHead(wire.decode(frame));
            case RawFrame.DATA -> {
                if (frame.streamId() == stream) {
                    frames.add(frame);
                } else {
                    // Of one that was left: the connection's credit is owed all the same.
                    giveBack(0, frame.payload().length);
                }
            }
            case RawFrame.RST_STREAM -> {
                if (frame.streamId() == stream) {
                    frames.add(frame);
                    stopped = true;
                }
            }
            default -> throw new AssertionError("a client is not sent " + frame);
        }
    }

    private void onHead(RawMessageHead decoded) throws IOException {
        if (decoded.streamId() != stream || decoded.status() < 200) {
            return;
        }
        if (head != null) {
            throw new IOException("trailers: " + decoded);
        }
        head = decoded;
        if (decoded.endStream()) {
            frames.add(RawFrame.data(stream, true, ""));
        }
    }

    private void onSettings(RawFrame settings) {
        int window = settings.setting(RawFrame.INITIAL_WINDOW_SIZE, (int) initialCredit);
        streamCredit += window - initialCredit;
        initialCredit = window;
    }

    private void giveBack(int streamId, int bytes) throws IOException {
        if (bytes > 0) {
            wire.write(RawFrame.windowUpdate(streamId, bytes));
        }
    }

    // ------------------------------------------------------------------ the end

    @Override
    public void leave() throws IOException {
        wire.close();
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }

    private final class H2Answer implements Answer {
        private final RawMessageHead head;
        private final int of = stream;
        private byte[] data = {};
        private int at;
        private long bytes;
        private boolean ended;

        H2Answer(RawMessageHead head) {
            this.head = head;
        }

        @Override
        public int status() {
            return head.status();
        }

        @Override
        public String field(String name) {
            String value = head.get(name);
            return value == null ? "" : value;
        }

        @Override
        public int read(byte[] into) throws IOException {
            while (at == data.length) {
                if (ended) {
                    return -1;
                }
                if (of != stream) {
                    throw new IllegalStateException("another stream is under way");
                }
                RawFrame frame = frames.poll();
                if (frame == null) {
                    take();
                } else if (frame.type() == RawFrame.RST_STREAM) {
                    throw new EOFException("broken off: " + frame);
                } else {
                    onData(frame);
                }
            }
            int count = Math.min(into.length, data.length - at);
            System.arraycopy(data, at, into, 0, count);
            at += count;
            giveBack(0, count);
            if (!ended) {
                giveBack(of, count);
            }
            return count;
        }

        private void onData(RawFrame frame) throws IOException {
            data = frame.payload();
            at = 0;
            bytes += data.length;
            ended = frame.has(RawFrame.END_STREAM);
            String declared = field("content-length");
            if (ended && !declared.isEmpty() && Long.parseLong(declared) != bytes) {
                throw new IOException("content-length " + declared + " of " + bytes + " bytes");
            }
        }

        @Override
        public void cancel() throws IOException {
            wire.write(RawFrame.rst(of, RawFrame.CANCEL));
        }
    }
}
