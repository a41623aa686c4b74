package dev.slipstream.bench.distance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One HTTP/1.1 connection, plain or with TLS 1.3, that times its calls. Blocking; one thread. */
final class CallConnection implements AutoCloseable {
    private static final int LIMIT_MILLIS = 30_000;
    private static final int MAX_LINE = 16 * 1024;
    private static final int READ_BYTES = 16 * 1024;

    private final CallTarget target;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final long beganNanos;
    private final long connectedNanos;
    private final long securedNanos;
    private boolean used;

    private CallConnection(CallTarget target, Socket socket, long beganNanos, long connectedNanos, long securedNanos)
            throws IOException {
        this.target = target;
        this.socket = socket;
        this.beganNanos = beganNanos;
        this.connectedNanos = connectedNanos;
        this.securedNanos = securedNanos;
        this.in = new BufferedInputStream(socket.getInputStream(), READ_BYTES);
        this.out = socket.getOutputStream();
    }

    /**
     * Opens one; its first call counts from the beginning of this. A name is looked up before.
     *
     * @throws IOException if it cannot be opened, its certificate does not hold for the host, or after 30 s
     */
    static CallConnection open(CallTarget target) throws IOException {
        InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
        SSLContext context = target.isSecure() ? target.freshContext() : null;
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(LIMIT_MILLIS);
            long began = System.nanoTime();
            plain.connect(address, LIMIT_MILLIS);
            long connected = System.nanoTime() - began;
            if (context == null) {
                return new CallConnection(target, plain, began, connected, 0);
            }
            SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, target.host(), target.port(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return new CallConnection(target, secure, began, connected, System.nanoTime() - began);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** The port of this side. */
    int localPort() {
        return socket.getLocalPort();
    }

    /**
     * Posts a chat request and reads the whole answer.
     *
     * @throws IOException if the answer is no 200, breaks HTTP, or pauses for 30 s
     */
    CallTimes post(byte[] body) throws IOException {
        return exchange(
                "POST",
                "/chat/completions",
                "content-type: application/json\r\ncontent-length: " + body.length + "\r\n",
                body);
    }

    /** Asks for the models: a small request with a small answer. */
    CallTimes getModels() throws IOException {
        return exchange("GET", "/models", "", new byte[0]);
    }

    private CallTimes exchange(String method, String path, String fields, byte[] body) throws IOException {
        String head = method + " " + target.baseUrl().getRawPath() + path + " HTTP/1.1\r\nhost: " + target.host() + ":"
                + target.port() + "\r\n" + fields + "\r\n";
        byte[] headBytes = head.getBytes(ISO_8859_1);
        byte[] request = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, request, 0, headBytes.length);
        System.arraycopy(body, 0, request, headBytes.length, body.length);

        boolean first = !used;
        used = true;
        long began = first ? beganNanos : System.nanoTime();
        out.write(request);
        out.flush();
        in.mark(1);
        if (in.read() < 0) {
            throw new EOFException("closed without an answer");
        }
        long firstByte = System.nanoTime() - began;
        in.reset();
        String status = readAnswer();
        long lastByte = System.nanoTime() - began;
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(method + " " + target.baseUrl() + path + " was answered with " + status);
        }
        return new CallTimes(first ? connectedNanos : 0, first ? securedNanos : 0, firstByte, lastByte);
    }

    /** @return the status line */
    private String readAnswer() throws IOException {
        String status = readLine();
        long length = -1;
        boolean chunked = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).trim());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            }
        }
        if (chunked) {
            long size;
            do {
                size = Long.parseLong(readLine(), 16);
                in.skipNBytes(size);
                if (!readLine().isEmpty()) {
                    throw new IOException("no line end behind a chunk");
                }
            } while (size > 0);
        } else if (length >= 0) {
            in.skipNBytes(length);
        } else {
            throw new IOException("an answer without a length: " + status);
        }
        return status;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < MAX_LINE) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("after '" + line + "'");
            }
            if (b == '\n') {
                return line.substring(0, Math.max(0, line.length() - 1));
            }
            line.append((char) b);
        }
        throw new IOException("a line without an end");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
