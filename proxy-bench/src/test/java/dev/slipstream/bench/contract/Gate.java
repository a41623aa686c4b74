package dev.slipstream.bench.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before a provider and passes bytes on, whatever they mean: so that a test can close the way, and break
 * connections, on every wire alike. A thread for each direction of each connection.
 */
final class Gate implements AutoCloseable {
    private static final int BLOCK_BYTES = 64 * 1024;
    /** Small, so that little is on the way where the gate is closed. */
    private static final int RECEIVE_BYTES = 64 * 1024;

    private final int firstPort;
    private volatile int providerPort;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong towardsProvider = new AtomicLong();
    private final Object lock = new Object();
    private boolean shut;

    Gate(int providerPort) throws IOException {
        this.firstPort = providerPort;
        this.providerPort = providerPort;
        this.listener = new ServerSocket();
        listener.setReceiveBufferSize(RECEIVE_BYTES);
        listener.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@code baseUrl} of the provider, through the gate. */
    String through(String baseUrl) {
        return baseUrl.replace(":" + firstPort, ":" + port());
    }

    /** New connections are for this provider. */
    void leadTo(int port) {
        providerPort = port;
    }

    int connections() {
        return connections.get();
    }

    /** Bytes that have passed towards the provider. */
    long passedBytes() {
        return towardsProvider.get();
    }

    /** Nothing more is taken from the proxy, on the connections that are there and on new ones. */
    void shut() {
        synchronized (lock) {
            shut = true;
        }
    }

    void open() {
        synchronized (lock) {
            shut = false;
            lock.notifyAll();
        }
    }

    private void awaitOpen() throws InterruptedException {
        synchronized (lock) {
            while (shut) {
                lock.wait();
            }
        }
    }

    /** Ends the connections that are there. */
    void breakConnections() throws IOException {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket here = listener.accept();
                Socket there = new Socket(InetAddress.getLoopbackAddress(), providerPort);
                here.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                sockets.add(here);
                sockets.add(there);
                connections.incrementAndGet();
                threads.execute(() -> pass(here, there, true));
                threads.execute(() -> pass(there, here, false));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to, boolean gated) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] block = new byte[BLOCK_BYTES];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                if (gated) {
                    awaitOpen();
                    towardsProvider.addAndGet(read);
                }
                out.write(block, 0, read);
            }
        } catch (IOException gone) {
            // One end has left, and so does the other.
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        breakConnections();
    }
}
