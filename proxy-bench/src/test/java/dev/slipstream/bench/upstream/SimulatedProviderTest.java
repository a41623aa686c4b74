package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A simulated provider")
class SimulatedProviderTest {
    private final Json json = new Json();
    private SimulatedProvider provider;
    private String chat;
    private String messages;

    @BeforeEach
    void start() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withKeepRequests(2));
        chat = provider.openAiBaseUrl() + "/chat/completions";
        messages = provider.anthropicBaseUrl() + "/v1/messages";
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Map<String, @Nullable Object> read(HttpResponse<String> response) throws IOException {
        return json.readObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpResponse<String> whole, Json json) throws IOException {
        Map<String, @Nullable Object> body = json.readObject(whole.body().getBytes(StandardCharsets.UTF_8));
        Map<?, ?> choice = (Map<?, ?>) Json.list(body, "choices").get(0);
        return Json.text(Json.child(choice, "message"), "content");
    }

    @Test
    @DisplayName("answers under any prefix, with the model echoed and what providers add in fields")
    void anyPrefix() throws Exception {
        for (String path : List.of("/chat/completions", "/api/paas/v4/chat/completions", "/v1/chat/completions?a=b")) {
            HttpResponse<String> response = Wire.post(provider.anthropicBaseUrl() + path, Wire.chat("hi", false));
            assertEquals(200, response.statusCode());
            assertEquals("m", Json.text(read(response), "model"));
            assertTrue(response.headers().firstValue("x-request-id").isPresent());
            assertTrue(response.headers().firstValue("x-ratelimit-limit-tokens").isPresent());
        }
        HttpResponse<String> anthropic = Wire.post(
                provider.anthropicBaseUrl() + "/api/anthropic/v1/messages?beta=true", Wire.messages("hi", false));
        assertEquals("message", Json.text(read(anthropic), "type"));
        assertTrue(anthropic.headers().firstValue("request-id").isPresent());
        assertTrue(anthropic
                .headers()
                .firstValue("anthropic-ratelimit-requests-limit")
                .isPresent());
    }

    @Test
    @DisplayName("sends each event as a chunk of its own")
    void chunkPerEvent() throws Exception {
        for (String path : List.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/completions")) {
            String body = "{\"model\":\"m\",\"stream\":true,\"max_tokens\":3,\"messages\":[],\"prompt\":\"x\"}";
            try (Socket socket = Wire.sendLast(provider.port(), path, body)) {
                List<String> chunks = Wire.chunks(socket.getInputStream().readAllBytes());
                assertTrue(chunks.size() > 4, path);
                for (String chunk : chunks) {
                    assertEquals(chunk.length() - 2, chunk.indexOf("\n\n"), chunk);
                }
            }
        }
    }

    @Test
    @DisplayName("says the same whole and streamed, in every script")
    void sameText() throws Exception {
        for (String directives : List.of("", "[[unicode]]", "[[token-bytes=9 tokens=40]]")) {
            String whole = text(Wire.post(chat, Wire.chat(directives, false)), json);
            StringBuilder streamed = new StringBuilder();
            for (String line :
                    Wire.post(chat, Wire.chat(directives, true)).body().split("\n")) {
                if (line.startsWith("data: {")) {
                    Map<String, @Nullable Object> event =
                            json.readObject(line.substring(6).getBytes(StandardCharsets.UTF_8));
                    Map<?, ?> choice = (Map<?, ?>) Json.list(event, "choices").get(0);
                    streamed.append(Json.text(Json.child(choice, "delta"), "content"));
                }
            }
            assertEquals(whole, streamed.toString());
        }
        assertEquals(
                360,
                text(Wire.post(chat, Wire.chat("[[token-bytes=9 tokens=40]]", false)), json)
                        .length());
    }

    @Test
    @DisplayName("writes the time over each token of a stream, where it is asked to")
    void stamps() throws Exception {
        long before = System.nanoTime();
        String body = Wire.post(chat, Wire.chat("[[stamp tokens=3]]", true)).body();
        long after = System.nanoTime();
        List<Long> times = Pattern.compile("\\{\"content\":\"(\\d{19})\"}")
                .matcher(body)
                .results()
                .map(result -> Long.parseLong(result.group(1)))
                .toList();
        assertEquals(3, times.size(), body);
        assertTrue(before <= times.get(0) && times.get(0) <= times.get(2) && times.get(2) <= after, body);
    }

    @Test
    @DisplayName("sends usage in a chat stream only where it is asked for")
    void usageOnDemand() throws Exception {
        assertFalse(Wire.post(chat, Wire.chat("x", true)).body().contains("usage"));
        String asked = Wire.chat("[[cached=3 input=10]]", true)
                .replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        String body = Wire.post(chat, asked).body();
        assertTrue(body.contains("\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":16"), body);
        assertTrue(body.contains("\"cached_tokens\":3"), body);
        assertTrue(body.endsWith("data: [DONE]\n\n"));
    }

    @Test
    @DisplayName("follows directives in the last user message, the model's name and header fields")
    void directivePlaces() throws Exception {
        assertEquals(429, Wire.post(chat, Wire.chat("[[status=429]]", false)).statusCode());
        assertEquals(
                503,
                Wire.post(chat, Wire.chat("x", false).replace("\"m\"", "\"m[[status=503]]\""))
                        .statusCode());
        assertEquals(
                529,
                Wire.post(messages, Wire.messages("x", false), "x-sim-status", "529")
                        .statusCode());
        HttpResponse<String> limited = Wire.post(chat, Wire.chat("now [[status=429 retry-after=1]] please", true));
        assertEquals("1", limited.headers().firstValue("retry-after").orElse(""));
        assertTrue(limited.body().contains("rate_limit_exceeded"));
        assertEquals(400, Wire.post(chat, Wire.chat("[[stauts=429]]", false)).statusCode());
    }

    @Test
    @DisplayName("has errors in the dialect of the path")
    void errorDialects() throws Exception {
        HttpResponse<String> anthropic = Wire.post(messages, "{");
        assertEquals(400, anthropic.statusCode());
        assertEquals("error", Json.text(read(anthropic), "type"));
        HttpResponse<String> openAi = Wire.post(chat, "[]");
        assertEquals(400, openAi.statusCode());
        assertEquals("invalid_request_error", Json.text(Json.child(read(openAi), "error"), "type"));
        assertEquals(404, Wire.get(provider.anthropicBaseUrl() + "/nowhere").statusCode());
        assertEquals(
                400,
                Wire.post(messages, Wire.messages("x", false).replace("max_tokens", "m"))
                        .statusCode());
    }

    @Test
    @DisplayName("ends streams badly on demand")
    void badEndings() throws Exception {
        HttpResponse<String> error = Wire.post(messages, Wire.messages("[[error-event-after=4]]", true));
        assertTrue(error.body().contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded"));
        assertFalse(error.body().contains("message_stop"));
        String truncated = Wire.post(chat, Wire.chat("[[truncate]]", true)).body();
        assertTrue(truncated.contains("chat.completion.chunk"));
        assertFalse(truncated.contains("[DONE]"));
        for (String directive :
                List.of("close-after=0", "close-after=3", "cut-after=2", "reset-after=2", "reset-after=0")) {
            assertThrows(IOException.class, () -> Wire.post(chat, Wire.chat("[[" + directive + "]]", true)), directive);
        }
        for (String directive : List.of("close-after=1", "cut-after=0", "truncate")) {
            assertThrows(
                    IOException.class, () -> Wire.post(chat, Wire.chat("[[" + directive + "]]", false)), directive);
        }
        assertEquals(0, provider.counters().cancelled());
        assertEquals(200, Wire.post(chat, Wire.chat("[[close-after=99]]", true)).statusCode());
    }

    @Test
    @DisplayName("notices that a client left, and stops")
    void cancels() throws Exception {
        for (String directive : List.of("stall-after=3", "delay=1m", "gap=1m", "stall-after=0")) {
            long before = provider.counters().cancelled();
            try (Socket socket =
                    Wire.send(provider.port(), "/v1/messages", Wire.messages("[[" + directive + "]]", true))) {
                Await.until("the request is active", () -> provider.counters().active() == 1);
                socket.setSoLinger(true, 0);
            }
            Await.until("the client was missed", () -> provider.counters().cancelled() == before + 1);
            Await.until("it is active no more", () -> provider.counters().active() == 0);
        }
        Await.until("all connections are closed", () -> provider.counters().openConnections() == 0);
    }

    @Test
    @DisplayName("sends megabytes to a client that begins to read late")
    void backPressure() throws Exception {
        String body = Wire.messages("[[tokens=20000 token-bytes=500]]", true).replace("100,", "100000,");
        try (Socket late = Wire.sendLast(provider.port(), "/v1/messages", body)) {
            // The stream has filled all buffers by the time the neighbour is served, which shows it waits politely.
            assertEquals(200, Wire.post(chat, Wire.chat("x", false)).statusCode());
            List<String> chunks = Wire.chunks(late.getInputStream().readAllBytes());
            assertEquals(
                    20000,
                    chunks.stream()
                            .filter(chunk -> chunk.contains("text_delta"))
                            .count());
        }
    }

    @Test
    @DisplayName("waits before the first token and between tokens")
    void pace() throws Exception {
        long start = System.nanoTime();
        Wire.post(chat, Wire.chat("[[delay=60ms gap=20ms tokens=5]]", true));
        long tookMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertTrue(tookMillis >= 139, "took " + tookMillis + " ms");
    }

    @Test
    @DisplayName("fails the configured share of requests, evenly")
    void errorRate() throws Exception {
        try (SimulatedProvider failing =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withErrors(503, 0.25))) {
            StringBuilder statuses = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                HttpResponse<String> response =
                        Wire.post(failing.openAiBaseUrl() + "/chat/completions", Wire.chat("x", false));
                statuses.append(response.statusCode() == 503 ? 'x' : '.');
            }
            assertEquals("...x...x", statuses.toString());
        }
    }

    @Test
    @DisplayName("wants its key in any of the usual places")
    void requiredKey() throws Exception {
        try (SimulatedProvider locked =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey("k"))) {
            String url = locked.anthropicBaseUrl() + "/v1/messages";
            String body = Wire.messages("x", false);
            HttpResponse<String> refused = Wire.post(url, body);
            assertEquals(401, refused.statusCode());
            assertTrue(refused.body().contains("authentication_error"));
            assertEquals(200, Wire.post(url, body, "x-api-key", "k").statusCode());
            assertEquals(200, Wire.post(url, body, "authorization", "Bearer k").statusCode());
        }
    }

    @Test
    @DisplayName("counts what it saw and keeps the last requests")
    void countsAndKeeps() throws Exception {
        for (int i = 0; i < 3; i++) {
            Wire.post(chat + "?n=" + i, Wire.chat("x", false), "x-mark", "m" + i);
        }
        assertEquals(3, provider.counters().requests());
        assertEquals(1, provider.counters().maxActive());
        assertEquals(2, provider.received().size());
        ReceivedRequest last = provider.received().get(1);
        assertEquals("/v1/chat/completions?n=2", last.uri());
        assertEquals("m2", last.header("X-Mark"));
        assertEquals(Wire.chat("x", false), last.bodyText());
    }

    @Test
    @DisplayName("answers pipelined requests in order")
    void pipelining() throws Exception {
        String one = "GET /v1/models/sim-large HTTP/1.1\r\nhost: x\r\n\r\n";
        String two = "GET /v1/models/sim-small HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        try (Socket socket = Wire.send(provider.port(), "/v1/chat/completions", Wire.chat("[[delay=50ms]]", false))) {
            socket.getOutputStream().write((one + two).getBytes(StandardCharsets.UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int first = all.indexOf("chat.completion");
            int second = all.indexOf("\"id\":\"sim-large\"");
            int third = all.indexOf("\"id\":\"sim-small\"");
            assertTrue(first > 0 && second > first && third > second, all);
        }
    }

    @Test
    @DisplayName("says which port is taken")
    void portTaken() {
        IOException refused = assertThrows(
                IOException.class,
                () -> SimulatedProvider.start(
                                SimulatedProviderOptions.defaults().withAddress("127.0.0.1", provider.port()))
                        .close());
        assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1:" + provider.port()));
    }
}
