package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolsOverSocketsTest {
    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    @Test
    void warmConnectionsAreUpBeforeItIsReadyAndAreKeptAndReplaced() throws IOException {
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
                    request.readBody();
                    request.answer("", "{}");
                    return true;
                });
                Slipstream proxy =
                        House.start(provider.url(), "runtime: { loops: 2 }\npool: { warm: 3, idle: 200ms }\n")) {
            assertEquals(6, proxy.upstreamConnections());
            House.until("the provider has accepted them", () -> provider.connections.get() == 6);
            long start = System.nanoTime();
            House.until("some ticks have passed", () -> millisSince(start) > 1500);
            assertEquals(6, proxy.upstreamConnections(), "kept beyond pool.idle");
            assertEquals(6, provider.connections.get());
            provider.closeConnections();
            House.until("they are replaced", () -> provider.connections.get() == 12);
            House.until("they are up", () -> proxy.upstreamConnections() == 6);
        }
    }

    @Test
    void idleConnectionsBeyondTheWarmOnesGo() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Slipstream proxy = House.start(
                        provider.anthropicBaseUrl(), "runtime: { loops: 1 }\npool: { warm: 1, idle: 300ms }\n")) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Client client = new Client(proxy.apiAddress());
                clients.add(client);
                client.send("/v1/chat/completions", Client.chat("delay=100ms tokens=2", false));
            }
            for (Client client : clients) {
                assertEquals(200, client.read().status());
                client.close();
            }
            assertEquals(10, provider.counters().connections());
            House.until("the surplus is gone", () -> provider.counters().openConnections() == 1);
            assertEquals(1, proxy.upstreamConnections());
        }
    }

    @Test
    void oneClientAfterAnotherUsesTheWarmConnection() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Slipstream proxy = House.start(provider.anthropicBaseUrl(), "runtime: { loops: 1 }\n")) {
            for (int i = 0; i < 100; i++) {
                try (Client client = new Client(proxy.apiAddress())) {
                    assertEquals(200, client.chat("tokens=2").status());
                }
            }
            assertEquals(1, provider.counters().connections());
        }
    }

    @Test
    void aConnectionTheProviderWantsClosedIsNotUsedAgain() throws IOException {
        AtomicInteger second = new AtomicInteger();
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
                    request.readBody();
                    request.answer("connection: close\r\n", "{}");
                    if (request.onConnection() > 1) {
                        second.incrementAndGet();
                    }
                    // It takes its time: the word alone must do.
                    return true;
                });
                Slipstream proxy = House.start(provider.url(), "runtime: { loops: 1 }\n");
                Client client = new Client(proxy.apiAddress())) {
            for (int i = 0; i < 20; i++) {
                Client.Answer answer = client.chat("");
                assertEquals(200, answer.status());
                assertEquals("1", answer.field("x-slipstream-attempts"));
            }
            assertEquals(0, second.get());
            assertTrue(provider.connections.get() >= 20);
        }
    }

    /** The race every keep-alive has: a connection is closed just as it is used again; with a restart, each of them. */
    @Test
    void aProviderWhoseIdleConnectionsAreAllDeadCostsTheClientNothing() throws IOException {
        AtomicInteger deadUpTo = new AtomicInteger();
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
                    request.readBody();
                    if (request.connection() <= deadUpTo.get()) {
                        return false;
                    }
                    request.answer("", "{}");
                    return true;
                });
                Slipstream proxy =
                        House.start(provider.url(), "runtime: { loops: 1 }\npool: { warm: 4, max_connections: 4 }\n");
                Client client = new Client(proxy.apiAddress())) {
            House.until("four are warm", () -> provider.connections.get() == 4);
            for (int round = 0; round < 20; round++) {
                deadUpTo.set(provider.connections.get());
                Client.Answer answer = client.chat("");
                assertEquals(200, answer.status(), answer.head());
                assertEquals("2", answer.field("x-slipstream-attempts"));
            }
            House.awaitQuiet(proxy);
        }
    }

    @Test
    void aProviderThatRefusesDoesNotPreventTheStartAndIsToldAtOnce() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        long start = System.nanoTime();
        try (Slipstream proxy = House.start("http://127.0.0.1:" + port, "");
                Client client = new Client(proxy.apiAddress())) {
            assertTrue(millisSince(start) < 2000);
            long asked = System.nanoTime();
            Client.Answer answer = client.chat("");
            assertTrue(millisSince(asked) < 1000);
            assertEquals(502, answer.status());
            assertEquals("upstream_unreachable", answer.field("x-slipstream-error"));
            House.awaitQuiet(proxy);
            // It comes to life.
            try (ServerSocket late = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
                client.send("/v1/chat/completions", Client.chat("", false));
                try (Socket accepted = late.accept()) {
                    assertTrue(accepted.isConnected());
                    House.closeAndAudit(proxy);
                }
            }
        }
    }

    @Test
    void aProviderThatSwallowsPacketsCostsTheConnectDeadlineAndNoMore() throws IOException {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, filling);
            String url = "http://127.0.0.1:" + full.getLocalPort();
            long start = System.nanoTime();
            try (Slipstream proxy = House.start(url, "timeouts: { connect: 400ms }\n");
                    Client client = new Client(proxy.apiAddress())) {
                long started = millisSince(start);
                assertTrue(started >= 350 && started < 2000, "started after " + started + " ms");
                long asked = System.nanoTime();
                Client.Answer answer = client.chat("");
                long told = millisSince(asked);
                assertEquals("upstream_unreachable", answer.field("x-slipstream-error"));
                assertTrue(told >= 350 && told < 1500, "told after " + told + " ms");
                House.awaitQuiet(proxy);
                client.send("/v1/chat/completions", Client.chat("", false));
                House.until("it connects", () -> proxy.inFlight() == 1);
                long closing = System.nanoTime();
                House.closeAndAudit(proxy);
                assertTrue(millisSince(closing) < 2000, "closed while connecting");
            }
        } finally {
            for (Socket each : filling) {
                each.close();
            }
        }
    }

    /** Takes every place of the listener's backlog, behind which SYNs are dropped. */
    private static void fill(ServerSocket full, List<Socket> filling) throws IOException {
        InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
        for (int i = 0; i < 64; i++) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(address, 200);
            } catch (SocketTimeoutException isFull) {
                return;
            }
        }
        throw new AssertionError("the backlog has no end");
    }
}
