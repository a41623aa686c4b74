package dev.slipstream.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangeLog;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.loop.Transport;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.upstream.AddressCache;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.SocketConnector;
import dev.slipstream.upstream.TlsContexts;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link WarmUpEngine} has not: sockets of the transport that is used, an event loop, accepting, connecting. A proxy of
 * one loop on loopback, with a key that nobody else knows, between a client and a provider that are blocking sockets of the
 * thread that calls. Metrics, limits and buffers are its own. Confined to that thread, but for its loop.
 */
final class WarmUpSockets implements AutoCloseable {
    private static final int LIMIT_MILLIS = 1000;
    private static final int KEY_BYTES = 16;
    private static final String BODY =
            "{\"model\":\"plain\",\"max_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\"Say \\\"hello\\\".\"}]}";
    private static final String ANSWER_BODY =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":25,"
                    + "\"completion_tokens\":8,\"total_tokens\":33}}";
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                    + ANSWER_BODY.length() + "\r\n\r\n" + ANSWER_BODY)
            .getBytes(US_ASCII);

    private final byte[] request;
    private final byte[] block = new byte[4096];
    private final PooledByteBufAllocator allocator = Allocators.pooled(1);
    private final EventLoopGroup group;
    private final Transport transport;
    private final AddressCache addresses = new AddressCache(new DefaultThreadFactory("slipstream-warm-up-dns", true));
    private final TlsContexts tls;
    private final LoopAssembly assembly;
    private final ApiListener listener;
    private final ServerSocket sink;
    private @Nullable Socket provider;
    private @Nullable Socket client;

    /** @throws IOException if there is no port or no descriptor for it */
    WarmUpSockets(Transport transport) throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "sk-slip-" + HexFormat.of().formatHex(random);
        this.request = ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + key
                        + "\r\naccept: application/json\r\ncontent-type: application/json\r\ncontent-length: "
                        + BODY.length() + "\r\n\r\n" + BODY)
                .getBytes(US_ASCII);
        this.sink = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sink.setSoTimeout(LIMIT_MILLIS);
        SlipstreamConfig config = config(key, sink.getLocalPort());
        CurrentConfig current = new CurrentConfig(ConfigSnapshot.of(config));
        var providers = current.snapshot().routes().providers();
        Limits limits = Limits.of(config.limits());
        this.tls = new TlsContexts(providers);
        this.transport = transport;
        this.group = transport.newGroup(1, new DefaultThreadFactory("slipstream-warm-up-loop", true));
        Loop loop = new Loop(0, group.next(), NanoClock.SYSTEM, allocator, new Metrics().forLoop(0));
        this.assembly = new LoopAssembly(
                loop,
                current,
                limits,
                new MemoryWatch(allocator, 1),
                new SharedPools(providers, 1),
                new SocketConnector(transport, addresses, tls, config.limits().streamBufferBytes()),
                ExchangeLog.OFF);
        try {
            this.listener = ApiListener.bind(
                    config.listen().address(),
                    transport,
                    loop.eventLoop(),
                    List.of(assembly.asClientLoop()),
                    limits.connections(),
                    current,
                    null,
                    () -> true);
        } catch (IOException e) {
            end();
            throw e;
        }
    }

    private static SlipstreamConfig config(String key, int sinkPort) {
        String text = """
                listen: { address: "127.0.0.1:0" }
                pool: { warm: 0 }
                limits: { connections: 16, in_flight: 16 }
                keys: [ { name: warm-up, key: %s } ]
                providers:
                  plain: { base_url: "http://127.0.0.1:%d/v1", dialect: openai, api_key: none }
                models: [ { name: plain, targets: [ { provider: plain, model: renamed } ] } ]
                """.formatted(key, sinkPort);
        LoadResult result = ConfigLoader.fromText("warm-up", text, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IllegalStateException("the warm-up's own configuration: " + result);
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
                    listener.address().getAddress(), listener.address().getPort());
            from.setTcpNoDelay(true);
            from.setSoTimeout(LIMIT_MILLIS);
            client = from;
        }
        from.getOutputStream().write(request);
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
        listener.close();
        end();
    }

    private void end() throws IOException {
        assembly.loop().eventLoop().submit(assembly::close).awaitUninterruptibly();
        sink.close();
        addresses.close();
        LoopsEnd.await(group, List.of(assembly.loop().eventLoop()), transport);
        tls.close();
    }

    /** As the proxy sees it. */
    int connectionsToItsProvider() {
        return assembly.loop()
                .eventLoop()
                .submit(assembly::upstreamConnections)
                .awaitUninterruptibly()
                .getNow();
    }

    /** Buffers that are in use; none behind {@link #close()}. */
    long buffersInUse() {
        return allocator.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }
}
