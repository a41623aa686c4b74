package dev.slipstream.bench.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Leaving, waiting, being slow, and ending. */
@DisplayName("Whatever is spoken, the flow:")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.slipstream.bench.contract.Setup#forFlow")
class FlowContractTest extends Contract {
    private static final int MIB = 1024 * 1024;
    private static final int SMALL_WINDOW_BYTES = 16 * 1024;

    /** Chunks of the allocator's for all that is under way, whatever the sizes that go through. */
    private static final long BOUND_BYTES = 12L * MIB;

    private static long usedBytes(Slipstream proxy) {
        return ((PooledByteBufAllocator) proxy.allocator()).metric().usedDirectMemory();
    }

    // ------------------------------------------------------------------ leaving

    @Test
    @DisplayName("a client that leaves ends what the provider does for it, before the head and behind it")
    void cancel() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "pool: { warm: 0 }\n");
        int left = 0;
        for (String state : new String[] {"delay=10m", "stall-after=0", "stall-after=2", "gap=10m"}) {
            for (int i = 0; i < setup.loops(); i++) {
                try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                    client.send(Chat.PATH, Chat.request(state, true));
                    Until.holds(
                            "the provider is asked", () -> provider.counters().active() == 1);
                    if (state.equals("stall-after=2") || state.equals("gap=10m")) {
                        Chat.events(client.answer(), 1);
                    }
                    client.leave();
                    awaitIdle(provider);
                }
                assertEquals(++left, provider.counters().cancelled(), state);
            }
        }
        onEachLoop(proxy, client -> assertServed(Chat.call(client, "")));
        if (setup.provider().isHttp2()) {
            // It was its stream alone that was reset.
            assertEquals(setup.loops(), provider.counters().connections());
        }
    }

    @Test
    @DisplayName("a client that leaves amid its upload is not answered for")
    void cancelledUpload() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        byte[] body = Chat.request("", false, 2 * MIB);
        for (int i = 0; i < setup.loops(); i++) {
            try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                ApiClient.Upload upload = client.begin(Chat.PATH, body.length);
                upload.write(body, 0, MIB);
                Until.holds("it is under way", () -> proxy.busyUpstreamConnections() > 0);
                upload.cancel();
            }
            Until.holds("it is over", () -> proxy.busyUpstreamConnections() == 0);
        }
        onEachLoop(proxy, client -> assertServed(Chat.call(client, "")));
        assertEquals(setup.loops(), provider.counters().requests());
    }

    // ------------------------------------------------------------------ being slow

    @Test
    @DisplayName("a client that does not read holds little, holds nobody up, and goes on where it was")
    void slowClient() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "timeouts: { client_write: 60s }\n");
        int tokens = 6_000;
        try (ApiClient slow = setup.client().connect(proxy.apiAddress(), SMALL_WINDOW_BYTES)) {
            slow.send(Chat.PATH, Chat.request("tokens=" + tokens + " token-bytes=4096", true));
            ApiClient.Answer answer = slow.answer();
            String first = Chat.events(answer, 1);
            long[] most = {0};
            for (int i = 0; i < 15; i++) {
                onEachLoop(proxy, client -> {
                    assertServed(Chat.call(client, Chat.request("tokens=5", true)));
                    most[0] = Math.max(most[0], usedBytes(proxy));
                });
            }
            // The end of the others may reach the provider's books last; where the slow one had ended, it would be
            // none.
            Until.holds(
                    () -> "the slow one alone is under way: " + provider.counters(),
                    () -> provider.counters().active() == 1);
            Chat.Whole rest = Chat.rest(answer);
            assertTrue(rest.text().endsWith(Chat.DONE));
            assertEquals(tokens, count(first + rest.text(), "\"delta\":{\"content\":"));
            assertTrue(most[0] < BOUND_BYTES, "held " + most[0]);
        }
        awaitIdle(provider);
        assertEquals(0, provider.counters().cancelled());
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    @Test
    @DisplayName("a provider that does not read holds the upload back, and all of it arrives when it does")
    void slowProvider() throws Exception {
        SimulatedProvider provider = provider();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Gate gate = new Gate(provider.port())) {
            Slipstream proxy = PROXIES.start(setup.config(
                    gate.through(provider.openAiBaseUrl()), "limits: { replay: 64KiB, scan_first: 64KiB }\n"));
            byte[] body = Chat.request("", false, 24 * MIB);
            AtomicLong written = new AtomicLong();
            try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
                assertServed(Chat.call(client, ""));
                gate.shut();
                Future<ApiClient.Answer> upload = thread.submit(() -> {
                    ApiClient.Upload it = client.begin(Chat.PATH, body.length);
                    for (int at = 0; at < body.length; at += SMALL_WINDOW_BYTES) {
                        it.write(body, at, Math.min(SMALL_WINDOW_BYTES, body.length - at));
                        written.set(at);
                    }
                    return it.end();
                });
                awaitStandstill(written);
                assertTrue(written.get() < body.length - 2 * MIB, "it was all taken: " + written);
                assertTrue(proxy.bufferedBytes() <= 2 * MIB, "held " + proxy.bufferedBytes());
                assertTrue(usedBytes(proxy) < BOUND_BYTES, "held " + usedBytes(proxy));
                gate.open();
                assertServed(Chat.rest(upload.get(30, TimeUnit.SECONDS)));
                assertEquals(
                        new String(body, UTF_8),
                        provider.received().get(provider.received().size() - 1).bodyText());
                assertTrue(usedBytes(proxy) < BOUND_BYTES, "held " + usedBytes(proxy));
            }
        } finally {
            thread.shutdownNow();
        }
    }

    /** Until it has not moved for a while. */
    private static void awaitStandstill(AtomicLong figure) {
        long[] seen = {-1, System.nanoTime()};
        Until.holds("the upload stands still", () -> {
            long now = System.nanoTime();
            if (figure.get() != seen[0]) {
                seen[0] = figure.get();
                seen[1] = now;
            }
            return seen[0] > 0 && now - seen[1] > TimeUnit.MILLISECONDS.toNanos(300);
        });
    }

    // ------------------------------------------------------------------ deadlines

    @Test
    @DisplayName("an answer that does not begin is 504, one that stops ends in an error event")
    void silentProvider() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "timeouts: { first_byte: 500ms, between_bytes: 500ms }\n");
        onEachLoop(proxy, client -> {
            assertFailed(504, "upstream_timeout", Chat.call(client, "delay=10m"));
            Chat.Whole stream = Chat.call(client, Chat.request("stall-after=2", true));
            assertServed(stream);
            assertTrue(stream.text().contains("\n\nevent: error\ndata: {\"error\""), stream.text());
            assertFalse(stream.text().contains("[DONE]"));
            assertServed(Chat.call(client, ""));
        });
        awaitIdle(provider);
        assertEquals(2L * setup.loops(), provider.counters().cancelled());
    }

    @Test
    @DisplayName("the time for all of it together ends an answer that never falls silent")
    void total() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "timeouts: { total: 500ms }\n");
        onEachLoop(proxy, client -> {
            Chat.Whole stream = Chat.call(client, Chat.request("tokens=100000 gap=20ms", true));
            assertServed(stream);
            assertTrue(stream.text().contains("event: error"), stream.text());
        });
        awaitIdle(provider);
    }

    @Test
    @DisplayName("a full pool is 503 in the stated time, and exact over the loops")
    void fullPool() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(
                provider, "pool: { max_connections: 1, max_streams: 1, warm: 0 }\ntimeouts: { pool_wait: 300ms }\n");
        try (ApiClient first = setup.client().connect(proxy.apiAddress())) {
            first.send(Chat.PATH, Chat.request("stall-after=1", true));
            ApiClient.Answer answer = first.answer();
            Chat.events(answer, 1);
            onEachLoop(proxy, client -> assertFailed(503, "pool_timeout", Chat.call(client, "")));
            answer.cancel();
        }
        awaitIdle(provider);
        onEachLoop(proxy, client -> assertServed(Chat.call(client, "")));
        assertEquals(1, provider.counters().maxActive());
    }

    // ------------------------------------------------------------------ ending

    @Test
    @DisplayName("a provider that drains ends what it has begun, and the next instance serves what follows")
    void providerDrains() throws IOException {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "");
        try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
            client.send(Chat.PATH, Chat.request("tokens=20 gap=20ms", true));
            ApiClient.Answer answer = client.answer();
            String first = Chat.events(answer, 1);
            provider.drain();
            // Until then it may still take a request on a connection that was idle.
            Until.holds(
                    "none is left but the stream's", () -> provider.counters().openConnections() <= 1);
            SimulatedProvider next =
                    provider(SimulatedProviderOptions.defaults().withAddress("127.0.0.1", provider.port()));
            onEachLoop(proxy, other -> assertServed(Chat.call(other, "")));
            String text = first + Chat.rest(answer).text();
            assertTrue(text.endsWith(Chat.DONE), text);
            assertServed(Chat.call(client, ""));
            assertEquals(1L + setup.loops(), next.counters().requests());
        }
        assertEquals(1, provider.counters().requests());
        assertEquals(0, provider.counters().cancelled());
    }

    @Test
    @DisplayName("a proxy that drains ends what it has begun, and takes nothing new")
    void proxyDrains() throws Exception {
        SimulatedProvider provider = provider();
        Slipstream proxy = proxy(provider, "timeouts: { drain: 20s }\n");
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (ApiClient client = setup.client().connect(proxy.apiAddress())) {
            client.send(Chat.PATH, Chat.request("tokens=30 gap=20ms", true));
            ApiClient.Answer answer = client.answer();
            String first = Chat.events(answer, 1);
            Future<?> drained = thread.submit(() -> PROXIES.drain(proxy));
            Until.holds("it takes nothing new", () -> {
                try {
                    setup.client().connect(proxy.apiAddress()).close();
                    return false;
                } catch (IOException refused) {
                    return true;
                }
            });
            String text = first + Chat.rest(answer).text();
            assertTrue(text.endsWith(Chat.DONE), text);
            drained.get(20, TimeUnit.SECONDS);
            assertThrows(IOException.class, () -> Chat.call(client, ""));
        } finally {
            thread.shutdownNow();
        }
        assertEquals(0, provider.counters().cancelled());
        Until.holds("its connections are closed", () -> provider.counters().openConnections() == 0);
    }
}
