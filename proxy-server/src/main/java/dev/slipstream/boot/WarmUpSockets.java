package dev.slipstream.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.PemFiles;
import dev.slipstream.config.TlsEngine;
import dev.slipstream.ingress.ProxyPipeline;
import dev.slipstream.loop.Transport;
import dev.slipstream.tls.SelfSigned;
import dev.slipstream.tls.ServerTls;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WarmUpEngine} has not: sockets of the transport that is used, an event loop, accepting, connecting, TLS. A
 * proxy on loopback, with a key that nobody else knows, between a client and a provider that are blocking sockets of the
 * thread that calls and speak HTTP/1.1. Where the way is another one, a second proxy stands between the first and the
 * provider, and the two speak it. Confined to that thread.
 */
final class WarmUpSockets implements AutoCloseable {
    private static final int LIMIT_MILLIS = 5000;
    private static final int KEY_BYTES = 16;
    private static final int SIZES = 8;
    private static final String FILLING = "hello ";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final String MODEL = "asked";
    private static final String NEXT_MODEL = "renamed";
    private static final String BODY = "{\"model\":\"" + MODEL
            + "\",\"max_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\"Say \\\"%s\\\".\"}]}";
    private static final String ANSWER_BODY =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":25,"
                    + "\"completion_tokens\":8,\"total_tokens\":33}}";
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                    + ANSWER_BODY.length() + "\r\n\r\n" + ANSWER_BODY)
            .getBytes(US_ASCII);

    /** The same with bodies of different sizes, sent in turns. */
    private final byte[][] requests = new byte[SIZES][];

    private final byte[] block = new byte[16 * 1024];
    private final ServerSocket sink;
    /** The client's first. */
    private final Deque<WarmUpProxy> proxies = new ArrayDeque<>();

    private int next;
    private @Nullable ServerTls tls;
    private @Nullable Socket provider;
    private @Nullable Socket client;

    /** @throws IOException if there is no port, no descriptor or no certificate for it */
    WarmUpSockets(Transport transport, WarmUpWay way) throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "sk-slip-" + HexFormat.of().formatHex(random);
        for (int i = 0; i < SIZES; i++) {
            // From 100 B to 5 KB: some fill what is read at a time, most do not.
            String body = BODY.formatted(FILLING.repeat(i * i * 16));
            requests[i] = ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + key
                            + "\r\naccept: application/json\r\ncontent-type: application/json\r\ncontent-length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(US_ASCII);
        }
        this.sink = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK));
        try {
            sink.setSoTimeout(LIMIT_MILLIS);
            listen(transport, way, key);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void listen(Transport transport, WarmUpWay way, String key) throws IOException {
        String toSink = WarmUpWay.PLAIN.settings(sink.getLocalPort());
        if (way.equals(WarmUpWay.PLAIN)) {
            proxies.addFirst(new WarmUpProxy(transport, key, MODEL, toSink, NEXT_MODEL, null, null));
            return;
        }
        X509Certificate certificate = null;
        TlsEngine engine = way.tls();
        if (engine != null) {
            PemFiles.Identity identity = identity();
            certificate = identity.chain().get(0);
            tls = ServerTls.of(identity, engine, ProxyPipeline.tlsProtocols(true));
        }
        WarmUpProxy second = new WarmUpProxy(transport, key, NEXT_MODEL, toSink, "renamed-again", tls, null);
        proxies.addFirst(second);
        proxies.addFirst(
                new WarmUpProxy(transport, key, MODEL, way.settings(second.port()), NEXT_MODEL, null, certificate));
    }

    private static PemFiles.Identity identity() throws IOException {
        try {
            return SelfSigned.of(InetAddress.getByAddress(LOOPBACK));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** A client comes anew with the next request. */
    void leave() throws IOException {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    /**
     * One request, from the client to the provider and back.
     *
     * @throws IOException if it did not get there within {@value #LIMIT_MILLIS} ms
     */
    void request() throws IOException {
        Socket from = client;
        if (from == null) {
            from = new Socket(
                    InetAddress.getByAddress(LOOPBACK), proxies.getFirst().port());
            from.setTcpNoDelay(true);
            from.setSoTimeout(LIMIT_MILLIS);
            client = from;
        }
        from.getOutputStream().write(requests[next++ % SIZES]);
        Socket to = provider;
        if (to == null) {
            to = sink.accept();
            to.setTcpNoDelay(true);
            to.setSoTimeout(LIMIT_MILLIS);
            provider = to;
        }
        readTo(to, "]}");
        to.getOutputStream().write(ANSWER);
        readTo(from, "}}");
    }

    /** Reads until what has come ends like this. */
    private void readTo(Socket socket, String end) throws IOException {
        int length = 0;
        while (length < end.length() || !new String(block, length - end.length(), end.length(), US_ASCII).equals(end)) {
            int read = socket.getInputStream().read(block, length, block.length - length);
            if (read <= 0) {
                throw new EOFException("it ended behind " + length + " bytes");
            }
            length += read;
        }
    }

    @Override
    public void close() throws IOException {
        leave();
        if (provider != null) {
            provider.close();
        }
        sink.close();
        proxies.forEach(WarmUpProxy::close);
        if (tls != null) {
            tls.close();
        }
    }

    /** As the proxies see it: those of each to what stands behind it. */
    int upstreamConnections() {
        return proxies.stream().mapToInt(WarmUpProxy::connectionsToItsProvider).sum();
    }

    /** Buffers that are in use; none behind {@link #close()}. */
    long buffersInUse() {
        return proxies.stream().mapToLong(WarmUpProxy::buffersInUse).sum();
    }
}
