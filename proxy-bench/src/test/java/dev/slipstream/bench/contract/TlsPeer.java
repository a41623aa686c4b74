package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A provider that gets no further than its handshake, in a manner of its own; and counts the decrypted bytes that came
 * all the same. A thread for each connection.
 */
final class TlsPeer implements AutoCloseable {
    /** What it does with a connection, which is closed behind it. */
    interface Manner {
        /** @param decrypted takes what was read behind a handshake */
        void with(Socket socket, AtomicLong decrypted) throws IOException, InterruptedException;
    }

    private final ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong decrypted = new AtomicLong();

    private TlsPeer(Manner manner) throws IOException {
        threads.execute(() -> accept(manner));
    }

    static TlsPeer of(Manner manner) throws IOException {
        return new TlsPeer(manner);
    }

    /** A whole server of TLS. */
    static TlsPeer shaking(SSLContext context, boolean clientCertificate, String... alpn) throws IOException {
        return new TlsPeer((plain, decrypted) -> {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            socket.setUseClientMode(false);
            socket.setNeedClientAuth(clientCertificate);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(alpn);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            byte[] block = new byte[4096];
            InputStream in = socket.getInputStream();
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                decrypted.addAndGet(read);
            }
        });
    }

    /** Takes the client's hello and falls silent. */
    static void stall(Socket socket, AtomicLong decrypted) throws IOException {
        byte[] block = new byte[4096];
        InputStream in = socket.getInputStream();
        for (int read = in.read(block); read >= 0; ) {
            read = in.read(block);
        }
    }

    /** Answers plaintext before anybody asked. */
    static void plaintext(Socket socket, AtomicLong decrypted) throws IOException {
        socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII));
        stall(socket, decrypted);
    }

    /** Takes the client's hello and leaves. */
    static void close(Socket socket, AtomicLong decrypted) throws IOException {
        readRecord(socket.getInputStream());
    }

    /** Takes the client's hello and resets the connection. */
    static void reset(Socket socket, AtomicLong decrypted) throws IOException {
        readRecord(socket.getInputStream());
        socket.setSoLinger(true, 0);
    }

    /** Speaks TLS 1.0, whatever was offered: a ServerHello of that version, and no more. */
    static void tls10(Socket socket, AtomicLong decrypted) throws IOException {
        readRecord(socket.getInputStream());
        byte[] hello = new byte[5 + 4 + 38];
        // The record: handshake, TLS 1.0, its length.
        hello[0] = 22;
        hello[1] = 3;
        hello[2] = 1;
        hello[4] = 42;
        // ServerHello, its length, TLS 1.0; 32 bytes of random and no session follow.
        hello[5] = 2;
        hello[8] = 38;
        hello[9] = 3;
        hello[10] = 1;
        for (int i = 11; i < 43; i++) {
            hello[i] = (byte) (i * 7);
        }
        // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression.
        hello[44] = (byte) 0xC0;
        hello[45] = 0x13;
        OutputStream out = socket.getOutputStream();
        out.write(hello);
        stall(socket, decrypted);
    }

    private static void readRecord(InputStream in) throws IOException {
        byte[] head = in.readNBytes(5);
        if (head.length == 5) {
            in.readNBytes((head[3] & 0xFF) << 8 | (head[4] & 0xFF));
        }
    }

    String url() {
        return "https://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Bytes that came behind a handshake: of a request, or of HTTP/2's preface. */
    long decryptedBytes() {
        return decrypted.get();
    }

    private void accept(Manner manner) {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                threads.execute(() -> {
                    try (socket) {
                        manner.with(socket, decrypted);
                    } catch (IOException gone) {
                        // The handshake failed, as it is meant to, or the other end has left.
                    } catch (InterruptedException over) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }
}
