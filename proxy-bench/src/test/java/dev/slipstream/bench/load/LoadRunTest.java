package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.e2e.LeakReports;
import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A run of the load generator")
class LoadRunTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @AfterAll
    static void noBufferIsLost() {
        assertEquals(List.of(), LeakReports.take());
    }

    private static LoadPlan closed(int concurrency, int requests) {
        return LoadPlan.closed(concurrency, LONG).withLength(Duration.ZERO, LONG, requests);
    }

    private LoadTarget target(SimulatedProvider provider, Dialect dialect, boolean tls, boolean http2)
            throws IOException {
        String url = dialect == Dialect.OPENAI ? provider.openAiBaseUrl() : provider.anthropicBaseUrl();
        LoadTarget target = LoadTarget.of(url, "m").withDialect(dialect).withHttp2(http2);
        if (!tls) {
            return target;
        }
        Path authority = folder.resolve("ca.pem");
        Files.writeString(authority, SharedCertificates.authority().certificatePem());
        return target.withAuthority(authority);
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, OPENAI, false",
        "false, true, ANTHROPIC, false",
        "true, false, ANTHROPIC, false",
        "true, true, OPENAI, false",
        "false, false, ANTHROPIC, true",
        "false, true, OPENAI, true",
        "true, false, OPENAI, true",
        "true, true, ANTHROPIC, true"
    })
    @DisplayName("has every answer whole, whatever is spoken and asked for, on kept connections and new ones")
    void wires(boolean tls, boolean http2, Dialect dialect, boolean cold) throws IOException {
        ProviderWire wire =
                tls ? ProviderWire.tls(SharedCertificates.server()) : http2 ? ProviderWire.h2c() : ProviderWire.h1();
        SimulatedProviderOptions options =
                SimulatedProviderOptions.defaults().withWire(wire).withTokens(5).withRequiredKey("sk-1");
        try (SimulatedProvider provider = SimulatedProvider.start(options)) {
            LoadTarget target = target(provider, dialect, tls, http2).withKey("sk-1");
            LoadPlan plan = closed(6, 30)
                    .withScenario(Scenario.MIXED)
                    .withConnections(http2 && !cold ? 2 : 6, 4, 100, cold)
                    .withLoops(2, LoadTransport.AUTO);
            LoadResults results = LoadRun.run(target, plan).results();
            assertEquals(30, results.count(Outcome.OK), results.requests() + " requests");
            assertEquals(30, results.requests());
            long streams = results.histogram(Metric.FIRST_TOKEN).getTotalCount();
            assertTrue(streams > 5 && streams < 20, streams + " streams");
            assertEquals(4 * streams, results.histogram(Metric.TOKEN_GAP).getTotalCount());
            assertTrue(results.answerBytes() > 30 * 100);
            assertEquals(
                    cold ? 30 : http2 ? 2 : 6, results.histogram(Metric.CONNECT).getTotalCount());
            assertEquals(0, results.reconnects());
        }
    }

    @Test
    @DisplayName("sends bodies of exactly the size that is asked for, up to 10 MB")
    void bodies() throws IOException {
        for (int size : new int[] {LoadTarget.MIN_BODY_BYTES, LoadTarget.MAX_BODY_BYTES}) {
            for (boolean http2 : new boolean[] {false, true}) {
                SimulatedProviderOptions options = SimulatedProviderOptions.defaults()
                        .withKeepRequests(4)
                        .withWire(http2 ? ProviderWire.h2c() : ProviderWire.h1());
                try (SimulatedProvider provider = SimulatedProvider.start(options)) {
                    LoadTarget target =
                            target(provider, Dialect.OPENAI, false, http2).withBody(size, 7, "tokens=3");
                    LoadResults results = LoadRun.run(target, closed(1, 1)).results();
                    assertEquals(1, results.count(Outcome.OK));
                    assertEquals(size, results.requestBytes());
                    provider.received().forEach(each -> assertEquals(size, each.body().length));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status=429, RATE_LIMITED, CHAT",
        "status=404, CLIENT_ERROR, CHAT",
        "status=503, SERVER_ERROR, STREAM",
        "error-event-after=2, ERROR_EVENT, STREAM",
        "truncate=3, TRUNCATED, STREAM",
        "close-after=2, BROKEN, STREAM",
        "reset-after=2, BROKEN, STREAM",
        "stall-after=1, TIMED_OUT, STREAM"
    })
    @DisplayName("names what became of a request")
    void outcomes(String directive, Outcome outcome, Scenario scenario) throws IOException {
        for (boolean http2 : new boolean[] {false, true}) {
            SimulatedProviderOptions options =
                    SimulatedProviderOptions.defaults().withWire(http2 ? ProviderWire.h2c() : ProviderWire.h1());
            try (SimulatedProvider provider = SimulatedProvider.start(options)) {
                LoadTarget target =
                        target(provider, Dialect.OPENAI, false, http2).withBody(1000, 9, directive);
                LoadPlan plan = closed(2, 4)
                        .withScenario(scenario)
                        .withConnections(2, 1, 10, false)
                        .withLimits(outcome == Outcome.TIMED_OUT ? Duration.ofMillis(200) : LONG, LONG);
                LoadResults results = LoadRun.run(target, plan).results();
                assertEquals(4, results.count(outcome), directive);
                assertEquals(4, results.requests());
                assertEquals(0, results.histogram(Metric.TOTAL).getTotalCount());
            }
        }
    }

    @Test
    @DisplayName("ends as an overrun where more requests wait than may, and tells no percentile then")
    void overrun() throws IOException {
        try (KnownDelays server = new KnownDelays(new long[] {60_000}, 100, -1, 0)) {
            LoadPlan plan =
                    LoadPlan.open(1000, LONG).withConnections(2, 1, 10, false).withLimits(Duration.ofMillis(500), LONG);
            LoadReport report = LoadRun.run(LoadTarget.of(server.baseUrl(), "m"), plan);
            assertEquals(Quantile.Refusal.OVERRUN, report.refusal());
            assertEquals(13, report.results().requests());
            assertEquals(11, report.results().count(Outcome.NOT_SENT));
            assertEquals(2, report.results().count(Outcome.TIMED_OUT));
            assertFalse(report.quantile(Metric.TOTAL, 0.5).isTold());
            assertTrue(report.table().contains("overrun"), report::table);
        }
    }

    @Test
    @DisplayName("says that it could not keep its rate where it came too late to its requests")
    void late() throws IOException {
        try (KnownDelays server = new KnownDelays(new long[] {0}, 200, -1, 0)) {
            LoadPlan plan = LoadPlan.open(1000, Duration.ofMillis(100)).withLimits(LONG, Duration.ofNanos(1));
            LoadReport report = LoadRun.run(LoadTarget.of(server.baseUrl(), "m"), plan);
            assertEquals(100, report.results().count(Outcome.OK));
            assertEquals(Quantile.Refusal.LATE, report.refusal());
            assertFalse(report.quantile(Metric.TOTAL, 0.5).isTold());
            assertTrue(report.table().contains("could not keep its rate"), report::table);

            LoadReport patient = new LoadReport(
                    report.target(),
                    plan.withLimits(LONG, LONG),
                    report.results(),
                    report.startNanos(),
                    report.seconds());
            assertNull(patient.refusal());
            assertTrue(patient.quantile(Metric.TOTAL, 0.5).isTold());
        }
    }

    @Test
    @DisplayName("records what was due behind the warm-up, and no more")
    void warmUp() throws IOException {
        try (KnownDelays server = new KnownDelays(new long[] {0}, 200, -1, 0)) {
            LoadPlan plan = LoadPlan.open(500, Duration.ofMillis(100))
                    .withLength(Duration.ofMillis(200), Duration.ofMillis(100), 0)
                    .withLimits(LONG, LONG);
            LoadReport report = LoadRun.run(LoadTarget.of(server.baseUrl(), "m"), plan);
            assertEquals(50, report.results().requests());
            assertEquals(50, report.results().histogram(Metric.LATENESS).getTotalCount());
            assertEquals(150, server.requests());
        }
    }

    @Test
    @DisplayName("lets its rate grow on a ramp, and says so")
    void ramp() throws IOException {
        try (KnownDelays server = new KnownDelays(new long[] {0}, 200, -1, 0)) {
            LoadPlan plan = LoadPlan.open(400, Duration.ofMillis(500))
                    .withRamp(Duration.ofMillis(250))
                    .withLimits(LONG, LONG);
            LoadReport report = LoadRun.run(LoadTarget.of(server.baseUrl(), "m"), plan);
            assertEquals(150, report.results().count(Outcome.OK));
            // 50 are due on the ramp, the first half of these in the first 177 ms: evenly it would be 125.
            long halfNanos = server.cameNanos(25) - report.startNanos();
            assertTrue(halfNanos >= Duration.ofMillis(176).toNanos(), "the 25th came after " + halfNanos + " ns");
            assertTrue(report.table().contains("400/s behind a ramp of 0.25 s"), report::table);
        }
    }

    @Test
    @DisplayName("fails where nobody listens, and where the certificate is not trusted")
    void noConnection() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        LoadTarget nobody = LoadTarget.of("http://127.0.0.1:" + port + "/v1", "m");
        assertThrows(IOException.class, () -> LoadRun.run(nobody, closed(1, 1)));
        LoadResults cold =
                LoadRun.run(nobody, closed(1, 2).withConnections(1, 1, 1, true)).results();
        assertEquals(2, cold.count(Outcome.CONNECT_FAILED));

        SimulatedProviderOptions tls =
                SimulatedProviderOptions.defaults().withWire(ProviderWire.tls(SharedCertificates.server()));
        try (SimulatedProvider provider = SimulatedProvider.start(tls)) {
            for (boolean http2 : new boolean[] {false, true}) {
                LoadTarget untrusted =
                        LoadTarget.of(provider.openAiBaseUrl(), "m").withHttp2(http2);
                assertThrows(IOException.class, () -> LoadRun.run(untrusted, closed(1, 1)));
            }
        }
    }
}
