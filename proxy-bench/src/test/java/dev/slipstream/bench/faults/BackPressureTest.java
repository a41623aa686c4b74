package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk25")
class BackPressureTest {
    private static final int MIB = 1024 * 1024;

    /** Chunks of the allocator for all that is under way, whatever the sizes that go through. */
    private static final long BOUND_BYTES = 12L * MIB;

    private static final int SMALL_WINDOW_BYTES = 16 * 1024;

    private static byte expected(long at) {
        return (byte) ('a' + (at * 31 + (at >>> 12)) % 26);
    }

    private static void fill(byte[] block, long from) {
        for (int i = 0; i < block.length; i++) {
            block[i] = expected(from + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void aClientThatReadsSlowlyHoldsLittleAndNobodyUp(String transport) throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy =
                    House.start(provider.anthropicBaseUrl(), "runtime: { loops: 1, transport: " + transport + " }\n");
            try (Client slow = new Client(proxy.apiAddress(), SMALL_WINDOW_BYTES);
                    Client other = new Client(proxy.apiAddress())) {
                slow.send("/v1/chat/completions", Client.chat("tokens=1000000 token-bytes=4096 gap=0", true));
                assertTrue(slow.read(new byte[100]) > 0);
                long most = 0;
                for (int i = 0; i < 200; i++) {
                    assertEquals(200, other.chat("tokens=5").status());
                    most = Math.max(most, House.usedBytes(proxy));
                    if (i % 10 == 0) {
                        assertTrue(slow.read(new byte[20_000]) > 0);
                    }
                }
                System.out.println(transport + ": at most " + most / 1024 + " KiB");
                assertTrue(most < BOUND_BYTES, "held " + most);
                // It goes on where it stood.
                for (long left = 5L * MIB; left > 0; ) {
                    int read = slow.read(new byte[100_000]);
                    assertTrue(read > 0);
                    left -= read;
                }
            }
            House.awaitQuiet(proxy);
            House.until("the provider has stopped", () -> provider.counters().active() == 0);
            House.closeAndAudit(proxy);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void fiftyMegabytesComeThroughAsTheyAre(String transport) throws IOException {
        long length = 50L * MIB;
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
            request.readBody();
            request.out()
                    .write(("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " + length
                                    + "\r\n\r\n")
                            .getBytes(ISO_8859_1));
            byte[] block = new byte[MIB];
            for (long at = 0; at < length; at += block.length) {
                fill(block, at);
                request.out().write(block);
            }
            return true;
        })) {
            Slipstream proxy = House.start(provider.url(), "runtime: { loops: 1, transport: " + transport + " }\n");
            try (Client client = new Client(proxy.apiAddress(), SMALL_WINDOW_BYTES)) {
                for (int round = 0; round < 2; round++) {
                    client.send("/v1/chat/completions", Client.chat("", false));
                    assertTrue(client.readHead().contains("content-length: " + length));
                    byte[] block = new byte[100_000];
                    long most = 0;
                    for (long at = 0; at < length; ) {
                        int read = client.read(block);
                        assertTrue(read > 0);
                        for (int i = 0; i < read; i++) {
                            if (block[i] != expected(at + i)) {
                                throw new AssertionError("wrong at " + (at + i));
                            }
                        }
                        at += read;
                        most = Math.max(most, House.usedBytes(proxy));
                        if (at < MIB || at > length - MIB) {
                            LockSupport.parkNanos(200_000);
                        }
                    }
                    assertTrue(most < BOUND_BYTES, "held " + most);
                }
                // The second came over the connection of the first, which ended while its reader was slow.
                assertEquals(1, provider.connections.get());
            }
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }

    @Test
    void aProviderThatReadsSlowlyHoldsTheUploadBack() throws Exception {
        AtomicLong wrongAt = new AtomicLong(-1);
        AtomicLong received = new AtomicLong();
        String front = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String behind = "\"}]}";
        long text = 20L * MIB;
        long length = front.length() + text + behind.length();
        try (ScriptedProvider provider = new ScriptedProvider(request -> {
            byte[] block = new byte[16 * 1024];
            for (long at = 0; at < request.length(); ) {
                int read = request.body().read(block);
                for (int i = 0; i < read; i++) {
                    long inText = at + i - front.length();
                    if (inText >= 0 && inText < text && block[i] != expected(inText)) {
                        wrongAt.compareAndSet(-1, at + i);
                    }
                }
                at += read;
                received.set(at);
                if (at < 2 * MIB) {
                    LockSupport.parkNanos(3_000_000);
                }
            }
            request.answer("", "{}");
            return true;
        })) {
            Slipstream proxy = House.start(
                    provider.url(), "runtime: { loops: 1 }\nlimits: { replay: 64KiB, scan_first: 64KiB }\n");
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try (Client client = new Client(proxy.apiAddress())) {
                Future<?> upload = thread.submit(() -> {
                    client.out.write((Client.head("/v1/chat/completions", length) + front).getBytes(ISO_8859_1));
                    byte[] block = new byte[MIB];
                    for (long at = 0; at < text; at += block.length) {
                        fill(block, at);
                        client.out.write(block);
                    }
                    client.out.write(behind.getBytes(ISO_8859_1));
                    return 0;
                });
                long most = 0;
                while (received.get() < length && !upload.isDone()) {
                    most = Math.max(most, House.usedBytes(proxy));
                    assertTrue(proxy.bufferedBytes() <= 2 * MIB, "held " + proxy.bufferedBytes());
                    LockSupport.parkNanos(200_000);
                }
                upload.get(15, TimeUnit.SECONDS);
                assertEquals(200, client.read().status());
                assertEquals(-1, wrongAt.get());
                assertEquals(length, received.get());
                System.out.println("upload: at most " + most / 1024 + " KiB");
                assertTrue(most < BOUND_BYTES, "held " + most);
            } finally {
                thread.shutdownNow();
            }
            House.awaitQuiet(proxy);
            House.closeAndAudit(proxy);
        }
    }
}
