package dev.slipstream.bench.rawh2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection over a blocking socket, either side of it. Everything that is sent is sent as told and at
 * once; nothing is answered by itself, but where a method says so.
 *
 * <p><b>Deadlines.</b> Every read ends after {@link #LIMIT} at the latest, with an {@link AssertionError} that
 * tells what was awaited and the last frames that came.
 */
public final class RawH2 implements AutoCloseable {
    public static final Duration LIMIT = Duration.ofSeconds(10);
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int REMEMBERED_FRAMES = 16;
    private static final int MAX_LIST_BYTES = 1 << 20;
    /** What is of the connection's upkeep, and comes at any time. */
    private static final Set<Integer> UPKEEP =
            Set.of(RawFrame.SETTINGS, RawFrame.WINDOW_UPDATE, RawFrame.PING, RawFrame.PRIORITY);

    private final Socket socket;
    private final PushbackInputStream in;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false, MAX_LIST_BYTES);
    private final Deque<RawFrame> seen = new ArrayDeque<>();

    /** Takes the socket, which is connected, and its TLS done where it has some. */
    RawH2(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024), 1);
    }

    /** What a client begins with (RFC 9113 §3.4); a copy. */
    public static byte[] preface() {
        return PREFACE.clone();
    }

    /** Connects as a client, plaintext. Nothing is sent yet: see {@link #greetAsClient}. */
    public static RawH2 connect(int port) throws IOException {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    /** @param receiveBytes the receive buffer of the socket; 0: the system's default */
    public static RawH2 connect(InetSocketAddress address, int receiveBytes) throws IOException {
        return new RawH2(connected(new Socket(), address, receiveBytes));
    }

    /**
     * Connects as a client on TLS, and shakes hands. The host's name is not verified.
     *
     * @param alpn what is offered; nothing: no ALPN
     */
    public static RawH2 connectTls(SSLContext context, int port, String... alpn) throws IOException {
        return connectTls(context, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0, alpn);
    }

    /** @param receiveBytes the receive buffer of the socket; 0: the system's default */
    public static RawH2 connectTls(SSLContext context, InetSocketAddress address, int receiveBytes, String... alpn)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        connected(socket, address, receiveBytes);
        try {
            handshake(socket, alpn);
            return new RawH2(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket connected(Socket socket, InetSocketAddress address, int receiveBytes) throws IOException {
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(address, (int) LIMIT.toMillis());
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    static void handshake(SSLSocket socket, String... alpn) throws IOException {
        if (alpn.length > 0) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(alpn);
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.startHandshake();
    }

    /** The protocol that ALPN chose; empty: none, or plaintext. */
    public String alpn() {
        return socket instanceof SSLSocket tls ? tls.getApplicationProtocol() : "";
    }

    public Socket socket() {
        return socket;
    }

    public RawH2 write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** In one write. */
    public RawH2 write(RawFrame... frames) throws IOException {
        return write(RawFrame.encode(frames));
    }

    /** The preface and these settings; then the server's settings are awaited and acknowledged, and returned. */
    public RawFrame greetAsClient(int... settings) throws IOException {
        write(PREFACE).write(RawFrame.settings(settings));
        RawFrame theirs = expect(RawFrame.SETTINGS, 0);
        write(RawFrame.settingsAck());
        return theirs;
    }

    /** Reads a client's preface and settings, sends these settings and the acknowledgement; returns the client's. */
    public RawFrame greetAsServer(int... settings) throws IOException {
        expectPreface();
        RawFrame theirs = expect(RawFrame.SETTINGS, 0);
        write(RawFrame.settings(settings), RawFrame.settingsAck());
        return theirs;
    }

    public void expectPreface() throws IOException {
        byte[] preface = new byte[PREFACE.length];
        long deadline = deadline(LIMIT);
        readFully(preface, deadline, "the preface");
        if (!Arrays.equals(PREFACE, preface)) {
            throw new AssertionError("no preface: " + new String(preface, US_ASCII));
        }
    }

    /** Sends a request; {@code body} null: none, and the head ends it. */
    public RawH2 request(int streamId, String method, String path, @Nullable String body, String... more)
            throws IOException {
        String scheme = socket instanceof SSLSocket ? "https" : "http";
        byte[] block =
                RawHeaderBlock.request(method, scheme, "localhost", path, more).bytes();
        write(RawFrame.headers(streamId, body == null, block));
        return body == null ? this : write(RawFrame.data(streamId, true, body));
    }

    /** Sends a whole answer of status 200. */
    public RawH2 answer(int streamId, String contentType, String body) throws IOException {
        return write(
                RawFrame.headers(
                        streamId,
                        false,
                        RawHeaderBlock.response(200, "content-type", contentType)
                                .bytes()),
                RawFrame.data(streamId, true, body));
    }

    /** The next frame, whatever it is. */
    public RawFrame next() throws IOException {
        return next(LIMIT);
    }

    /** The same within a time of its own. */
    public RawFrame next(Duration within) throws IOException {
        return next("a frame", deadline(within));
    }

    private RawFrame next(String awaited, long deadline) throws IOException {
        byte[] head = new byte[RawFrame.HEADER_BYTES];
        readFully(head, deadline, awaited);
        byte[] payload = new byte[(head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff)];
        readFully(payload, deadline, awaited);
        int streamId = (head[5] & 0xff) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | (head[8] & 0xff);
        RawFrame frame = new RawFrame(head[3] & 0xff, head[4] & 0xff, streamId, payload);
        if (seen.size() == REMEMBERED_FRAMES) {
            seen.removeFirst();
        }
        seen.addLast(frame);
        return frame;
    }

    /**
     * The next frame of this type on this stream. Frames of the connection's upkeep (SETTINGS, PING,
     * WINDOW_UPDATE, PRIORITY) are passed over, and so are acknowledgements; any other is a failure.
     */
    public RawFrame expect(int type, int streamId) throws IOException {
        return expect(type, streamId, LIMIT);
    }

    /** The same within a time of its own. */
    public RawFrame expect(int type, int streamId, Duration within) throws IOException {
        String awaited = new RawFrame(type, 0, streamId, new byte[0]).toString();
        long deadline = deadline(within);
        while (true) {
            RawFrame frame = next(awaited, deadline);
            boolean ack = frame.has(RawFrame.ACK) && (type == RawFrame.SETTINGS || type == RawFrame.PING);
            if (frame.type() == type && frame.streamId() == streamId && !ack) {
                return frame;
            }
            if (!UPKEEP.contains(frame.type())) {
                throw failure("awaited " + awaited + ", and there came " + frame);
            }
        }
    }

    /** The acknowledgement of this PING; upkeep before it is passed over. */
    public void expectPong(RawFrame ping) throws IOException {
        long deadline = deadline(LIMIT);
        while (true) {
            RawFrame frame = next("PING with ACK", deadline);
            if (frame.type() == RawFrame.PING && frame.has(RawFrame.ACK)) {
                if (!Arrays.equals(ping.payload(), frame.payload())) {
                    throw failure("another ping's echo: " + frame);
                }
                return;
            }
            if (!UPKEEP.contains(frame.type())) {
                throw failure("awaited PING with ACK, and there came " + frame);
            }
        }
    }

    /** A head or trailers on this stream, with their continuations, decoded. */
    public RawMessageHead expectHeaders(int streamId) throws IOException {
        RawFrame frame = expect(RawFrame.HEADERS, streamId);
        return decode(frame);
    }

    /**
     * Decodes a HEADERS frame and the CONTINUATION frames that follow it. Every block that came has to be decoded,
     * in order: they share a table.
     */
    public RawMessageHead decode(RawFrame first) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int start = (first.has(RawFrame.PADDED) ? 1 : 0) + (first.has(RawFrame.PRIORITY_FLAG) ? 5 : 0);
        int padding = first.has(RawFrame.PADDED) ? first.payload()[0] & 0xff : 0;
        block.write(first.payload(), start, first.payload().length - start - padding);
        for (RawFrame frame = first; !frame.has(RawFrame.END_HEADERS); ) {
            frame = next("CONTINUATION", deadline(LIMIT));
            if (frame.type() != RawFrame.CONTINUATION || frame.streamId() != first.streamId()) {
                throw failure("awaited CONTINUATION, and there came " + frame);
            }
            block.writeBytes(frame.payload());
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(block.toByteArray());
        try {
            Http2Headers decoded = headers.decodeHeaders(first.streamId(), bytes);
            List<Map.Entry<String, String>> fields = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : decoded) {
                fields.add(Map.entry(field.getKey().toString(), field.getValue().toString()));
            }
            return new RawMessageHead(first.streamId(), first.has(RawFrame.END_STREAM), fields);
        } catch (Http2Exception e) {
            throw new IOException("a header block that cannot be decoded", e);
        } finally {
            bytes.release();
        }
    }

    /** The body of a stream to its end, as text; credit is given back frame by frame. */
    public String readBody(int streamId) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            RawFrame frame = expect(RawFrame.DATA, streamId);
            body.writeBytes(frame.payload());
            if (frame.has(RawFrame.END_STREAM)) {
                return body.toString(StandardCharsets.UTF_8);
            }
            int length = frame.payload().length;
            if (length > 0) {
                write(RawFrame.windowUpdate(0, length), RawFrame.windowUpdate(streamId, length));
            }
        }
    }

    /** Reads to the end of the connection, and returns what came before it. */
    public List<RawFrame> readToEnd() throws IOException {
        long deadline = deadline(LIMIT);
        List<RawFrame> frames = new ArrayList<>();
        while (true) {
            try {
                frames.add(next("the end of the connection", deadline));
            } catch (IOException end) {
                // FIN, RST or what TLS makes of them.
                return frames;
            }
        }
    }

    /** Fails where a frame of a type outside these comes within the time, or the connection ends. */
    public void expectNothingBut(Duration during, Integer... types) throws IOException {
        Set<Integer> allowed = new HashSet<>(Arrays.asList(types));
        long deadline = deadline(during);
        while (hasByte(deadline)) {
            RawFrame frame = next("the rest of a frame", deadline(LIMIT));
            if (!allowed.contains(frame.type())) {
                throw failure("awaited silence, and there came " + frame);
            }
        }
    }

    private boolean hasByte(long deadline) throws IOException {
        long leftMillis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (leftMillis <= 0) {
            return false;
        }
        socket.setSoTimeout((int) leftMillis);
        try {
            int first = in.read();
            if (first < 0) {
                throw failure("awaited silence, and the connection ended");
            }
            in.unread(first);
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    private static long deadline(Duration within) {
        return System.nanoTime() + within.toNanos();
    }

    private void readFully(byte[] bytes, long deadline, String awaited) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            long leftMillis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            try {
                socket.setSoTimeout((int) Math.max(1, leftMillis));
                int read = in.read(bytes, at, bytes.length - at);
                if (read < 0) {
                    throw new EOFException("the connection ended before " + awaited + "; before that: " + seen);
                }
                at += read;
            } catch (SocketTimeoutException e) {
                throw failure("waited in vain for " + awaited);
            }
        }
    }

    private AssertionError failure(String what) {
        return new AssertionError(what + "; last frames: " + seen);
    }

    /** Ends the connection by RST. */
    public void reset() throws IOException {
        if (!(socket instanceof SSLSocket)) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
