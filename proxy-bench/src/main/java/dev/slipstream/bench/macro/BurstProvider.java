package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A provider of event streams, with a blocking thread for each connection. The last user message of a request is all it
 * looks at: {@code [[paced GAP_NANOS]]} is an event every so often until {@link #endPaced()}, each with the time it was
 * written at; {@code [[burst BYTES EVENT_BYTES]]} is so many bytes as fast as they are taken. Every event is a chunk.
 * {@code [[whole]]} is a short answer, whole.
 */
final class BurstProvider implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final int STAMP_DIGITS = 19;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n";
    /** The text of the whole answer. */
    static final String SAID = "That is all of them.";

    private static final String WHOLE = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
            + "\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + SAID
            + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":6,\"total_tokens\":15}}";
    private static final String WHOLE_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + WHOLE.length() + "\r\n";
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

    private final ServerSocket listener;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    /** Paced streams of an older number end. */
    private final AtomicInteger generation = new AtomicInteger();

    BurstProvider(int port) throws IOException {
        listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        start("burst-accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Every paced stream that runs ends behind its next event. */
    void endPaced() {
        generation.incrementAndGet();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                start("burst-connection", () -> serve(socket));
            }
        } catch (IOException closed) {
            // The run is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String head = readHead(in); !head.isEmpty(); head = readHead(in)) {
                boolean last = head.contains("\r\nconnection: close\r\n");
                String[] words = directive(in.readNBytes(length(head)));
                String close = last ? "connection: close\r\n\r\n" : "\r\n";
                if (words[0].equals("whole")) {
                    out.write((WHOLE_HEAD + close + WHOLE).getBytes(US_ASCII));
                } else {
                    out.write((HEAD + close).getBytes(US_ASCII));
                    answer(words, out);
                    out.write(LAST_CHUNK);
                }
                if (last) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The other end has left.
        } finally {
            sockets.remove(socket);
        }
    }

    /** Empty at the end of the connection; in lower case. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length: ") + 18;
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    }

    private static String[] directive(byte[] request) {
        String body = new String(request, ISO_8859_1);
        int from = body.lastIndexOf("[[") + 2;
        return body.substring(from, body.indexOf("]]", from)).split(" ", -1);
    }

    private void answer(String[] words, OutputStream out) throws IOException {
        if (words[0].equals("paced")) {
            paced(Long.parseLong(words[1]), out);
        } else {
            burst(Long.parseLong(words[1]), Integer.parseInt(words[2]), out);
        }
    }

    private void paced(long gapNanos, OutputStream out) throws IOException {
        int mine = generation.get();
        byte[] chunk = chunk("data: {\"at\":" + "0".repeat(STAMP_DIGITS) + "}\n\n");
        int stampEnd = chunk.length - "}\n\n\r\n".length();
        long dueNanos = System.nanoTime();
        while (mine == generation.get()) {
            long rest = System.nanoTime();
            for (int i = stampEnd - 1; i >= stampEnd - STAMP_DIGITS; i--) {
                chunk[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            out.write(chunk);
            // What is late is not made up for: gaps at the provider are never less than asked for.
            dueNanos = Math.max(dueNanos + gapNanos, System.nanoTime());
            for (long left = gapNanos; left > 0; left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private static void burst(long bytes, int eventBytes, OutputStream out) throws IOException {
        byte[] chunk = chunk("data: " + "x".repeat(eventBytes - "data: \n\n".length()) + "\n\n");
        int chunks = Math.max(1, BLOCK_BYTES / chunk.length);
        byte[] block = new byte[chunks * chunk.length];
        for (int i = 0; i < chunks; i++) {
            System.arraycopy(chunk, 0, block, i * chunk.length, chunk.length);
        }
        for (long left = bytes; left > 0; left -= (long) chunks * eventBytes) {
            out.write(block);
        }
    }

    private static byte[] chunk(String event) {
        return (Integer.toHexString(event.length()) + "\r\n" + event + "\r\n").getBytes(US_ASCII);
    }

    @Override
    public void close() throws IOException {
        endPaced();
        listener.close();
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }
}
