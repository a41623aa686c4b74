package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes: whether they are a document is told by {@link ReferenceJson} and by Jackson, and what it holds by Jackson;
 * embedded in a text and taken out again it holds the same. Runs over its seeds as an ordinary test;
 * {@code scripts/fuzz} fuzzes.
 */
class JsonTreeFuzzTest {
    private final JsonTree tree = new JsonTree();
    private final JsonTree other = new JsonTree();
    private final JsonOutput out = new JsonOutput();

    @FuzzTest(maxDuration = "5m")
    void readsAnyBytesAsJacksonDoes(byte[] body) {
        JsonStatus status = TreeReading.parse(tree, body);
        assertTrue(status == JsonStatus.COMPLETE || status == JsonStatus.INVALID || status == JsonStatus.TOO_DEEP);
        if (status == JsonStatus.TOO_DEEP) {
            assertTrue(body.length > JsonTree.MAX_DEPTH);
            return;
        }
        boolean isObject = status == JsonStatus.COMPLETE && tree.isObject(JsonTree.ROOT);
        assertEquals(ReferenceJson.read(body) != null, isObject);
        String text = JacksonTokens.text(body);
        if (text != null) {
            List<String> expected = JacksonTokens.read(text);
            assertEquals(expected != null, isObject);
            if (expected != null) {
                assertEquals(expected, TreeReading.tokens(tree));
            }
        }
        if (status == JsonStatus.COMPLETE) {
            assertEmbeds(text != null);
        }
    }

    private void assertEmbeds(boolean isUtf8) {
        out.reset(false);
        out.raw('"').embedded(tree, JsonTree.ROOT).raw('"');
        assertEquals(JsonStatus.COMPLETE, TreeReading.parse(other, Arrays.copyOf(out.bytes(), out.length())));
        out.reset(false);
        out.unescaped(other, JsonTree.ROOT);
        JsonTree again = new JsonTree();
        assertNotEquals(JsonStatus.INVALID, TreeReading.parse(again, Arrays.copyOf(out.bytes(), out.length())));
        if (isUtf8) {
            assertEquals(TreeReading.tokens(tree), TreeReading.tokens(again));
        }
    }
}
