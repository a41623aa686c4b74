package dev.slipstream.bench.rawh2;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A listener on any free port of the loopback address whose connections are played by a script, each on a thread
 * of its own. {@link #close()} ends them all and fails where a script failed.
 */
public final class RawH2Server implements AutoCloseable {
    /** What is done with a connection, which is closed behind it. */
    public interface Script {
        /**
         * @param number 1 for the first connection
         * @throws IOException the connection ended, which is no failure: the script says by an AssertionError what is
         */
        void play(RawH2 connection, int number) throws IOException;
    }

    private static final int BACKLOG = 1000;

    private final ServerSocket listener;
    private final @Nullable SSLContext tls;
    private final String[] alpn;
    private final Script script;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    private RawH2Server(@Nullable SSLContext tls, String[] alpn, Script script) throws IOException {
        this.tls = tls;
        this.alpn = alpn;
        this.script = script;
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Plaintext. */
    public static RawH2Server start(Script script) throws IOException {
        return new RawH2Server(null, new String[0], script);
    }

    /** On TLS; a connection whose handshake fails is closed and played by nobody. */
    public static RawH2Server startTls(SSLContext tls, Script script, String... alpn) throws IOException {
        return new RawH2Server(tls, alpn, script);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Without a path. */
    public String url() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port();
    }

    /** How many were accepted, their handshakes done or not. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(socket, number));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket plain, int number) {
        try (Socket socket = tls == null ? plain : shaken(tls, plain);
                RawH2 connection = new RawH2(socket)) {
            script.play(connection, number);
        } catch (IOException gone) {
            // Whoever was at the other end has left.
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private Socket shaken(SSLContext context, Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        RawH2.handshake(socket, alpn);
        return socket;
    }

    /** Takes no more connections; those that are open stay. */
    public void stopListening() throws IOException {
        listener.close();
    }

    /** Throws what a script failed with. */
    public void rethrow() {
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError failed = new AssertionError("a script failed", first);
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
        threads.shutdownNow();
        rethrow();
    }
}
