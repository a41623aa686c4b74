package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The figures behind traffic")
@Tag("jdk25")
class MetricsOverSocketsTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static final int WHOLE = 7;
    private static final int STREAMED = 3;

    private SimulatedProvider provider;

    @BeforeEach
    void start() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Slipstream proxy(String more) {
        return PROXIES.start(more + """
                providers:
                  sim: { base_url: "%s", dialect: openai }
                  gone: { base_url: "http://127.0.0.1:1/v1", dialect: openai }
                models:
                  - { name: demo, targets: [ { provider: sim } ] }
                  - { name: lost, targets: [ { provider: gone } ] }
                """.formatted(provider.openAiBaseUrl()));
    }

    private static String chat(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"[[input=100 tokens=10]]\"}]}";
    }

    private static void traffic(Slipstream proxy) throws IOException {
        try (RawClient client = new RawClient(proxy.apiAddress().getPort())) {
            for (int i = 0; i < WHOLE + STREAMED; i++) {
                assertEquals(
                        200,
                        client.post("/v1/chat/completions", "", chat("demo", i >= WHOLE))
                                .status());
            }
            assertEquals(
                    404,
                    client.post("/v1/chat/completions", "", chat("unheard-of", false))
                            .status());
            assertEquals(
                    502,
                    client.post("/v1/chat/completions", "", chat("lost", false)).status());
        }
        RunningProxy.awaitQuiet(proxy);
    }

    private static RawMessage admin(Slipstream proxy, String path, String fields) throws IOException {
        try (RawClient client = new RawClient(proxy.adminAddress().getPort())) {
            return client.get(path, fields);
        }
    }

    /** Samples of one family or more, by name and labels; comments are left out. */
    private static Map<String, Double> samples(String text) {
        Map<String, Double> samples = new TreeMap<>();
        for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        }
        return samples;
    }

    /** The sum over all label sets that have these parts. */
    private static double sum(Map<String, Double> samples, String name, String... parts) {
        return samples.entrySet().stream()
                .filter(each ->
                        each.getKey().startsWith(name + "{") || each.getKey().equals(name))
                .filter(each -> List.of(parts).stream().allMatch(each.getKey()::contains))
                .mapToDouble(each -> each.getValue())
                .sum();
    }

    @Test
    @DisplayName("stand under the names of the contract, with what happened")
    void names() throws Exception {
        Slipstream proxy = proxy("");
        traffic(proxy);
        RawMessage answer = admin(proxy, "/metrics", "accept: text/plain\r\n");
        assertEquals(200, answer.status());
        String text = answer.text();
        Map<String, Double> samples = samples(text);
        int good = WHOLE + STREAMED;
        assertEquals(good, sum(samples, "slipstream_requests_total", "status=\"200\"", "provider=\"sim\""), text);
        assertEquals(1, sum(samples, "slipstream_requests_total", "status=\"404\""), text);
        assertEquals(1, sum(samples, "slipstream_requests_total", "status=\"502\""), text);
        assertEquals(1, sum(samples, "slipstream_failures_total", "kind=\"unknown_model\""), text);
        assertEquals(1, sum(samples, "slipstream_failures_total", "kind=\"upstream_unreachable\""), text);
        assertEquals(good, sum(samples, "slipstream_attempts_total", "provider=\"sim\""), text);
        assertEquals(good + 2, sum(samples, "slipstream_request_seconds_count"), text);
        assertEquals(STREAMED, sum(samples, "slipstream_first_token_seconds_count"), text);
        assertTrue(sum(samples, "slipstream_request_seconds_sum") > 0, text);
        assertTrue(sum(samples, "slipstream_stage_seconds_count", "stage=\"auth\"") >= good, text);
        for (String name : List.of(
                "slipstream_token_gap_seconds_count",
                "slipstream_tokens_total",
                "slipstream_upstream_connections",
                "slipstream_upstream_connection_reuse_ratio",
                "slipstream_pool_waiters",
                "slipstream_in_flight",
                "slipstream_client_connections",
                "slipstream_buffered_bytes",
                "slipstream_loop_lag_seconds")) {
            assertTrue(samples.keySet().stream().anyMatch(each -> each.startsWith(name)), name + " in\n" + text);
        }
        assertTrue(text.contains("\nprocess_") && text.contains("\njvm_"), text);
        assertEquals(0, sum(samples, "slipstream_in_flight"), text);
        assertEquals(0, sum(samples, "slipstream_buffered_bytes"), text);
        assertEquals(0, sum(samples, "slipstream_upstream_connections", "state=\"active\""), text);
        double reuse = sum(samples, "slipstream_upstream_connection_reuse_ratio");
        assertTrue(reuse > 0.5 && reuse <= 1, "reuse " + reuse);
        // A whole answer's usage counts always; a stream's, where the client asked for it.
        assertTrue(sum(samples, "slipstream_tokens_total", "provider=\"sim\"") >= WHOLE * 110, text);
        assertFalse(text.contains("unheard-of"), "a label that a client chose");
    }

    @Test
    @DisplayName("are the same for two scrapers, and for one that comes again")
    void scrapers() throws Exception {
        Slipstream proxy = proxy("");
        traffic(proxy);
        // The loops hand over once a second what they measured.
        Await.until("the traffic is in the window", () -> {
            try {
                return !Double.isNaN(
                        sum(samples(admin(proxy, "/metrics", "").text()), "slipstream_request_seconds", "0.999"));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Map<String, Double> one = samples(admin(proxy, "/metrics", "").text());
        Map<String, Double> two = samples(admin(proxy, "/metrics", "").text());
        for (String counted : one.keySet()) {
            boolean ours = counted.startsWith("slipstream_") && !counted.startsWith("slipstream_loop_lag");
            if (ours && (counted.contains("_total") || counted.contains("_seconds"))) {
                assertEquals(one.get(counted), two.get(counted), counted);
            }
        }
    }

    @Test
    @DisplayName("stand in the JSON as well")
    void json() throws Exception {
        Slipstream proxy = proxy("");
        traffic(proxy);
        RawMessage answer = admin(proxy, "/api/metrics/json", "");
        assertEquals(200, answer.status());
        String text = answer.text().replaceAll("\\s", "");
        for (String part : List.of(
                "\"stages\":{",
                "\"auth\":{\"count\":12,",
                "\"p50_nanos\":",
                "\"p90_nanos\":",
                "\"p95_nanos\":",
                "\"p99_nanos\":",
                "\"p999_nanos\":",
                "\"max_nanos\":",
                "\"requests\":{\"total\":12,",
                "\"http_client\":",
                "\"connection_pool\":",
                "\"cache\":",
                "\"caches\":",
                "\"system\":")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
        assertEquals(
                answer.status(),
                admin(proxy, "/metrics", "accept: application/json\r\n").status());
    }

    @Test
    @DisplayName("are shown to who has the admin token alone")
    void token() throws Exception {
        Slipstream proxy = proxy("admin: { address: \"127.0.0.1:0\", token: admin-token-0001 }\n");
        for (String path : List.of("/metrics", "/api/metrics/json", "/config", "/health/detailed")) {
            assertEquals(401, admin(proxy, path, "").status(), path);
            assertEquals(
                    401, admin(proxy, path, "authorization: Bearer wrong\r\n").status(), path);
            assertEquals(
                    200,
                    admin(proxy, path, "authorization: Bearer admin-token-0001\r\n")
                            .status(),
                    path);
        }
        String config = admin(proxy, "/config", "authorization: Bearer admin-token-0001\r\n")
                .text();
        assertFalse(config.contains("admin-token-0001"), config);
    }
}
