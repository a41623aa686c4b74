package dev.slipstream.bench.contract;

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
import org.jspecify.annotations.Nullable;

/** HTTP/1.1, read by the letter. */
final class H1Client implements ApiClient {
    private static final int LIMIT_MILLIS = 30_000;

    private final Socket plain = new Socket();
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /**
     * @param receiveBytes 0: the system's default
     * @param tls null: without TLS
     */
    H1Client(InetSocketAddress api, int receiveBytes, @Nullable SSLContext tls) throws IOException {
        if (receiveBytes > 0) {
            plain.setReceiveBufferSize(receiveBytes);
        }
        plain.setTcpNoDelay(true);
        plain.setSoTimeout(LIMIT_MILLIS);
        plain.connect(api, LIMIT_MILLIS);
        socket = tls == null ? plain : encrypted(tls);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    private Socket encrypted(SSLContext tls) throws IOException {
        try {
            SSLSocket socket =
                    (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static byte[] head(String path, long length) {
        return ("POST " + path + " HTTP/1.1\r\nhost: proxy\r\ncontent-type: application/json\r\ncontent-length: "
                        + length + "\r\nx-api-key: of-the-client\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    @Override
    public void send(String path, byte[] body) throws IOException {
        byte[] head = head(path, body.length);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
    }

    @Override
    public Answer answer() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append("\r\n");
        }
        return new H1Answer(head.toString());
    }

    @Override
    public Upload begin(String path, long length) throws IOException {
        out.write(head(path, length));
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(bytes, offset, count);
            }

            @Override
            public Answer end() throws IOException {
                return answer();
            }

            @Override
            public void cancel() throws IOException {
                leave();
            }
        };
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("ended behind: " + line);
            }
            line.append((char) b);
        }
        if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a bare LF ends: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void leave() throws IOException {
        // Without a word, where there is TLS.
        plain.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private final class H1Answer implements Answer {
        private final String head;
        private final boolean chunked;
        /** Of the chunk or of the whole; less than 0 behind the end. */
        private long left;
        /** A chunk's line end may come along with the next chunk. */
        private boolean chunkEnds;

        H1Answer(String head) {
            this.head = head;
            this.chunked = field("transfer-encoding").equals("chunked");
            this.left = chunked ? 0 : Long.parseLong(field("content-length"));
        }

        @Override
        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        @Override
        public String field(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }

        @Override
        public int read(byte[] into) throws IOException {
            if (chunkEnds && !line().isEmpty()) {
                throw new IOException("no line end behind a chunk");
            }
            chunkEnds = false;
            if (left == 0 && chunked) {
                left = Integer.parseInt(line(), 16);
                if (left == 0) {
                    if (!line().isEmpty()) {
                        throw new IOException("a trailer");
                    }
                    left = -1;
                }
            } else if (left == 0) {
                left = -1;
            }
            if (left < 0) {
                return -1;
            }
            int read = in.read(into, 0, (int) Math.min(left, into.length));
            if (read < 0) {
                throw new EOFException("ended " + left + " bytes before its end");
            }
            left -= read;
            chunkEnds = left == 0 && chunked;
            return read;
        }

        @Override
        public void cancel() throws IOException {
            leave();
        }
    }
}
