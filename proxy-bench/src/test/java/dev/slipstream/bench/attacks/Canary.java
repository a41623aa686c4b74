package dev.slipstream.bench.attacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that no request may ever lead to; one for all cases, open as long as the JVM. */
final class Canary {
    static final Canary ONE = open();

    private final ServerSocket server;
    private final AtomicInteger touched = new AtomicInteger();

    private Canary() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "canary");
        thread.setDaemon(true);
        thread.start();
    }

    private static Canary open() {
        try {
            return new Canary();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (true) {
            try (Socket socket = server.accept()) {
                touched.incrementAndGet();
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                return;
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int touched() {
        return touched.get();
    }
}
