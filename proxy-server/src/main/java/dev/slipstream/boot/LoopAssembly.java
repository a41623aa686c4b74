package dev.slipstream.boot;

import dev.slipstream.discover.Discovery;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangeLog;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.ingress.ClientConnections;
import dev.slipstream.ingress.ClientLoop;
import dev.slipstream.ingress.ProxyPipeline;
import dev.slipstream.limit.Limits;
import dev.slipstream.loop.Loop;
import dev.slipstream.upstream.ConnectionSettings;
import dev.slipstream.upstream.Connector;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.UpstreamPools;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything that lives on one loop, put together: the one place that wires. */
final class LoopAssembly {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Loop loop;
    private final MemoryWatch memory;
    private final ExchangePool exchanges;
    private final UpstreamPools pools;
    private final ClientConnections connections = new ClientConnections();
    private final ProxyPipeline pipeline;
    private @Nullable Discovery discovery;
    private @Nullable ScheduledFuture<?> ticking;
    private long tickDueNanos;

    LoopAssembly(
            Loop loop,
            CurrentConfig current,
            Limits limits,
            MemoryWatch memory,
            SharedPools shared,
            Connector connector,
            ExchangeLog log) {
        this.loop = loop;
        this.memory = memory;
        var config = current.snapshot().config().limits();
        this.exchanges = new ExchangePool(loop, config.jsonDepth(), log);
        this.pools = new UpstreamPools(
                loop,
                shared,
                connector,
                ConnectionSettings.of(config.headerBytes(), config.headerFields(), config.streamBufferBytes()));
        this.pipeline = new ProxyPipeline(loop, exchanges, current, limits, pools);
    }

    /** Has this loop ask providers for their models; before it starts. */
    void discover(CurrentConfig current, Executor reading) {
        discovery = new Discovery(loop, current, pools, reading);
    }

    /** Begins the loop's own work and opens its warm connections; {@code warm} is told on the loop. */
    void start(Runnable warm) {
        assert loop.isHere();
        tickDueNanos = loop.nanoTime() + TICK_NANOS;
        ticking = loop.eventLoop().scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
        // The lists of models come behind the warm connections, and nobody waits for them.
        pools.warmUp(() -> {
            warm.run();
            discoverModels();
        });
    }

    private void discoverModels() {
        if (discovery != null) {
            discovery.tick();
        }
    }

    private void tick() {
        long now = loop.nanoTime();
        loop.metrics().loopLag(Math.max(0, now - tickDueNanos));
        tickDueNanos = now + TICK_NANOS;
        loop.metrics().tick();
        pools.tick();
        memory.tick();
        discoverModels();
    }

    /** Ends the loop's own work and its connections, the clients' first. */
    void close() {
        assert loop.isHere();
        if (ticking != null) {
            ticking.cancel(false);
        }
        connections.closeAll();
        if (discovery != null) {
            discovery.close();
        }
        pools.close();
    }

    Loop loop() {
        return loop;
    }

    ClientLoop asClientLoop() {
        return new ClientLoop(loop, pipeline, connections);
    }

    ClientConnections connections() {
        return connections;
    }

    /** Exchanges under way; on the loop. */
    int exchangesInUse() {
        return exchanges.inUse();
    }

    /** Connections to providers, opening or open; on the loop. */
    int upstreamConnections() {
        return pools.size();
    }

    /** Connections to providers with a request on them; on the loop. */
    int busyUpstreamConnections() {
        return pools.activeCount();
    }
}
