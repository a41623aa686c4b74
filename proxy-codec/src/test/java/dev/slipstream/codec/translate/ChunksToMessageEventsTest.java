package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ParsedJson.at;
import static dev.slipstream.codec.translate.ParsedJson.numberAt;
import static dev.slipstream.codec.translate.ParsedJson.textAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, ends, usage and errors of a stream; its tool calls are in {@link InterleavedCallsTest}. */
class ChunksToMessageEventsTest {
    private static final String DONE = "[DONE]";

    private static String delta(String members) {
        return "{\"id\":\"chatcmpl-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{" + members
                + "},\"finish_reason\":null}]}";
    }

    private static String content(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    private static String finish(String reason) {
        return "{\"id\":\"chatcmpl-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}";
    }

    private static String usage(int prompt, int completion) {
        return "{\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion + "}}";
    }

    private static void assertComplete(ChunkStream.Outcome outcome) {
        assertEquals(Progress.DONE, outcome.progress(), () -> outcome.error().message());
    }

    // ------------------------------------------------------------------ the shape of it

    @Test
    @DisplayName("trap 42, trap 44: each event has its name as a line, and [DONE] is not passed on")
    void aTextStreamIsWrittenEventByEvent() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                delta("\"role\":\"assistant\",\"content\":\"\""), content("Hi"), finish("stop"), usage(5, 2), DONE);
        assertEquals("""
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant",\
                "model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,\
                "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":0}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
                "usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":2}}

                event: message_stop
                data: {"type":"message_stop"}

                """, outcome.text());
        outcome.read();
    }

    @Test
    @DisplayName("trap 25: an empty content opens no block")
    void emptyTextsOpenNoBlock() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                delta("\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"\",\"refusal\":\"\""),
                delta("\"content\":null,\"reasoning\":null,\"tool_calls\":null,\"refusal\":null"),
                delta("\"content\":[],\"tool_calls\":[]"),
                finish("stop"),
                DONE);
        assertComplete(outcome);
        assertEquals(List.of("message_start", "message_delta", "message_stop"), outcome.read().names);
    }

    @Test
    @DisplayName("trap 43: thinking behind text is a block of its own")
    void thinkingBehindTextIsABlockOfItsOwn() {
        AnthropicStream stream = ChunkStream.of(
                        delta("\"reasoning_content\":\"a\""),
                        content("b"),
                        delta("\"reasoning_content\":\"c\""),
                        content("d"),
                        finish("stop"),
                        DONE)
                .read();
        assertEquals(
                "[{type=thinking, thinking=a, signature=}, {type=text, text=b}, {type=thinking, thinking=c, signature=}, "
                        + "{type=text, text=d}]",
                stream.blocks().toString());
    }

    @Test
    @DisplayName("trap 30: the delta that switches from thinking to text is told; trap 32: so is one beside the finish")
    void theDeltaThatSwitchesIsTold() {
        AnthropicStream stream = ChunkStream.of(
                        delta("\"reasoning\":\"why\""),
                        "{\"choices\":[{\"delta\":{\"reasoning_content\":\" so\",\"content\":\"42\"},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
                        DONE)
                .read();
        assertEquals("why so", stream.texts("thinking", "thinking"));
        assertEquals("42", stream.texts("text", "text"));
        assertEquals(4, numberAt(stream.message, "usage", "output_tokens"));
    }

    @Test
    void thinkingUnderTwoNamesIsToldOnce() {
        AnthropicStream stream = ChunkStream.of(
                        delta(
                                "\"reasoning\":\"hm\",\"reasoning_content\":\"hm\",\"reasoning_details\":[{\"text\":\"hm\"}]"),
                        DONE)
                .read();
        assertEquals("hm", stream.texts("thinking", "thinking"));
    }

    @Test
    void contentMayBeAListOfParts() {
        AnthropicStream stream = ChunkStream.of(
                        delta("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"a\"},"
                                + "{\"type\":\"text\",\"text\":\"b\"}]},{\"type\":\"text\",\"text\":\"c\"}]"),
                        delta(
                                "\"content\":[{\"type\":\"reference\",\"reference_ids\":[1]},{\"type\":\"text\",\"text\":\"d\"}]"),
                        finish("stop"),
                        DONE)
                .read();
        assertEquals("ab", stream.texts("thinking", "thinking"));
        assertEquals("cd", stream.texts("text", "text"));
    }

    @Test
    @DisplayName("trap 40: halves of a surrogate pair in two deltas pass as they were written")
    void halvesOfASurrogatePairPassAsTheyWereWritten() {
        ChunkStream.Outcome outcome =
                ChunkStream.of(content("\\ud83d"), content("\\ude80 \\u00e9 \\/ é"), finish("stop"), DONE);
        assertTrue(outcome.text().contains("\"text\":\"\\ud83d\""));
        assertTrue(outcome.text().contains("\"text\":\"\\ude80 \\u00e9 \\/ é\""));
        assertEquals("🚀 é / é", outcome.read().texts("text", "text"));
    }

    @Test
    @DisplayName("trap 31: chunks without a choice say nothing, and do not start the message")
    void chunksWithoutAChoiceDoNotStart() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                "{\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{}]}",
                "{\"choices\":null,\"id\":\"\",\"model\":\"\"}",
                "{}",
                "null",
                "17",
                "[]",
                content("x"),
                finish("stop"),
                DONE);
        assertComplete(outcome);
        assertEquals("msg_chatcmpl-1", outcome.read().message.get("id"));
        assertEquals("m", outcome.read().message.get("model"));
    }

    @Test
    void onlyTheFirstOfSeveralChoicesIsTold() {
        AnthropicStream stream = ChunkStream.of(
                        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}},{\"index\":0,\"delta\":{\"content\":\"yes\"}}]}",
                        "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"},\"finish_reason\":\"length\"}]}",
                        finish("stop"),
                        DONE)
                .read();
        assertEquals("yes", stream.texts("text", "text"));
        assertEquals("end_turn", stream.message.get("stop_reason"));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"id\":\"chatcmpl-1\"', msg_chatcmpl-1",
        "'\"id\":\"msg_bdrk_01\"', msg_bdrk_01",
        "'\"id\":\"a/b c\\u0041\"', msg_a_b_cA",
        "'\"id\":\"\"', msg_made-up",
        "'\"id\":null', msg_made-up",
        "'\"id\":7', msg_made-up",
        "'\"x\":1', msg_made-up"
    })
    void theMessageHasAnIdOfItsOwnKind(String member, String id) {
        AnthropicStream stream = ChunkStream.of("{" + member + ",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}", DONE)
                .read();
        assertEquals(id, stream.message.get("id"));
        assertEquals("asked", stream.message.get("model"));
    }

    @Test
    void aWholeAnswerInOneChunkIsTold() {
        AnthropicStream stream = ChunkStream.of(
                        "{\"choices\":[{\"message\":{\"content\":\"all\"},\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[{\"message\":{\"content\":\"all\"},\"finish_reason\":\"stop\"}]}",
                        DONE)
                .read();
        assertEquals("all", stream.texts("text", "text"));
    }

    // ------------------------------------------------------------------ stop reasons

    @ParameterizedTest
    @CsvSource({
        "stop, end_turn",
        "eos, end_turn",
        "eos_token, end_turn",
        "end_turn, end_turn",
        "length, max_tokens",
        "max_tokens, max_tokens",
        "content_filter, refusal",
        "sensitive, refusal",
        "model_context_window_exceeded, model_context_window_exceeded",
        "something_new, end_turn",
        // Nobody was called: a client would wait for a tool that is not there.
        "tool_calls, end_turn",
        "function_call, end_turn"
    })
    @DisplayName("trap 27: a vendor's word never reaches the client; trap 23: stop_sequence is null")
    void theStopReasonFollowsFromTheFinishReason(String finish, String stop) {
        AnthropicStream stream =
                ChunkStream.of(content("x"), finish(finish), DONE).read();
        assertEquals(stop, stream.message.get("stop_reason"));
        AnthropicStream early = ChunkStream.of(finish(finish), DONE).read();
        assertEquals(stop, early.message.get("stop_reason"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"network_error", "error"})
    @DisplayName("trap 27: network_error is an error")
    void aFailureOfTheProviderIsAnError(String finish) {
        ChunkStream.Outcome outcome = ChunkStream.of(content("half"), finish(finish), DONE);
        assertEquals(Progress.FAILED, outcome.progress());
        AnthropicStream stream = outcome.read();
        assertEquals("half", stream.texts("text", "text"));
        assertEquals("api_error", textAt(stream.error, "error", "type"));
        assertFalse(outcome.text().contains("\"stop_reason\":\"" + finish));
    }

    @Test
    void aRefusalIsTextAndTheReasonToStop() {
        AnthropicStream stream = ChunkStream.of(
                        delta("\"refusal\":\"I'm\""), delta("\"refusal\":\" sorry\""), finish("stop"), DONE)
                .read();
        assertEquals("I'm sorry", stream.texts("text", "text"));
        assertEquals("refusal", stream.message.get("stop_reason"));
    }

    // ------------------------------------------------------------------ ends

    @Test
    @DisplayName("trap 36: a repeated finish ends once")
    void aRepeatedFinishEndsOnce() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                content("x"), finish("length"), finish("length"), finish("stop"), DONE, DONE, content("y"));
        assertComplete(outcome);
        assertEquals("max_tokens", outcome.read().message.get("stop_reason"));
        assertEquals("x", outcome.read().texts("text", "text"));
    }

    @Test
    @DisplayName("trap 38: a missing [DONE] behind a finish is an end")
    void theEndBehindAFinishIsAnEnd() {
        assertComplete(ChunkStream.of(content("x"), finish("stop")));
        assertComplete(ChunkStream.of(content("x"), finish("stop"), usage(1, 1)));
        // Seen from Snowflake: no finish at all, but usage alone.
        assertComplete(ChunkStream.of(content("x"), usage(1, 1)));
        assertComplete(ChunkStream.of(content("x"), DONE));
        assertComplete(ChunkStream.of(content("x"), "[DONE] \t"));
    }

    @Test
    @DisplayName("trap 38: a truncated stream is an error, with its block closed")
    void aTruncatedStreamIsAnError() {
        ChunkStream.Outcome outcome = ChunkStream.of(content("half"));
        assertEquals(Progress.FAILED, outcome.progress());
        AnthropicStream stream = outcome.read();
        assertEquals(
                List.of("message_start", "content_block_start", "content_block_delta", "content_block_stop", "error"),
                stream.names);
        assertEquals("api_error", textAt(stream.error, "error", "type"));
        assertEquals(502, outcome.error().status());
        // Usage came, but more text behind it.
        assertEquals(
                Progress.FAILED,
                ChunkStream.of(content("a"), usage(1, 1), content("b")).progress());
    }

    @Test
    void aStreamWithoutAnAnswerIsAnErrorThatCanBeAStatus() {
        for (String[] events : new String[][] {{}, {DONE}, {usage(1, 0)}, {usage(1, 0), DONE}, {"{\"choices\":[]}"}}) {
            ChunkStream.Outcome outcome = ChunkStream.of(events);
            assertEquals(Progress.FAILED, outcome.progress());
            assertEquals("", outcome.text());
            assertEquals(502, outcome.error().statusFor(Dialect.ANTHROPIC));
        }
    }

    @Test
    void nothingIsSaidBehindTheEnd() {
        ChunksToMessageEvents translator = new ChunksToMessageEvents();
        JsonOutput out = new JsonOutput();
        translator.start(ChunkStream.request(), "id", 0);
        byte[] text = content("x").getBytes(UTF_8);
        byte[] done = DONE.getBytes(UTF_8);
        assertEquals(Progress.MORE, translator.onEvent("", text, 0, text.length, out));
        assertEquals(Progress.DONE, translator.onEvent("", done, 0, done.length, out));
        int length = out.length();
        assertEquals(Progress.DONE, translator.onEvent("", text, 0, text.length, out));
        assertEquals(Progress.DONE, translator.onEnd(out));
        assertEquals(length, out.length());
    }

    // ------------------------------------------------------------------ usage

    @Test
    @DisplayName("trap 22: cached tokens are not counted twice; trap 37: cumulative figures replace each other")
    void cumulativeFiguresReplaceEachOther() {
        String figures = "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":%d,\"prompt_tokens_details\":"
                + "{\"cached_tokens\":60,\"cache_write_tokens\":10}}";
        AnthropicStream stream = ChunkStream.of(
                        "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]," + figures.formatted(1) + "}",
                        "{\"choices\":[{\"delta\":{\"content\":\"b\"}}]," + figures.formatted(2) + "}",
                        "{\"choices\":[{\"delta\":{\"content\":\"c\"},\"finish_reason\":\"stop\"}],"
                                + figures.formatted(3) + "}",
                        DONE)
                .read();
        Map<String, Long> parts = Map.of(
                "input_tokens", 30L,
                "cache_read_input_tokens", 60L,
                "cache_creation_input_tokens", 10L,
                "output_tokens", 3L);
        assertEquals(parts, stream.message.get("usage"));
        // Known with the first chunk: no estimate is needed.
        assertEquals(30, numberAt(stream.firstUsage, "input_tokens"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8}}",
                "{\"choices\":[{\"delta\":{}}],\"x_groq\":{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8}}}",
                "{\"choices\":[{\"delta\":{},\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8}}]}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8}}"
            })
    @DisplayName("trap 37: usage may stand before the finish, on it, behind it, or elsewhere in the chunk")
    void usageMayStandAnywhere(String chunk) {
        AnthropicStream behind =
                ChunkStream.of(content("x"), finish("stop"), chunk, DONE).read();
        AnthropicStream before =
                ChunkStream.of(content("x"), chunk, finish("stop"), DONE).read();
        for (AnthropicStream stream : List.of(behind, before)) {
            assertEquals(9, numberAt(stream.message, "usage", "input_tokens"));
            assertEquals(8, numberAt(stream.message, "usage", "output_tokens"));
            assertEquals(7, numberAt(stream.firstUsage, "input_tokens"));
        }
    }

    @Test
    @DisplayName("trap 26: without usage the figures are there all the same")
    void withoutUsageTheEstimateStays() {
        for (String usage : List.of("null", "{}", "7", "{\"prompt_tokens\":null,\"completion_tokens\":null}")) {
            AnthropicStream stream = ChunkStream.of(
                            content("x"), "{\"choices\":[],\"usage\":" + usage + "}", finish("stop"), DONE)
                    .read();
            assertEquals(7, numberAt(stream.message, "usage", "input_tokens"));
            assertEquals(0, numberAt(stream.message, "usage", "output_tokens"));
        }
    }

    @Test
    @DisplayName("trap 48: the first figures and the last are scaled alike, and parts still add up")
    void figuresAreScaled() {
        TranslatedRequest request = ChunkStream.request();
        request.setInputEstimate(1000);
        request.setScale(new TokenScale(200_000, 128_000));
        AnthropicStream stream = ChunkStream.of(
                        request,
                        content("x"),
                        finish("stop"),
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":1001,\"completion_tokens\":5,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":333}}}",
                        DONE)
                .read();
        assertEquals(1563, numberAt(stream.firstUsage, "input_tokens"));
        Object usage = at(stream.message, "usage");
        assertEquals(521, numberAt(usage, "cache_read_input_tokens"));
        assertEquals(1565 - 521, numberAt(usage, "input_tokens"));
        assertEquals(5, numberAt(usage, "output_tokens"));
    }

    // ------------------------------------------------------------------ errors

    @Test
    @DisplayName("trap 39: an error in the midst of a stream is told, and its block closed")
    void anErrorInTheMidstIsTold() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                content("half"),
                "{\"error\":{\"message\":\"Tool call validation failed\",\"type\":\"invalid_request_error\","
                        + "\"code\":\"tool_use_failed\"}}",
                content("never"));
        assertEquals(Progress.FAILED, outcome.progress());
        AnthropicStream stream = outcome.read();
        assertEquals(
                "{type=invalid_request_error, message=Tool call validation failed (code tool_use_failed)}",
                String.valueOf(at(stream.error, "error")));
        assertEquals("half", stream.texts("text", "text"));
        assertEquals(400, outcome.error().status());
    }

    @Test
    void anErrorBesideTextTakesTheTextBack() {
        ChunkStream.Outcome outcome = ChunkStream.of("{\"error\":{\"code\":502,\"message\":\"Provider disconnected\"},"
                + "\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}");
        assertEquals("", outcome.text());
        assertEquals(502, outcome.error().status());
        ChunkStream.Outcome withoutFinish = ChunkStream.of(
                "{\"error\":{\"code\":503,\"message\":\"m\"},\"choices\":[{\"delta\":{\"content\":\"x\"}}]}", DONE);
        assertEquals("", withoutFinish.text());
        assertEquals(503, withoutFinish.error().status());
        ChunkStream.Outcome inChoice = ChunkStream.of(
                content("x"),
                "{\"choices\":[{\"delta\":{\"content\":\"y\"},\"error\":{\"code\":429,\"message\":\"slow\"}}]}");
        assertEquals("x", inChoice.read().texts("text", "text"));
        assertEquals(429, inChoice.error().status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"Overloaded\",\"code\":\"1305\"}} | 529 | overloaded_error",
                "{\"code\":500,\"msg\":\"404 NOT_FOUND\",\"success\":false} | 404 | not_found_error",
                "{\"error\":\"rate limit\",\"code\":429} | 429 | rate_limit_error",
                "[{\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}] | 503 | api_error",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}} | 529 | overloaded_error",
                "{\"detail\":\"Not Found\"} | 502 | api_error"
            })
    @DisplayName("trap 28: an error inside a 200 before anything was said can be a status")
    void anErrorAtTheStartCanBeAStatus(String event, int status, String type) {
        ChunkStream.Outcome outcome = ChunkStream.of(event);
        assertEquals(Progress.FAILED, outcome.progress());
        assertEquals("", outcome.text());
        assertEquals(status, outcome.error().statusFor(Dialect.ANTHROPIC));
        JsonOutput out = new JsonOutput();
        outcome.error().writeAnthropic(out, "r");
        assertEquals(type, textAt(ParsedJson.object(out.bytes(), out.length()), "error", "type"));
    }

    @Test
    void anEventNamedErrorIsOneWhateverItHolds() {
        for (String data : List.of("{\"message\":\"gone\"}", "gone", "\"gone\"")) {
            byte[] body = ("data: " + content("x") + "\n\nevent: error\ndata: " + data + "\n\n").getBytes(UTF_8);
            ChunkStream.Outcome outcome = ChunkStream.bytes(new ChunksToMessageEvents(), ChunkStream.request(), body);
            assertEquals(Progress.FAILED, outcome.progress());
            assertEquals("gone", outcome.error().message());
            assertEquals("gone", textAt(outcome.read().error, "error", "message"));
        }
    }

    @Test
    @DisplayName("trap 41: a frame that was cut off with the next one glued to it is passed over")
    void gluedFramesAreFoundAgain() {
        ChunkStream.Outcome outcome = ChunkStream.of(
                content("a"),
                "{\"id\":\"2026051004data: " + content("b"),
                "{\"id\":\"1data:{\"id\":\"2data: " + content("c"),
                finish("stop"),
                DONE);
        assertComplete(outcome);
        assertEquals("abc", outcome.read().texts("text", "text"));
    }

    @Test
    @DisplayName("trap 41: what is no JSON and cannot be passed over is an error")
    void whatIsNoJsonIsAnError() {
        for (String data : List.of(
                "{\"choices\":[{\"delta\":{\"content\":\"b", "data: {", "data:", "oops", "data: {\"x\"data: {")) {
            ChunkStream.Outcome outcome = ChunkStream.of(content("a"), data, finish("stop"), DONE);
            assertEquals(Progress.FAILED, outcome.progress(), data);
            assertEquals("a", outcome.read().texts("text", "text"));
            assertEquals(502, outcome.error().status());
        }
    }

    @Test
    void emptyDataAndCommentsSayNothing() {
        byte[] body = (": OPENROUTER PROCESSING\r\n\r\ndata:\r\n\r\ndata: " + content("x")
                        + "\r\n\r\n: keep-alive\r\n\r\n" + "data: " + finish("stop") + "\r\n\r\ndata: [DONE]\r\n\r\n")
                .getBytes(UTF_8);
        assertComplete(ChunkStream.bytes(new ChunksToMessageEvents(), ChunkStream.request(), body));
    }

    @Test
    void aTranslatorIsUsedAgain() {
        ChunksToMessageEvents translator = new ChunksToMessageEvents();
        List<List<String>> streams = List.of(
                List.of(
                        content("half"),
                        delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\","
                                + "\"arguments\":\"{\"}}]"),
                        content("held")),
                List.of(delta("\"refusal\":\"no\""), finish("length"), usage(5, 5), DONE),
                List.of(content("x"), DONE));
        for (List<String> events : streams) {
            byte[] body = ChunkStream.sse(events);
            String fresh = ChunkStream.bytes(new ChunksToMessageEvents(), ChunkStream.request(), body)
                    .text();
            assertEquals(
                    fresh,
                    ChunkStream.bytes(translator, ChunkStream.request(), body).text());
        }
    }
}
