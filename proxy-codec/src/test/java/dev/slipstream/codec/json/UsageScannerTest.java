package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Pieces;
import dev.slipstream.codec.json.UsageScanner.Mode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageScannerTest {
    private static final long NONE = UsageScanner.UNKNOWN;
    private static final Usage NOTHING = new Usage(NONE, NONE, NONE, NONE, 0, false);

    @Test
    void openAiUsageOfAWholeAnswerIsRead() {
        assertEquals(
                new Usage(108, 79, 64, 12, 0, false),
                whole("{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"hi\"}}],\"usage\":{\"prompt_tokens\":108,"
                        + "\"completion_tokens\":79,\"total_tokens\":187,\"prompt_tokens_details\":{\"cached_tokens\":64,"
                        + "\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":12}}}"));
    }

    @Test
    void anthropicInputIsTheSumOfItsThreeParts() {
        assertEquals(
                new Usage(1110, 7, 100, 3, 0, false),
                whole("{\"type\":\"message\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":100,"
                        + "\"cache_creation_input_tokens\":1000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":5},"
                        + "\"output_tokens\":7,\"output_tokens_details\":{\"thinking_tokens\":3}}}"));
    }

    @Test
    void inputTokensWithDetailsAreAResponsesAnswerAndIncludeTheCachedOnes() {
        String usage = "{\"input_tokens\":50,\"input_tokens_details\":{\"cached_tokens\":40},\"output_tokens\":9,"
                + "\"output_tokens_details\":{\"reasoning_tokens\":4},\"total_tokens\":59}";
        assertEquals(new Usage(50, 9, 40, 4, 0, false), whole("{\"object\":\"response\",\"usage\":" + usage + "}"));
        assertEquals(
                new Usage(50, 9, 40, 4, 2, true),
                events(
                        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"usage\":null}}\n\n"
                                + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":"
                                + usage + "}}\n\n"));
    }

    @Test
    void deepSeekTogetherAndDatabricksSayCachedInTheirOwnWays() {
        assertEquals(
                9,
                whole("{\"usage\":{\"prompt_tokens\":20,\"prompt_cache_hit_tokens\":9}}")
                        .cached());
        assertEquals(
                8,
                whole("{\"usage\":{\"prompt_tokens\":20,\"cached_tokens\":8}}").cached());
        Usage databricks = whole("{\"usage\":{\"prompt_tokens\":20,\"cache_read_input_tokens\":7}}");
        assertEquals(new Usage(20, NONE, 7, NONE, 0, false), databricks);
        assertEquals(
                5,
                whole("{\"usage\":{\"prompt_cache_hit_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":5}}}")
                        .cached());
    }

    @Test
    void reasoningThatXaiCountsBesideTheCompletionIsAdded() {
        assertEquals(
                new Usage(466, 334, 192, 266, 0, false),
                whole("{\"usage\":{\"prompt_tokens\":466,\"completion_tokens\":68,\"total_tokens\":800,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":192},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":266}}}"));
    }

    @Test
    void openAiChunksRepeatUsageAsRunningTotalsAndTheLastWins() {
        assertEquals(new Usage(8, 5, NONE, NONE, 5, true), events("""
                        data: {"choices":[],"usage":{"prompt_tokens":8,"completion_tokens":1}}

                        data: {"choices":[],"usage":null}

                        data: {"choices":[],"x_groq":{"id":"r","usage":{"completion_tokens":3}}}

                        data: {"choices":[],"usage":{"prompt_tokens":8,"completion_tokens":5}}

                        data: [DONE]

                        """));
    }

    @Test
    void anthropicDeltasReplaceWhatTheStartSaidAndNullsDoNot() {
        String start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"content\":[],\"usage\":"
                + "{\"input_tokens\":10,\"cache_read_input_tokens\":5,\"output_tokens\":1}}}\n\n";
        String stop = "event: message_stop\ndata: {\"type\":\"message_stop\"      }\n\n";
        assertEquals(
                new Usage(15, 42, 5, NONE, 3, true),
                events(start
                        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                        + "\"usage\":{\"input_tokens\":null,\"output_tokens\":42}}\n\n" + stop));
        assertEquals(
                new Usage(25, 42, 5, NONE, 4, true),
                events(start + start.replace("10", "99") + "data: {\"type\":\"message_delta\",\"usage\":"
                        + "{\"input_tokens\":20,\"output_tokens\":42}}\n\n" + stop));
    }

    @Test
    void aSecondMessageStartIsIgnored() {
        String start = "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10}}}\n\n";
        assertEquals(10, events(start + start.replace("10", "99")).prompt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":5}\"}",
                "{\"content\":[{\"usage\":{\"prompt_tokens\":5}}]}",
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}]}",
                "{\"choices\":{\"usage\":{\"prompt_tokens\":5}}}",
                "{\"usage\":{\"usage\":{\"prompt_tokens\":5}}}",
                "{\"usage\":[{\"prompt_tokens\":5}]}",
                "{\"usage\":{\"x\":{\"prompt_tokens\":5,\"cached_tokens\":5}}}",
                "{\"usage\":{\"prompt_tokens_details\":{\"x\":{\"cached_tokens\":5}},\"cost\":{\"input_tokens\":1}}}",
                "{\"message\":{\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":{\"input_tokens\":5}}}]}}",
                "{\"message\":{\"message\":{\"usage\":{\"input_tokens\":5}}}}",
                "{\"delta\":{\"usage\":{\"output_tokens\":5},\"type\":\"message_stop\"}}",
                "{\"response\":{\"output\":[{\"usage\":{\"input_tokens\":5}}]}}",
                "{\"Usage\":{\"prompt_tokens\":5},\"usage \":{\"prompt_tokens\":5},\"usag\":{\"prompt_tokens\":5}}",
                "{\"usage\":\"{\\\"prompt_tokens\\\":5}\"}",
                "{\"a\\\\\":{\"usage\":{\"prompt_tokens\":5}}}",
                "{\"type\":\"message_stop_\",\"x\":\"message_stop\",\"y\":\"response.completed\"}",
                "{\"type\":{\"type\":\"message_stop\"}}",
                "{\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1.5,\"total_tokens\":1}}",
                "{\"usage\":{\"prompt_tokens\":1e3,\"completion_tokens\":\"7\"}}",
                "{\"usage\":{\"prompt_tokens\":1234567890123456,\"completion_tokens\":null}}",
                "{\"usage\":{\"prompt_tokens\":007,\"completion_tokens\":true}}",
                "{\"usage\":{\"prompt_tokens\":{},\"completion_tokens\":[1]}}",
                "{\"usage\":null}",
                "{}",
                "[{\"usage\":{\"prompt_tokens\":5}}]",
            })
    void whatOnlyLooksLikeUsageDoesNotCount(String document) {
        assertEquals(NOTHING, whole(document));
        assertEquals(new Usage(NONE, NONE, NONE, NONE, 1, false), events("data: " + document + "\n\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\":{\"prompt_tokens\":5}",
                "{\"usage\":{\"prompt_tokens\":5}}x",
                "{\"usage\":{\"prompt_tokens\":5}}}",
                "{\"usage\":{\"prompt_tokens\":5,}}",
                "{\"usage\":{\"prompt_tokens\":5},}",
                "{\"usage\":{\"prompt_tokens\":5} \"a\":1}",
                "{\"usage\" {\"prompt_tokens\":5}}",
                "{\"usage\":{\"prompt_tokens\":5},\"a\":}",
                "{\"usage\":{\"prompt_tokens\":},\"a\":1}",
                "{\"usage\":{\"prompt_tokens\":5 6}}",
                "{,\"usage\":{\"prompt_tokens\":5}}",
                "{usage:{\"prompt_tokens\":5}}",
                "x{\"usage\":{\"prompt_tokens\":5}}",
                "{\"id\":\"2026data: {\"id\":\"7\",\"usage\":{\"prompt_tokens\":5}}",
                " [DONE]",
                "[DONE",
                "[]",
                "\u0000\u00FF\\\"{",
                "<html>\"usage\":{\"prompt_tokens\":5}</html>",
            })
    void garbageIsPassedOverAndWhatFollowsIsRead(String garbage) {
        assertEquals(NOTHING, whole(garbage));
        String good = "data: {\"usage\":{\"prompt_tokens\":9}}\n\n";
        assertEquals(new Usage(9, NONE, NONE, NONE, 2, false), events("data: " + garbage + "\n\n" + good));
    }

    @Test
    void nestingBeyondTheLimitIsPassedOver() {
        int limit = UsageDocument.MAX_DEPTH;
        String usage = ",\"usage\":{\"prompt_tokens\":5}}";
        assertEquals(
                5,
                whole("{\"a\":" + "[".repeat(limit) + "]".repeat(limit) + usage).prompt());
        assertEquals(NOTHING, whole("{\"a\":" + "[".repeat(limit + 1) + "]".repeat(limit + 1) + usage));
    }

    @Test
    void aLastEventWithoutItsBlankLineIsReadIfItIsComplete() {
        String chunk = "data: {\"usage\":{\"prompt_tokens\":9}}";
        assertEquals(new Usage(9, NONE, NONE, NONE, 0, false), events(chunk));
        assertEquals(new Usage(9, NONE, NONE, NONE, 1, true), events(chunk + "\n\ndata: [DONE]"));
        assertEquals(new Usage(NONE, NONE, NONE, NONE, 0, true), events("data: {\"type\":\"message_stop\"}\n"));
        for (int cut = 0; cut < chunk.length(); cut++) {
            assertEquals(NOTHING, events(chunk.substring(0, cut)));
        }
    }

    @Test
    void aDocumentOverSeveralDataLinesIsRead() {
        assertEquals(new Usage(9, 4, NONE, NONE, 1, false), events("""
                        data: {"choices":[{"delta":{}}],
                        data: "usage":{"prompt_tokens":9,
                        data: "completion_tokens":4}
                        data: }

                        """));
    }

    @Test
    void endAndBoundaryAreKnownAsTheyPass() {
        UsageScanner scanner = new UsageScanner();
        scanner.reset(Mode.EVENTS);
        assertTrue(scanner.atEventBoundary());
        feed(scanner, "data: [DONE] ");
        assertFalse(scanner.ended());
        assertFalse(scanner.atEventBoundary());
        feed(scanner, "\n\n");
        assertTrue(scanner.ended());
        assertTrue(scanner.atEventBoundary());
        assertEquals(1, scanner.events());
        scanner.reset(Mode.EVENTS);
        assertFalse(scanner.ended());
        assertEquals(NOTHING, Usage.of(scanner));
    }

    @Test
    void nothingIsReadWhenOff() {
        String body = "data: {\"usage\":{\"prompt_tokens\":9}}\n\ndata: [DONE]\n\n";
        assertEquals(NOTHING, UsageReading.inEverySplit(Mode.OFF, bytes(body)));
    }

    @Test
    void randomDocumentsAreReadAsAFullParserReadsThem() {
        long seed = System.nanoTime();
        System.out.println("UsageScannerTest seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        int read = 0;
        for (int round = 0; round < 800; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                String document = RandomUsageJson.document(random);
                byte[] body = bytes(document);
                assertEquals(UsageOracle.whole(body), UsageReading.inFewSplits(Mode.WHOLE, body), document);
                stream.append("data: ").append(document).append(random.nextBoolean() ? "\n\n" : "\r\n\r\n");
            }
            byte[] body = bytes(stream.toString());
            Usage usage = UsageOracle.stream(body);
            read += Math.max(usage.prompt(), usage.completion()) >= 0 ? 1 : 0;
            assertEquals(usage, UsageReading.inFewSplits(Mode.EVENTS, body), stream.toString());
        }
        assertTrue(read > 100, "too few documents with usage to show anything: " + read);
    }

    @Test
    void theQuickSearchNeverPassesOverWhatMatters() {
        List<String> words = new ArrayList<>(
                List.of("usage\"", "_stop\"", "leted\"", "usage\":nul", "usage\" :null", "usage\":null\"usage\":{"));
        for (String word : words) {
            for (int length = 0; length < 60; length++) {
                for (int at = 0; at <= length; at++) {
                    byte[] text = bytes("x".repeat(at) + word + "x".repeat(length - at));
                    assertTrue(
                            UsageSearch.mayMatter(text, 0, text.length),
                            () -> new String(text, StandardCharsets.US_ASCII));
                }
            }
        }
        byte[] delta = bytes("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1710000000,"
                + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},"
                + "\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"x\"}");
        assertFalse(UsageSearch.mayMatter(delta, 0, delta.length));
        byte[] blank = bytes("{\"usage\": null,\"choices\":[]}");
        assertFalse(UsageSearch.mayMatter(blank, 0, blank.length));
        byte[] both = bytes("{\"a\":{\"usage\":null},\"usage\":{}}");
        assertTrue(UsageSearch.mayMatter(both, 0, both.length));
    }

    private static Usage whole(String body) {
        return UsageReading.inEverySplit(Mode.WHOLE, bytes(body));
    }

    private static Usage events(String body) {
        Usage usage = UsageReading.inEverySplit(Mode.EVENTS, bytes(body));
        assertEquals(usage, UsageReading.inEverySplit(Mode.EVENTS, bytes(body.replace("\n", "\r\n"))));
        return usage;
    }

    private static void feed(UsageScanner scanner, String text) {
        byte[] bytes = bytes(text);
        Pieces.lend(bytes, 0, bytes.length, Pieces.Kind.DIRECT, scanner::feed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
