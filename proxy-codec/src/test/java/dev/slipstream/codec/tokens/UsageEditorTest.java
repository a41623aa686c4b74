package dev.slipstream.codec.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.json.RandomUsageJson;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageEditorTest {
    /** Everything doubles. */
    private static final TokenScale DOUBLE = new TokenScale(200_000, 100_000);

    private static final TokenScale TENTH = new TokenScale(100_000, 1_000_000);

    private static final int EDITS = 2000;

    private final UsageEditor editor = new UsageEditor();
    private final JsonTree tree = new JsonTree();
    private final JsonOutput out = new JsonOutput();

    /** The edited document; the document where nothing is edited. */
    private String edited(String json, TokenScale scale) {
        parse(json);
        out.reset(false);
        if (!editor.edit(tree, scale, out)) {
            assertEquals(0, out.length());
            return json;
        }
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }

    private void parse(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        tree.reset();
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse(), json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"usage":{"input_tokens":10,"output_tokens":7}}   | {"usage":{"input_tokens":20,"output_tokens":7}}
            { "usage" : { "input_tokens" : 10 , "x":1.0 } }   | { "usage" : { "input_tokens" : 20 , "x":1.0 } }
            {"type":"message_start","message":{"usage":{"input_tokens":3,"cache_creation_input_tokens":5,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":1,"ephemeral_1h_input_tokens":4},"output_tokens":1}}} | {"type":"message_start","message":{"usage":{"input_tokens":6,"cache_creation_input_tokens":10,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":8},"output_tokens":1}}}
            {"type":"message_delta","delta":{},"usage":{"output_tokens":15,"input_tokens":4,"cache_read_input_tokens":null}} | {"type":"message_delta","delta":{},"usage":{"output_tokens":15,"input_tokens":8,"cache_read_input_tokens":null}}
            {"usage":{"input_tokens":1,"iterations":[{"input_tokens":2,"output_tokens":3},{"type":"x"},7]}} | {"usage":{"input_tokens":2,"iterations":[{"input_tokens":4,"output_tokens":3},{"type":"x"},7]}}
            {"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":6,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}}} | {"usage":{"prompt_tokens":20,"completion_tokens":4,"total_tokens":24,"prompt_tokens_details":{"cached_tokens":12,"audio_tokens":2},"completion_tokens_details":{"reasoning_tokens":2}}}
            {"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":19}} | {"usage":{"prompt_tokens":20,"completion_tokens":4,"total_tokens":29}}
            {"usage":{"prompt_tokens":10,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}} | {"usage":{"prompt_tokens":20,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":12}}
            {"usage":{"prompt_tokens":10,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":7}}} | {"usage":{"prompt_tokens":20,"prompt_tokens_details":{"cached_tokens":6,"cache_write_tokens":14}}}
            {"x_groq":{"id":"r","usage":{"prompt_tokens":2,"total_tokens":3,"prompt_time":0.1}}} | {"x_groq":{"id":"r","usage":{"prompt_tokens":4,"total_tokens":5,"prompt_time":0.1}}}
            {"type":"response.completed","response":{"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":2},"output_tokens":1,"total_tokens":6}}} | {"type":"response.completed","response":{"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":1,"total_tokens":11}}}
            {"context_management":{"applied_edits":[{"cleared_input_tokens":9}]},"usage":{"input_tokens":1}} | {"context_management":{"applied_edits":[{"cleared_input_tokens":18}]},"usage":{"input_tokens":2}}
            """)
    void theFiguresOfTheInputAreScaledAndNoOtherByteChanges(String before, String after) {
        assertEquals(after.strip(), edited(before.strip(), DOUBLE));
    }

    @ParameterizedTest
    @DisplayName("trap 48: an answer to count_tokens is scaled as usage is, and never 0")
    @CsvSource({"1, 1", "10, 1", "11, 2", "2095, 210"})
    void aCountOfTokensIsScaled(long tokens, long scaled) {
        String context = ",\"context_management\":{\"original_input_tokens\":%d}}";
        String before = "{\"input_tokens\":" + tokens + context.formatted(tokens);
        assertEquals("{\"input_tokens\":" + scaled + context.formatted(scaled), edited(before, TENTH));
        String usage = "{\"usage\":{\"input_tokens\":%d}}";
        assertEquals(usage.formatted(scaled), edited(usage.formatted(tokens), TENTH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "\"usage\"",
                "[{\"usage\":{\"input_tokens\":1}}]",
                "{\"usage\":null}",
                "{\"usage\":[{\"input_tokens\":1}]}",
                "{\"usage\":{\"input_tokens\":0,\"output_tokens\":7}}",
                "{\"usage\":{\"input_tokens\":-5}}",
                "{\"usage\":{\"input_tokens\":1e3}}",
                "{\"usage\":{\"input_tokens\":12.0}}",
                "{\"usage\":{\"input_tokens\":\"12\"}}",
                "{\"usage\":{\"input_tokens\":1000000000000}}",
                "{\"usage\":{\"prompt_tokens\":null,\"total_tokens\":5}}",
                "{\"usage\":{\"completion_tokens\":3,\"output_tokens\":4,\"output_tokens_details\":{\"thinking_tokens\":2}}}",
                "{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"input_tokens\\\":5}\",\"usage\":{\"input_tokens\":5}}}]}",
                "{\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":{\"input_tokens\":5},\"input_tokens\":5}}]}",
                "{\"delta\":{\"input_tokens\":5}}",
                "{\"message\":{\"input_tokens\":5}}",
            })
    void whatIsNoFigureOfTheInputIsLeftAlone(String json) {
        assertEquals(json, edited(json, DOUBLE));
    }

    @Test
    void withoutAFactorNothingIsEdited() {
        String json = "{\"usage\":{\"input_tokens\":10}}";
        assertEquals(json, edited(json, TokenScale.NONE));
        assertEquals(json, edited(json, new TokenScale(200_000, 200_000)));
        assertEquals(json, edited(json, new TokenScale(200_000, 0)));
    }

    @Test
    void aFigureWhoseNameIsEscapedIsAFigure() {
        assertEquals(
                "{\"us\\u0061ge\":{\"\\u0069nput_tokens\":8}}",
                edited("{\"us\\u0061ge\":{\"\\u0069nput_tokens\":4}}", DOUBLE));
    }

    @Test
    void aSubsetThatIsLargerThanItsWholeIsScaledByItself() {
        assertEquals(
                "{\"usage\":{\"prompt_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":10}}}",
                edited("{\"usage\":{\"prompt_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":5}}}", DOUBLE));
    }

    @Test
    void whatTheClientAddsUpIsTheScaledTotal() {
        // 3 of 4 parts would each be rounded up: the last one takes what the others were given too much.
        String json =
                "{\"usage\":{\"input_tokens\":25,\"cache_creation_input_tokens\":11,\"cache_read_input_tokens\":11}}";
        assertEquals(
                "{\"usage\":{\"input_tokens\":1,\"cache_creation_input_tokens\":2,\"cache_read_input_tokens\":2}}",
                edited(json, TENTH));
    }

    @Test
    void ofMoreFiguresThanThereIsRoomForTheFirstAreScaled() {
        String each = ",{\"input_tokens\":1}";
        String json = "{\"usage\":{\"input_tokens\":1,\"iterations\":[0" + each.repeat(10_000) + "]}}";
        String after = edited(json, DOUBLE);
        assertEquals(json.length(), after.length());
        assertEquals(NumberEdits.MAX, after.chars().filter(c -> c == '2').count());
        assertTrue(after.startsWith("{\"usage\":{\"input_tokens\":2,\"iterations\":[0,{\"input_tokens\":2}"));
    }

    @Test
    void madeUpDocumentsKeepTheirSums() {
        long seed = 4_803;
        Random random = new Random(seed);
        ScaledDocument document = new ScaledDocument();
        TokenScale[] scales = {
            DOUBLE, TENTH, new TokenScale(200_000, 131_072), new TokenScale(1, 1_000_000), new TokenScale(3, 2)
        };
        int edited = 0;
        for (int i = 0; i < 40_000; i++) {
            String json = RandomUsageJson.document(random);
            try {
                document.edit(json.getBytes(UTF_8), scales[i % scales.length]);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", document " + i + ": " + json, e);
            }
            edited += document.changed().isEmpty() ? 0 : 1;
        }
        assertTrue(edited > 5_000, "edited: " + edited);
    }

    @Test
    void anEventIsEditedWithoutGarbage() {
        parse("{\"usage\":{\"prompt_tokens\":10,\"total_tokens\":14,\"prompt_tokens_details\":{\"cached_tokens\":6}}}");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        editMany();
        long before = threads.getThreadAllocatedBytes(id);
        editMany();
        long allocatedBytes = threads.getThreadAllocatedBytes(id) - before;
        // The JVM itself leaves a few bytes now and then; an object for each event would be 32,000.
        assertTrue(allocatedBytes < EDITS, allocatedBytes + " bytes");
    }

    private void editMany() {
        for (int i = 0; i < EDITS; i++) {
            out.reset(false);
            assertTrue(editor.edit(tree, DOUBLE, out));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"choices":[],"usage":{"prompt_tokens":1}}               | true
            {"usage":{},"choices":[ ]}                               | true
            {"choices":null,"usage":{"prompt_tokens":1}}             | true
            {"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}   | false
            {"choices":[],"usage":null}                              | false
            {"choices":[],"prompt_filter_results":[]}                | false
            {"type":"message_delta","usage":{"output_tokens":1}}     | false
            []                                                       | false
            """)
    void anEventOfUsageAloneIsKnown(String json, boolean isUsageOnly) {
        parse(json.strip());
        assertEquals(isUsageOnly, UsageEditor.isUsageOnly(tree));
    }

    @Test
    void aScaleTakesAnyNumbers() {
        assertEquals(1, new TokenScale(1, Long.MAX_VALUE - 1).scaled(5));
        assertTrue(new TokenScale(10_000_000, 1).scaled(999_999_999_999L) > 0, "no overflow");
        assertEquals(-5, DOUBLE.scaled(-5));
        assertFalse(new TokenScale(0, 5).isActive());
    }
}
