package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.codec.Pieces;
import dev.slipstream.codec.json.UsageScanner.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recorded exchanges with many providers, when they stand beside the project. */
class RecordedUsageTest {
    private record Recorded(String id, boolean streamed, String text) {
        byte[] body() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

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
                RECORDED.add(new Recorded(String.valueOf(exchange.get("id")), streamed, body));
            }
        }
    }

    @Test
    void wholeAnswersAreReadAsAFullParserReadsThem() {
        int read = 0;
        for (Recorded recorded : RECORDED) {
            if (!recorded.streamed) {
                Usage expected = UsageOracle.whole(recorded.body());
                assertEquals(expected, UsageReading.inFewSplits(Mode.WHOLE, recorded.body()), recorded.id);
                read += expected.prompt() >= 0 && expected.completion() >= 0 ? 1 : 0;
            }
        }
        assertTrue(read >= 40, "answers with usage: " + read);
    }

    @Test
    void streamedAnswersAreReadAsAFullParserReadsThem() {
        int read = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.streamed) {
                Usage expected = UsageOracle.stream(recorded.body());
                assertEquals(expected, UsageReading.inFewSplits(Mode.EVENTS, recorded.body()), recorded.id);
                assertEquals(expected, eventByEvent(recorded.body()), recorded.id);
                read += expected.prompt() >= 0 && expected.completion() >= 0 ? 1 : 0;
            }
        }
        assertTrue(read >= 25, "streams with usage: " + read);
    }

    private static Usage eventByEvent(byte[] body) {
        UsageScanner scanner = new UsageScanner();
        scanner.reset(Mode.EVENTS);
        int start = 0;
        for (int end = 1; end <= body.length; end++) {
            boolean blankLine = end >= 2
                    && body[end - 1] == '\n'
                    && (body[end - 2] == '\n' || (end >= 3 && body[end - 2] == '\r' && body[end - 3] == '\n'));
            if (blankLine || end == body.length) {
                Pieces.lend(body, start, end, Pieces.Kind.DIRECT, scanner::feed);
                start = end;
            }
        }
        scanner.finish();
        return Usage.of(scanner);
    }
}
