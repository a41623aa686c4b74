package dev.slipstream.bench.micro;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.ingress.ProxyPipeline;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.route.ConnectionKey;
import dev.slipstream.upstream.ConnectionSettings;
import dev.slipstream.upstream.Connector;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.UpstreamPool;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole engine on the caller's thread without sockets: one client and one provider connection, both HTTP/1.1, kept
 * for ever, which are nothing but bytes. Every stage, histogram, the key check and the usage tap are on, and the model is
 * rewritten. What it makes itself for a request is one pooled buffer a read, as a socket's read does. Confined to the
 * thread that made it.
 */
final class EmbeddedEngine implements AutoCloseable {
    static final String KEY = "sk-slip-bench-key-0001";
    static final String MODEL = "chat-model";

    private static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            keys: [ { name: bench, key: %s } ]
            providers:
              upstream: { base_url: "http://upstream.invalid/v1", dialect: openai, api_key: sk-upstream }
            models:
              - { name: %s, targets: [ { provider: upstream, model: upstream-model } ] }
            """.formatted(KEY, MODEL);

    private static final int PAGE_BYTES = 8 * 1024;
    private static final int MAX_ORDER = 7;
    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;

    /** As a loop's own: direct memory, one arena. */
    private final PooledByteBufAllocator allocator =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, MAX_ORDER, SMALL_CACHE, NORMAL_CACHE, false);

    private final EmbeddedChannel home = new EmbeddedChannel();
    private final EmbeddedChannel client = newChannel();
    private final CurrentConfig current = new CurrentConfig(ConfigSnapshot.of(config()));
    private final UpstreamPools pools;
    private @Nullable EmbeddedChannel provider;

    EmbeddedEngine() {
        SlipstreamConfig config = current.snapshot().config();
        var limits = config.limits();
        Loop loop = new Loop(0, home.eventLoop(), NanoClock.SYSTEM, allocator, new Metrics().forLoop(0));
        this.pools = new UpstreamPools(
                loop,
                new SharedPools(current.snapshot().routes().providers(), 1),
                this::connect,
                ConnectionSettings.of(limits.headerBytes(), limits.headerFields(), limits.streamBufferBytes()));
        ExchangePool exchanges = new ExchangePool(loop, limits.jsonDepth());
        new ProxyPipeline(loop, exchanges, current, Limits.of(limits), pools).addTo(client);
        client.pipeline().fireChannelActive();
    }

    private static SlipstreamConfig config() {
        LoadResult result = ConfigLoader.fromText("bench", CONFIG, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IllegalStateException("the bench's own configuration: " + result);
    }

    private EmbeddedChannel newChannel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        return channel;
    }

    /** Never from inside the call, as every connector. */
    private void connect(Loop loop, ConnectionKey key, Connector.Outcome outcome) {
        loop.eventLoop().execute(() -> {
            EmbeddedChannel channel = newChannel();
            if (provider != null) {
                throw new IllegalStateException("the engine opened a second connection");
            }
            provider = channel;
            outcome.onConnected(channel, false);
        });
    }

    /** The pool of the one provider. */
    UpstreamPool pool() {
        return pools.of(current.snapshot().routes().providers().iterator().next());
    }

    /** Runs what the loop has been given. */
    void runTasks() {
        home.runPendingTasks();
    }

    /** Lets the client's connection read a copy of {@code request}, and runs what follows from it. Borrows. */
    void fromClient(ByteBuf request) {
        read(client, request);
        runTasks();
    }

    /** As {@link #fromClient}: the provider's connection, once there is one. */
    void fromProvider(ByteBuf part) {
        read(provider(), part);
    }

    private EmbeddedChannel provider() {
        EmbeddedChannel opened = provider;
        if (opened == null) {
            throw new IllegalStateException("no connection to the provider has been opened");
        }
        return opened;
    }

    private void read(EmbeddedChannel channel, ByteBuf bytes) {
        ByteBuf in = allocator.directBuffer(bytes.readableBytes());
        in.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        channel.pipeline().fireChannelRead(in);
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** Takes what was written to the provider; gives back how many bytes that were. */
    int takeFromProvider() {
        return take(provider(), null);
    }

    /** Takes what was written to the client and gives back how many bytes that were. */
    int takeFromClient() {
        return take(client, null);
    }

    /** As {@link #takeFromProvider()}, and puts the bytes into {@code into}. */
    int takeFromProvider(ByteBuf into) {
        return take(provider(), into);
    }

    /** As {@link #takeFromClient()}, and puts the bytes into {@code into}. */
    int takeFromClient(ByteBuf into) {
        return take(client, into);
    }

    private static int take(EmbeddedChannel channel, @Nullable ByteBuf into) {
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            if (into != null) {
                into.writeBytes(out, out.readerIndex(), out.readableBytes());
            }
            out.release();
        }
        return bytes;
    }

    /** Buffers that are in use; none between two requests. */
    long buffersInUse() {
        return allocator.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }

    @Override
    public void close() {
        client.close();
        pools.close();
        runTasks();
        if (provider != null) {
            take(provider, null);
            provider.finishAndReleaseAll();
        }
        take(client, null);
        client.finishAndReleaseAll();
        home.finishAndReleaseAll();
    }
}
