package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong key is refused for its head alone, and nothing is kept of it. */
class InvalidKeysTest {
    private static final int MANY = 3_000;
    private static final int LARGE_BYTES = 16 * 1024 * 1024;
    private static final String HEAD =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\n"
                    + "authorization: Bearer ";

    private final SimulatedProvider provider;
    private final Slipstream proxy;

    InvalidKeysTest() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
        proxy = House.start(
                provider.anthropicBaseUrl(),
                "runtime: { loops: 2 }\nkeys: [ { name: right, key: sk-slip-0123456789abcdef } ]\n");
    }

    @AfterEach
    void nothingReachedTheProviderAndNothingIsLeft() {
        assertEquals(0, provider.counters().requests());
        House.awaitQuiet(proxy);
        House.closeAndAudit(proxy);
        provider.close();
    }

    /** The client does not send on before it has the answer, so a proxy that waited for the body would never give it. */
    @ParameterizedTest
    @ValueSource(strings = {"content-length: 16777216", "transfer-encoding: chunked", "EXPECT"})
    void aLargeBodyIsRefusedBeforeItIsSent(String how) throws Exception {
        boolean chunked = how.startsWith("transfer");
        boolean expecting = how.equals("EXPECT");
        String fields = expecting ? "content-length: " + LARGE_BYTES + "\r\nexpect: 100-continue" : how;
        String some = "{\"model\":\"m\"," + "\"x\":\"" + "y".repeat(10_000);
        String body = expecting ? "" : chunked ? Integer.toHexString(LARGE_BYTES) + "\r\n" + some : some;
        try (Client client = new Client(proxy.apiAddress())) {
            client.out.write((HEAD + "wrong\r\n" + fields + "\r\n\r\n" + body).getBytes(ISO_8859_1));
            Client.Answer answer = client.read();
            assertEquals(401, answer.status());
            assertEquals("invalid_api_key", answer.field("x-slipstream-error"));
            assertEquals("close", answer.field("connection"));
            assertEquals(-1, client.read(new byte[1]), "nothing behind it");
            assertEquals(0, proxy.bufferedBytes());
        }
    }

    @Test
    void manyKeysOfOneClientLeaveNothingBehind() throws Exception {
        long series = 0;
        try (Client client = new Client(proxy.apiAddress())) {
            for (int i = 0; i < MANY; i++) {
                client.out.write((HEAD + "sk-slip-guess" + i + "\r\ncontent-length: 2\r\n\r\n{}").getBytes(ISO_8859_1));
                Client.Answer answer = client.read();
                assertEquals(401, answer.status());
                if (i == 0) {
                    series = series(proxy.adminAddress());
                }
            }
        }
        assertTrue(series > 0);
        assertEquals(series, series(proxy.adminAddress()), "metrics grow with the keys that were tried");
    }

    private static long series(InetSocketAddress admin) throws IOException {
        try (Client client = new Client(admin)) {
            client.out.write("GET /metrics HTTP/1.1\r\nhost: p\r\n\r\n".getBytes(ISO_8859_1));
            String metrics = client.read().text();
            assertTrue(!metrics.contains("sk-slip-guess"), "a key in the metrics");
            return Stream.of(metrics.split("\n", -1))
                    .filter(line -> line.startsWith("slipstream_"))
                    .count();
        }
    }
}
