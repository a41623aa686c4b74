package dev.slipstream.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketConnectorTest {
    private static final DefaultThreadFactory THREADS = new DefaultThreadFactory("test-connect", true);

    /** Why the last connect failed; set before it is told. */
    private volatile String detail = "";

    private final Transport transport = Transport.choose(TransportKind.AUTO);
    private final EventLoopGroup group = transport.newGroup(1, THREADS);
    private final Loop loop = new Loop(
            0,
            (EventLoop) group.iterator().next(),
            NanoClock.SYSTEM,
            PooledByteBufAllocator.DEFAULT,
            new Metrics().forLoop(0));

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** What came of it, and whether it was told on the loop, behind the call. */
    private String connect(AddressCache addresses, int port, long connectMillis) throws InterruptedException {
        ConnectionKey key = new ConnectionKey(
                new HostPort("provider", port),
                null,
                HttpVersionChoice.AUTO,
                PoolHouse.pool(1, 0, 0),
                TimeUnit.MILLISECONDS.toNanos(connectMillis),
                0);
        SocketConnector connector = new SocketConnector(transport, addresses, new TlsContexts(List.of()), 64 * 1024);
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        loop.eventLoop().execute(() -> {
            boolean[] inside = {true};
            connector.connect(loop, key, new Connector.Outcome() {
                @Override
                public void onConnected(Channel channel, boolean http2) {
                    detail = "";
                    told.add("connected" + place());
                }

                @Override
                public void onConnectFailed(FailureKind kind, String why) {
                    detail = why;
                    told.add(kind.word() + place());
                }

                private String place() {
                    return (loop.isHere() ? "" : " elsewhere") + (inside[0] ? " inside" : "");
                }
            });
            inside[0] = false;
        });
        String first = told.poll(10, TimeUnit.SECONDS);
        if (first == null) {
            throw new AssertionError("never told");
        }
        assertTrue(told.isEmpty());
        return first;
    }

    private static AddressCache resolving(AddressCache.Resolver resolver) {
        return new AddressCache(THREADS, resolver, NanoClock.SYSTEM);
    }

    @Test
    void anAddressThatRefusesIsFollowedByOneThatDoesNot() throws Exception {
        InetAddress good = ip(127, 0, 0, 1);
        InetAddress refusing = ip(127, 0, 0, 9);
        try (ServerSocket listener = new ServerSocket(0, 10, good);
                AddressCache addresses = resolving(host -> List.of(refusing, refusing, good))) {
            assertEquals("connected", connect(addresses, listener.getLocalPort(), 3000));
        }
    }

    @Test
    void whereAllRefuseItIsToldOnceAndOnTheLoop() throws Exception {
        InetAddress refusing = ip(127, 0, 0, 9);
        try (AddressCache addresses = resolving(host -> List.of(refusing, refusing))) {
            assertEquals("upstream_unreachable", connect(addresses, freePort(), 3000));
            assertTrue(detail.contains("Connection refused"), detail);
        }
        try (AddressCache addresses = resolving(host -> List.of())) {
            assertEquals("upstream_unreachable", connect(addresses, freePort(), 3000));
            assertEquals("no address for its name", detail);
        }
    }

    /** The number of the socket might still have epoll's events of one that was closed in the same batch. */
    @Test
    void noSocketIsOpenedFromInsideTheLoopsEvents() throws Exception {
        InetAddress good = ip(127, 0, 0, 1);
        try (ServerSocket listener = new ServerSocket(0, 10, good);
                AddressCache addresses = resolving(host -> List.of(good))) {
            ConnectionKey key = new ConnectionKey(
                    new HostPort("provider", listener.getLocalPort()),
                    null,
                    HttpVersionChoice.AUTO,
                    PoolHouse.pool(1, 0, 0),
                    TimeUnit.SECONDS.toNanos(3),
                    0);
            // From now on the address is known, and its look-up answers at once.
            assertEquals("connected", connect(addresses, listener.getLocalPort(), 3000));
            SocketConnector connector =
                    new SocketConnector(transport, addresses, new TlsContexts(List.of()), 64 * 1024);
            SingleThreadEventLoop eventLoop = (SingleThreadEventLoop) loop.eventLoop();
            LinkedBlockingQueue<Integer> opened = new LinkedBlockingQueue<>();
            eventLoop.execute(() -> {
                int before = eventLoop.registeredChannels();
                connector.connect(loop, key, new Connector.Outcome() {
                    @Override
                    public void onConnected(Channel channel, boolean http2) {
                        opened.add(eventLoop.registeredChannels() - before);
                    }

                    @Override
                    public void onConnectFailed(FailureKind kind, String detail) {}
                });
                opened.add(eventLoop.registeredChannels() - before);
            });
            assertEquals(0, opened.poll(10, TimeUnit.SECONDS), "inside");
            assertEquals(1, opened.poll(10, TimeUnit.SECONDS), "behind");
        }
    }

    @Test
    void anAddressThatIsNoneForASocketIsToldLater() throws Exception {
        // An IPv4 multicast address cannot be connected to: the socket refuses at once.
        InetAddress multicast = ip(224, 0, 0, 1);
        try (AddressCache addresses = resolving(host -> List.of(multicast))) {
            assertEquals("upstream_unreachable", connect(addresses, 9, 3000));
        }
    }

    @Test
    void aLookUpThatHangsCostsTheConnectDeadlineAndNoMore() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (AddressCache addresses = resolving(host -> {
            try {
                assertTrue(blocked.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException closed) {
                throw new IllegalStateException(closed);
            }
            return List.of(ip(127, 0, 0, 1));
        })) {
            long start = System.nanoTime();
            assertEquals("upstream_unreachable", connect(addresses, freePort(), 150));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis >= 150 && millis < 2000, "after " + millis + " ms");
            blocked.countDown();
            loop.eventLoop().submit(() -> assertEquals(0, loop.timers().size())).get();
        }
    }

    @Test
    void noTimerIsLeftBehindALookUp() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                AddressCache addresses = resolving(host -> List.of(ip(127, 0, 0, 1)))) {
            assertEquals("connected", connect(addresses, listener.getLocalPort(), 60_000));
            loop.eventLoop().submit(() -> assertEquals(0, loop.timers().size())).get();
            assertFalse(loop.eventLoop().isShuttingDown());
        }
    }

    private static InetAddress ip(int a, int b, int c, int d) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
