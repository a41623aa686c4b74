package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every figure is per process and exact, on one loop and on many. */
@Tag("jdk25")
class ExactLimitsTest {
    private static final int CLIENTS = 32;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private SimulatedProvider provider;

    ExactLimitsTest() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @BeforeEach
    void freshCounters() throws IOException {
        provider.close();
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        provider.close();
    }

    private Slipstream start(int loops, String sections) {
        return House.start(provider.anthropicBaseUrl(), "runtime: { loops: " + loops + " }\n" + sections);
    }

    private <T> List<T> inParallel(int clients, Callable<T> task) throws Exception {
        List<Future<T>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add(threads.submit(task));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : all) {
            results.add(each.get(20, TimeUnit.SECONDS));
        }
        return results;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void soManyRequestsAreInFlightAndNoMore(int loops) throws Exception {
        Slipstream proxy = start(loops, "limits: { in_flight: 3 }\npool: { max_connections: 2, warm: 1 }\n");
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger most = new AtomicInteger();
        Future<?> sampling = threads.submit(() -> {
            while (!done.get()) {
                most.accumulateAndGet(proxy.inFlight(), Math::max);
                Thread.onSpinWait();
            }
        });
        Map<String, AtomicInteger> seen = new TreeMap<>();
        inParallel(CLIENTS, () -> {
            try (Client client = new Client(proxy.apiAddress())) {
                for (int i = 0; i < 15; i++) {
                    boolean anthropic = i % 3 == 0;
                    Client.Answer answer = client.post(
                            anthropic ? "/v1/messages" : "/v1/chat/completions",
                            Client.chat("delay=3ms tokens=2", i % 2 == 0)
                                    .replace("{\"model\"", "{\"max_tokens\":9,\"model\""));
                    String what = answer.status()
                            + (anthropic ? " anthropic " : " openai ")
                            + answer.field("x-slipstream-error");
                    synchronized (seen) {
                        seen.computeIfAbsent(what.trim(), key -> new AtomicInteger())
                                .incrementAndGet();
                    }
                }
            }
            return 0;
        });
        done.set(true);
        sampling.get(5, TimeUnit.SECONDS);
        assertEquals(
                List.of("200 anthropic", "200 openai", "503 openai overloaded", "529 anthropic overloaded"),
                List.copyOf(seen.keySet()),
                seen::toString);
        assertEquals(3, most.get());
        // Two providers that share one pool, for they are reached by the same settings.
        assertEquals(2, provider.counters().maxActive());
        House.awaitQuiet(proxy);
        House.closeAndAudit(proxy);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void nobodyStarvesForAConnection(int loops) throws Exception {
        Slipstream proxy = start(loops, "pool: { max_connections: 2, warm: 1 }\ntimeouts: { pool_wait: 20s }\n");
        AtomicLong longestNanos = new AtomicLong();
        List<Integer> statuses = inParallel(CLIENTS, () -> {
            int answered = 0;
            try (Client client = new Client(proxy.apiAddress())) {
                for (int i = 0; i < 8; i++) {
                    long start = System.nanoTime();
                    answered += client.chat("delay=2ms tokens=2").status() == 200 ? 1 : 0;
                    longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                }
            }
            return answered;
        });
        assertEquals(CLIENTS * 8, statuses.stream().mapToInt(each -> each).sum());
        assertEquals(2, provider.counters().maxActive());
        assertTrue(provider.counters().openConnections() <= 2);
        long millis = TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
        System.out.println("longest " + millis + " ms, " + provider.counters());
        assertTrue(millis < 3000, "one waited " + millis + " ms");
        House.awaitQuiet(proxy);
        House.closeAndAudit(proxy);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void soManyWaitForAConnectionAndNoLongerThanTheyMay(int loops) throws Exception {
        Slipstream proxy =
                start(loops, "pool: { max_connections: 1, warm: 0, waiters: 3 }\ntimeouts: { pool_wait: 400ms }\n");
        try (Client first = new Client(proxy.apiAddress())) {
            first.send("/v1/chat/completions", Client.chat("delay=60s", false));
            House.until("it is at the provider", () -> provider.counters().active() == 1);
            long start = System.nanoTime();
            List<String> words = inParallel(9, () -> {
                try (Client client = new Client(proxy.apiAddress())) {
                    Client.Answer answer = client.chat("tokens=2");
                    return answer.status() + " " + answer.field("x-slipstream-error");
                }
            });
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertEquals(6, words.stream().filter("503 overloaded"::equals).count(), words::toString);
            assertEquals(3, words.stream().filter("503 pool_timeout"::equals).count(), words::toString);
            assertTrue(millis >= 400 && millis < 1500, "after " + millis + " ms");
        }
        House.awaitQuiet(proxy);
        try (Client after = new Client(proxy.apiAddress())) {
            assertEquals(200, after.chat("tokens=2").status());
        }
        House.closeAndAudit(proxy);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void soManyClientsAreConnectedAndNoMore(int loops) throws Exception {
        Slipstream proxy = start(loops, "limits: { connections: 5 }\n");
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Client client = new Client(proxy.apiAddress());
            clients.add(client);
            assertEquals(200, client.chat("tokens=2").status());
        }
        for (int round = 0; round < 20; round++) {
            assertEquals(0, admitted(proxy));
            assertEquals(5, proxy.clientConnections());
        }
        clients.remove(0).close();
        House.until("it is gone", () -> proxy.clientConnections() == 4);
        House.until("another is let in", () -> admitted(proxy) == 1);
        for (Client each : clients) {
            assertEquals(200, each.chat("tokens=2").status());
            each.close();
        }
        House.closeAndAudit(proxy);
    }

    /** 1 where a new client was answered, 0 where it was turned away. */
    private static int admitted(Slipstream proxy) {
        try (Client client = new Client(proxy.apiAddress())) {
            return client.chat("tokens=2").status() == 200 ? 1 : 0;
        } catch (IOException turnedAway) {
            return 0;
        }
    }
}
