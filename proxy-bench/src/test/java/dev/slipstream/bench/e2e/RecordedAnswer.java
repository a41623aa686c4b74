package dev.slipstream.bench.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.codec.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a recorded answer says, read the plain way, all of it at once: the text, the thoughts, the calls, why it stopped and
 * what it cost. Knows nothing of the code under test. What has no counterpart in the other dialect is left out.
 */
final class RecordedAnswer {
    /** {@code arguments} is an object; empty where none were given. */
    record Call(String id, String name, JsonNode arguments) {}

    static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIGURE_UNKNOWN = -1;

    final StringBuilder text = new StringBuilder();
    final StringBuilder thoughts = new StringBuilder();
    final List<Call> calls = new ArrayList<>();
    /** In the words of the recording's dialect; empty: not told. */
    String stop = "";

    boolean refused;
    /** All input tokens, whatever a cache did with them; -1: not told. Likewise below. */
    long inputTokens = FIGURE_UNKNOWN;

    long outputTokens = FIGURE_UNKNOWN;
    long cachedTokens;
    long cacheWriteTokens;
    /** The message of an error that ended a stream, or that is the answer; empty: there is none. */
    String error = "";

    private RecordedAnswer() {}

    static RecordedAnswer of(RecordedExchange exchange) {
        RecordedAnswer answer = new RecordedAnswer();
        String body = exchange.response().body();
        if (exchange.response().status() >= 400) {
            answer.error = json(body).at("/error/message").asText();
        } else if (exchange.dialect() == Dialect.ANTHROPIC) {
            answer.readAnthropic(exchange.streaming() ? events(body) : List.of(), json(body, exchange));
        } else {
            answer.readOpenAi(exchange.streaming() ? events(body) : List.of(), json(body, exchange));
        }
        return answer;
    }

    private static JsonNode json(String body, RecordedExchange exchange) {
        return exchange.streaming() ? MissingNode.getInstance() : json(body);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static List<JsonNode> events(String body) {
        List<JsonNode> events = new ArrayList<>();
        for (String line : body.split("\r\n|\n|\r", -1)) {
            String data =
                    line.startsWith("data:") ? line.substring("data:".length()).strip() : "";
            if (data.startsWith("{")) {
                events.add(json(data));
            }
        }
        return events;
    }

    private static JsonNode arguments(String text) {
        return text.isBlank() ? JSON.createObjectNode() : json(text);
    }

    // ------------------------------------------------------------------ Anthropic

    private void readAnthropic(List<JsonNode> events, JsonNode message) {
        Map<Integer, JsonNode> started = new TreeMap<>();
        Map<Integer, StringBuilder> fragments = new TreeMap<>();
        anthropicEnd(message, message.path("usage"));
        int blocks = 0;
        for (JsonNode block : message.path("content")) {
            anthropicBlock(block, block.path("input"));
            blocks++;
        }
        for (JsonNode event : events) {
            int index = blocks + event.path("index").asInt();
            JsonNode delta = event.path("delta");
            switch (event.path("type").asText()) {
                case "message_start" -> anthropicEnd(event.path("message"), event.at("/message/usage"));
                case "content_block_start" -> started.put(index, event.path("content_block"));
                case "content_block_delta" ->
                    fragments
                            .computeIfAbsent(index, i -> new StringBuilder())
                            .append(delta.path("text").asText())
                            .append(delta.path("thinking").asText())
                            .append(delta.path("partial_json").asText());
                case "message_delta" -> anthropicEnd(delta, event.path("usage"));
                case "error" -> error = event.at("/error/message").asText();
                default -> {}
            }
        }
        started.forEach((index, block) -> {
            String added = fragments.getOrDefault(index, new StringBuilder()).toString();
            boolean isCall = block.path("type").asText().equals("tool_use");
            anthropicBlock(block, isCall ? arguments(added) : MissingNode.getInstance());
            switch (block.path("type").asText()) {
                case "text" -> text.append(added);
                case "thinking" -> thoughts.append(added);
                default -> {}
            }
        });
    }

    private void anthropicBlock(JsonNode block, JsonNode input) {
        switch (block.path("type").asText()) {
            case "text" -> text.append(block.path("text").asText());
            case "thinking" -> thoughts.append(block.path("thinking").asText());
            case "tool_use" ->
                calls.add(new Call(block.path("id").asText(), block.path("name").asText(), input));
            default -> {}
        }
    }

    /** Anthropic's parts of the input are disjoint. */
    private void anthropicEnd(JsonNode told, JsonNode usage) {
        stop = told.path("stop_reason").asText("").equals("null")
                ? stop
                : told.path("stop_reason").asText(stop);
        if (usage.has("input_tokens")) {
            cachedTokens = usage.path("cache_read_input_tokens").asLong();
            cacheWriteTokens = usage.path("cache_creation_input_tokens").asLong();
            inputTokens = usage.path("input_tokens").asLong() + cachedTokens + cacheWriteTokens;
        }
        outputTokens = usage.path("output_tokens").asLong(outputTokens);
    }

    /** Why it stopped, in OpenAI's words. */
    String finishReason() {
        return switch (stop) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }

    // ------------------------------------------------------------------ OpenAI

    private void readOpenAi(List<JsonNode> chunks, JsonNode completion) {
        openAiSaid(completion.at("/choices/0/message"));
        openAiEnd(completion);
        for (JsonNode call : completion.at("/choices/0/message/tool_calls")) {
            calls.add(new Call(
                    call.path("id").asText(),
                    call.at("/function/name").asText(),
                    arguments(call.at("/function/arguments").asText())));
        }
        Map<Integer, String[]> fragments = new TreeMap<>();
        for (JsonNode chunk : chunks) {
            if (chunk.path("error").isObject()) {
                error = chunk.at("/error/message").asText();
                break;
            }
            openAiSaid(chunk.at("/choices/0/delta"));
            openAiEnd(chunk);
            openAiUsage(chunk.at("/x_groq/usage"));
            for (JsonNode call : chunk.at("/choices/0/delta/tool_calls")) {
                String[] known = fragments.computeIfAbsent(call.path("index").asInt(), i -> new String[] {"", "", ""});
                known[0] = known[0].isEmpty() ? call.path("id").asText("") : known[0];
                known[1] = known[1].isEmpty() ? call.at("/function/name").asText("") : known[1];
                known[2] += call.at("/function/arguments").asText("");
            }
        }
        fragments.values().forEach(known -> calls.add(new Call(known[0], known[1], arguments(known[2]))));
    }

    private void openAiSaid(JsonNode message) {
        String thought = textOf(message.path("reasoning_content"));
        thoughts.append(thought.isEmpty() ? textOf(message.path("reasoning")) : thought);
        JsonNode content = message.path("content");
        text.append(content.isObject() ? content.toString() : textOf(content));
        for (JsonNode part : content) {
            text.append(textOf(part.path("text")));
            for (JsonNode thoughtPart : part.path("thinking")) {
                thoughts.append(textOf(thoughtPart.path("text")));
            }
        }
        String refusal = textOf(message.path("refusal"));
        text.append(refusal);
        refused |= !refusal.isEmpty();
    }

    private static String textOf(JsonNode value) {
        return value.isTextual() ? value.asText() : "";
    }

    private void openAiEnd(JsonNode told) {
        String finish = textOf(told.at("/choices/0/finish_reason"));
        stop = stop.isEmpty() ? finish : stop;
        openAiUsage(told.path("usage"));
    }

    /** OpenAI's parts of the input are subsets. */
    private void openAiUsage(JsonNode usage) {
        if (usage.isObject()) {
            inputTokens = Math.max(inputTokens, usage.path("prompt_tokens").asLong(FIGURE_UNKNOWN));
            outputTokens =
                    Math.max(outputTokens, usage.path("completion_tokens").asLong(FIGURE_UNKNOWN));
            JsonNode details = usage.path("prompt_tokens_details");
            cachedTokens = Math.max(cachedTokens, details.path("cached_tokens").asLong());
            cachedTokens =
                    Math.max(cachedTokens, usage.path("prompt_cache_hit_tokens").asLong());
            cachedTokens = Math.min(cachedTokens, inputTokens);
            cacheWriteTokens = Math.max(
                    cacheWriteTokens, details.path("cache_write_tokens").asLong());
        }
    }

    /** Why it stopped, in Anthropic's words. */
    String stopReason() {
        return switch (stop) {
            case "length", "max_tokens" -> "max_tokens";
            case "content_filter", "sensitive" -> "refusal";
            case "model_context_window_exceeded" -> "model_context_window_exceeded";
            default -> {
                if (refused) {
                    yield "refusal";
                }
                yield calls.isEmpty() ? "end_turn" : "tool_use";
            }
        };
    }
}
