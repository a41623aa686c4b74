package dev.slipstream.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Recorded exchanges with providers through the engine: the provider gets the client's bytes but for the model, the
 * client gets the provider's status and body, in one piece, event by event and byte by byte.
 */
final class RecordedExchangesTest {
    private static final Path OWN =
            Path.of("../proxy-bench/src/main/resources/dev/slipstream/bench/upstream/exchanges.jsonl");
    private static final Path SHARED = Path.of("../../shared/traffic/shared.jsonl");

    @SuppressWarnings("ArrayRecordComponent")
    private record Recording(
            String id, String dialect, String path, byte[] request, int status, Map<?, ?> fields, byte[] body) {}

    private static ResourceLeakDetector.Level level = ResourceLeakDetector.Level.DISABLED;

    /** A million reads of one byte each: their buffers are counted one by one by the harness, a stack trace of each is too much. */
    @BeforeAll
    static void countOnly() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterAll
    static void traceAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    private enum Delivery {
        WHOLE,
        EVENTS,
        BYTES
    }

    @Test
    void ourOwnRecordingsPassUnchanged() throws IOException {
        assertTrue(replayAll(OWN) >= 12);
    }

    @Test
    void theSharedRecordingsPassUnchanged() throws IOException {
        assumeTrue(Files.exists(SHARED), "no shared recordings beside the project");
        assertEquals(97, replayAll(SHARED));
    }

    private static int replayAll(Path file) throws IOException {
        int replayed = 0;
        try (Stream<String> lines = Files.lines(file, UTF_8)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Recording recording = read(line);
                if (recording != null) {
                    replayed++;
                    String model = modelOf(recording);
                    replay(recording, sameLength(model), Delivery.BYTES, Delivery.BYTES);
                    replay(recording, model, Delivery.WHOLE, Delivery.WHOLE);
                    replay(recording, "m", Delivery.WHOLE, Delivery.EVENTS);
                    replay(recording, model + "-at-the-provider", Delivery.WHOLE, Delivery.WHOLE);
                }
            }
        }
        return replayed;
    }

    private static Recording read(String line) throws IOException {
        byte[] json = line.getBytes(UTF_8);
        Map<?, ?> record = Objects.requireNonNull(new DslJson<>().deserialize(Map.class, json, json.length));
        Map<?, ?> request = (Map<?, ?>) record.get("request");
        Map<?, ?> response = (Map<?, ?>) record.get("response");
        if (!"POST".equals(request.get("method"))) {
            return null;
        }
        String path = switch ((String) record.get("kind")) {
            case "chat_completions" -> "/v1/chat/completions";
            case "messages" -> "/v1/messages";
            case "count_tokens" -> "/v1/messages/count_tokens";
            default -> throw new AssertionError("a POST of another kind: " + record.get("kind"));
        };
        return new Recording(
                (String) record.get("id"),
                (String) record.get("dialect"),
                path,
                ((String) request.get("body")).getBytes(UTF_8),
                ((Number) response.get("status")).intValue(),
                (Map<?, ?>) response.get("headers"),
                ((String) response.get("body")).getBytes(UTF_8));
    }

    private static String modelOf(Recording recording) throws IOException {
        Map<?, ?> body = Objects.requireNonNull(
                new DslJson<>().deserialize(Map.class, recording.request, recording.request.length));
        return (String) body.get("model");
    }

    /** Another name of as many bytes. */
    private static String sameLength(String model) {
        return model.substring(0, model.length() - 1) + (model.endsWith("x") ? "y" : "x");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void replay(Recording recording, String providerModel, Delivery up, Delivery down)
            throws IOException {
        String clientModel = modelOf(recording);
        String yaml = """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                pool: { warm: 0 }
                providers:
                  p: { base_url: "http://provider.test/base", dialect: %s, api_key: sk-provider }
                models:
                  - name: %s
                    targets: [ { provider: p, model: %s } ]
                """.formatted(recording.dialect, quoted(clientModel), quoted(providerModel));
        try (EmbeddedProxy proxy = new EmbeddedProxy(yaml)) {
            EmbeddedPeer client = proxy.client();
            String head = "POST " + recording.path
                    + " HTTP/1.1\r\nhost: proxy.test\r\ncontent-type: application/json\r\n"
                    + "authorization: Bearer sk-client\r\ncontent-length: " + recording.request.length + "\r\n\r\n";
            deliver(client, join(head.getBytes(UTF_8), recording.request), up);

            Http atProvider = Http.read(proxy.provider(0).allReceived());
            assertTrue(
                    atProvider.complete(),
                    () -> recording.id + " got " + atProvider.body().length + " of "
                            + atProvider.field("content-length") + " " + up);
            assertArrayEquals(
                    withModel(recording.request, clientModel, providerModel), atProvider.body(), recording.id);
            assertTrue(!atProvider.fields().toString().contains("sk-client"), recording.id);

            deliver(proxy.provider(0), answerOf(recording, down), down);
            Http atClient = Http.read(client.allReceived());
            assertTrue(atClient.complete(), recording.id);
            assertEquals(recording.status, atClient.status(), recording.id);
            assertArrayEquals(recording.body, atClient.body(), recording.id);
            assertEquals(0, atClient.rest().length, recording.id);
        }
    }

    /** The one place where the recorded model stands as the value of a model, by plain search in the text. */
    private static byte[] withModel(byte[] body, String from, String to) {
        String text = new String(body, UTF_8);
        String[] spellings = {"\"model\":" + quoted(from), "\"model\": " + quoted(from)};
        for (String spelling : spellings) {
            int at = text.indexOf(spelling);
            if (at >= 0) {
                assertEquals(-1, text.indexOf(spelling, at + 1), "found twice; the search is too plain");
                String replaced =
                        spelling.substring(0, spelling.length() - quoted(from).length()) + quoted(to);
                return (text.substring(0, at) + replaced + text.substring(at + spelling.length())).getBytes(UTF_8);
            }
        }
        throw new AssertionError("no model found by plain search");
    }

    private static byte[] answerOf(Recording recording, Delivery delivery) {
        Object type = "application/json";
        for (Map.Entry<?, ?> field : recording.fields.entrySet()) {
            if ("content-type".equalsIgnoreCase((String) field.getKey())) {
                type = field.getValue();
            }
        }
        String head = "HTTP/1.1 " + recording.status + " Status\r\ncontent-type: " + type + "\r\n";
        if (delivery != Delivery.EVENTS) {
            return join(
                    (head + "content-length: " + recording.body.length + "\r\n\r\n").getBytes(UTF_8), recording.body);
        }
        ByteArrayOutputStream chunked = new ByteArrayOutputStream();
        chunked.writeBytes((head + "transfer-encoding: chunked\r\n\r\n").getBytes(UTF_8));
        for (byte[] event : events(recording.body)) {
            chunked.writeBytes((Integer.toHexString(event.length) + "\r\n").getBytes(UTF_8));
            chunked.writeBytes(event);
            chunked.writeBytes("\r\n".getBytes(UTF_8));
        }
        chunked.writeBytes("0\r\n\r\n".getBytes(UTF_8));
        return chunked.toByteArray();
    }

    private static byte[][] events(byte[] body) {
        String text = new String(body, ISO_8859_1);
        return Arrays.stream(text.split("(?<=\n\n)|(?<=\r\n\r\n)"))
                .filter(event -> !event.isEmpty())
                .map(event -> event.getBytes(ISO_8859_1))
                .toArray(byte[][]::new);
    }

    private static void deliver(EmbeddedPeer peer, byte[] bytes, Delivery delivery) {
        switch (delivery) {
            case WHOLE -> peer.send(bytes);
            case BYTES -> peer.sendInReadsOf(1, bytes);
            case EVENTS -> {
                int from = 0;
                for (byte[] event : events(bytes)) {
                    peer.send(bytes, from, event.length);
                    from += event.length;
                }
            }
        }
    }

    private static byte[] join(byte[] head, byte[] body) {
        byte[] both = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, both, head.length, body.length);
        return both;
    }
}
