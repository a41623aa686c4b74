package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.CompletionAnswer.Call;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessageToCompletionTest {
    private static final String USAGE =
            ",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":3,\"cache_read_input_tokens\":4,"
                    + "\"output_tokens\":25}";

    private final TranslatedRequest request = new TranslatedRequest();
    private final MessageToCompletion translation = new MessageToCompletion();
    private final JsonOutput out = new JsonOutput();

    private static String message(String content, String stopReason, String more) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":["
                + content + "],\"stop_reason\":" + stopReason + ",\"stop_sequence\":null" + more + "}";
    }

    private CompletionAnswer answerTo(String content) {
        return ChunkTranslation.whole(message(content, "\"end_turn\"", USAGE), request);
    }

    private String failureOf(String document) {
        out.reset(false);
        assertFalse(translation.translate(ChunkTranslation.tree(document), request, "id", 1, out), document);
        assertEquals(0, out.length());
        return translation.error().status() + " " + translation.error().message();
    }

    @Test
    void aMessageIsACompletion() {
        assertTrue(translation.translate(
                ChunkTranslation.tree(message("{\"type\":\"text\",\"text\":\"Hi\"}", "\"end_turn\"", USAGE)),
                request,
                "id",
                1_700_000_000,
                out));
        assertEquals(
                "{\"id\":\"chatcmpl-msg_1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"claude-x\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null},"
                        + "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":17,"
                        + "\"completion_tokens\":25,\"total_tokens\":42,\"prompt_tokens_details\":{\"cached_tokens\":4,"
                        + "\"cache_write_tokens\":3}}}",
                new String(out.bytes(), 0, out.length(), UTF_8));
    }

    @Test
    @DisplayName("trap 24: all blocks of text are told, in order, and thinking apart")
    void allTextsAreTold() {
        CompletionAnswer answer = answerTo("{\"type\":\"thinking\",\"thinking\":\"one \",\"signature\":\"s\"},"
                + "{\"type\":\"text\",\"text\":\"a \\ud83d\\ude80\",\"citations\":[{\"cited_text\":\"c\"}]},"
                + "{\"type\":\"redacted_thinking\",\"data\":\"x\"},"
                + "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu\",\"name\":\"web_search\",\"input\":{}},"
                + "{\"type\":\"web_search_tool_result\",\"content\":[{\"type\":\"text\",\"text\":\"no\"}]},"
                + "{\"type\":\"thinking\",\"thinking\":\"two\"},{\"type\":\"text\",\"text\":\"\\n b\"}");
        assertEquals("a 🚀\n b", answer.content());
        assertEquals("one two", answer.reasoning());
        assertEquals(List.of(), answer.calls());
    }

    @Test
    @DisplayName("traps 20, 35: arguments are compact text, {} where there are none")
    void argumentsAreText() {
        String call = "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"";
        CompletionAnswer answer = answerTo(call + ",\"input\":{ \"a\" : [ 1.50 , \"x \\\" \\u00e9\" ] }}," + call + "},"
                + call + ",\"input\":{}}," + call + ",\"input\":null}," + call + ",\"input\":\"{\\\"b\\\":1}\"}," + call
                + ",\"input\":\" \"}");
        assertEquals(
                List.of("{\"a\":[1.50,\"x \\\" \\u00e9\"]}", "{}", "{}", "{}", "{\"b\":1}", "{}"),
                answer.calls().stream().map(Call::arguments).toList());
        assertNull(answer.content());
        assertEquals("tool_calls", answer.finish());
    }

    @Test
    @DisplayName("traps 3, 6: ids pass, missing ones are made up, renamed tools have their name again")
    void idsAndNames() {
        request.toolNames().put("short", "long name");
        CompletionAnswer answer = answerTo("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"short\",\"input\":{}},"
                + "{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{}}");
        assertEquals(
                List.of(new Call("toolu_1", "long name", "{}"), new Call("call_0123-ab_1", "f", "{}")), answer.calls());
    }

    @Test
    @DisplayName("trap 23: what stopped it is not told, and does not make an end of another kind")
    void stopSequences() {
        String body =
                message("", "\"stop_sequence\"", USAGE).replace("\"stop_sequence\":null", "\"stop_sequence\":\"X\"");
        assertEquals("stop", ChunkTranslation.whole(body, request).finish());
        assertEquals(
                "content_filter",
                ChunkTranslation.whole(
                                message(
                                        "",
                                        "\"refusal\"",
                                        ",\"stop_details\":{\"type\":\"refusal\",\"explanation\":\"e\"}" + USAGE),
                                request)
                        .finish());
        assertEquals(
                "stop",
                ChunkTranslation.whole(message("", "null", USAGE), request).finish());
    }

    @Test
    @DisplayName("trap 25: an empty message has no content, not an empty one")
    void anEmptyMessageHasNoContent() {
        assertNull(answerTo("").content());
        assertNull(answerTo("{\"type\":\"text\",\"text\":\"\"}").content());
        assertNull(answerTo("{\"type\":\"text\"},{\"text\":\"no type\"},7,null,[],{\"type\":\"text\",\"text\":7}")
                .content());
    }

    @Test
    @DisplayName("trap 26: without usage there is none")
    void missingUsage() {
        for (String usage :
                List.of("", ",\"usage\":null", ",\"usage\":{}", ",\"usage\":[]", ",\"usage\":{\"output_tokens\":1}")) {
            assertNull(
                    ChunkTranslation.whole(message("", "null", usage), request).usage(), usage);
        }
    }

    @Test
    void usageIsScaledOnTheInputSide() {
        request.setScale(new TokenScale(3, 2));
        // 17 become 25.5, rounded up; 4 and 3 become 6 and 4.5.
        assertEquals(List.of(26L, 25L, 6L, 5L, -1L), answerTo("").usage());
        request.setScale(new TokenScale(1, 1_000_000));
        // No part that is there vanishes, and the three of them are the total.
        assertEquals(List.of(3L, 25L, 1L, 1L, -1L), answerTo("").usage());
    }

    @Test
    @DisplayName("trap 28: an error that came with status 200 is an error")
    void errorsWithASuccess() {
        assertEquals(
                "529 Overloaded",
                failureOf("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
        String noMessage = "502 The provider's answer is no message";
        assertEquals(noMessage, failureOf("{\"type\":\"message\"}"));
        assertEquals(noMessage, failureOf("[]"));
        assertEquals(noMessage, failureOf("\"text\""));
        assertEquals(noMessage, failureOf("{\"content\":\"text\"}"));
        assertEquals(
                "502 The provider's answer calls a tool without a name",
                failureOf(message("{\"type\":\"tool_use\",\"id\":\"t\"}", "null", "")));
    }

    @Test
    void longTextsAreNotedAndNotCopied() {
        String text = "x".repeat(5000);
        JsonTree in = ChunkTranslation.tree(message("{\"type\":\"text\",\"text\":\"" + text + "\"}", "null", USAGE));
        out.reset(true);
        assertTrue(translation.translate(in, request, "id", 1, out));
        assertEquals(1, out.noteCount());
        assertTrue(out.length() < 1000);
        ByteBuf whole = Unpooled.buffer();
        out.writeTo(whole, in.text());
        assertEquals(text, CompletionAnswer.whole(whole.toString(UTF_8)).content());
        assertEquals(out.documentBytes(), whole.readableBytes());
    }
}
