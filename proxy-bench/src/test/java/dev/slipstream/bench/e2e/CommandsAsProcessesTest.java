package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alone: {@code mvn -Dgroups=process test}. The script that starts them is tried by {@code scripts/smoke}. */
@DisplayName("A command as a process")
@Tag("process")
class CommandsAsProcessesTest {
    private static final Pattern READY = Pattern.compile("slipstream ready api=127\\.0\\.0\\.1:(\\d+)"
            + " admin=127\\.0\\.0\\.1:(\\d+) transport=\\w+ tls=\\w+ loops=\\d+ pid=\\d+");
    private static final Path CURL = Path.of("/usr/bin/curl");

    @TempDir
    private Path directory = Path.of("");

    private Path write(SimulatedProvider provider, int port) throws IOException {
        return Files.writeString(directory.resolve("test.yaml"), """
                listen: { address: "127.0.0.1:%d" }
                admin: { address: "127.0.0.1:0" }
                providers:
                  sim: { base_url: "%s", dialect: openai }
                models:
                  - name: demo
                    targets: [ { provider: sim } ]
                """.formatted(port, provider.openAiBaseUrl()));
    }

    private Command serve(SimulatedProvider provider) throws IOException {
        write(provider, 0);
        Command serve = Command.start(Command.SERVER_MAIN, directory, "serve", "--config", "test.yaml");
        serve.awaitOut(1);
        return serve;
    }

    private static SimulatedProvider provider() throws IOException {
        return SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    private static int apiPort(Command serve) {
        Matcher ready = READY.matcher(serve.out().get(0));
        assertTrue(ready.matches(), serve.toString());
        return Integer.parseInt(ready.group(1));
    }

    private static String chat(String directives) {
        return "{\"model\":\"demo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + directives
                + "\"}]}";
    }

    /** Sends a request whose stream takes a while, and returns once the provider has it. */
    private static void beginStream(RawClient client, SimulatedProvider provider, String directives)
            throws IOException {
        client.send(
                "POST",
                "/v1/chat/completions",
                "content-type: application/json\r\n",
                chat(directives).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Await.until("the provider is asked", () -> provider.counters().requests() == 1);
    }

    @Test
    @Tag("jdk25")
    @DisplayName("serve prints one line, survives SIGHUP and says so, and ends with 0 at SIGTERM")
    void serves() throws Exception {
        try (SimulatedProvider provider = provider();
                Command serve = serve(provider)) {
            try (RawClient client = new RawClient(apiPort(serve))) {
                serve.signal("HUP");
                serve.awaitErr("SIGHUP");
                RawMessage answer = client.post("/v1/chat/completions", "", chat("hi"));
                assertEquals(200, answer.status());
                assertTrue(answer.text().endsWith("data: [DONE]\n\n"), answer.text());
                serve.signal("TERM");
                assertEquals(0, serve.exitCode(), serve.toString());
            }
            assertEquals(1, serve.out().size(), serve.toString());
        }
    }

    @Test
    @DisplayName("serve shows new certificates behind SIGHUP")
    void readsCertificatesAgain() throws Exception {
        try (TestCertificates made = TestCertificates.create();
                SimulatedProvider provider = provider()) {
            made.server().write(directory, "server");
            Path file = write(provider, 0);
            String tls = ", tls: { certificate: server.pem, key: server.key } }\nadmin:";
            Files.writeString(file, Files.readString(file).replace(" }\nadmin:", tls));
            try (Command serve = Command.start(Command.SERVER_MAIN, directory, "serve", "--config", "test.yaml")) {
                serve.awaitOut(1);
                TestIdentity renewed = made.server();
                renewed.write(directory, "server");
                serve.signal("HUP");
                serve.awaitErr("the certificates have been read again");
                SSLContext trusting = TestIdentity.trusting(made.authority().certificate());
                try (SSLSocket socket =
                        (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", apiPort(serve))) {
                    socket.startHandshake();
                    assertEquals(renewed.certificate(), socket.getSession().getPeerCertificates()[0]);
                }
                serve.signal("TERM");
                assertEquals(0, serve.exitCode(), serve.toString());
            }
        }
    }

    @Test
    @DisplayName("serve ends with 0 at SIGINT, with no client")
    void interrupted() throws Exception {
        try (SimulatedProvider provider = provider();
                Command serve = serve(provider)) {
            serve.signal("INT");
            assertEquals(0, serve.exitCode(), serve.toString());
        }
    }

    @Test
    @Tag("jdk25")
    @DisplayName("serve lets a running stream end behind SIGTERM, takes no new connection, and ends with 0")
    void drains() throws Exception {
        try (SimulatedProvider provider = provider();
                Command serve = serve(provider);
                RawClient client = new RawClient(apiPort(serve))) {
            beginStream(client, provider, "[[tokens=20 gap=100ms]]");
            serve.signal("TERM");
            RawMessage answer = client.receive();
            assertEquals(200, answer.status());
            assertTrue(answer.text().endsWith("data: [DONE]\n\n"), answer.text());
            assertEquals(0, serve.exitCode(), serve.toString());
        }
    }

    @Test
    @DisplayName("serve ends at once with 1 at the second SIGTERM")
    void secondSignal() throws Exception {
        try (SimulatedProvider provider = provider();
                Command serve = serve(provider);
                RawClient client = new RawClient(apiPort(serve))) {
            beginStream(client, provider, "[[stall-after=1]]");
            serve.signal("TERM");
            Await.until("it does not listen any more", () -> !listens(apiPort(serve)));
            assertTrue(serve.isAlive(), serve.toString());
            long start = System.nanoTime();
            serve.signal("TERM");
            assertEquals(1, serve.exitCode(), serve.toString());
            assertTrue(System.nanoTime() - start < 5_000_000_000L, "at once");
        }
    }

    private static boolean listens(int port) {
        try {
            new RawClient(port).close();
            return true;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("serve ends with 1 where its port is taken, and names it and the key to change")
    void portTaken() throws Exception {
        try (SimulatedProvider provider = provider();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write(provider, taken.getLocalPort());
            try (Command serve = Command.start(Command.SERVER_MAIN, directory, "serve", "--config", "test.yaml")) {
                assertEquals(1, serve.exitCode(), serve.toString());
                assertEquals(List.of(), serve.out());
                serve.awaitErr("127.0.0.1:" + taken.getLocalPort());
                serve.awaitErr("listen.address");
            }
        }
    }

    @Test
    @DisplayName("serve without any configuration ends with 1, a sample and the word demo")
    void nothingToServe() throws Exception {
        try (Command serve = Command.start(Command.SERVER_MAIN, directory, "serve")) {
            assertEquals(1, serve.exitCode(), serve.toString());
            serve.awaitErr("demo");
            serve.awaitErr("base_url");
            assertEquals(List.of(), serve.out());
        }
    }

    @Test
    @DisplayName("--version is the version of the build")
    void version() throws Exception {
        String pom = Files.readString(ProjectRoot.path().resolve("pom.xml"));
        try (Command command = Command.start(Command.SERVER_MAIN, directory, "--version")) {
            assertEquals(0, command.exitCode(), command.toString());
            String version = command.out().get(0).replace("slipstream ", "");
            assertTrue(pom.contains("<version>" + version + "-SNAPSHOT</version>"), version);
        }
    }

    @Test
    @DisplayName("wrong usage ends with 2")
    void usage() throws Exception {
        for (String main : List.of(Command.SERVER_MAIN, Command.BENCH_MAIN)) {
            try (Command command = Command.start(main, directory, "nonsense")) {
                assertEquals(2, command.exitCode(), command.toString());
            }
        }
        try (Command serve = Command.start(Command.SERVER_MAIN, directory, "serve", "--cofnig", "x")) {
            assertEquals(2, serve.exitCode(), serve.toString());
        }
    }

    @Test
    @Tag("jdk25")
    @DisplayName("demo prints the ready line and four curl lines that work, and ends with 0 at SIGTERM")
    void demo() throws Exception {
        assumeTrue(Files.isExecutable(CURL), "there is no " + CURL);
        try (Command demo = Command.start(Command.BENCH_MAIN, directory, "demo")) {
            demo.awaitOut(5);
            apiPort(demo);
            List<String> ends = List.of("}", "data: [DONE]", "}", "data: {\"type\":\"message_stop\"}");
            for (int i = 0; i < 4; i++) {
                String line = demo.out().get(1 + i) + " -w '\\nstatus %{http_code}'";
                try (Command curl = Command.run(List.of("bash", "-c", line), directory)) {
                    assertEquals(0, curl.exitCode(), curl.toString());
                    List<String> answer =
                            curl.out().stream().filter(each -> !each.isEmpty()).toList();
                    assertEquals("status 200", answer.get(answer.size() - 1), line);
                    assertTrue(answer.get(answer.size() - 2).endsWith(ends.get(i)), line + curl);
                    assertEquals(List.of(), curl.err());
                }
            }
            demo.signal("TERM");
            assertEquals(0, demo.exitCode(), demo.toString());
            assertEquals(5, demo.out().size(), demo.toString());
        }
    }

    @Test
    @DisplayName("mock ends with 0 at SIGTERM")
    void mock() throws Exception {
        try (Command mock = Command.start(Command.BENCH_MAIN, directory, "mock", "--listen", "127.0.0.1:0")) {
            mock.awaitOut(1);
            mock.signal("TERM");
            assertEquals(0, mock.exitCode(), mock.toString());
        }
    }
}
