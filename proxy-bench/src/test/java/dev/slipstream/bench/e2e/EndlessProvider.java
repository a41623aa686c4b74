package dev.slipstream.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider whose answers do not end, and come as fast as they are taken: a blocking thread for each connection. */
final class EndlessProvider implements AutoCloseable {
    private static final int BLOCK_BYTES = 256 * 1024;

    private final ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    EndlessProvider() throws IOException {
        threads.execute(this::accept);
    }

    String baseUrl() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            if (socket.getInputStream().read(new byte[8 * 1024]) < 0) {
                return;
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999999999999\r\n\r\n"
                            .getBytes(ISO_8859_1));
            byte[] block = new byte[BLOCK_BYTES];
            while (true) {
                socket.getOutputStream().write(block);
            }
        } catch (IOException gone) {
            // Whoever was at the other end has left.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
