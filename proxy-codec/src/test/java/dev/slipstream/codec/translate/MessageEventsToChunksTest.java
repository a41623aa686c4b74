package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ProviderEvents.START;
import static dev.slipstream.codec.translate.ProviderEvents.STOP;
import static dev.slipstream.codec.translate.ProviderEvents.block;
import static dev.slipstream.codec.translate.ProviderEvents.delta;
import static dev.slipstream.codec.translate.ProviderEvents.json;
import static dev.slipstream.codec.translate.ProviderEvents.reason;
import static dev.slipstream.codec.translate.ProviderEvents.stop;
import static dev.slipstream.codec.translate.ProviderEvents.text;
import static dev.slipstream.codec.translate.ProviderEvents.textBlock;
import static dev.slipstream.codec.translate.ProviderEvents.thinking;
import static dev.slipstream.codec.translate.ProviderEvents.toolBlock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.CompletionAnswer.Call;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageEventsToChunksTest {
    private final ChunkTranslation translation = new ChunkTranslation();

    private void give(String... events) {
        for (String event : events) {
            translation.event(event);
        }
    }

    private CompletionAnswer answerTo(String... events) {
        return translation.answerTo(events);
    }

    @Test
    void eachEventLeavesAsItComes() {
        translation.event(START);
        String head = "data: {\"id\":\"chatcmpl-msg_1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                + "\"model\":\"claude-x\",\"choices\":[";
        String first =
                head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],"
                        + "\"usage\":null}\n\n";
        assertEquals(first, translation.written());
        translation.event(textBlock(0)).event("{\"type\":\"ping\"}");
        assertEquals(first, translation.written());
        translation.event(text(0, "Hi"));
        String second =
                head + "{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}],\"usage\":null}\n\n";
        assertEquals(first + second, translation.written());
        translation.event(stop(0)).event(reason("end_turn"));
        assertEquals(first + second, translation.written());
        translation.event(STOP);
        assertEquals(
                first
                        + second
                        + head
                        + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
                        + head
                        + "],\"usage\":{\"prompt_tokens\":17,\"completion_tokens\":25,\"total_tokens\":42,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":4,\"cache_write_tokens\":3}}}\n\n"
                        + "data: [DONE]\n\n",
                translation.written());
        assertEquals(Progress.DONE, translation.progress);
    }

    @Test
    @DisplayName("trap 22: the usage of message_delta replaces, what it lacks or has as null stays")
    void usageIsCumulative() {
        CompletionAnswer answer = answerTo(
                START,
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":{\"input_tokens\":100,"
                        + "\"cache_read_input_tokens\":null,\"output_tokens\":7}}",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9,"
                        + "\"output_tokens_details\":{\"thinking_tokens\":5}}}",
                STOP);
        assertEquals(List.of(107L, 9L, 4L, 3L, 5L), answer.usage());
    }

    @Test
    @DisplayName("trap 22: a message_start of zeros, or without usage, is corrected at the end (seen from Z.AI)")
    void usageThatComesLateCounts() {
        String real = "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
                + "{\"input_tokens\":50,\"output_tokens\":6,\"cache_read_input_tokens\":40}}";
        for (String usage : List.of("", ",\"usage\":{\"input_tokens\":0,\"output_tokens\":0}", ",\"usage\":null")) {
            translation.restart();
            CompletionAnswer answer =
                    answerTo("{\"type\":\"message_start\",\"message\":{\"id\":\"m\"" + usage + "}}", real, STOP);
            assertEquals(List.of(90L, 6L, 40L, -1L, -1L), answer.usage());
            assertEquals("asked-for", answer.model());
        }
    }

    @Test
    @DisplayName("trap 26: usage that never comes is unknown: no usage chunk, no invented zeros")
    void missingUsageIsNotInvented() {
        assertNull(answerTo("{\"type\":\"message_start\",\"message\":{}}", STOP).usage());
        translation.restart();
        // An output alone makes no total.
        assertNull(answerTo("{\"type\":\"message_start\",\"message\":{}}", reason("end_turn"), STOP)
                .usage());
    }

    @Test
    @DisplayName("trap 31: no chunk without a choice for a client that did not ask for usage")
    void usageIsToldOnlyWhereItWasAskedFor() {
        translation.request.setUsageWanted(false);
        CompletionAnswer answer = answerTo(START, reason("end_turn"), STOP);
        assertNull(answer.usage());
        assertFalse(translation.written().contains("usage"));
        assertFalse(translation.written().contains("\"choices\":[]"));
    }

    @Test
    void inputTokensAreScaledAndOutputTokensAreNot() {
        translation.request.setScale(new TokenScale(200_000, 100_000));
        assertEquals(
                List.of(34L, 25L, 8L, 6L, -1L),
                answerTo(START, reason("end_turn"), STOP).usage());
    }

    @Test
    @DisplayName("trap 29: tools are counted on their own, whatever blocks stand between")
    void toolIndicesAreNotBlockIndices() {
        CompletionAnswer answer = answerTo(
                START,
                thinking(0, "hm"),
                block(1, "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{}}"),
                json(1, "{\\\"query\\\":1}"),
                stop(1),
                block(2, "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"content\":[]}"),
                stop(2),
                toolBlock(3, "toolu_1", "a"),
                json(3, ""),
                json(3, "{\\\"x\\\":"),
                json(3, "1}"),
                stop(3),
                block(4, "{\"type\":\"redacted_thinking\",\"data\":\"xyz\"}"),
                delta(4, "{\"type\":\"text_delta\",\"text\":\"not for clients\"}"),
                stop(4),
                toolBlock(9, "toolu_2", "b"),
                json(9, "{}"),
                stop(9),
                reason("tool_use"),
                STOP);
        assertEquals(List.of(new Call("toolu_1", "a", "{\"x\":1}"), new Call("toolu_2", "b", "{}")), answer.calls());
        assertNull(answer.content());
        assertEquals("tool_calls", answer.finish());
    }

    @Test
    @DisplayName("trap 34: fragments of calls that overlap stay apart")
    void interleavedCallsStayApart() {
        CompletionAnswer answer = answerTo(
                START,
                toolBlock(0, "t0", "a"),
                toolBlock(1, "t1", "b"),
                json(1, "{\\\"b\\\""),
                json(0, "{\\\"a\\\""),
                text(7, "text of a block that never began"),
                json(7, "arguments of one"),
                json(1, ":2}"),
                stop(1),
                json(0, ":1}"),
                // No stop for block 0.
                reason("tool_use"),
                STOP);
        assertEquals(List.of(new Call("t0", "a", "{\"a\":1}"), new Call("t1", "b", "{\"b\":2}")), answer.calls());
        assertEquals("text of a block that never began", answer.content());
    }

    @Test
    @DisplayName("trap 35: a call without arguments is told {}")
    void aCallWithoutArgumentsIsAnEmptyObject() {
        for (List<String> fragments :
                List.of(List.<String>of(), List.of(""), List.of("", ""), List.of(" "), List.of("\\n", "{}"))) {
            for (boolean isStopped : new boolean[] {true, false}) {
                translation.restart();
                give(START, toolBlock(0, "t", "now"));
                fragments.forEach(fragment -> translation.event(json(0, fragment)));
                if (isStopped) {
                    translation.event(stop(0)).event(stop(0));
                }
                CompletionAnswer answer = answerTo(reason("tool_use"), STOP);
                assertEquals(List.of(new Call("t", "now", "{}")), answer.calls());
            }
        }
    }

    @Test
    @DisplayName("trap 33: arguments in the start of the block are told, once, where no delta brings them")
    void argumentsMayComeWithTheStart() {
        String start = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":";
        assertEquals(
                "{\"a\":[1,\"x\\\" \"]}",
                answerTo(START, block(0, start + "{ \"a\" : [1, \"x\\\" \"] }}"), stop(0), reason("tool_use"), STOP)
                        .calls()
                        .get(0)
                        .arguments());
        translation.restart();
        assertEquals(
                "{\"b\":2}",
                answerTo(
                                START,
                                block(0, start + "{\"a\":1}}"),
                                json(0, "{\\\"b\\\":2}"),
                                stop(0),
                                reason("tool_use"),
                                STOP)
                        .calls()
                        .get(0)
                        .arguments());
        translation.restart();
        // Two that are open at once, as text, and of no use.
        CompletionAnswer answer = answerTo(
                START,
                block(0, start + "\"{\\\"a\\\":1}\"}"),
                block(1, start + "{\"b\":2}}"),
                block(2, start + "[1]}"),
                block(3, start + "null}"),
                stop(1),
                reason("tool_use"),
                STOP);
        assertEquals(
                List.of("{\"b\":2}", "{\"a\":1}", "{}", "{}"),
                List.of(
                        answer.calls().get(1).arguments(),
                        answer.calls().get(0).arguments(),
                        answer.calls().get(2).arguments(),
                        answer.calls().get(3).arguments()));
    }

    @Test
    void aCallWithoutAnIdGetsOne() {
        assertEquals(
                List.of(new Call("call_0123-ab_0", "f", "{}"), new Call("call_0123-ab_1", "g", "{}")),
                answerTo(
                                START,
                                block(0, "{\"type\":\"tool_use\",\"name\":\"f\"}"),
                                block(1, "{\"type\":\"tool_use\",\"id\":\"\",\"name\":\"g\"}"),
                                reason("tool_use"),
                                STOP)
                        .calls());
    }

    @Test
    @DisplayName("trap 6: a tool that was renamed for the provider has its name again")
    void namesAreMappedBack() {
        translation.request.toolNames().put("short_1", "a.long \"name\"");
        CompletionAnswer answer = answerTo(
                START, toolBlock(0, "t", "short_1"), stop(0), toolBlock(1, "u", "other"), reason("tool_use"), STOP);
        assertEquals("a.long \"name\"", answer.calls().get(0).name());
        assertEquals("other", answer.calls().get(1).name());
    }

    @Test
    @DisplayName("trap 43: thinking may come before, between and behind")
    void thinkingIsReasoningContent() {
        CompletionAnswer answer = answerTo(
                START,
                block(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
                thinking(0, "one "),
                delta(0, "{\"type\":\"signature_delta\",\"signature\":\"secret\"}"),
                stop(0),
                textBlock(1),
                text(1, "said"),
                delta(1, "{\"type\":\"citations_delta\",\"citation\":{\"cited_text\":\"c\"}}"),
                stop(1),
                block(2, "{\"type\":\"thinking\",\"thinking\":\"two\"}"),
                stop(2),
                block(3, "{\"type\":\"text\",\"text\":\" more\"}"),
                reason("end_turn"),
                STOP);
        assertEquals("one two", answer.reasoning());
        assertEquals("said more", answer.content());
        assertFalse(translation.written().contains("secret"));
    }

    @Test
    @DisplayName("traps 30, 25: the first delta of a block is told, an empty one is not")
    void deltasAreToldFromTheFirst() {
        CompletionAnswer answer = answerTo(
                START, textBlock(0), text(0, ""), text(0, "a"), text(0, ""), text(0, "b"), reason("max_tokens"), STOP);
        assertEquals("ab", answer.content());
        assertEquals("length", answer.finish());
    }

    @Test
    @DisplayName("traps 21, 27: the reason is one of OpenAI's, and calls of tools agree with it")
    void reasonsAreMapped() {
        String[][] reasons = {
            {"end_turn", "stop", "tool_calls"},
            {"stop_sequence", "stop", "stop"},
            {"max_tokens", "length", "length"},
            {"tool_use", "stop", "tool_calls"},
            {"pause_turn", "stop", "stop"},
            {"refusal", "content_filter", "content_filter"},
            {"model_context_window_exceeded", "length", "length"},
            {"sensitive", "stop", "tool_calls"},
            {"network_error", "stop", "tool_calls"},
            {"max\\u005ftokens", "length", "length"},
        };
        for (String[] each : reasons) {
            translation.restart();
            assertEquals(each[1], answerTo(START, reason(each[0]), STOP).finish(), each[0]);
            translation.restart();
            assertEquals(
                    each[2],
                    answerTo(START, toolBlock(0, "t", "f"), stop(0), reason(each[0]), STOP)
                            .finish(),
                    each[0]);
        }
        translation.restart();
        assertEquals(
                "tool_calls",
                answerTo(START, toolBlock(0, "t", "f"), stop(0), STOP).finish());
    }

    @Test
    @DisplayName("trap 40: escapes, split surrogates and UTF-8 leave as they came")
    void textIsCopiedAsItWasWritten() {
        give(START, textBlock(0));
        int before = translation.out.length();
        translation.event(text(0, "\\ud83d")).event(text(0, "\\ude80\\u00e9\\/\\n"));
        translation.event("", text(0, "é🚀 ").getBytes(StandardCharsets.UTF_8));
        String written = translation.written().substring(before);
        assertTrue(written.contains("\"content\":\"\\ud83d\""), written);
        assertTrue(written.contains("\"content\":\"\\ude80\\u00e9\\/\\n\""), written);
        assertTrue(written.contains("\"content\":\"é🚀 \""), written);
        assertEquals(
                "🚀é/\né🚀 ", translation.answerTo(reason("end_turn"), STOP).content());
    }

    @Test
    @DisplayName("trap 41: a fragment of JSON is copied, wherever it was torn")
    void fragmentsAreNotParsed() {
        String arguments = "{\"t\":\"caf\\u00e9 \\\\ \\\" 🚀\",\"n\":[1.50,{}]}";
        for (int cut = 0; cut <= arguments.length(); cut++) {
            if (cut < arguments.length() && Character.isLowSurrogate(arguments.charAt(cut))) {
                continue;
            }
            translation.restart();
            CompletionAnswer answer = answerTo(
                    START,
                    toolBlock(0, "t", "f"),
                    json(0, escaped(arguments.substring(0, cut))),
                    json(0, escaped(arguments.substring(cut))),
                    stop(0),
                    reason("tool_use"),
                    STOP);
            assertEquals(arguments, answer.calls().get(0).arguments());
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @Test
    @DisplayName("traps 36, 44: what comes twice, pings, unknown events and a foreign [DONE] change nothing")
    void whatIsNoPartOfTheAnswerIsPassedOver() {
        give(
                "{\"type\":\"ping\"}",
                START,
                START.replace("msg_1", "msg_2").replace("claude-x", "claude-y"),
                "{\"type\":\"content_block_news\",\"index\":0}",
                "{\"type\":7}",
                "{}",
                text(0, "a"));
        translation
                .event("data", "[DONE]")
                .event("", "")
                .event("", "  ")
                .event("keepalive", "ok")
                .event(reason("end_turn"))
                .event(STOP);
        CompletionAnswer answer = translation.answer();
        assertEquals("chatcmpl-msg_1", answer.id());
        assertEquals("claude-x", answer.model());
        assertEquals("a", answer.content());
        int before = translation.out.length();
        translation
                .event(STOP)
                .event("data", "[DONE]")
                .event("{\"type\":\"error\",\"error\":{}}")
                .end();
        assertEquals(Progress.DONE, translation.progress);
        assertEquals(before, translation.out.length());
    }

    @Test
    @DisplayName("trap 42: the type of the data counts, and where they have none the event's name")
    void theNameIsEnough() {
        translation.event("message_start", START.replace("\"type\":\"message_start\",", ""));
        translation.event("content_block_delta", text(0, "x").replace("\"type\":\"content_block_delta\",", ""));
        translation.event("ping", text(0, "y"));
        translation.event("message_delta", reason("end_turn").replace("\"type\":\"message_delta\",", ""));
        translation.event("message_stop", "{}");
        assertEquals("xy", translation.answer().content());
    }

    @Test
    void aStreamWithoutAMessageStartIsToldUnderTheNamesOfTheRequest() {
        CompletionAnswer answer = answerTo(text(0, "a"), reason("end_turn"), STOP);
        assertEquals("chatcmpl-0123-ab", answer.id());
        assertEquals("asked-for", answer.model());
        assertEquals("a", answer.content());
    }

    @Test
    void longNamesOfAProviderAreNotRepeatedInEveryChunk() {
        CompletionAnswer answer = answerTo(
                START.replace("msg_1", "m".repeat(200)).replace("claude-x", "c".repeat(300)), reason("end_turn"), STOP);
        assertEquals("chatcmpl-0123-ab", answer.id());
        assertEquals("asked-for", answer.model());
    }
}
