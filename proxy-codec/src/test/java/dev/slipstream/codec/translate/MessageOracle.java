package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A message as a client of the Anthropic dialect reads it, whole or streamed: by maps, without the code under test. */
final class MessageOracle {
    private final Map<Long, Map<String, Object>> blocks = new TreeMap<>();
    private final Map<Long, StringBuilder> fragments = new TreeMap<>();
    private final Map<String, Object> usage = new LinkedHashMap<>();
    private String id = "";
    private String model = "";
    private @Nullable String stopReason;

    void message(Map<?, ?> message) {
        id = CompletionAnswer.text(message.get("id"));
        model = CompletionAnswer.text(message.get("model"));
        stopReason = (String) message.get("stop_reason");
        mergeUsage(message.get("usage"));
        for (Object block : CompletionAnswer.list(message.get("content"))) {
            blocks.put((long) blocks.size(), copy(block));
        }
    }

    void event(Map<?, ?> event) {
        switch (CompletionAnswer.text(event.get("type"))) {
            case "message_start" -> message(CompletionAnswer.object(event.get("message")));
            case "content_block_start" ->
                blocks.put(CompletionAnswer.number(event.get("index")), copy(event.get("content_block")));
            case "content_block_delta" ->
                delta(CompletionAnswer.number(event.get("index")), CompletionAnswer.object(event.get("delta")));
            case "message_delta" -> {
                stopReason =
                        (String) CompletionAnswer.object(event.get("delta")).get("stop_reason");
                mergeUsage(event.get("usage"));
            }
            default -> {}
        }
    }

    private void delta(long index, Map<?, ?> delta) {
        Map<String, Object> block = Objects.requireNonNull(blocks.get(index));
        switch (CompletionAnswer.text(delta.get("type"))) {
            case "text_delta" ->
                block.merge("text", CompletionAnswer.text(delta.get("text")), (a, b) -> a + (String) b);
            case "thinking_delta" ->
                block.merge("thinking", CompletionAnswer.text(delta.get("thinking")), (a, b) -> a + (String) b);
            case "input_json_delta" ->
                fragments.computeIfAbsent(index, i -> new StringBuilder()).append(delta.get("partial_json"));
            default -> {}
        }
    }

    private void mergeUsage(@Nullable Object told) {
        if (told instanceof Map<?, ?> figures) {
            figures.forEach((key, value) -> {
                if (value != null) {
                    usage.put((String) key, value);
                }
            });
        }
    }

    private static Map<String, Object> copy(@Nullable Object block) {
        Map<String, Object> copy = new LinkedHashMap<>();
        CompletionAnswer.object(block).forEach((key, value) -> copy.put((String) key, value));
        return copy;
    }

    private Object input(long index) {
        StringBuilder fragment = fragments.get(index);
        Object start = Objects.requireNonNull(blocks.get(index)).get("input");
        return Objects.requireNonNull(
                fragment == null || fragment.isEmpty() ? start : CompletionAnswer.json(fragment.toString()));
    }

    private long figure(String key) {
        return usage.get(key) instanceof Number number ? number.longValue() : 0;
    }

    /** The message that the stream amounts to. */
    String whole() {
        List<Object> content = new ArrayList<>();
        blocks.forEach((index, block) -> {
            if ("tool_use".equals(block.get("type"))) {
                block.put("input", input(index));
            }
            content.add(block);
        });
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("model", model);
        message.put("content", content);
        message.put("stop_reason", stopReason);
        message.put("usage", usage);
        return JacksonValues.write(message);
    }

    void assertSame(CompletionAnswer answer, String about) {
        StringBuilder text = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        List<Object> calls = new ArrayList<>();
        blocks.forEach((index, block) -> {
            switch (CompletionAnswer.text(block.get("type"))) {
                case "text" -> text.append(block.get("text"));
                case "thinking" -> thinking.append(block.get("thinking"));
                case "tool_use" -> calls.add(List.of(block.get("id"), block.get("name"), input(index)));
                default -> {}
            }
        });
        assertEquals("chatcmpl-" + id, answer.id(), about);
        assertEquals(model, answer.model(), about);
        assertEquals(text.isEmpty() ? null : text.toString(), answer.content(), about);
        assertEquals(thinking.isEmpty() ? null : thinking.toString(), answer.reasoning(), about);
        List<Object> answered = new ArrayList<>();
        answer.calls()
                .forEach(
                        call -> answered.add(List.of(call.id(), call.name(), CompletionAnswer.json(call.arguments()))));
        assertEquals(calls, answered, about);
        String finish = switch (String.valueOf(stopReason)) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
        assertEquals(finish, answer.finish(), about);
        long prompt =
                figure("input_tokens") + figure("cache_read_input_tokens") + figure("cache_creation_input_tokens");
        long written = usage.containsKey("cache_creation_input_tokens") ? figure("cache_creation_input_tokens") : -1;
        long thought = usage.get("output_tokens_details") instanceof Map<?, ?> details
                        && details.get("thinking_tokens") instanceof Number number
                ? number.longValue()
                : -1;
        assertEquals(
                List.of(prompt, figure("output_tokens"), figure("cache_read_input_tokens"), written, thought),
                answer.usage(),
                about);
    }
}
