package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import java.util.Map;

/**
 * Any JSON as a provider's completion: no exception, and either a message of the Anthropic dialect or an error with a
 * message and nothing written. Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class CompletionToMessageFuzzTest {
    private static final CompletionToMessage REUSED = new CompletionToMessage();

    @FuzzTest(maxDuration = "5m")
    void anyJsonAsACompletion(byte[] body) {
        JsonTree tree = new JsonTree();
        tree.append(body, 0, body.length);
        if (tree.parse() != JsonStatus.COMPLETE) {
            return;
        }
        JsonOutput out = new JsonOutput();
        CompletionToMessage translation = new CompletionToMessage();
        boolean translated = translation.translate(tree, ChunkStream.request(), "made-up", out);
        JsonOutput again = new JsonOutput();
        assertEquals(translated, REUSED.translate(tree, ChunkStream.request(), "made-up", again));
        assertEquals(text(out), text(again));
        if (!translated) {
            assertEquals(0, out.length());
            assertFalse(translation.error().message().isEmpty());
            return;
        }
        JsonTree written = new JsonTree();
        written.append(out.bytes(), 0, out.length());
        assertEquals(JsonStatus.COMPLETE, written.parse());
        // An input may hold numbers that the other parser has no room for, and brackets deeper than it goes.
        if (ParsedJson.isObject(text(out))) {
            Map<?, ?> message = ParsedJson.object(text(out));
            AnthropicShape.message(message);
        }
    }

    private static String text(JsonOutput out) {
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }
}
