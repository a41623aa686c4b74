package dev.slipstream.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("The commands")
class BenchMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = BenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Test
    @DisplayName("answer wrong usage with 2")
    void usage() {
        assertEquals(2, run());
        assertEquals(2, run("mock", "--nonsense"));
        assertEquals(2, run("mock", "--token-gap", "fast"));
        assertEquals(2, run("mock", "--tokens", "lognormal:5"));
        assertEquals(2, run("mock", "--fault", "429"));
        assertTrue(err.toString().contains("'429' is no fault: write NAME:SHARE"), err::toString);
        assertEquals(2, run("mock", "--listen", "9090"));
        assertEquals(0, run("mock", "--help"));
    }

    @Test
    @DisplayName("answer bad input and a port in use with 1, and name it")
    void badInput() throws Exception {
        assertEquals(1, run("mock", "--listen", "127.0.0.1:0", "--replay", "/does/not/exist"));
        assertTrue(err.toString().contains("/does/not/exist"));
        assertEquals(1, run("mock", "--listen", "127.0.0.1:0", "--error-rate", "2"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertEquals(1, run("mock", "--listen", address));
            assertTrue(err.toString().contains(address));
        }
    }

    @Test
    @DisplayName("choose what a mock speaks, and refuse what nobody speaks")
    void wires() {
        assertEquals(2, run("mock", "--http", "3"));
        assertEquals(1, run("mock", "--listen", "127.0.0.1:0", "--max-streams", "0"));
        HttpVersions versions = new HttpVersions();
        assertEquals(ProviderWire.h1(), versions.convert("auto").wire(null));
        assertEquals(ProviderWire.h1(), versions.convert("1.1").wire(null));
        assertEquals(ProviderWire.h2c(), versions.convert("2").wire(null));
        TestIdentity server = SharedCertificates.server();
        assertEquals(ProviderWire.tls(server), versions.convert("auto").wire(server));
        assertEquals(ProviderWire.h1Tls(server), versions.convert("1.1").wire(server));
        assertEquals(ProviderWire.h2Tls(server), versions.convert("2").wire(server));
    }

    @Test
    @DisplayName("tell how much a mock can answer, whatever it speaks and however slow it is to be")
    void ceiling(@TempDir Path folder) throws Exception {
        SimulatedProviderOptions slow = SimulatedProviderOptions.defaults()
                .withFirstTokenDelay(Duration.ofMinutes(5))
                .withErrors(500, 1)
                .withRequiredKey("k");
        Path authority = Files.writeString(
                folder.resolve("ca.pem"), SharedCertificates.authority().certificatePem());
        ProviderWire tls = ProviderWire.tls(SharedCertificates.server());
        Duration moment = Duration.ofMillis(50);
        for (String told : List.of(
                new Ceiling(slow, null, moment, moment).measure(),
                new Ceiling(slow.withWire(tls), authority, moment, moment).measure())) {
            Matcher lines = Pattern.compile("chat: (\\d+) requests/s, (\\d+) chunks/s, loops busy (\\d\\.\\d\\d); .*\\R"
                            + "stream: (\\d+) requests/s, (\\d+) chunks/s, .*\\R")
                    .matcher(told);
            assertTrue(lines.matches(), told);
            assertTrue(Integer.parseInt(lines.group(1)) > 0, told);
            assertTrue(Integer.parseInt(lines.group(5)) > 10 * Integer.parseInt(lines.group(4)), told);
        }
    }

    @Test
    @DisplayName("keep a mock's certificates in the folder they are told, and forget them otherwise")
    void certificates(@TempDir Path folder) throws Exception {
        Path kept = folder.resolve("new");
        TestIdentity made;
        try (MockTls first = MockTls.open(kept)) {
            made = first.server();
            assertEquals(" ca=" + kept.resolve("ca.pem"), first.told());
        }
        try (MockTls second = MockTls.open(kept)) {
            assertEquals(made, second.server());
        }
        Path written;
        try (MockTls passing = MockTls.open(null)) {
            written = Path.of(passing.told().substring(" ca=".length()));
            assertTrue(Files.readString(written).startsWith("-----BEGIN CERTIFICATE-----"));
        }
        assertFalse(Files.exists(written));
        assertEquals("", MockTls.off().told());
    }

    @Test
    @DisplayName("tell which benches exist")
    void benches() {
        assertEquals(0, run("bench"));
        assertTrue(out.toString().contains("micro"));
    }

    @Test
    @DisplayName("rehearse the demo for the launcher, and do not speak of it")
    void rehearsal() {
        assertEquals(0, run("rehearse"), err::toString);
        assertTrue(out.toString().contains("rehearsed 8 requests"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("--help"));
        assertFalse(out.toString().contains("rehearse"), out.toString());
    }

    @Test
    @DisplayName("hand JMH its own options")
    void jmhArguments() {
        assertEquals(
                List.of("Scanner", "-prof", "stack", "-f", "1", "--help"),
                handedToJmh("Scanner", "-prof", "stack", "-f", "1", "--help"));
        assertEquals(List.of("-prof=perfnorm", "Scanner"), handedToJmh("-prof=perfnorm", "Scanner"));
    }

    @Test
    @DisplayName("have JMH tell what is allocated, unless another profiler is named")
    void jmhProfiler() {
        assertEquals(List.of("Scanner", "-f", "1", "-prof", "gc"), handedToJmh("Scanner", "-f", "1"));
        assertEquals(List.of("-prof", "gc"), handedToJmh());
    }

    private static List<String> handedToJmh(String... given) {
        List<String> line = new ArrayList<>(List.of("bench", "micro"));
        line.addAll(List.of(given));
        CommandLine.ParseResult parsed = BenchMain.commandLine().parseArgs(line.toArray(new String[0]));
        return ((Bench.Micro) parsed.subcommand().subcommand().commandSpec().userObject()).arguments();
    }

    @Test
    @DisplayName("start a demo whose curl lines are printed behind the ready line, and work")
    void demo() throws Exception {
        FakeProxy proxy = new FakeProxy();
        AutoCloseable running = Demo.start(proxy, new PrintWriter(out, true), new PrintWriter(err, true));
        try (running) {
            List<String> lines = out.toString().lines().toList();
            assertEquals(5, lines.size());
            assertTrue(lines.get(0).startsWith("slipstream ready api="));
            List<String> types = new ArrayList<>();
            for (String line : lines.subList(1, 5)) {
                HttpResponse<String> response = curl(line);
                assertEquals(200, response.statusCode(), line);
                types.add(response.headers().firstValue("content-type").orElse(""));
            }
            String events = "text/event-stream; charset=utf-8";
            assertEquals(List.of("application/json", events, "application/json", events), types);
        }
        assertTrue(proxy.closed);
    }

    /** Does what the line would make curl do. */
    private static HttpResponse<String> curl(String line) throws Exception {
        Matcher parts = Pattern.compile("curl -sSN (\\S+)(.*) -d '(.*)'").matcher(line);
        assertTrue(parts.matches(), line);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(parts.group(1)))
                .POST(HttpRequest.BodyPublishers.ofString(parts.group(3)));
        Matcher fields = Pattern.compile("-H '([^:]+): ([^']+)'").matcher(parts.group(2));
        while (fields.find()) {
            request.header(fields.group(1), fields.group(2));
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Says that it listens where the simulated provider does. */
    private static final class FakeProxy implements DemoProxy {
        private boolean closed;

        @Override
        public String start(String yaml) {
            assertFalse(yaml.contains("\t"));
            Matcher provider = Pattern.compile("\"http://([^\"/]+)/v1\"").matcher(yaml);
            assertTrue(provider.find(), yaml);
            return "slipstream ready api=" + provider.group(1) + " admin=127.0.0.1:1 pid=1";
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
