package dev.slipstream.bench.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection of a client that writes its own bytes. */
final class RawClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        this(port, 0);
    }

    /** @param receiveBytes the receive buffer; 0: the system's default */
    RawClient(int port, int receiveBytes) {
        try {
            socket = new Socket();
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends head and body in one write.
     *
     * @param fields each ended by CRLF
     */
    void send(String method, String path, String fields, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = method + " " + path + " HTTP/1.1\r\nhost: proxy.test\r\n" + fields
                + (body.length > 0 ? "content-length: " + body.length + "\r\n" : "") + "\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        socket.getOutputStream().write(out.toByteArray());
    }

    /** Further bytes, as they are. */
    void sendMore(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    RawMessage receive() throws IOException {
        return RawMessage.read(in, false);
    }

    RawMessage post(String path, String fields, byte[] body) throws IOException {
        send("POST", path, "content-type: application/json\r\n" + fields, body);
        return receive();
    }

    RawMessage post(String path, String fields, String body) throws IOException {
        return post(path, fields, body.getBytes(StandardCharsets.UTF_8));
    }

    RawMessage get(String path, String fields) throws IOException {
        send("GET", path, fields, new byte[0]);
        return receive();
    }

    InputStream in() {
        return in;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
