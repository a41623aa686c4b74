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
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionToMessageTest {
    private final CompletionToMessage translation = new CompletionToMessage();
    private final JsonOutput out = new JsonOutput();

    private static JsonTree parsed(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        JsonTree tree = new JsonTree();
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse(), json);
        return tree;
    }

    private String written(String completion, TranslatedRequest request) {
        out.reset(false);
        assertTrue(
                translation.translate(parsed(completion), request, "made-up", out),
                () -> translation.error().message());
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }

    private Map<?, ?> translated(String completion) {
        Map<?, ?> message = ParsedJson.object(written(completion, ChunkStream.request()));
        AnthropicShape.message(message);
        return message;
    }

    private static String completion(String message, String finish) {
        return "{\"id\":\"chatcmpl-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{" + message
                + "},\"finish_reason\":\"" + finish + "\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}";
    }

    private static String call(String arguments) {
        return "\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                + "\"arguments\":" + arguments + "}}]";
    }

    @Test
    void theMessageIsWritten() {
        assertEquals(
                "{\"id\":\"msg_chatcmpl-1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":["
                        + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                        + "{\"type\":\"text\",\"text\":\"Hi \\ud83d\\u00e9\"},"
                        + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"f\",\"input\":{\"x\": 1.0}}],"
                        + "\"stop_reason\":\"tool_use\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":5,"
                        + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":2}}",
                written(
                        completion(
                                "\"reasoning_content\":\"hm\","
                                        + call("\"{\\\"x\\\": 1.0}\"").replace("null", "\"Hi \\ud83d\\u00e9\""),
                                "tool_calls"),
                        ChunkStream.request()));
    }

    @Test
    @DisplayName("trap 24: all parts of a content that is a list; trap 43: thinking first")
    void allPartsAreKept() {
        assertEquals(
                "[{type=thinking, thinking=ab, signature=}, {type=text, text=cd}]",
                String.valueOf(translated(completion(
                                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"a\"},"
                                        + "{\"type\":\"text\",\"text\":\"b\"}]},{\"type\":\"text\",\"text\":\"c\"},"
                                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}},"
                                        + "{\"type\":\"text\",\"text\":\"d\"}]",
                                "stop"))
                        .get("content")));
    }

    /** Recorded of Cloudflare, asked for an answer in JSON. */
    @Test
    void aContentThatIsAnObjectIsItsText() {
        assertEquals(
                "[{type=thinking, thinking=hm, signature=}, {type=text, text={\"a\":[1.0,\"\\u00e9\"]}}]",
                String.valueOf(translated(completion(
                                "\"reasoning_content\":\"hm\",\"content\": { \"a\" : [1.0, \"\\u00e9\"] }", "stop"))
                        .get("content")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"content\":\"\"",
                "\"content\":null",
                "\"content\":[]",
                "\"role\":\"assistant\",\"tool_calls\":[]"
            })
    @DisplayName("trap 25: an empty content is no block")
    void anEmptyContentIsNoBlock(String message) {
        assertEquals(
                "[]", String.valueOf(translated(completion(message, "stop")).get("content")));
    }

    @ParameterizedTest
    @CsvSource({
        "stop, tool_use, end_turn",
        "eos, tool_use, end_turn",
        "tool_calls, tool_use, end_turn",
        "length, max_tokens, max_tokens",
        "content_filter, refusal, refusal",
        "sensitive, refusal, refusal",
        "model_context_window_exceeded, model_context_window_exceeded, model_context_window_exceeded"
    })
    @DisplayName("trap 21: finish stop with tools; trap 27: sensitive; trap 23: stop_sequence is null")
    void theStopReasonFollowsFromWhatWasCalled(String finish, String withCall, String without) {
        assertEquals(withCall, translated(completion(call("\"{}\""), finish)).get("stop_reason"));
        assertEquals(
                without, translated(completion("\"content\":\"x\"", finish)).get("stop_reason"));
    }

    @Test
    void aRefusalIsTextAndTheReasonToStop() {
        Map<?, ?> message = translated(completion("\"content\":null,\"refusal\":\"no\"", "stop"));
        assertEquals("no", textAt(message, "content", 0, "text"));
        assertEquals("refusal", message.get("stop_reason"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"null\"",
                "\"[1]\"",
                "\"{\\\"x\\\":\"",
                "\"{} {}\"",
                "\"\\\"{}\\\"\"",
                "null",
                "7",
                "[]"
            })
    @DisplayName("trap 20, trap 35: an input is an object, whatever the arguments are")
    void anInputIsAlwaysAnObject(String arguments) {
        assertEquals(Map.of(), at(translated(completion(call(arguments), "tool_calls")), "content", 0, "input"));
    }

    @Test
    void argumentsMayBeAnObject() {
        assertEquals(
                "[1]",
                String.valueOf(
                        at(translated(completion(call("{\"x\":[1]}"), "tool_calls")), "content", 0, "input", "x")));
    }

    @Test
    @DisplayName("trap 35: text of an input keeps its escapes")
    void textsOfAnInputKeepTheirEscapes() {
        String text = written(
                completion(call("\"{\\\"x\\\":\\\"\\\\ud83d \\\\\\\"é\\\\n\\\"}\""), "tool_calls"),
                ChunkStream.request());
        assertTrue(text.contains("\"input\":{\"x\":\"\\ud83d \\\"é\\n\"}"), text);
    }

    @Test
    @DisplayName("trap 3, trap 6: ids and names as the client has them")
    void idsAndNamesAreTheClients() {
        TranslatedRequest request = ChunkStream.request();
        request.toolNames().put("short", "a_long_name");
        String message = "\"tool_calls\":[{\"id\":\"functions.add:0\",\"function\":{\"name\":\"short\"}},"
                + "{\"function\":{\"name\":\"f\"}},{\"id\":\"\",\"function\":{\"name\":null,\"arguments\":\"\"}}],"
                + "\"function_call\":{\"name\":\"g\",\"arguments\":\"{}\"}";
        Map<?, ?> translated = ParsedJson.object(written(completion(message, "tool_calls"), request));
        assertEquals(
                "[{type=tool_use, id=functions_add_0, name=a_long_name, input={}}, "
                        + "{type=tool_use, id=toolu_made-up_1, name=f, input={}}, "
                        + "{type=tool_use, id=toolu_made-up_2, name=g, input={}}]",
                String.valueOf(translated.get("content")));
    }

    @Test
    @DisplayName("trap 26: without usage the figures are there; trap 22: cached tokens are not counted twice")
    void figuresAreAlwaysThere() {
        for (String usage :
                new String[] {"null", "{}", "[]", "{\"prompt_tokens\":null,\"prompt_tokens_details\":null}"}) {
            Map<?, ?> message = translated("{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":" + usage + "}");
            assertEquals(7, numberAt(message, "usage", "input_tokens"));
            assertEquals("end_turn", message.get("stop_reason"));
            assertEquals("asked", message.get("model"));
            assertEquals("msg_made-up", message.get("id"));
        }
        Object usage = translated("{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":10,"
                        + "\"completion_tokens\":3,\"prompt_cache_hit_tokens\":4}}")
                .get("usage");
        assertEquals(6, numberAt(usage, "input_tokens"));
        assertEquals(4, numberAt(usage, "cache_read_input_tokens"));
    }

    @Test
    void moreFromTheCacheThanThereWasIsAllThereWas() {
        Object usage = translated(
                        "{\"choices\":[{\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":347,"
                                + "\"completion_tokens\":18,\"prompt_tokens_details\":{\"cached_tokens\":403,\"cache_write_tokens\":9}}}")
                .get("usage");
        assertEquals(0, numberAt(usage, "input_tokens"));
        assertEquals(347, numberAt(usage, "cache_read_input_tokens"));
        assertEquals(0, numberAt(usage, "cache_creation_input_tokens"));
    }

    @Test
    void figuresAreScaled() {
        TranslatedRequest request = ChunkStream.request();
        request.setScale(new TokenScale(200_000, 100_000));
        Map<?, ?> message = ParsedJson.object(written(completion("\"content\":\"x\"", "stop"), request));
        assertEquals(10, numberAt(message, "usage", "input_tokens"));
        assertEquals(2, numberAt(message, "usage", "output_tokens"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"no\",\"code\":402}} | 402",
                "{\"code\":500,\"msg\":\"404 NOT_FOUND\",\"success\":false} | 404",
                "{\"choices\":[{\"error\":{\"code\":429,\"message\":\"slow\"},\"message\":{\"content\":\"\"}}]} | 429",
                "{\"choices\":[{\"message\":{\"content\":\"ha\"},\"finish_reason\":\"network_error\"}]} | 502",
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]}}]} | 502",
                "{\"choices\":[]} | 502",
                "{\"choices\":[{}]} | 502",
                "{\"choices\":{}} | 502",
                "{} | 502",
                "[] | 502",
                "null | 502",
                "\"<html>\" | 502"
            })
    @DisplayName("trap 28: an error inside a 200, and what is no completion, are errors")
    void anErrorInsideASuccessIsAnError(String body, int status) {
        assertFalse(translation.translate(parsed(body), ChunkStream.request(), "id", out));
        assertEquals(0, out.length());
        assertEquals(status, translation.error().statusFor(Dialect.ANTHROPIC));
        assertFalse(translation.error().message().isEmpty());
    }

    @Test
    void aFilteredAnswerWithoutAMessageIsARefusal() {
        Map<?, ?> message = translated("{\"choices\":[{\"index\":0,\"finish_reason\":\"content_filter\"}]}");
        assertEquals("refusal", message.get("stop_reason"));
        assertEquals("[]", String.valueOf(message.get("content")));
    }

    @Test
    void longTextsAreNotedAndStandWhereTheyBelong() {
        String text = "x".repeat(JsonOutput.MIN_NOTED_BYTES * 3);
        String completion = completion("\"reasoning\":\"" + text + "\",\"content\":\"" + text + "y\"", "stop");
        String expected = written(completion, ChunkStream.request());
        JsonTree tree = parsed(completion);
        out.reset(true);
        assertTrue(translation.translate(tree, ChunkStream.request(), "made-up", out));
        assertEquals(2, out.noteCount());
        ByteBuf noted = Unpooled.buffer();
        try {
            out.writeTo(noted, tree.text());
            assertEquals(expected, noted.toString(UTF_8));
        } finally {
            noted.release();
        }
    }
}
