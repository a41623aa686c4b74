package dev.slipstream.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.TransportKind;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.loop.Transport;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.route.ConnectionKey;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection whose other end vanished without a word is found out: what the socket itself says of its options. */
class SilentPeerTest {
    private static Transport choose(TransportKind kind) {
        try {
            return Transport.choose(kind);
        } catch (IllegalStateException absent) {
            return Assumptions.abort(String.valueOf(absent.getMessage()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void aProvidersConnectionIsWatched(TransportKind kind) throws Exception {
        Transport transport = choose(kind);
        DefaultThreadFactory threads = new DefaultThreadFactory("test-silent", true);
        EventLoopGroup group = transport.newGroup(1, threads);
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket provider = new ServerSocket(0, 1, here);
                AddressCache addresses = new AddressCache(threads)) {
            Loop loop = new Loop(
                    0,
                    (EventLoop) group.iterator().next(),
                    NanoClock.SYSTEM,
                    PooledByteBufAllocator.DEFAULT,
                    new Metrics().forLoop(0));
            ConnectionKey key = new ConnectionKey(
                    new HostPort("127.0.0.1", provider.getLocalPort()),
                    null,
                    HttpVersionChoice.AUTO,
                    PoolHouse.pool(1, 0, 0),
                    TimeUnit.SECONDS.toNanos(3),
                    0);
            CompletableFuture<Channel> connected = new CompletableFuture<>();
            loop.eventLoop()
                    .execute(() -> new SocketConnector(transport, addresses, new TlsContexts(List.of()), 65_536)
                            .connect(loop, key, new Connector.Outcome() {
                                @Override
                                public void onConnected(Channel channel, boolean http2) {
                                    connected.complete(channel);
                                }

                                @Override
                                public void onConnectFailed(FailureKind failure, String detail) {
                                    connected.completeExceptionally(new AssertionError(detail));
                                }
                            }));
            Map<ChannelOption<?>, Object> options =
                    connected.get(10, TimeUnit.SECONDS).config().getOptions();
            Map<String, Object> watched = new TreeMap<>();
            options.forEach((option, value) -> {
                String name = Objects.requireNonNull(option.name());
                watched.put(name.substring(name.lastIndexOf('#') + 1), value);
            });
            assertEquals(true, watched.get("SO_KEEPALIVE"), watched::toString);
            assertEquals(30, watched.get("TCP_KEEPIDLE"), watched::toString);
            assertEquals(10, watched.getOrDefault("TCP_KEEPINTVL", watched.get("TCP_KEEPINTERVAL")), watched::toString);
            assertEquals(3, watched.getOrDefault("TCP_KEEPCNT", watched.get("TCP_KEEPCOUNT")), watched::toString);
            if (transport == Transport.EPOLL) {
                assertEquals(
                        30_000,
                        connected
                                .get()
                                .config()
                                .getOption(EpollChannelOption.TCP_USER_TIMEOUT)
                                .intValue());
            }
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
