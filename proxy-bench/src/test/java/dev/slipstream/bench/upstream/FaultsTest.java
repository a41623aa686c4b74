package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.e2e.LeakReports;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The simulated provider's faults")
class FaultsTest {
    private static SimulatedProvider provider(String... faults) throws IOException {
        return SimulatedProvider.start(SimulatedProviderOptions.defaults()
                .withFaults(Arrays.stream(faults).map(Fault::parse).toList()));
    }

    private static HttpResponse<String> chat(SimulatedProvider provider, String text, boolean stream)
            throws IOException, InterruptedException {
        return Wire.post(provider.openAiBaseUrl() + "/chat/completions", Wire.chat(text, stream));
    }

    @AfterAll
    static void noBufferIsLost() {
        assertEquals(List.of(), LeakReports.take());
    }

    @Test
    @DisplayName("are errors with their status, and 429 with a Retry-After")
    void statuses() throws Exception {
        try (SimulatedProvider limited = provider("429:1");
                SimulatedProvider overloaded = provider("529:1");
                SimulatedProvider broken = provider("5xx:1")) {
            HttpResponse<String> refused = chat(limited, "x", true);
            assertEquals(429, refused.statusCode());
            assertEquals("1", refused.headers().firstValue("retry-after").orElse(""));
            HttpResponse<String> full =
                    Wire.post(overloaded.anthropicBaseUrl() + "/v1/messages", Wire.messages("x", false));
            assertEquals(529, full.statusCode());
            assertTrue(full.body().contains("overloaded_error"), full.body());
            assertTrue(full.headers().firstValue("retry-after").isEmpty());
            TreeMap<Integer, Integer> seen = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                seen.merge(chat(broken, "x", false).statusCode(), 1, Integer::sum);
            }
            assertEquals(List.of(500, 502, 503, 504), List.copyOf(seen.keySet()));
            assertEquals(Map.of("status_429", 1L), limited.counters().faults());
            assertEquals(
                    60,
                    broken.counters().faults().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    @Test
    @DisplayName("are an error with status 200, in the words of who does so")
    void errorBody() throws Exception {
        try (SimulatedProvider provider = provider("error-body:1")) {
            for (boolean stream : new boolean[] {false, true}) {
                HttpResponse<String> response = chat(provider, "x", stream);
                assertEquals(200, response.statusCode());
                assertEquals(
                        "application/json",
                        response.headers().firstValue("content-type").orElse(""));
                assertTrue(response.body().startsWith("{\"error\":{\"code\":\"1302\""), response.body());
            }
            String anthropic = Wire.post(provider.anthropicBaseUrl() + "/v1/messages", Wire.messages("x", false))
                    .body();
            assertTrue(anthropic.startsWith("{\"type\":\"error\""), anthropic);
            assertEquals(Map.of("error_body", 3L), provider.counters().faults());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "close", "cut", "refuse"})
    @DisplayName("are connections that end too early")
    void endings(String name) throws Exception {
        try (SimulatedProvider provider = provider(name + ":1")) {
            for (int i = 0; i < 4; i++) {
                boolean stream = i % 2 == 0;
                assertThrows(IOException.class, () -> chat(provider, "x", stream));
            }
            // The client asks again by itself where the connection ended before the head.
            assertTrue(provider.counters().faults().getOrDefault(name, 0L) >= 4, provider::toString);
            assertEquals(1, provider.counters().faults().size());
        }
    }

    @Test
    @DisplayName("are streams that end well, without their end, or with an error")
    void streams() throws Exception {
        try (SimulatedProvider truncating = provider("truncate:1");
                SimulatedProvider failing = provider("error-event:1")) {
            assertFalse(chat(truncating, "x", true).body().contains("[DONE]"));
            assertTrue(chat(failing, "x", true).body().contains("simulated error within the stream"));
            assertEquals(Map.of("truncate", 1L), truncating.counters().faults());
            assertEquals(Map.of("error_event", 1L), failing.counters().faults());
        }
    }

    @Test
    @DisplayName("are answers that stall, and keep their connection")
    void stall() throws Exception {
        try (SimulatedProvider provider = provider("stall:1");
                Socket socket = Wire.send(provider.port(), "/v1/messages", Wire.messages("x", true))) {
            Await.until("the answer stalls", () -> provider.counters().faults().containsKey("stall"));
            assertEquals(1, provider.counters().active());
            assertEquals(1, provider.counters().openConnections());
            assertTrue(socket.isConnected());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, /v1/chat/completions", "true, /v1/messages", "false, /v1/chat/completions"})
    @DisplayName("are bodies that trickle, in small pieces with pauses, and come whole")
    void trickle(boolean stream, String path) throws Exception {
        try (SimulatedProvider provider = provider("trickle=4000:1")) {
            String text = "[[tokens=2]]";
            String body = path.endsWith("messages") ? Wire.messages(text, stream) : Wire.chat(text, stream);
            long start = System.nanoTime();
            String answer;
            try (Socket socket = Wire.sendLast(provider.port(), path, body)) {
                byte[] all = socket.getInputStream().readAllBytes();
                if (stream) {
                    List<String> chunks = Wire.chunks(all);
                    assertTrue(chunks.stream().allMatch(chunk -> chunk.length() <= 200), chunks::toString);
                    answer = String.join("", chunks);
                } else {
                    String whole = new String(all, StandardCharsets.UTF_8);
                    answer = whole.substring(whole.indexOf("\r\n\r\n") + 4);
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            assertTrue(seconds >= 0.9 * (answer.length() - 400) / 4000.0, seconds + " s for " + answer.length() + " B");
            String last = stream ? (path.endsWith("messages") ? "message_stop" : "[DONE]") : "system_fingerprint";
            assertTrue(answer.contains(last), answer);
            assertEquals(Map.of("trickle", 1L), provider.counters().faults());
        }
    }

    @Test
    @DisplayName("loses no buffer where the client leaves an answer that trickles")
    void leavesTrickle() throws Exception {
        try (SimulatedProvider provider = provider("trickle=20:1")) {
            try (Socket socket = Wire.send(provider.port(), "/v1/chat/completions", Wire.chat("x", true))) {
                assertNotEquals(-1, socket.getInputStream().read());
                socket.setSoLinger(true, 0);
            }
            Await.until("it stopped", () -> provider.counters().active() == 0);
            assertEquals(1, provider.counters().cancelled());
        }
    }

    @Test
    @DisplayName("meet their shares of the requests, by chance, and one at a time")
    void shares() {
        FaultPlan plan = new FaultPlan(500, 0, List.of(Fault.parse("429:0.2"), Fault.parse("reset:0.05")));
        int limited = 0;
        int reset = 0;
        int requests = 20_000;
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 1; i <= requests; i++) {
            Behaviour behaviour = new Behaviour(AnswerShape.PLAIN, random);
            plan.apply(i, behaviour);
            limited += behaviour.status == 429 ? 1 : 0;
            reset += behaviour.ending == Ending.RESET ? 1 : 0;
            assertFalse(behaviour.status != 0 && behaviour.ending != Ending.COMPLETE);
        }
        assertEquals(0.2, limited / (double) requests, 4 * Math.sqrt(0.2 * 0.8 / requests));
        assertEquals(0.05, reset / (double) requests, 4 * Math.sqrt(0.05 * 0.95 / requests));
    }

    @Test
    @DisplayName("meet the same requests with the same seed, and others with another")
    void seeded() throws Exception {
        assertEquals(statuses(1), statuses(1));
        assertNotEquals(statuses(1), statuses(2));
    }

    private static String statuses(long seed) throws Exception {
        SimulatedProviderOptions options = SimulatedProviderOptions.defaults()
                .withFaults(List.of(Fault.parse("429:0.3"), Fault.parse("529:0.3")))
                .withSeed(seed);
        StringBuilder statuses = new StringBuilder();
        try (SimulatedProvider provider = SimulatedProvider.start(options)) {
            for (int i = 0; i < 30; i++) {
                statuses.append(chat(provider, "x", false).statusCode()).append(' ');
            }
        }
        return statuses.toString();
    }

    @Test
    @DisplayName("leave a request alone that asks for a fault of its own")
    void directives() throws Exception {
        try (SimulatedProvider provider = provider("429:1")) {
            assertEquals(503, chat(provider, "[[status=503]]", false).statusCode());
            assertFalse(chat(provider, "[[truncate]]", true).body().contains("[DONE]"));
            assertEquals(
                    Map.of("status_503", 1L, "truncate", 1L),
                    provider.counters().faults());
            assertEquals(200, Wire.get(provider.openAiBaseUrl() + "/models").statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "429:2", "429:-1", "429:x", "nonsense:0.1", "700:0.1", "stall-after=x:0.1", ":0.1"})
    @DisplayName("are refused where they mean nothing")
    void wrong(String text) {
        assertThrows(IllegalArgumentException.class, () -> Fault.parse(text));
    }

    @Test
    @DisplayName("cannot meet more requests than there are")
    void tooMuch() {
        List<Fault> faults = List.of(Fault.parse("429:0.6"), Fault.parse("reset:0.6"));
        assertThrows(IllegalArgumentException.class, () -> new FaultPlan(500, 0, faults));
    }

    @Test
    @DisplayName("and what else it did and how busy it was are told to scripts, while it runs and behind its end")
    void counters() throws Exception {
        SimulatedProvider provider = provider("429:1");
        try (provider) {
            chat(provider, "x", false);
            String lines =
                    Wire.get(provider.anthropicBaseUrl() + "/sim/counters").body();
            assertTrue(lines.startsWith("requests 2\n"), lines);
            assertTrue(lines.contains("\nchunks 1\nfault_status_429 1\n"), lines);
            assertTrue(lines.contains("\nloops 1\n"), lines);
            Await.until(
                    "a beat",
                    () -> provider.load().cpuNanos() > 0
                            && provider.load().toString().contains("busy"));
        }
        long uptime = provider.load().uptimeNanos();
        assertTrue(provider.load().cpuNanos() > 0 && provider.load().cpuNanos() < uptime);
        assertEquals(uptime, provider.load().uptimeNanos());
        assertTrue(provider.toString().contains("requests=2 "), provider::toString);
        assertTrue(provider.load().busy() > 0 && provider.load().busy() < 1);
    }
}
