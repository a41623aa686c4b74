package dev.slipstream.bench.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenAI's {@code /responses}: items instead of choices, and typed, numbered events. */
final class ResponsesAnswers {
    private final Sse sse;

    ResponsesAnswers(Sse sse) {
        this.sse = sse;
    }

    Map<String, @Nullable Object> whole(Composition answer) {
        List<Object> output = new ArrayList<>();
        for (int call = 0; call < answer.toolCalls(); call++) {
            output.add(functionCall(answer, call, answer.toolArguments(), "completed"));
        }
        if (answer.toolCalls() == 0) {
            output.add(message(answer, List.of(textPart(answer.text())), "completed"));
        }
        return response(answer, output, answer.limited() ? "incomplete" : "completed");
    }

    Pieces stream(Composition answer) {
        Events events = new Events();
        for (String type : List.of("response.created", "response.in_progress")) {
            events.add(type, "response", response(answer, List.of(), "in_progress"));
        }
        for (int call = 0; call < answer.toolCalls(); call++) {
            String id = answer.callId("fc_", call);
            events.add(
                    "response.output_item.added",
                    "output_index",
                    call,
                    "item",
                    functionCall(answer, call, "", "in_progress"));
            for (String fragment : ToolArguments.fragments(answer.toolArguments())) {
                events.addToken(
                        "response.function_call_arguments.delta",
                        "item_id",
                        id,
                        "output_index",
                        call,
                        "delta",
                        fragment);
            }
            events.add(
                    "response.function_call_arguments.done",
                    "item_id",
                    id,
                    "output_index",
                    call,
                    "name",
                    answer.request().toolName,
                    "arguments",
                    answer.toolArguments());
            events.add(
                    "response.output_item.done",
                    "output_index",
                    call,
                    "item",
                    functionCall(answer, call, answer.toolArguments(), "completed"));
        }
        if (answer.toolCalls() == 0) {
            text(events, answer);
        }
        Map<String, @Nullable Object> whole = whole(answer);
        events.add("response." + Json.text(whole, "status"), "response", whole);
        return events.pieces;
    }

    private static void text(Events events, Composition answer) {
        String id = "msg_" + answer.id();
        events.add("response.output_item.added", "output_index", 0, "item", message(answer, List.of(), "in_progress"));
        events.addPart("response.content_part.added", id, "part", textPart(""));
        for (int i = 0; i < answer.tokens(); i++) {
            // Each event has a number of its own, so that none can be reused as in the other dialects.
            events.addToken(
                    "response.output_text.delta",
                    "item_id",
                    id,
                    "output_index",
                    0,
                    "content_index",
                    0,
                    "delta",
                    answer.words().token(i),
                    "logprobs",
                    List.of());
        }
        events.addPart("response.output_text.done", id, "text", answer.text());
        events.addPart("response.content_part.done", id, "part", textPart(answer.text()));
        events.add(
                "response.output_item.done",
                "output_index",
                0,
                "item",
                message(answer, List.of(textPart(answer.text())), "completed"));
    }

    private static Map<String, @Nullable Object> textPart(String text) {
        return Json.object("type", "output_text", "text", text, "annotations", List.of(), "logprobs", List.of());
    }

    private static Map<String, @Nullable Object> message(Composition answer, List<Object> content, String status) {
        return Json.object(
                "id",
                "msg_" + answer.id(),
                "type",
                "message",
                "status",
                status,
                "role",
                "assistant",
                "content",
                content);
    }

    private static Map<String, @Nullable Object> functionCall(
            Composition answer, int call, String arguments, String status) {
        return Json.object(
                "id",
                answer.callId("fc_", call),
                "type",
                "function_call",
                "status",
                status,
                "call_id",
                answer.callId("call_", call),
                "name",
                answer.request().toolName,
                "arguments",
                arguments);
    }

    private static Map<String, @Nullable Object> response(Composition answer, List<Object> output, String status) {
        Map<String, @Nullable Object> body = answer.request().body;
        return Json.object(
                "id",
                "resp_" + answer.id(),
                "object",
                "response",
                "created_at",
                answer.createdSeconds(),
                "status",
                status,
                "error",
                null,
                "incomplete_details",
                status.equals("incomplete") ? Json.object("reason", "max_output_tokens") : null,
                "instructions",
                body.get("instructions"),
                "metadata",
                Map.of(),
                "model",
                answer.request().model,
                "output",
                output,
                "parallel_tool_calls",
                true,
                "temperature",
                1.0,
                "tool_choice",
                "auto",
                "tools",
                Json.list(body, "tools"),
                "top_p",
                1.0,
                "usage",
                status.equals("in_progress") ? null : answer.usage().responses());
    }

    /** Numbers the events as it collects them. */
    private final class Events {
        private final StreamPieces pieces = new StreamPieces();
        private int sequence;

        void add(String type, @Nullable Object... keysAndValues) {
            pieces.event(numbered(type, keysAndValues));
        }

        void addToken(String type, @Nullable Object... keysAndValues) {
            pieces.tokens(List.of(numbered(type, keysAndValues)), 1);
        }

        void addPart(String type, String itemId, String key, Object value) {
            Map<String, @Nullable Object> event =
                    Json.object("item_id", itemId, "output_index", 0, "content_index", 0, key, value);
            if (key.equals("text")) {
                event.put("logprobs", List.of());
            }
            pieces.event(numbered(type, event));
        }

        private byte[] numbered(String type, @Nullable Object[] keysAndValues) {
            return numbered(type, Json.object(keysAndValues));
        }

        private byte[] numbered(String type, Map<String, @Nullable Object> members) {
            Map<String, @Nullable Object> event = Json.object("type", type, "sequence_number", sequence++);
            event.putAll(members);
            return sse.typed(event);
        }
    }
}
