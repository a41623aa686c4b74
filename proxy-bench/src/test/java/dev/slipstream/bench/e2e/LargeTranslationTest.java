package dev.slipstream.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.bench.upstream.ReplayDelivery;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.codec.Dialect;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A conversation of many images, translated,")
class LargeTranslationTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private static final int IMAGES = 4;
    private static final int TRIES = 30;
    private static final String TEXT = "What is on \\\"this\\\", Grüße \\ud83d\\ude80 \\u00e9\\n";
    private static final String COMPLETION =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"A cat.\"},"
                    + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3}}";
    private static final String MESSAGE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"A cat.\"}],\"stop_reason\":\"end_turn\","
                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":11,\"output_tokens\":3}}";

    private RecordingUpstream upstream;
    private SteppedStream neighbour;
    private Slipstream proxy;

    @BeforeEach
    void start() throws IOException {
        upstream = new RecordingUpstream();
        neighbour = new SteppedStream();
        proxy = PROXIES.start("""
                runtime: { loops: 1 }
                pool: { warm: 0 }
                providers:
                  openai:    { base_url: "%s/v1", dialect: openai }
                  anthropic: { base_url: "%s", dialect: anthropic }
                  neighbour: { base_url: "%s", dialect: openai }
                models:
                  - { name: of-openai, targets: [ { provider: openai } ] }
                  - { name: of-anthropic, targets: [ { provider: anthropic } ] }
                  - { name: neighbour, targets: [ { provider: neighbour } ] }
                """.formatted(upstream.url(), upstream.url(), neighbour.baseUrl()));
    }

    @AfterEach
    void stop() throws IOException {
        neighbour.close();
        upstream.close();
    }

    /** Of {@code bytes} in base64, alike in every run. */
    private static List<byte[]> images(int bytes) {
        Random random = new Random(bytes);
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = new byte[bytes / IMAGES * 3 / 4];
            random.nextBytes(image);
            images.add(image);
        }
        return images;
    }

    /** A turn for each image; {@code model} behind them where {@code isModelLast}, as Anthropic's Python client has it. */
    private static byte[] conversation(Dialect dialect, List<byte[]> images, boolean isModelLast) {
        String model = dialect == Dialect.ANTHROPIC ? "\"model\":\"of-openai\"" : "\"model\":\"of-anthropic\"";
        StringBuilder body = new StringBuilder("{");
        if (!isModelLast) {
            body.append(model).append(',');
        }
        body.append("\"max_tokens\":99,\"messages\":[");
        for (byte[] image : images) {
            String base64 = Base64.getEncoder().encodeToString(image);
            body.append("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"")
                    .append(TEXT)
                    .append("\"},");
            switch (dialect) {
                case ANTHROPIC ->
                    body.append("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",")
                            .append("\"data\":\"")
                            .append(base64)
                            .append("\"}}");
                case OPENAI ->
                    body.append("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,")
                            .append(base64)
                            .append("\"}}");
            }
            body.append("]},{\"role\":\"assistant\",\"content\":\"A cat.\"},");
        }
        body.append("{\"role\":\"user\",\"content\":\"And now?\"}]");
        if (isModelLast) {
            body.append(',').append(model);
        }
        return body.append('}').toString().getBytes(UTF_8);
    }

    private void answer(Dialect client) {
        String body = client == Dialect.ANTHROPIC ? COMPLETION : MESSAGE;
        upstream.answerWith(
                new RecordedExchange.Response(200, Map.of("content-type", "application/json"), body),
                ReplayDelivery.WHOLE);
    }

    private static String path(Dialect client) {
        return client == Dialect.ANTHROPIC ? "/v1/messages" : "/v1/chat/completions";
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, 1000000, false",
        "ANTHROPIC, 1000000, true",
        "ANTHROPIC, 10000000, false",
        "OPENAI, 1000000, false",
        "OPENAI, 1000000, true",
        "OPENAI, 10000000, false"
    })
    @DisplayName("reaches the provider whole, each image in its place and byte for byte")
    void whole(Dialect dialect, int bytes, boolean isModelLast) throws Exception {
        List<byte[]> images = images(bytes);
        answer(dialect);
        RawMessage response;
        try (RawClient client = new RawClient(proxy.apiAddress().getPort())) {
            response = client.post(path(dialect), "", conversation(dialect, images, isModelLast));
        }
        assertEquals(200, response.status(), response::text);
        assertTrue(response.text().contains("A cat."), response::text);
        RawMessage request = upstream.take();
        assertEquals(request.body().length, Integer.parseInt(String.valueOf(request.field("content-length"))));
        assertImages(dialect, images, RecordedAnswer.json(request.text()));
    }

    private static void assertImages(Dialect client, List<byte[]> images, JsonNode asked) {
        assertEquals(2 * images.size() + 1, asked.path("messages").size());
        Iterator<JsonNode> turns = asked.path("messages").iterator();
        for (byte[] image : images) {
            JsonNode shown = turns.next().path("content");
            assertEquals(
                    "What is on \"this\", Grüße 🚀 é\n", shown.at("/0/text").asText());
            String base64 = shown.at("/1/source/data").asText();
            if (client == Dialect.ANTHROPIC) {
                String url = shown.at("/1/image_url/url").asText();
                assertTrue(
                        url.startsWith("data:image/png;base64,"), () -> url.substring(0, Math.min(40, url.length())));
                base64 = url.substring("data:image/png;base64,".length());
            }
            assertArrayEquals(image, Base64.getDecoder().decode(base64));
            assertTrue(turns.next().toString().contains("A cat."));
        }
        assertTrue(turns.next().toString().contains("And now?"));
    }

    /**
     * That the work goes on is seen on the worker's stack, before an event of the neighbour is asked for and behind its
     * arrival: one that waited for the loop would arrive behind the work.
     */
    @Test
    @DisplayName("does not stop its loop: a neighbour's events arrive while it is worked on")
    void neighbours() throws Exception {
        byte[] body = conversation(Dialect.ANTHROPIC, images(10_000_000), false);
        answer(Dialect.ANTHROPIC);
        int meanwhile = 0;
        try (RawClient reader = new RawClient(proxy.apiAddress().getPort());
                BufferedReader events = new BufferedReader(new InputStreamReader(reader.in(), UTF_8))) {
            reader.send(
                    "POST",
                    "/v1/chat/completions",
                    "content-type: application/json\r\n",
                    "{\"model\":\"neighbour\",\"stream\":true,\"messages\":[]}".getBytes(UTF_8));
            int event = 0;
            step(events, event++);
            for (int i = 0; i < TRIES && meanwhile == 0; i++) {
                CompletableFuture<Integer> large = CompletableFuture.supplyAsync(() -> ask(body));
                while (!large.isDone()) {
                    boolean before = isWorkedOn("slipstream-json");
                    step(events, event++);
                    meanwhile += before && isWorkedOn("slipstream-json") ? 1 : 0;
                    assertTrue(!isWorkedOn("slipstream-loop"), "a loop translates");
                }
                assertEquals(200, large.get(20, TimeUnit.SECONDS));
                assertEquals(
                        "POST /v1/chat/completions HTTP/1.1", upstream.take().startLine());
            }
        }
        assertTrue(meanwhile > 0, "no event arrived while the worker was at work");
    }

    private int ask(byte[] body) {
        try (RawClient client = new RawClient(proxy.apiAddress().getPort())) {
            return client.post("/v1/messages", "", body).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void step(BufferedReader events, int number) throws IOException {
        neighbour.step();
        String line = events.readLine();
        while (line != null && !line.equals(SteppedStream.event(number))) {
            line = events.readLine();
        }
        assertNotNull(line, "the stream ended");
    }

    /** Whether a thread whose name begins so is reading or translating a whole body right now. */
    private static boolean isWorkedOn(String threadName) {
        Thread[] threads = new Thread[Thread.activeCount() + 32];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().startsWith(threadName) && isTranslating(threads[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTranslating(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            boolean isRead = frame.getClassName().endsWith(".WholeBody$Job")
                    && frame.getMethodName().equals("read");
            if (isRead || frame.getClassName().endsWith(".RequestTranslation")) {
                return true;
            }
        }
        return false;
    }
}
