package dev.slipstream.boot;

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
import dev.slipstream.tls.ServerTls;
import dev.slipstream.upstream.AddressCache;
import dev.slipstream.upstream.SharedPools;
import dev.slipstream.upstream.SocketConnector;
import dev.slipstream.upstream.TlsContexts;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of one loop on loopback, before one provider: what a real one has on the way of a request, with metrics, limits
 * and buffers of its own. Confined to the thread that made it, but for its loop.
 */
final class WarmUpProxy implements AutoCloseable {
    private final PooledByteBufAllocator allocator = Allocators.pooled(1);
    private final EventLoopGroup group;
    private final Transport transport;
    private final AddressCache addresses = new AddressCache(new DefaultThreadFactory("slipstream-warm-up-dns", true));
    private final TlsContexts tls;
    private final LoopAssembly assembly;
    private final ApiListener listener;

    /**
     * Listens at a free port.
     *
     * @param key both the client's and what the provider is given
     * @param model what the client asks for
     * @param provider its settings but for the dialect, which is OpenAI's
     * @param providerModel what the provider is asked for instead
     * @param clientTls what clients must speak; borrowed until {@link #close()} is over; null: they speak without
     * @param authority whose certificates providers may have; null: the system's authorities
     * @throws IOException if there is no port or no descriptor for it
     */
    WarmUpProxy(
            Transport transport,
            String key,
            String model,
            String provider,
            String providerModel,
            @Nullable ServerTls clientTls,
            @Nullable X509Certificate authority)
            throws IOException {
        SlipstreamConfig config = config(key, model, provider, providerModel);
        CurrentConfig current = new CurrentConfig(ConfigSnapshot.of(config));
        var providers = current.snapshot().routes().providers();
        Limits limits = Limits.of(config.limits());
        this.tls = new TlsContexts(providers, authority);
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
                    clientTls,
                    () -> true);
        } catch (IOException e) {
            end();
            throw e;
        }
    }

    private static SlipstreamConfig config(String key, String model, String provider, String providerModel) {
        String text = """
                listen: { address: "127.0.0.1:0" }
                pool: { warm: 0 }
                limits: { connections: 16, in_flight: 16 }
                keys: [ { name: warm-up, key: %s } ]
                providers:
                  next: { %s, dialect: openai, api_key: %s }
                models: [ { name: %s, targets: [ { provider: next, model: %s } ] } ]
                """.formatted(key, provider, key, model, providerModel);
        LoadResult result = ConfigLoader.fromText("warm-up", text, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new IllegalStateException("the warm-up's own configuration: " + result);
    }

    int port() {
        return listener.address().getPort();
    }

    @Override
    public void close() {
        listener.close();
        end();
    }

    private void end() {
        assembly.loop().eventLoop().submit(assembly::close).awaitUninterruptibly();
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
