package dev.slipstream.bench.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PoolChunkListMetric;
import io.netty.buffer.PoolChunkMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once, on few connections and while they come and go. */
@DisplayName("Many requests at once:")
@Timeout(120)
class ConcurrentProvidersTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static final int SMALL_WINDOW_BYTES = 16 * 1024;

    private static Setup setup(ProviderKind provider) {
        return new Setup(ClientKind.H1, provider, 2, "auto");
    }

    // ------------------------------------------------------------------ slow readers

    private static final int STREAMS = 200;
    private static final int STALLED = 10;
    private static final int KIB = 1024;

    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2_TLS"})
    @DisplayName("ten clients that stall hold up none of the other 190 on the same two connections")
    void stalledReaders(ProviderKind kind) throws Exception {
        SimulatedProviderOptions options =
                SimulatedProviderOptions.defaults().withWire(kind.wire().withMaxStreams(STREAMS));
        ExecutorService threads = Executors.newFixedThreadPool(STREAMS - STALLED);
        List<ApiClient> slow = new ArrayList<>();
        List<ApiClient.Answer> stalled = new ArrayList<>();
        try (SimulatedProvider provider = SimulatedProvider.start(options)) {
            Setup setup = setup(kind);
            Slipstream proxy = PROXIES.start(setup.config(
                    provider.openAiBaseUrl(),
                    "pool: { max_connections: 2, max_streams: " + STREAMS + ", warm: 1 }\n"
                            + "timeouts: { client_write: 120s, pool_wait: 60s }\nlimits: { stream_buffer: 64KiB }\n"));
            // What loops keep for themselves is not what streams hold.
            for (int i = 0; i < 2 * setup.loops(); i++) {
                Chat.call(setup, proxy.apiAddress(), Chat.request("tokens=500 token-bytes=4096", true));
            }
            long before = activeBytes(proxy);
            // More than every buffer on the way can take: the provider's part of it cannot be at its end.
            int tokens = 3_000;
            byte[] large = Chat.request("tokens=" + tokens + " token-bytes=4096", true);
            for (int i = 0; i < STALLED; i++) {
                ApiClient client = setup.client().connect(proxy.apiAddress(), SMALL_WINDOW_BYTES);
                slow.add(client);
                client.send(Chat.PATH, large);
                stalled.add(client.answer());
            }
            awaitStandstill(proxy);

            CountDownLatch allUnderWay = new CountDownLatch(1);
            List<Future<Chat.Whole>> others = new ArrayList<>();
            for (int i = 0; i < STREAMS - STALLED; i++) {
                others.add(threads.submit(() -> {
                    try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                        client.send(Chat.PATH, Chat.request("tokens=25 token-bytes=200 gap=100ms", true));
                        ApiClient.Answer answer = client.answer();
                        allUnderWay.await();
                        return Chat.rest(answer);
                    }
                }));
            }
            Until.holds(
                    () -> "all are under way: " + provider.counters(),
                    () -> provider.counters().maxActive() == STREAMS);
            allUnderWay.countDown();
            for (Future<Chat.Whole> other : others) {
                Chat.Whole answer = other.get(60, TimeUnit.SECONDS);
                assertEquals(200, answer.status());
                assertTrue(answer.text().endsWith(Chat.DONE));
            }
            assertEquals(STALLED, provider.counters().active(), "those that stall were served by someone");
            assertEquals(2, provider.counters().connections());

            // One stream's window, the client's write buffer, and the read that crossed its mark.
            long each = 256L * KIB + 64L * KIB + 64L * KIB;
            long held = activeBytes(proxy) - before;
            System.out.println(kind + ": held by " + STALLED + " stalled streams: " + held / KIB + " KiB");
            // Whole pages are counted, and what threads keep for the next time: a megabyte for that.
            assertTrue(held <= STALLED * each + KIB * KIB, "held " + held);

            List<Future<Chat.Whole>> rests = new ArrayList<>();
            for (ApiClient.Answer answer : stalled) {
                rests.add(threads.submit(() -> Chat.rest(answer)));
            }
            for (Future<Chat.Whole> rest : rests) {
                String text = rest.get(60, TimeUnit.SECONDS).text();
                assertTrue(text.endsWith(Chat.DONE));
                assertTrue(text.length() > tokens * 4096, "only " + text.length());
            }
            assertEquals(0, provider.counters().cancelled());
        } finally {
            for (ApiClient client : slow) {
                client.close();
            }
            threads.shutdownNow();
        }
    }

    /** What is taken from the allocator's chunks, by whole pages; what its threads keep for the next counts as well. */
    private static long activeBytes(Slipstream proxy) {
        long active = 0;
        for (PoolArenaMetric arena :
                ((PooledByteBufAllocator) proxy.allocator()).metric().directArenas()) {
            for (PoolChunkListMetric list : arena.chunkLists()) {
                for (PoolChunkMetric chunk : list) {
                    active += chunk.chunkSize() - chunk.freeBytes();
                }
            }
        }
        return active;
    }

    private static void awaitStandstill(Slipstream proxy) {
        long[] seen = {-1, System.nanoTime()};
        Until.holds("those that stall stand still", () -> {
            long now = System.nanoTime();
            long active = activeBytes(proxy);
            if (active != seen[0]) {
                seen[0] = active;
                seen[1] = now;
            }
            return now - seen[1] > TimeUnit.MILLISECONDS.toNanos(300);
        });
    }

    // ------------------------------------------------------------------ restarts

    @ParameterizedTest
    @EnumSource
    @DisplayName("a provider that restarts under load costs no client anything that was safe to send again")
    void restarts(ProviderKind kind) throws Exception {
        int clients = 8;
        int restarts = 3;
        SimulatedProviderOptions options =
                SimulatedProviderOptions.defaults().withLoops(2).withWire(kind.wire());
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<SimulatedProvider> instances = new ArrayList<>();
        instances.add(SimulatedProvider.start(options));
        try (Gate gate = new Gate(instances.get(0).port())) {
            Setup setup = setup(kind);
            Slipstream proxy = PROXIES.start(setup.config(
                    gate.through(instances.get(0).openAiBaseUrl()), "timeouts: { connect: 5s, pool_wait: 20s }\n"));
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                loads.add(threads.submit(() -> {
                    try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                        for (int round = 0; !over.get(); round++) {
                            String directives = "tokens=3 delay=" + (number + round) % 4 + "ms";
                            Chat.Whole answer = Chat.call(client, directives);
                            served.incrementAndGet();
                            if (answer.status() != 200) {
                                failures.add(answer.toString());
                            }
                        }
                    }
                    return 0;
                }));
            }
            for (int i = 0; i < restarts; i++) {
                SimulatedProvider old = instances.get(i);
                int before = served.get();
                Until.holds("there is load", () -> served.get() >= before + 100);
                // New connections lead to the new one before the old one goes, as a balancer has it.
                SimulatedProvider next = SimulatedProvider.start(options);
                instances.add(next);
                gate.leadTo(next.port());
                old.drain();
                Until.holds("the new one is asked", () -> next.counters().requests() > 0);
                Until.holds(
                        () -> "the old one has ended: " + old.counters(),
                        () -> old.counters().openConnections() == 0);
                assertEquals(0, old.counters().cancelled(), "it was left amid an answer");
            }
            over.set(true);
            for (Future<?> load : loads) {
                load.get(20, TimeUnit.SECONDS);
            }
            System.out.println(kind + ": " + served + " requests over " + restarts + " restarts");
            if (!kind.isHttp2()) {
                // A new connection that ends with a request on it may have been the request's doing: that is told.
                assertTrue(failures.size() <= restarts, failures.toString());
                failures.removeIf(failure -> failure.startsWith("502 upstream_closed "));
            }
            assertEquals(List.of(), List.copyOf(failures));
            for (SimulatedProvider instance : instances) {
                assertTrue(instance.counters().requests() > 0);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
            instances.forEach(SimulatedProvider::close);
        }
    }

    // ------------------------------------------------------------------ what ALPN tells

    @ParameterizedTest
    @ValueSource(ints = {64, 4})
    @DisplayName("those who wait for a connection that turns out to be HTTP/1.1 all get one")
    void alpnAnswersHttp1(int connections) throws Exception {
        int clients = 32;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (SimulatedProvider provider = SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withWire(ProviderWire.h1Tls(SharedCertificates.server())))) {
            try (Gate gate = new Gate(provider.port())) {
                Setup setup = setup(ProviderKind.H1_TLS);
                Slipstream proxy = PROXIES.start(setup.config(
                        gate.through(provider.openAiBaseUrl()),
                        "pool: { warm: 0, max_connections: " + connections + " }\ntimeouts: { connect: 20s }\n"));
                // Nobody's handshake gets anywhere until all wait.
                gate.shut();
                List<Future<Chat.Whole>> answers = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    answers.add(threads.submit(
                            () -> Chat.call(setup, proxy.apiAddress(), Chat.request("delay=20ms", true))));
                }
                Until.holds("all wait", () -> proxy.exchangesInUse() == clients);
                // One for each loop: the others hope for a place beside.
                assertTrue(gate.connections() <= setup.loops(), "opened " + gate.connections());
                gate.open();
                for (Future<Chat.Whole> answer : answers) {
                    assertEquals(200, answer.get(60, TimeUnit.SECONDS).status());
                }
                assertEquals(clients, provider.counters().requests());
                assertTrue(proxy.upstreamConnections() <= connections, "open: " + proxy.upstreamConnections());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    // ------------------------------------------------------------------ what loops share

    @ParameterizedTest
    @ValueSource(strings = {"jdk, 2", "openssl, 2", "jdk, 1.1", "openssl, 1.1"})
    @DisplayName("a TLS session that one loop has made is resumed by the other")
    void sessionsAreShared(String how) throws Exception {
        String engine = how.split(", ", -1)[0];
        String http = how.split(", ", -1)[1];
        Queue<Boolean> resumed = new ConcurrentLinkedQueue<>();
        try (ResumingPeer peer = new ResumingPeer(SharedCertificates.server(), resumed)) {
            Slipstream proxy =
                    PROXIES.start("runtime: { loops: 2 }\npool: { warm: 0 }\nproviders:\n  one: { base_url: \""
                            + peer.url() + "\", dialect: openai, http: " + http + ", tls: { ca: \""
                            + ProviderKind.caFile()
                            + "\", engine: " + engine
                            + " } }\nmodels:\n  - { name: \"*\", targets: [ { provider: one } ] }\n");
            List<ApiClient> clients = new ArrayList<>();
            try {
                // A ticket may be lost to the peer's hanging up; and a connection that was refused is made again.
                for (int i = 0; i < 10 && (i < 2 || !resumed.contains(true)); i++) {
                    ApiClient client = ClientKind.H1.connect(proxy.apiAddress());
                    clients.add(client);
                    // The peer hangs up behind the request: what counts is how it was connected to.
                    assertEquals(502, Chat.call(client, "").status());
                }
            } finally {
                for (ApiClient client : clients) {
                    client.close();
                }
            }
        }
        assertEquals(false, resumed.peek());
        assertTrue(resumed.contains(true), resumed.toString());
    }

    @Test
    @DisplayName("the client's side of a resumed session is checked too: another provider's is not taken")
    void sessionsAreNotMixed() throws IOException {
        Queue<Boolean> first = new ConcurrentLinkedQueue<>();
        Queue<Boolean> second = new ConcurrentLinkedQueue<>();
        try (ResumingPeer one = new ResumingPeer(SharedCertificates.server(), first);
                ResumingPeer two = new ResumingPeer(SharedCertificates.server(), second)) {
            for (ResumingPeer peer : List.of(one, two)) {
                Slipstream proxy = PROXIES.start("pool: { warm: 0 }\nproviders:\n  one: { base_url: \"" + peer.url()
                        + "\", dialect: openai, http: 1.1, tls: { ca: \"" + ProviderKind.caFile()
                        + "\" } }\nmodels:\n  - { name: \"*\", targets: [ { provider: one } ] }\n");
                try (ApiClient client = ClientKind.H1.connect(proxy.apiAddress())) {
                    assertEquals(502, Chat.call(client, "").status());
                }
            }
        }
        assertEquals(List.of(false), List.copyOf(first));
        assertEquals(List.of(false), List.copyOf(second));
    }
}
