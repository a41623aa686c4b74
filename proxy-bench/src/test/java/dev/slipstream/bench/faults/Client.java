package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** A client with a socket of its own, which it can leave in any manner. One thread. */
final class Client implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;

    /** What came back. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, String head, byte[] body) {
        /** The value of a field, empty where there is none. */
        String field(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return line.substring(name.length() + 1).trim();
                }
            }
            return "";
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;
    final OutputStream out;

    Client(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /** @param receiveBytes the receive buffer; 0: the system's default */
    Client(InetSocketAddress address, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(address, LIMIT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static String chat(String directives, boolean stream) {
        return "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"[["
                + directives + "]] hello\"}]}";
    }

    static String head(String path, long length) {
        return "POST " + path + " HTTP/1.1\r\nhost: proxy\r\ncontent-type: application/json\r\ncontent-length: "
                + length + "\r\n\r\n";
    }

    void send(String path, String body) throws IOException {
        out.write((head(path, body.length()) + body).getBytes(ISO_8859_1));
    }

    Answer post(String path, String body) throws IOException {
        send(path, body);
        return read();
    }

    Answer chat(String directives) throws IOException {
        return post("/v1/chat/completions", chat(directives, false));
    }

    Answer read() throws IOException {
        String head = readHead();
        Answer answer = new Answer(Integer.parseInt(head.substring(9, 12)), head, new byte[0]);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (answer.field("transfer-encoding").equals("chunked")) {
            for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
                body.write(in.readNBytes(size));
                readLine();
            }
            readLine();
        } else {
            body.write(in.readNBytes(Integer.parseInt(answer.field("content-length"))));
        }
        return new Answer(answer.status, head, body.toByteArray());
    }

    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("after " + line);
            }
            if (b == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
    }

    /** The next bytes as they come; less than 0 at the end. */
    int read(byte[] into) throws IOException {
        return in.read(into, 0, into.length);
    }

    /** Leaves by a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
