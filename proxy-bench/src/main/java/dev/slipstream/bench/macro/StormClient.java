package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** One connection of a client. One thread. */
final class StormClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;
    private static final int MAX_LINE = 16 * 1024;
    /** What is read between two pauses. */
    private static final int PIECE_BYTES = 2048;

    /** What came back, its body without framing. */
    record Answer(int status, String head, String body) {
        /** The value of a field, empty where there is none; {@code name} in lower case. */
        String field(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return line.substring(name.length() + 1).trim();
                }
            }
            return "";
        }
    }

    /** Runs behind every {@value #PIECE_BYTES} bytes of a body. */
    interface Pace {
        /** Reads on at once. */
        Pace FULL = () -> {};

        void pause();
    }

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private int taken;

    StormClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /** @param receiveBytes the receive buffer; 0: the system's default */
    StormClient(InetSocketAddress address, int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(address, LIMIT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 4096);
        out = socket.getOutputStream();
    }

    void send(String bytes) throws IOException {
        send(bytes.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** The answer, complete by its framing. */
    Answer read(Pace pace) throws IOException {
        String head = readHead();
        Answer answer = new Answer(Integer.parseInt(head.substring(9, 12)), head, "");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (answer.field("transfer-encoding").equals("chunked")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                take(size, body, pace);
                if (!readLine().isEmpty()) {
                    throw new IOException("no line end behind a chunk");
                }
            }
            if (!readLine().isEmpty()) {
                throw new IOException("trailers");
            }
        } else {
            take(Integer.parseInt(answer.field("content-length")), body, pace);
        }
        return new Answer(answer.status, head, body.toString(ISO_8859_1));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(readLine(), 16);
    }

    private void take(int bytes, ByteArrayOutputStream body, Pace pace) throws IOException {
        for (int left = bytes; left > 0; ) {
            byte[] read = in.readNBytes(Math.min(left, PIECE_BYTES));
            if (read.length == 0) {
                throw new EOFException("ended " + left + " bytes early");
            }
            body.write(read);
            left -= read.length;
            taken += read.length;
            if (taken >= PIECE_BYTES) {
                taken = 0;
                pace.pause();
            }
        }
    }

    private String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            head.append(line).append("\r\n");
        }
        if (!head.toString().startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer: " + head);
        }
        return head.toString();
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < MAX_LINE) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("after '" + line + "'");
            }
            if (b == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
        throw new IOException("a line without an end");
    }

    /** The next bytes as they come; less than 0 at the end. */
    int readSome(byte[] into) throws IOException {
        return in.read(into, 0, into.length);
    }

    /** Reads a head alone. */
    int readStatus() throws IOException {
        return Integer.parseInt(readHead().substring(9, 12));
    }

    /** Whether bytes are here that were not read. */
    boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    /** Ends what this side sends. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
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
