package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One line for each request, whatever its end. */
class AccessLogOfAProxyTest {
    private static final String KEY = "sk-slip-planted-client-key";
    private static final String PROVIDER_KEY = "sk-planted-provider-key";
    private static final String SECRET = "planted-in-a-body";
    private static final String PATH = "/v1/chat/completions";

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");
    private final SimulatedProvider provider;
    private @Nullable Slipstream running;

    AccessLogOfAProxyTest() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey(PROVIDER_KEY));
    }

    @BeforeEach
    void start() {
        file = directory.resolve("access.log");
        running = House.start(yaml());
    }

    private Slipstream proxy() {
        return Objects.requireNonNull(running);
    }

    private String yaml() {
        return """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                keys: [ { name: "a \\"laptop\\"", key: %s } ]
                runtime: { loops: 1 }
                limits: { body: 4KiB }
                log: { access: "%s" }
                providers:
                  one: { base_url: "%s", dialect: openai, api_key: %s }
                  two: { base_url: "%s", dialect: anthropic, api_key: %s }
                  dead: { base_url: "http://127.0.0.1:1", dialect: openai }
                models:
                  - { name: "m*", targets: [ { provider: one }, { provider: two } ] }
                  - { name: dead, targets: [ { provider: dead } ] }
                """.formatted(
                        KEY, file, provider.openAiBaseUrl(), PROVIDER_KEY, provider.anthropicBaseUrl(), PROVIDER_KEY);
    }

    @AfterEach
    void close() {
        proxy().close();
        provider.close();
    }

    private static String request(String path, String fields, String body) {
        return "POST " + path + " HTTP/1.1\r\nhost: p\r\ncontent-type: application/json\r\n" + fields
                + "content-length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chat(String model, String directives, boolean stream) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":1000,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"[[" + directives + "]] " + SECRET + "\"}]}";
    }

    /** Sends {@code request} on a connection of its own and reads the answer. */
    private int send(String request) throws IOException {
        try (Client client = new Client(proxy().apiAddress())) {
            client.out.write(request.getBytes(ISO_8859_1));
            return client.read().status();
        }
    }

    private int ask(String path, String body) throws IOException {
        return send(request(path, "authorization: Bearer " + KEY + "\r\nx-request-id: id-1\r\n", body));
    }

    /** The lines, once there are so many; closes the proxy to see that there are no more. */
    private List<Map<?, ?>> lines(int count) throws IOException {
        House.until("there are " + count + " lines", () -> read(file).size() >= count);
        proxy().close();
        List<String> lines = read(file);
        assertEquals(count, lines.size(), () -> String.join("\n", lines));
        List<Map<?, ?>> maps = new ArrayList<>();
        DslJson<Object> json = new DslJson<>();
        for (String line : lines) {
            for (String secret : List.of(KEY, PROVIDER_KEY, SECRET, "wrong-key")) {
                assertFalse(line.contains(secret), line);
            }
            byte[] bytes = line.getBytes(ISO_8859_1);
            maps.add(Objects.requireNonNull(json.deserialize(Map.class, bytes, bytes.length)));
        }
        return maps;
    }

    private static List<String> read(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertLine(Map<?, ?> line, int status, String reason, String error) {
        assertEquals((long) status, line.get("status"), line::toString);
        assertEquals(reason, line.get("reason"), line::toString);
        assertEquals(error, String.valueOf(line.get("error")), line::toString);
    }

    @Test
    void anAnswerHasItsFigures() throws IOException {
        String body = chat("m", "tokens=5 input=30 cached=10 reasoning=2 delay=20ms", false);
        assertEquals(200, ask(PATH, body));
        Map<?, ?> line = lines(1).get(0);
        assertLine(line, 200, "answered", "null");
        assertEquals("id-1", line.get("request_id"));
        assertEquals("a \"laptop\"", line.get("key"));
        assertEquals("127.0.0.1", line.get("client"));
        assertEquals("POST", line.get("method"));
        assertEquals("chat_completions", line.get("route"));
        assertEquals("openai", line.get("dialect"));
        assertEquals("m*", line.get("gen_ai.request.model"));
        assertEquals("one", line.get("provider"));
        assertEquals(1L, line.get("attempts"));
        assertEquals(false, line.get("stream"));
        assertEquals((long) body.length(), line.get("request_bytes"));
        assertEquals(30L, line.get("gen_ai.usage.input_tokens"));
        assertEquals(7L, line.get("gen_ai.usage.output_tokens"));
        assertEquals(10L, line.get("cached_tokens"));
        assertEquals(2L, line.get("reasoning_tokens"));
        double duration = ((Number) Objects.requireNonNull(line.get("duration_ms"))).doubleValue();
        double upstream = ((Number) Objects.requireNonNull(line.get("upstream_ms"))).doubleValue();
        assertTrue(upstream >= 15 && duration >= upstream && duration < 10_000, line::toString);
        assertNull(line.get("first_token_ms"));
    }

    @Test
    void aStreamTellsItsFirstToken() throws IOException {
        assertEquals(200, ask("/v1/messages", chat("m", "tokens=5 input=30", true)));
        Map<?, ?> line = lines(1).get(0);
        assertLine(line, 200, "answered", "null");
        assertEquals("anthropic", line.get("dialect"));
        assertEquals("two", line.get("provider"));
        assertEquals(true, line.get("stream"));
        assertTrue(line.get("first_token_ms") instanceof Number, line::toString);
        assertEquals(5L, line.get("gen_ai.usage.output_tokens"));
        assertTrue((long) (Long) Objects.requireNonNull(line.get("response_bytes")) > 500, line::toString);
    }

    @Test
    void everyRefusalHasItsLine() throws IOException {
        String auth = "authorization: Bearer " + KEY + "\r\n";
        assertEquals(401, send(request(PATH, "authorization: Bearer wrong-key\r\n", "{}")));
        assertEquals(400, send("POST /" + SECRET + " HTTP/1.1\r\nhost : p\r\n\r\n"));
        assertEquals(400, ask(PATH, "{\"" + SECRET + "\""));
        assertEquals(404, ask(PATH, chat(SECRET, "", false)));
        assertEquals(404, ask("/" + SECRET, "{}"));
        assertEquals(413, send(request(PATH, auth, "x".repeat(5000))));
        assertEquals(502, ask(PATH, chat("dead", "", false)));
        assertEquals(429, ask(PATH, chat("m", "status=429", false)));
        List<Map<?, ?>> lines = lines(8);
        assertLine(lines.get(0), 401, "answered", "invalid_api_key");
        assertNull(lines.get(0).get("key"));
        assertLine(lines.get(1), 400, "answered", "bad_request");
        assertEquals("OTHER", lines.get(1).get("method"));
        assertLine(lines.get(2), 400, "answered", "invalid_json");
        assertLine(lines.get(3), 404, "answered", "unknown_model");
        assertNull(lines.get(3).get("gen_ai.request.model"));
        assertLine(lines.get(4), 404, "answered", "unknown_path");
        assertEquals("unknown", lines.get(4).get("route"));
        assertLine(lines.get(5), 413, "answered", "request_too_large");
        assertLine(lines.get(6), 502, "answered", "upstream_unreachable");
        assertEquals("dead", lines.get(6).get("provider"));
        // The provider's own answer is no failure of ours.
        assertLine(lines.get(7), 429, "answered", "null");
    }

    @Test
    void aLeaverAndABrokenAnswerHaveTheirLines() throws IOException {
        String auth = "authorization: Bearer " + KEY + "\r\n";
        try (Client client = new Client(proxy().apiAddress())) {
            client.out.write(request(PATH, auth, chat("m", "delay=60s", false)).getBytes(ISO_8859_1));
            House.until("it is at the provider", () -> provider.counters().active() == 1);
        }
        House.until("the leaver is gone", () -> proxy().exchangesInUse() == 0);
        try (Client client = new Client(proxy().apiAddress())) {
            client.out.write(request(PATH, auth, chat("m", "truncate", false)).getBytes(ISO_8859_1));
            assertTrue(client.readHead().startsWith("HTTP/1.1 200"));
            byte[] some = new byte[1000];
            while (client.read(some) >= 0) {
                assertTrue(some.length > 0);
            }
        }
        assertEquals(200, ask(PATH, chat("m", "close-after=2", true)));
        List<Map<?, ?>> lines = lines(3);
        assertLine(lines.get(0), 499, "client_left", "client_left");
        assertLine(lines.get(1), 200, "broken", "upstream_closed");
        // A broken stream is closed well, so that it was answered; the error tells.
        assertLine(lines.get(2), 200, "answered", "upstream_closed");
    }

    @Test
    void aMovedFileIsLeftWhenAskedTo() throws IOException {
        assertEquals(200, ask(PATH, chat("m", "tokens=1", false)));
        House.until("the line is there", () -> read(file).size() == 1);
        Path moved = directory.resolve("moved.log");
        Files.move(file, moved);
        proxy().reopenAccessLog();
        House.until("the file is there", () -> Files.exists(file));
        assertEquals(200, ask(PATH, chat("m", "tokens=1", false)));
        lines(1);
        assertEquals(1, read(moved).size());
    }

    private long logErrors() {
        try (Client scraper = new Client(proxy().adminAddress())) {
            scraper.out.write("GET /metrics HTTP/1.1\r\nhost: p\r\naccept: text/plain\r\n\r\n".getBytes(ISO_8859_1));
            for (String line : scraper.read().text().split("\n", -1)) {
                if (line.startsWith("slipstream_access_log_errors_total ")) {
                    return (long) Double.parseDouble(line.substring(line.indexOf(' ')));
                }
            }
            throw new AssertionError("no such metric");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskCostsNoRequestAndItsLinesAreWrittenOnceThereIsRoom() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "there is no /dev/full");
        Files.delete(file);
        Files.createSymbolicLink(file, full);
        proxy().reopenAccessLog();
        for (int i = 0; i < 3; i++) {
            long errors = logErrors();
            assertEquals(200, ask(PATH, chat("m", "tokens=1", false)));
            House.until("it is counted", () -> logErrors() > errors);
        }
        Files.delete(file);
        proxy().reopenAccessLog();
        assertEquals(3, lines(3).size());
    }

    @Test
    void aFolderThatIsAwayCostsNoRequestAndIsUsedWhenItIsBack() throws IOException {
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        long errors = logErrors();
        proxy().reopenAccessLog();
        House.until("it is counted", () -> logErrors() > errors);
        assertEquals(200, ask(PATH, chat("m", "tokens=1", false)));
        House.until(
                "the line is in the old file",
                () -> read(away.resolve("access.log")).size() == 1);
        Files.createDirectory(directory);
        House.until("the file is there again", () -> Files.exists(file));
        assertEquals(200, ask(PATH, chat("m", "tokens=1", false)));
        lines(1);
        Files.delete(away.resolve("access.log"));
        Files.delete(away);
    }
}
