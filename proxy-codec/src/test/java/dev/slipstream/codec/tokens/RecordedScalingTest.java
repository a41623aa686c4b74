package dev.slipstream.codec.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.codec.sse.SseOracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recorded answers of many providers, when they stand beside the project, each document and each event. */
class RecordedScalingTest {
    private record Recorded(String id, List<byte[]> documents, boolean streamed) {}

    private static final List<Recorded> RECORDED = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        // Beside the project; the module is the working directory.
        Path file = Path.of("../../shared/traffic/shared.jsonl");
        assumeTrue(Files.exists(file), "no recorded exchanges at ../shared/traffic beside the project");
        DslJson<Object> json = new DslJson<>();
        for (String line : Files.readAllLines(file)) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            Map<?, ?> exchange = json.deserialize(Map.class, bytes, bytes.length);
            if (exchange.get("response") instanceof Map<?, ?> response && response.get("body") instanceof String body) {
                boolean streamed = body.startsWith("data:") || body.startsWith("event:") || body.startsWith(":");
                byte[] text = body.getBytes(StandardCharsets.UTF_8);
                RECORDED.add(new Recorded(
                        String.valueOf(exchange.get("id")), streamed ? events(text) : List.of(text), streamed));
            }
        }
    }

    private static List<byte[]> events(byte[] stream) {
        byte[] closed = Arrays.copyOf(stream, stream.length + 2);
        Arrays.fill(closed, stream.length, closed.length, (byte) '\n');
        return SseOracle.events(closed).stream()
                .map(event -> event.data().getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"200000, 131072", "200000, 1000000", "128000, 200000"})
    void onlyTheirInputIsScaledAndTheirPartsAddUp(long assumed, long actual) {
        TokenScale scale = new TokenScale(assumed, actual);
        ScaledDocument document = new ScaledDocument();
        int whole = 0;
        int streams = 0;
        for (Recorded recorded : RECORDED) {
            int edited = 0;
            for (byte[] json : recorded.documents) {
                try {
                    document.edit(json, scale);
                } catch (AssertionError e) {
                    throw new AssertionError(recorded.id + ": " + new String(json, StandardCharsets.UTF_8), e);
                }
                edited += document.changed().isEmpty() ? 0 : 1;
                for (String prompt : List.of("usage.prompt_tokens", "x_groq.usage.prompt_tokens")) {
                    if (document.before(prompt) > 3) {
                        assertEquals(scale.scaled(document.before(prompt)), document.after(prompt), recorded.id);
                    }
                }
            }
            whole += recorded.streamed || edited == 0 ? 0 : 1;
            streams += recorded.streamed && edited > 0 ? 1 : 0;
            // Cumulative usage on every event of some; of the others in one or two.
        }
        assertTrue(whole >= 40, "answers with usage: " + whole);
        assertTrue(streams >= 25, "streams with usage: " + streams);
    }
}
