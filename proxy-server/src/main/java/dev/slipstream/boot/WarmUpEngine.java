package dev.slipstream.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.HttpVersionChoice;
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
import dev.slipstream.upstream.UpstreamPools;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The whole engine on one thread, between a client and providers that are nothing but bytes. Its metrics, limits and
 * buffers are its own. Confined to its thread.
 */
final class WarmUpEngine implements AutoCloseable {
    private static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            keys: [ { name: warm-up, key: sk-slip-warm-up } ]
            providers:
              plain: { base_url: "http://plain.invalid/v1", dialect: openai, api_key: none-1 }
              claude: { base_url: "http://claude.invalid", dialect: anthropic, api_key: none-2 }
              shared: { base_url: "http://shared.invalid/v1", dialect: openai, http: h2c, api_key: none-3 }
            models:
              - { name: plain, targets: [ { provider: plain, model: renamed } ] }
              - { name: claude, targets: [ { provider: claude } ] }
              - { name: shared, targets: [ { provider: shared, model: renamed } ] }
            """;

    private static final byte[][] REQUESTS = {
        request("/v1/chat/completions", "plain", false),
        request("/v1/chat/completions", "plain", true),
        request("/v1/messages", "claude", false),
        request("/v1/messages", "claude", true),
        request("/v1/chat/completions", "shared", false),
        request("/v1/chat/completions", "shared", true),
    };

    private final PooledByteBufAllocator allocator = Allocators.pooled(1);
    private final EmbeddedChannel home = new EmbeddedChannel();
    private final UpstreamPools pools;
    private final EmbeddedChannel client;
    private final List<WarmUpProvider> providers = new ArrayList<>();

    WarmUpEngine() {
        SlipstreamConfig config = config();
        CurrentConfig current = new CurrentConfig(ConfigSnapshot.of(config));
        Limits limits = Limits.of(config.limits());
        Loop loop = new Loop(0, home.eventLoop(), NanoClock.SYSTEM, allocator, new Metrics().forLoop(0));
        SharedPools shared = new SharedPools(current.snapshot().routes().providers(), 1);
        this.pools = new UpstreamPools(
                loop,
                shared,
                this::connect,
                ConnectionSettings.of(
                        config.limits().headerBytes(),
                        config.limits().headerFields(),
                        config.limits().streamBufferBytes()));
        ExchangePool exchanges = new ExchangePool(loop, config.limits().jsonDepth());
        this.client = newChannel();
        new ProxyPipeline(loop, exchanges, current, limits, pools).addTo(client);
        client.pipeline().fireChannelActive();
    }

    private static SlipstreamConfig config() {
        LoadResult result = ConfigLoader.fromText("warm-up", CONFIG, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IllegalStateException("the warm-up's own configuration: " + result);
    }

    private static byte[] request(String path, String model, boolean stream) {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"max_tokens\":256,\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
                + "{\"role\":\"user\",\"content\":\"Say \\\"hello\\\" in three languages, please.\"}]}";
        String head = "POST " + path + " HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nauthorization: Bearer sk-slip-warm-up\r\n"
                + "accept: application/json\r\ncontent-type: application/json\r\nuser-agent: warm-up/1\r\n"
                + "anthropic-version: 2023-06-01\r\nx-stainless-lang: java\r\nx-stainless-retry-count: 0\r\n"
                + "content-length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(US_ASCII);
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
            boolean http2 = key.http() == HttpVersionChoice.H2C;
            providers.add(http2 ? WarmUpProvider.http2(channel) : WarmUpProvider.http1(channel));
            outcome.onConnected(channel, http2);
        });
    }

    /** Sends the request number {@code i} and answers it, to the last byte. */
    void request(int i) {
        byte[] request = REQUESTS[i % REQUESTS.length];
        boolean stream = i % 2 == 1;
        read(client, request);
        home.runPendingTasks();
        for (WarmUpProvider provider : providers) {
            if (provider.takeRequest()) {
                for (byte[] part : provider.answer(stream)) {
                    read(provider.channel(), part);
                }
            }
        }
        if (drop(client) == 0) {
            throw new IllegalStateException("request " + i + " was not answered");
        }
    }

    /** Lets {@code channel} read {@code bytes} in one batch. */
    private void read(EmbeddedChannel channel, byte[] bytes) {
        ByteBuf in = allocator.directBuffer(bytes.length).writeBytes(bytes);
        channel.pipeline().fireChannelRead(in);
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
    }

    /** Releases what was written to {@code channel}; gives back how many buffers that were. */
    static int drop(EmbeddedChannel channel) {
        int dropped = 0;
        for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            ReferenceCountUtil.release(out);
            dropped++;
        }
        return dropped;
    }

    @Override
    public void close() {
        client.close();
        pools.close();
        home.runPendingTasks();
        for (WarmUpProvider provider : providers) {
            provider.channel().runPendingTasks();
            drop(provider.channel());
            provider.channel().finishAndReleaseAll();
        }
        drop(client);
        client.finishAndReleaseAll();
        home.finishAndReleaseAll();
    }

    /** Buffers that are in use; none behind {@link #close()}. */
    long buffersInUse() {
        return allocator.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }
}
