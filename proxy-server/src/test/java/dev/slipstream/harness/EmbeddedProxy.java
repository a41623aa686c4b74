package dev.slipstream.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.discover.Discovery;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.ingress.ClientConnections;
import dev.slipstream.ingress.ProxyPipeline;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.OffLoop;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.route.ConnectionKey;
import dev.slipstream.upstream.ConnectionSettings;
import dev.slipstream.upstream.Connector;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.UpstreamPools;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The engine on one loop without sockets and with a clock that stands: clients and providers are {@link EmbeddedPeer}s.
 * {@link #close()} fails the test if anything was left: a buffer, an exchange, a connection in use, held bytes.
 */
public final class EmbeddedProxy implements AutoCloseable {
    /** One provider of each dialect, a second one of OpenAI's, and a client key. */
    public static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            admin: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            providers:
              first: { base_url: "http://first.test/v1", dialect: openai, api_key: sk-first }
              second: { base_url: "http://second.test/v1", dialect: openai, api_key: sk-second }
              claude: { base_url: "http://claude.test", dialect: anthropic, api_key: sk-claude }
            models:
              - name: chat
                targets: [ { provider: first, model: provider-model }, { provider: claude, model: provider-model } ]
              - name: both
                targets: [ { provider: first, model: first-model }, { provider: second, model: second-model } ]
              - name: "open-*"
                targets: [ { provider: first } ]
            """;

    private final EmbeddedChannel home = new EmbeddedChannel();
    /** One for all tests, which run one after another: an allocator's chunks are only given back when it is collected. */
    private static final PooledByteBufAllocator ALLOCATOR =
            new PooledByteBufAllocator(true, 0, 1, 8192, 7, 0, 0, false);

    private final PooledByteBufAllocator allocator = ALLOCATOR;
    private final long activeBefore = activeAllocations();
    private final Limits limits;
    private final Loop loop;
    private final ExchangePool exchanges;
    private final UpstreamPools pools;
    private final Discovery discovery;
    private final ProxyPipeline pipeline;
    private final CurrentConfig current;
    private final List<EmbeddedPeer> clients = new ArrayList<>();
    private final List<EmbeddedPeer> providers = new ArrayList<>();
    private final Deque<FailureKind> refusals = new ArrayDeque<>();
    private final int streamBufferBytes;
    private long nanos = TimeUnit.HOURS.toNanos(1);
    private boolean refuseAll;

    public EmbeddedProxy() {
        this(CONFIG);
    }

    public EmbeddedProxy(String yaml) {
        this(yaml, null);
    }

    /** @param offLoop where large bodies are read; null: on the loop */
    public EmbeddedProxy(String yaml, @Nullable OffLoop offLoop) {
        SlipstreamConfig config = configOf(yaml);
        this.current = new CurrentConfig(ConfigSnapshot.of(config));
        this.limits = Limits.of(config.limits());
        this.streamBufferBytes = config.limits().streamBufferBytes();
        this.loop = new Loop(0, home.eventLoop(), () -> nanos, allocator, new Metrics().forLoop(0), offLoop);
        this.exchanges = new ExchangePool(loop, config.limits().jsonDepth());
        SharedPools shared = new SharedPools(current.snapshot().routes().providers(), 1);
        this.pools = new UpstreamPools(
                loop,
                shared,
                new PeerConnector(),
                ConnectionSettings.of(
                        config.limits().headerBytes(), config.limits().headerFields(), streamBufferBytes));
        this.discovery = new Discovery(loop, current, pools, Runnable::run);
        this.pipeline = new ProxyPipeline(loop, exchanges, current, limits, pools);
    }

    private static SlipstreamConfig configOf(String yaml) {
        LoadResult result = ConfigLoader.fromText("test.yaml", yaml, Map.of(), Overrides.none());
        assertTrue(result instanceof LoadResult.Loaded, () -> "refused: " + result);
        return ((LoadResult.Loaded) result).config();
    }

    /** Opens connections to {@link EmbeddedPeer}s at once, or refuses them. */
    private final class PeerConnector implements Connector {
        @Override
        public void connect(Loop loop, ConnectionKey key, Outcome outcome) {
            FailureKind refusal = refuseAll ? FailureKind.UPSTREAM_UNREACHABLE : refusals.pollFirst();
            if (refusal != null) {
                outcome.onConnectFailed(refusal, "refused by the test");
                return;
            }
            EmbeddedChannel channel = newChannel();
            providers.add(
                    new EmbeddedPeer(EmbeddedProxy.this, channel, key.address().host()));
            outcome.onConnected(channel, key.http() == HttpVersionChoice.H2C);
        }
    }

    private EmbeddedChannel newChannel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(streamBufferBytes / 2, streamBufferBytes));
        return channel;
    }

    /** A new client connection. */
    public EmbeddedPeer client() {
        EmbeddedChannel channel = newChannel();
        pipeline.addTo(channel);
        channel.pipeline().fireChannelActive();
        EmbeddedPeer client = new EmbeddedPeer(this, channel, "client");
        clients.add(client);
        return client;
    }

    /** The provider connection that was opened as number {@code i}, from 0. */
    public EmbeddedPeer provider(int i) {
        assertTrue(i < providers.size(), () -> "only " + providers.size() + " connections were opened");
        return providers.get(i);
    }

    /** How many provider connections were opened. */
    public int providerConnections() {
        return providers.size();
    }

    /** The next connect fails. */
    public void refuseNext() {
        refusals.addLast(FailureKind.UPSTREAM_UNREACHABLE);
    }

    /** Every connect fails. */
    public void refuseAll() {
        refuseAll = true;
    }

    public void startDraining() {
        current.startDraining();
    }

    /** What happens to each client when the time for a drain is up. */
    public void endForDrain() {
        ClientConnections connections = new ClientConnections();
        clients.forEach(client -> connections.add(client.channel()));
        connections.endForDrain();
        settle();
    }

    /** Providers are not asked for their models any more. */
    public void closeDiscovery() {
        discovery.close();
    }

    /** Another configuration holds from here on. */
    public void reload(String yaml) {
        current.replace(ConfigSnapshot.of(configOf(yaml)));
    }

    public ProxyPipeline pipeline() {
        return pipeline;
    }

    public Limits limits() {
        return limits;
    }

    public PooledByteBufAllocator allocator() {
        return allocator;
    }

    public int exchangesInUse() {
        return exchanges.inUse();
    }

    public int busyProviderConnections() {
        return pools.activeCount();
    }

    /** Runs what the loop has queued. */
    public void settle() {
        home.runPendingTasks();
        for (EmbeddedPeer peer : List.copyOf(clients)) {
            peer.runTasks();
        }
        for (EmbeddedPeer peer : List.copyOf(providers)) {
            peer.runTasks();
        }
        home.runPendingTasks();
    }

    void endReadBatch() {
        loop.flushes().end();
    }

    /** Moves the clock, and fires what falls due. */
    public void advance(long amount, TimeUnit unit) {
        nanos += unit.toNanos(amount);
        loop.timers().poll();
        settle();
    }

    /** Once a second the loop keeps its house; the tests say when. */
    public void tick() {
        pools.tick();
        discovery.tick();
        settle();
    }

    @Override
    public void close() {
        clients.forEach(EmbeddedPeer::close);
        settle();
        discovery.close();
        assertEquals(0, exchanges.inUse(), "exchanges in use");
        assertEquals(0, pools.activeCount(), "provider connections in use");
        pools.close();
        providers.forEach(EmbeddedPeer::close);
        settle();
        assertEquals(0, pools.size(), "provider connections");
        assertEquals(0, limits.inFlight().used(), "requests in flight");
        assertEquals(0, limits.bufferedBytes(), "bytes held");
        assertEquals(0, limits.eventBytes().usedBytes(), "bytes of events held");
        home.finishAndReleaseAll();
        assertEquals(activeBefore, activeAllocations(), "buffers not released");
    }

    private static long activeAllocations() {
        return ALLOCATOR.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }
}
