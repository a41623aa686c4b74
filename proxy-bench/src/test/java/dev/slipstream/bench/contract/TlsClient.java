package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A client that shakes hands as it is told, and sees the records in which it is answered. */
final class TlsClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;
    private static final int ALERT = 21;

    /** Keeps what was read from it. */
    private static final class Tap extends Socket {
        private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

        /** Not done: the JDK ends the plain connection along with its own close_notify. */
        @Override
        public void shutdownOutput() {}

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int read = in.read();
                    if (read >= 0) {
                        seen.write(read);
                    }
                    return read;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int read = in.read(into, offset, length);
                    if (read > 0) {
                        seen.write(into, offset, read);
                    }
                    return read;
                }
            };
        }
    }

    private final Tap plain = new Tap();
    private final SSLSocket socket;

    /**
     * Connects, and does not begin the handshake.
     *
     * @param name what is asked for (SNI); null: nothing
     * @param versions none: the JDK's own
     */
    TlsClient(InetSocketAddress api, SSLContext context, @Nullable String name, String... versions) throws IOException {
        plain.setSoTimeout(LIMIT_MILLIS);
        plain.setTcpNoDelay(true);
        plain.connect(api, LIMIT_MILLIS);
        socket = (SSLSocket)
                context.getSocketFactory().createSocket(plain, name == null ? "127.0.0.1" : name, api.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        if (versions.length > 0) {
            parameters.setProtocols(versions);
        }
        socket.setSSLParameters(parameters);
    }

    SSLSocket socket() {
        return socket;
    }

    TlsClient shakeHands() throws IOException {
        socket.startHandshake();
        return this;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    void send(String head, byte[] body) throws IOException {
        byte[] first = (head + "content-length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        socket.getOutputStream().write(all);
    }

    /** Past the encryption. */
    void sendRaw(byte[] bytes) throws IOException {
        plain.getOutputStream().write(bytes);
    }

    /** Reads until {@code mark} has come; what has come by then. */
    String readTo(String mark) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] block = new byte[16 * 1024];
        while (text.indexOf(mark) < 0) {
            int read = socket.getInputStream().read(block);
            if (read < 0) {
                throw new IOException("ended behind: " + text);
            }
            text.append(new String(block, 0, read, ISO_8859_1));
        }
        return text.toString();
    }

    /** Reads to the end, whatever it is. */
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** The body of the answer to {@code GET /health}, which needs no provider. */
    String health() throws IOException {
        send("GET /health HTTP/1.1\r\nhost: proxy\r\n\r\n");
        return readTo("\r\n\r\n{\"status\":\"ok\"}");
    }

    /** Whether the last record that came is an alert; in TLS 1.2 its type is not hidden. */
    boolean endedWithAlert() throws IOException {
        List<Integer> types = new ArrayList<>();
        byte[] seen = plain.seen.toByteArray();
        int at = 0;
        while (at + 5 <= seen.length) {
            types.add(seen[at] & 0xFF);
            at += 5 + ((seen[at + 3] & 0xFF) << 8 | (seen[at + 4] & 0xFF));
        }
        if (at != seen.length || types.isEmpty()) {
            throw new IOException("no whole records: " + types);
        }
        return types.get(types.size() - 1) == ALERT;
    }

    /** Without a word. */
    void leave() throws IOException {
        plain.close();
    }

    /** As {@link #leave}. */
    @Override
    public void close() throws IOException {
        leave();
    }
}
