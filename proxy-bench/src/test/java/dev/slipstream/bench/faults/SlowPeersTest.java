package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer that takes a thousand bytes a second: what waits for it stays below a megabyte, is told truly by {@code
 * slipstream_buffered_bytes}, and holds nobody else up. Small receive buffers, so that the kernel does not hide it.
 */
class SlowPeersTest {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int SMALL_WINDOW_BYTES = 4 * KIB;
    private static final long WATCH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int LEAST_NEIGHBOURS = 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    /**
     * What was seen while the slow one was at it.
     *
     * @param usual the median: where the kernel takes much at once, a queue is nearly empty for a moment
     */
    private record Watched(long most, long usual, int neighbours) {}

    /** Lets neighbours be served for the time of the watch, and looks at the figure all the while. */
    private static Watched watch(Slipstream proxy) throws IOException {
        long most = 0;
        List<Long> seen = new ArrayList<>();
        int neighbours = 0;
        try (Client neighbour = new Client(proxy.apiAddress())) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < WATCH_NANOS) {
                assertEquals(200, neighbour.chat("tokens=5").status());
                neighbours++;
                long now = proxy.bufferedBytes();
                most = Math.max(most, now);
                seen.add(now);
                LockSupport.parkNanos(1_000_000);
            }
        }
        Collections.sort(seen);
        return new Watched(most, seen.get(seen.size() / 2), neighbours);
    }

    private static long scraped(Slipstream proxy) throws IOException {
        try (Client admin = new Client(proxy.adminAddress())) {
            admin.out.write("GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(ISO_8859_1));
            String text = admin.read().text();
            String line = text.lines()
                    .filter(each -> each.startsWith("slipstream_buffered_bytes "))
                    .findFirst()
                    .orElseThrow();
            return (long) Double.parseDouble(line.substring(line.indexOf(' ')));
        }
    }

    private static long scrapedNow(Slipstream proxy) {
        try {
            return scraped(proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aClientThatTakesAKilobyteASecondOfAnEndlessStream(String transport) throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy =
                    House.start(provider.anthropicBaseUrl(), "runtime: { loops: 1, transport: " + transport + " }\n");
            try (Client slow = new Client(proxy.apiAddress(), SMALL_WINDOW_BYTES)) {
                slow.send("/v1/chat/completions", Client.chat("tokens=100000000 token-bytes=4096 gap=0", true));
                House.until("its queue is full", () -> proxy.bufferedBytes() >= 64 * KIB);
                AtomicBoolean done = new AtomicBoolean();
                Future<?> reading = threads.submit(() -> {
                    while (!done.get()) {
                        assertTrue(slow.read(new byte[KIB]) > 0);
                        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                    }
                    return 0;
                });
                Watched watched = watch(proxy);
                long scraped = scraped(proxy);
                done.set(true);
                reading.get(10, TimeUnit.SECONDS);
                System.out.println(transport + ": " + watched + ", scraped " + scraped);
                assertTrue(watched.most < MIB, watched::toString);
                // Its queue is full nearly all the time: the figure tells of it.
                assertTrue(watched.usual >= 16 * KIB, watched::toString);
                assertTrue(scraped < MIB, "scraped " + scraped);
                House.until("a scrape tells of it", () -> scrapedNow(proxy) >= 16 * KIB);
                assertTrue(watched.neighbours >= LEAST_NEIGHBOURS, watched::toString);
            }
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }

    /** Takes a body a thousand bytes a second; small ones are answered at once. */
    private static ScriptedProvider slowReader(AtomicBoolean done) throws IOException {
        return new ScriptedProvider(
                request -> {
                    if (request.length() > 64 * KIB) {
                        byte[] some = new byte[KIB];
                        for (long left = request.length(); left > 0; ) {
                            int read = request.body().read(some);
                            if (read < 0) {
                                return false;
                            }
                            left -= read;
                            if (!done.get()) {
                                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                            }
                        }
                    } else {
                        request.readBody();
                    }
                    request.answer("", "{}");
                    return true;
                },
                SMALL_WINDOW_BYTES);
    }

    @Test
    void aProviderThatTakesAKilobyteASecondOfALargeBody() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ScriptedProvider provider = slowReader(done)) {
            Slipstream proxy = House.start(
                    provider.url(), "runtime: { loops: 1 }\nlimits: { replay: 16KiB }\npool: { warm: 0 }\n");
            try (Client client = new Client(proxy.apiAddress())) {
                long length = 30L * MIB;
                Future<?> upload = threads.submit(() -> {
                    String front = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"";
                    client.out.write((Client.head("/v1/chat/completions", length) + front).getBytes(ISO_8859_1));
                    byte[] block = new byte[64 * KIB];
                    Arrays.fill(block, (byte) 'x');
                    for (long sent = front.length(); sent < length; sent += block.length) {
                        client.out.write(block, 0, (int) Math.min(block.length, length - sent));
                    }
                    return 0;
                });
                House.until("the provider's queue is full", () -> proxy.bufferedBytes() >= 64 * KIB);
                Watched watched = watch(proxy);
                long scraped = scraped(proxy);
                System.out.println("upload: " + watched + ", scraped " + scraped);
                assertFalse(upload.isDone(), "the whole body went somewhere");
                assertTrue(watched.most < MIB, watched::toString);
                assertTrue(watched.usual >= 16 * KIB, watched::toString);
                assertTrue(scraped < MIB, "scraped " + scraped);
                House.until("a scrape tells of it", () -> scrapedNow(proxy) >= 16 * KIB);
                assertTrue(watched.neighbours >= LEAST_NEIGHBOURS, watched::toString);
            }
            done.set(true);
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }

    /** The model comes last, so all of it is held before a provider is asked. */
    private static String modelLast(int length) {
        String front = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
        String behind = "\"}],\"model\":\"m\"}";
        return front + "x".repeat(length - front.length() - behind.length()) + behind;
    }

    @Test
    void aHeldBodyStaysChargedUntilTheProviderTakesIt() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ScriptedProvider provider = slowReader(done)) {
            Slipstream proxy = House.start(
                    provider.url(),
                    "runtime: { loops: 1 }\nlimits: { replay: 16KiB, held_body: 16MiB, held_total: 24MiB }\n"
                            + "pool: { warm: 0 }\n");
            try (Client first = new Client(proxy.apiAddress());
                    Client second = new Client(proxy.apiAddress())) {
                first.send("/v1/chat/completions", modelLast(15 * MIB));
                House.until("it is on its way", () -> proxy.busyUpstreamConnections() == 1);
                // The kernel took some megabytes of it; what is left leaves no room for another of its size.
                Client.Answer refused = second.post("/v1/chat/completions", modelLast(15 * MIB));
                assertEquals(503, refused.status());
                assertEquals("overloaded", refused.field("x-slipstream-error"));
                done.set(true);
                assertEquals(200, first.read().status());
            }
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }

    @Test
    void aProviderThatNeverTakesAHeldBodyIsGivenUp() throws Exception {
        try (ScriptedProvider provider = new ScriptedProvider(
                request -> {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20));
                    return false;
                },
                SMALL_WINDOW_BYTES)) {
            Slipstream proxy = House.start(
                    provider.url(),
                    "runtime: { loops: 1 }\nlimits: { replay: 16KiB, held_body: 16MiB }\n"
                            + "timeouts: { first_byte: 500ms }\npool: { warm: 0 }\n");
            try (Client client = new Client(proxy.apiAddress())) {
                Client.Answer answer = client.post("/v1/chat/completions", modelLast(15 * MIB));
                assertEquals(504, answer.status());
                assertEquals("upstream_timeout", answer.field("x-slipstream-error"));
            }
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }

    /** Its request is over, so that the connection counts as idle; its answer is not, until it has read it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowReaderHasItsLastAnswerBeyondIdlenessAndAtTheEnd(boolean atTheEnd) throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy = House.start(
                    provider.anthropicBaseUrl(),
                    "limits: { stream_buffer: 64MiB }\ntimeouts: { client_idle: 100ms, drain: 5s }\n");
            try (Client slow = new Client(proxy.apiAddress(), SMALL_WINDOW_BYTES)) {
                slow.send("/v1/chat/completions", Client.chat("tokens=4000 token-bytes=4096 gap=0", false));
                House.until("it is answered", () -> proxy.inFlight() == 0 && proxy.bufferedBytes() > MIB);
                Future<?> drained = atTheEnd ? threads.submit(proxy::drain) : null;
                // Longer than what an idle connection has.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(400));
                Client.Answer answer = slow.read();
                assertEquals(200, answer.status());
                assertTrue(answer.body().length > 4000 * 4096, "bytes " + answer.body().length);
                if (drained != null) {
                    drained.get(10, TimeUnit.SECONDS);
                }
            } finally {
                House.closeAndAudit(proxy);
            }
        }
    }
}
