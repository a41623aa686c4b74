package dev.slipstream.bench.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenAI's {@code /chat/completions} and the older {@code /completions}. */
final class ChatAnswers {
    private final Sse sse;

    ChatAnswers(Sse sse) {
        this.sse = sse;
    }

    Map<String, @Nullable Object> whole(Composition answer) {
        Map<String, @Nullable Object> message = Json.object("role", "assistant");
        message.put("content", answer.toolCalls() > 0 ? null : answer.text());
        if (answer.reasoningTokens() > 0) {
            message.put("reasoning_content", answer.reasoningText());
        }
        message.put("refusal", null);
        if (answer.toolCalls() > 0) {
            List<Object> calls = new ArrayList<>();
            for (int call = 0; call < answer.toolCalls(); call++) {
                calls.add(Json.object(
                        "id",
                        answer.callId("call_", call),
                        "type",
                        "function",
                        "function",
                        Json.object("name", answer.request().toolName, "arguments", answer.toolArguments())));
            }
            message.put("tool_calls", calls);
        }
        message.put("annotations", List.of());
        Map<String, @Nullable Object> completion = head(answer, "chat.completion");
        completion.put(
                "choices",
                List.of(Json.object(
                        "index", 0, "message", message, "logprobs", null, "finish_reason", finishReason(answer))));
        completion.put("usage", answer.usage().chat());
        completion.put("service_tier", "default");
        completion.put("system_fingerprint", "fp_simulated");
        return completion;
    }

    /** Usage comes in a chunk of its own, and only where the client asked for it. */
    Pieces stream(Composition answer) {
        StreamPieces pieces = new StreamPieces();
        pieces.event(chunk(answer, Json.object("role", "assistant", "content", "", "refusal", null), null));
        pieces.tokens(
                answer.wordEvents(
                        answer.reasoningTokens(), word -> chunk(answer, Json.object("reasoning_content", word), null)),
                answer.reasoningTokens());
        for (int call = 0; call < answer.toolCalls(); call++) {
            int index = call;
            Map<String, @Nullable Object> function = Json.object("name", answer.request().toolName, "arguments", "");
            pieces.event(chunk(
                    answer,
                    callDelta(Json.object(
                            "index",
                            index,
                            "id",
                            answer.callId("call_", call),
                            "type",
                            "function",
                            "function",
                            function)),
                    null));
            List<byte[]> fragments = answer.argumentEvents(fragment -> chunk(
                    answer,
                    callDelta(Json.object("index", index, "function", Json.object("arguments", fragment))),
                    null));
            pieces.tokens(fragments, fragments.size());
        }
        pieces.tokens(
                answer.wordEvents(answer.tokens(), word -> chunk(answer, Json.object("content", word), null)),
                answer.tokens());
        pieces.event(chunk(answer, Json.object(), finishReason(answer)));
        usageChunk(pieces, answer, "chat.completion.chunk");
        return pieces.event(Sse.DONE);
    }

    Map<String, @Nullable Object> wholeText(Composition answer) {
        Map<String, @Nullable Object> completion = head(answer, "text_completion");
        completion.put("choices", List.of(textChoice(answer.text(), finishReason(answer))));
        completion.put("usage", answer.usage().chat());
        return completion;
    }

    Pieces streamText(Composition answer) {
        StreamPieces pieces = new StreamPieces();
        pieces.tokens(answer.wordEvents(answer.tokens(), word -> textChunk(answer, word, null)), answer.tokens());
        pieces.event(textChunk(answer, "", finishReason(answer)));
        usageChunk(pieces, answer, "text_completion");
        return pieces.event(Sse.DONE);
    }

    private byte[] chunk(Composition answer, Map<String, @Nullable Object> delta, @Nullable String finishReason) {
        Map<String, @Nullable Object> chunk = head(answer, "chat.completion.chunk");
        chunk.put("service_tier", "default");
        chunk.put("system_fingerprint", "fp_simulated");
        chunk.put(
                "choices",
                List.of(Json.object("index", 0, "delta", delta, "logprobs", null, "finish_reason", finishReason)));
        if (wantsUsage(answer)) {
            chunk.put("usage", null);
        }
        return sse.data(chunk);
    }

    private byte[] textChunk(Composition answer, String text, @Nullable String finishReason) {
        Map<String, @Nullable Object> chunk = head(answer, "text_completion");
        chunk.put("choices", List.of(textChoice(text, finishReason)));
        return sse.data(chunk);
    }

    private void usageChunk(StreamPieces pieces, Composition answer, String object) {
        if (wantsUsage(answer)) {
            Map<String, @Nullable Object> chunk = head(answer, object);
            chunk.put("choices", List.of());
            chunk.put("usage", answer.usage().chat());
            pieces.event(sse.data(chunk));
        }
    }

    private static boolean wantsUsage(Composition answer) {
        return Boolean.TRUE.equals(
                Json.child(answer.request().body, "stream_options").get("include_usage"));
    }

    private static Map<String, @Nullable Object> textChoice(String text, @Nullable String finishReason) {
        return Json.object("text", text, "index", 0, "logprobs", null, "finish_reason", finishReason);
    }

    private static Map<String, @Nullable Object> callDelta(Map<String, @Nullable Object> call) {
        return Json.object("tool_calls", List.of(call));
    }

    private static Map<String, @Nullable Object> head(Composition answer, String object) {
        return Json.object(
                "id",
                (object.equals("text_completion") ? "cmpl-" : "chatcmpl-") + answer.id(),
                "object",
                object,
                "created",
                answer.createdSeconds(),
                "model",
                answer.request().model);
    }

    private static String finishReason(Composition answer) {
        if (answer.toolCalls() > 0) {
            return "tool_calls";
        }
        return answer.limited() ? "length" : "stop";
    }
}
