package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider whose every byte the test decides: a thread for each connection, blocking. */
final class ScriptedProvider implements AutoCloseable {
    /** A request as far as it matters here; its body has not been read. */
    record Request(int connection, int onConnection, long length, InputStream body, OutputStream out, Socket socket) {
        void readBody() throws IOException {
            body.readNBytes((int) length);
        }

        void answer(String fields, String text) throws IOException {
            out.write(("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + fields + "content-length: "
                            + text.length() + "\r\n\r\n" + text)
                    .getBytes(ISO_8859_1));
        }
    }

    /** What it does with a request; the connection is closed behind it where it gives back false. */
    interface Script {
        boolean play(Request request) throws IOException;
    }

    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Script script;

    ScriptedProvider(Script script) throws IOException {
        this(script, 0);
    }

    /** @param receiveBytes the receive buffer of its connections; 0: the system's default */
    ScriptedProvider(Script script, int receiveBytes) throws IOException {
        this.script = script;
        this.listener = new ServerSocket();
        if (receiveBytes > 0) {
            listener.setReceiveBufferSize(receiveBytes);
        }
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        threads.execute(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            int count = 0;
            for (long length = readHead(in); length >= 0; length = readHead(in)) {
                Request request = new Request(number, ++count, length, in, socket.getOutputStream(), socket);
                if (!script.play(request)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // Whoever was at the other end has left.
        }
    }

    /** The declared length of the next request's body, less than 0 where none comes. */
    private static long readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return -1;
            }
            head.append((char) b);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        int at = text.indexOf("\r\ncontent-length: ");
        return at < 0 ? 0 : Long.parseLong(text.substring(at + 18, text.indexOf("\r\n", at + 18)));
    }

    /** Ends every connection. */
    void closeConnections() throws IOException {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeConnections();
        threads.shutdownNow();
    }
}
