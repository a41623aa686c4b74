package dev.slipstream.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.codec.Dialect;
import dev.slipstream.config.HostPort;
import dev.slipstream.metrics.LoopMetrics;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.metrics.ProviderHealth;
import dev.slipstream.metrics.Stage;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdminServerTest {
    private static final String THREADS = "admin-under-test";
    private static final long THREAD_END_MILLIS = 10_000;
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final Metrics metrics = new Metrics();
    private final LoopMetrics loop = metrics.forLoop(0);
    private final List<AdminServer> servers = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean draining;
    private EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory(THREADS, true));
    private int port;

    @BeforeEach
    void start() throws IOException {
        port = start("").localAddress().getPort();
    }

    @AfterEach
    void stop() {
        servers.forEach(AdminServer::close);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private AdminServer start(String token) throws IOException {
        AdminServer server = AdminServer.start(
                group, NioServerSocketChannel.class, ANY_PORT, token, endpoints(metrics, () -> draining));
        servers.add(server);
        return server;
    }

    private static AdminEndpoints endpoints(Metrics metrics, BooleanSupplier draining) {
        return new AdminEndpoints(
                "1.2.3",
                metrics,
                () -> Map.of("listen", Map.of("address", "127.0.0.1:8080"), "keys", List.of("***"), "loops", 2),
                () -> List.of(
                        new ProviderHealth("zai", Dialect.OPENAI, ProviderHealth.Status.OK, 1, 2, 3, null, null, 0),
                        new ProviderHealth(
                                "far",
                                Dialect.ANTHROPIC,
                                ProviderHealth.Status.FAILING,
                                0,
                                0,
                                0,
                                "upstream_unreachable",
                                "refused",
                                1234)),
                draining);
    }

    @Test
    void metricsAreTextThatAScraperCanRead() throws Exception {
        exercise();
        HttpResponse<String> answer = get("/metrics");

        assertEquals(200, answer.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", header(answer, "content-type"));
        assertEquals("no-store", header(answer, "cache-control"));
        assertTextFormat(answer.body());
        for (Stage stage : Stage.values()) {
            assertHasLine(answer, "slipstream_stage_seconds{stage=\"" + stage.label() + "\",quantile=\"0.999\"} ");
            assertHasLine(answer, "slipstream_stage_seconds_count{stage=\"" + stage.label() + "\"} ");
        }
        assertHasLine(answer, "slipstream_request_seconds{quantile=\"0.5\"} 0.00");
        assertHasLine(answer, "slipstream_request_seconds_sum 0.006");
        assertHasLine(answer, "slipstream_request_seconds_count 3");
        assertHasLine(answer, "slipstream_first_token_seconds{quantile=\"0.95\"} ");
        assertHasLine(answer, "slipstream_token_gap_seconds{quantile=\"0.5\"} NaN");
        assertHasLine(
                answer,
                "slipstream_requests_total{dialect=\"openai\",provider=\"zai\",route=\"glm\",status=\"200\"} 1.0");
        assertHasLine(answer, "slipstream_failures_total{kind=\"internal\"} 0.0");
        assertHasLine(answer, "slipstream_tokens_total{model=\"glm\",provider=\"zai\",type=\"input\"} 7.0");
        assertHasLine(answer, "slipstream_loop_lag_seconds{loop=\"0\"} 0.001");
        assertHasLine(answer, "slipstream_upstream_connection_reuse_ratio 0.5");
        assertHasLine(answer, "slipstream_upstream_connections{provider=\"zai\",state=\"idle\"} 2.0");
        assertHasLine(answer, "process_cpu_seconds_total ");
        assertHasLine(answer, "process_start_time_seconds ");
        assertHasLine(answer, "jvm_memory_used_bytes{area=\"heap\"} ");
        assertHasLine(answer, "jvm_gc_collection_seconds_count{gc=");
        assertHasLine(answer, "jvm_threads_current ");
    }

    @Test
    void everyOtherPathOfMetricsAnswersInItsFormat() throws Exception {
        exercise();
        assertTextFormat(get("/metrics/prometheus").body());
        assertTextFormat(
                get("/api/metrics/prometheus", "Accept", "application/json").body());

        HttpResponse<String> openMetrics = get("/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", header(openMetrics, "content-type"));
        assertTrue(openMetrics.body().endsWith("# EOF\n"));

        assertEquals("application/json", header(get("/metrics", "Accept", "application/json"), "content-type"));
        Map<String, Object> system = json(get("/api/metrics/system"));
        for (String member : List.of("cpu", "memory", "disk", "network", "threads")) {
            assertInstanceOf(Map.class, system.get(member), member);
        }
    }

    @Test
    void jsonHasTheShapeOfTheContract() throws Exception {
        exercise();
        Map<String, Object> json = json(get("/api/metrics/json"));

        Map<?, ?> stages = map(json, "stages");
        assertEquals(Stage.values().length, stages.size());
        for (Stage stage : Stage.values()) {
            Map<?, ?> values = map(stages, stage.label());
            for (String member :
                    List.of("count", "p50_nanos", "p90_nanos", "p95_nanos", "p99_nanos", "p999_nanos", "max_nanos")) {
                assertInstanceOf(Number.class, values.get(member), stage + " " + member);
            }
        }
        assertEquals(1L, map(stages, "auth").get("count"));
        assertEquals(3L, map(json, "request").get("count"));
        assertEquals(1L, map(json, "requests").get("total"));
        assertEquals(1L, map(map(json, "requests"), "by_status").get("200"));
        assertEquals(
                2L, map(map(map(json, "connection_pool"), "connections"), "zai").get("idle"));
        for (String member :
                List.of("http_client", "cache", "caches", "system", "first_token", "token_gap", "failures", "tokens")) {
            assertInstanceOf(Map.class, json.get(member), member);
        }
    }

    @Test
    void twoScrapesSeeTheSame() throws Exception {
        exercise();
        assertEquals(ownLines(get("/metrics")), ownLines(get("/metrics")));
    }

    @Test
    void healthTellsOneWordOrAll() throws Exception {
        assertEquals("ok", json(get("/health")).get("status"));
        assertEquals("ok", json(get("/health/live")).get("status"));
        assertEquals("ok", json(get("/health/ready")).get("status"));

        Map<String, Object> detailed = json(get("/health/detailed"));
        assertEquals("degraded", detailed.get("status"));
        assertEquals("1.2.3", detailed.get("version"));
        assertTrue(map(map(detailed, "checks"), "memory").containsKey("status"));
        assertTrue(map(map(detailed, "checks"), "disk").containsKey("status"));
        assertEquals(detailed.keySet(), json(get("/api/metrics/health")).keySet());

        List<?> providers =
                assertInstanceOf(List.class, json(get("/health/providers")).get("providers"));
        Map<?, ?> far = assertInstanceOf(Map.class, providers.get(1));
        assertEquals("failing", far.get("status"));
        assertEquals("anthropic", far.get("dialect"));
        assertEquals("upstream_unreachable", far.get("last_failure"));
        assertEquals(1234L, far.get("last_failure_epoch_millis"));
    }

    @Test
    void drainingIsNotReadyButAlive() throws Exception {
        draining = true;
        assertEquals(503, get("/health/ready").statusCode());
        assertEquals(503, get("/health/detailed").statusCode());
        assertEquals(200, get("/health/live").statusCode());
    }

    @Test
    void theConfigurationAndAnIndexAreShown() throws Exception {
        assertEquals(List.of("***"), json(get("/config")).get("keys"));
        assertTrue(get("/").body().contains("/health/providers"));
        assertEquals(200, get("/config/?x=y").statusCode());
    }

    @Test
    void withoutTheTokenNothingButHealthIsTold() throws Exception {
        port = start("s3cret").localAddress().getPort();

        HttpResponse<String> refused = get("/metrics");
        assertEquals(401, refused.statusCode());
        assertEquals("Bearer", header(refused, "www-authenticate"));
        assertEquals("no-store", header(refused, "cache-control"));
        assertEquals(401, get("/config", "Authorization", "Bearer wrong").statusCode());
        assertEquals(401, get("/no/such/path").statusCode());
        assertEquals(200, get("/config", "Authorization", "Bearer s3cret").statusCode());
        assertEquals(200, get("/health/ready").statusCode());
    }

    @Test
    void whatIsNotHereSaysSo() throws Exception {
        HttpResponse<String> unknown = get("/no/such/path");
        assertEquals(404, unknown.statusCode());
        assertEquals("unknown_path", map(json(unknown), "error").get("code"));
        assertEquals("unknown_path", header(unknown, "x-slipstream-error"));
        assertEquals("no-store", header(unknown, "cache-control"));

        HttpResponse<String> later = get("/dashboard/index.html");
        assertEquals(501, later.statusCode());
        assertEquals(
                "/dashboard is not in this version", map(json(later), "error").get("message"));
        assertEquals(501, send("POST", "/config/reload").statusCode());
        for (String path : List.of("/profiling", "/api/cache", "/api/keys", "/debug")) {
            assertEquals(501, get(path).statusCode(), path);
        }

        HttpResponse<String> method = send("POST", "/metrics");
        assertEquals(405, method.statusCode());
        assertEquals("GET, HEAD", header(method, "allow"));
    }

    @Test
    void headIsGetWithoutItsBody() throws Exception {
        HttpResponse<String> head = send("HEAD", "/config");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(header(get("/config"), "content-length"), header(head, "content-length"));
    }

    @Test
    void limitsHoldAndEndTheConnection() throws Exception {
        assertTrue(
                raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nhost: a\r\n\r\n").startsWith("HTTP/1.1 414 "));
        assertTrue(raw("GET / HTTP/1.1\r\nhost: a\r\nx: " + "x".repeat(17_000) + "\r\n\r\n")
                .startsWith("HTTP/1.1 431 "));
        assertTrue(raw("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 70000\r\n\r\n")
                .startsWith("HTTP/1.1 413 "));
        assertTrue(raw("GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n11000\r\n" + "x".repeat(0x11000)
                        + "\r\n0\r\n\r\n")
                .startsWith("HTTP/1.1 413 "));
        assertTrue(raw("nonsense\r\n\r\n").startsWith("HTTP/1.1 400 "));
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInTurn() throws Exception {
        String request = "GET %s HTTP/1.1\r\nhost: a\r\nconnection: %s\r\n\r\n";
        String twice = raw(request.formatted("/health", "keep-alive") + request.formatted("/config", "close"));
        int first = twice.indexOf("{\"status\":\"ok\"}");
        assertTrue(first > 0 && twice.indexOf("listen") > first, twice);
    }

    @Test
    void connectionsBeyondTheCapAreClosed() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < AdminServer.CONNECTIONS_MAX; i++) {
                sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            try (Socket oneMore = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals(-1, oneMore.getInputStream().read());
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aPortInUseIsToldWithItsAddress() {
        IOException failure = assertThrows(
                IOException.class,
                () -> AdminServer.start(
                        group,
                        NioServerSocketChannel.class,
                        new HostPort("127.0.0.1", port),
                        "",
                        endpoints(metrics, () -> false)));
        assertInstanceOf(BindException.class, failure.getCause());
        assertTrue(failure.toString().contains("127.0.0.1:" + port));
    }

    @Test
    void closingEndsTheConnectionsAndLeavesNoThread() throws Exception {
        try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.getOutputStream().write("GET /health HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(open.getInputStream().read() > 0);

            servers.get(0).close();
            servers.get(0).close();

            open.getInputStream().readAllBytes();
        }
        assertTrue(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS));
        assertThrows(IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(THREADS)) {
                // The group has terminated; its thread may have a few instructions left.
                thread.join(THREAD_END_MILLIS);
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
    }

    private void exercise() {
        loop.stage(Stage.AUTH, 1500);
        loop.request(1_000_000);
        loop.request(2_000_000);
        loop.request(3_000_000);
        loop.firstToken(700_000);
        loop.requestDone("glm", "zai", Dialect.OPENAI, 200);
        loop.tokens("zai", "glm", "input", 7);
        loop.upstreamAcquired(true);
        loop.upstreamAcquired(false);
        loop.loopLag(1_000_000);
        loop.tick();
        metrics.gauge("slipstream_upstream_connections", "Open", "provider", "zai", "state", "idle", () -> 2);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends bytes as they are and reads to the end. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            try {
                in.transferTo(answer);
            } catch (IOException e) {
                // A reset after the answer: the server closed on bytes that it did not want to read.
                assertTrue(answer.size() > 0, e.toString());
            }
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(HttpResponse<String> answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        Map<String, Object> map = new DslJson<>().deserialize(Map.class, body, body.length);
        if (map == null) {
            throw new AssertionError("null");
        }
        return map;
    }

    private static Map<?, ?> map(Map<?, ?> json, String member) {
        return assertInstanceOf(Map.class, json.get(member), member);
    }

    /** What does not change by itself. */
    private static List<String> ownLines(HttpResponse<String> answer) {
        return answer.body()
                .lines()
                .filter(line -> line.contains("slipstream_"))
                .toList();
    }

    private static void assertHasLine(HttpResponse<String> answer, String start) {
        assertTrue(answer.body().lines().anyMatch(line -> line.startsWith(start)), () -> start + "\n" + answer.body());
    }

    private static void assertTextFormat(String text) {
        Pattern sample = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*"
                + "(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\")*,?})?"
                + " (NaN|[+-]?Inf|[-+]?[0-9.]+(E[-+]?[0-9]+)?)");
        assertTrue(text.endsWith("\n"));
        text.lines()
                .forEach(line -> assertTrue(
                        line.startsWith("# HELP ")
                                || line.startsWith("# TYPE ")
                                || sample.matcher(line).matches(),
                        line));
    }
}
