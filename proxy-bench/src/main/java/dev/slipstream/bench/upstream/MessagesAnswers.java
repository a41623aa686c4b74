package dev.slipstream.bench.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Anthropic's {@code /v1/messages}. */
final class MessagesAnswers {
    /** Clients carry it back unread; a real one is a signature over the thinking. */
    private static final String SIGNATURE = "c2ltdWxhdGVk";

    private final Sse sse;

    MessagesAnswers(Sse sse) {
        this.sse = sse;
    }

    Map<String, @Nullable Object> whole(Composition answer) {
        List<Object> content = new ArrayList<>();
        if (answer.reasoningTokens() > 0) {
            content.add(Json.object("type", "thinking", "thinking", answer.reasoningText(), "signature", SIGNATURE));
        }
        for (int call = 0; call < answer.toolCalls(); call++) {
            content.add(toolUse(answer, call, answer.toolInput()));
        }
        if (answer.toolCalls() == 0) {
            content.add(Json.object("type", "text", "text", answer.text(), "citations", null));
        }
        return message(answer, content, stopReason(answer), answer.usage().output());
    }

    Pieces stream(Composition answer) {
        StreamPieces pieces = new StreamPieces();
        pieces.event(sse.typed(Json.object("type", "message_start", "message", message(answer, List.of(), null, 1))));
        int index = 0;
        if (answer.reasoningTokens() > 0) {
            start(pieces, index, Json.object("type", "thinking", "thinking", "", "signature", ""));
            int block = index++;
            pieces.tokens(
                    answer.wordEvents(
                            answer.reasoningTokens(), word -> delta(block, "thinking_delta", "thinking", word)),
                    answer.reasoningTokens());
            pieces.event(delta(block, "signature_delta", "signature", SIGNATURE));
            stop(pieces, block);
        }
        for (int call = 0; call < answer.toolCalls(); call++) {
            int block = index++;
            start(pieces, block, toolUse(answer, call, Map.of()));
            // The provider's own streams begin every tool's input with an empty fragment.
            pieces.event(delta(block, "input_json_delta", "partial_json", ""));
            List<byte[]> fragments =
                    answer.argumentEvents(fragment -> delta(block, "input_json_delta", "partial_json", fragment));
            pieces.tokens(fragments, fragments.size());
            stop(pieces, block);
        }
        if (answer.toolCalls() == 0) {
            int block = index;
            start(pieces, block, Json.object("type", "text", "text", ""));
            pieces.tokens(
                    answer.wordEvents(answer.tokens(), word -> delta(block, "text_delta", "text", word)),
                    answer.tokens());
            stop(pieces, block);
        }
        pieces.event(sse.typed(Json.object(
                "type",
                "message_delta",
                "delta",
                Json.object("stop_reason", stopReason(answer), "stop_sequence", null),
                "usage",
                Json.object(
                        "input_tokens",
                        answer.usage().input() - answer.usage().cached(),
                        "cache_creation_input_tokens",
                        0,
                        "cache_read_input_tokens",
                        answer.usage().cached(),
                        "output_tokens",
                        answer.usage().output()))));
        return pieces.event(sse.typed(Json.object("type", "message_stop")));
    }

    private void start(StreamPieces pieces, int index, Map<String, @Nullable Object> block) {
        pieces.event(sse.typed(Json.object("type", "content_block_start", "index", index, "content_block", block)));
        if (index == 0) {
            pieces.event(sse.typed(Json.object("type", "ping")));
        }
    }

    private void stop(StreamPieces pieces, int index) {
        pieces.event(sse.typed(Json.object("type", "content_block_stop", "index", index)));
    }

    private byte[] delta(int index, String type, String key, String value) {
        return sse.typed(Json.object(
                "type", "content_block_delta", "index", index, "delta", Json.object("type", type, key, value)));
    }

    private static Map<String, @Nullable Object> toolUse(
            Composition answer, int call, Map<String, @Nullable Object> input) {
        return Json.object(
                "type",
                "tool_use",
                "id",
                answer.callId("toolu_", call),
                "name",
                answer.request().toolName,
                "input",
                input);
    }

    private static Map<String, @Nullable Object> message(
            Composition answer, List<Object> content, @Nullable String stopReason, int outputSoFar) {
        return Json.object(
                "id",
                "msg_" + answer.id(),
                "type",
                "message",
                "role",
                "assistant",
                "model",
                answer.request().model,
                "content",
                content,
                "stop_reason",
                stopReason,
                "stop_sequence",
                null,
                "usage",
                answer.usage().anthropic(outputSoFar));
    }

    private static String stopReason(Composition answer) {
        if (answer.toolCalls() > 0) {
            return "tool_use";
        }
        return answer.limited() ? "max_tokens" : "end_turn";
    }
}
