package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ParsedJson.at;
import static dev.slipstream.codec.translate.ParsedJson.listAt;
import static dev.slipstream.codec.translate.ParsedJson.numberAt;
import static dev.slipstream.codec.translate.ParsedJson.textAt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an answer of the OpenAI dialect says, read the plain way: all of it, then added up. */
final class CompletionOracle {
    record Call(String id, String name, String arguments) {
        Map<?, ?> input() {
            return arguments.isBlank() ? Map.of() : ParsedJson.object(arguments);
        }
    }

    final StringBuilder thinking = new StringBuilder();
    final StringBuilder text = new StringBuilder();
    final List<Call> calls = new ArrayList<>();
    String finish = "";
    boolean refused;
    long prompt = -1;
    long cached;
    long written;
    long completion = -1;

    @Nullable
    Map<?, ?> error;

    /** The events' data of a body, as JSON, {@code [DONE]} left out. */
    static List<String> events(String body) {
        List<String> events = new ArrayList<>();
        for (String line : body.split("\r\n|\n|\r")) {
            if (line.startsWith("data:")) {
                String data = line.substring(5).strip();
                if (!data.equals("[DONE]") && !data.isEmpty()) {
                    events.add(data);
                }
            }
        }
        return events;
    }

    static CompletionOracle stream(String body) {
        CompletionOracle oracle = new CompletionOracle();
        Map<Long, String[]> fragments = new TreeMap<>();
        for (String event : events(body)) {
            Map<?, ?> chunk = ParsedJson.object(event);
            if (chunk.get("error") instanceof Map<?, ?> told) {
                oracle.error = told;
                break;
            }
            oracle.usage(at(chunk, "usage"));
            oracle.usage(at(chunk, "x_groq", "usage"));
            Object choice = at(chunk, "choices", 0);
            oracle.say(at(choice, "delta"));
            for (Object call : listAt(choice, "delta", "tool_calls")) {
                String[] known = fragments.computeIfAbsent(numberAt(call, "index"), k -> new String[] {"", "", ""});
                known[0] = known[0].isEmpty() ? textAt(call, "id") : known[0];
                known[1] = known[1].isEmpty() ? textAt(call, "function", "name") : known[1];
                known[2] += textAt(call, "function", "arguments");
            }
            oracle.finish = oracle.finish.isEmpty() ? textAt(choice, "finish_reason") : oracle.finish;
        }
        fragments.values().forEach(known -> oracle.calls.add(new Call(known[0], known[1], known[2])));
        return oracle;
    }

    static CompletionOracle whole(String body) {
        CompletionOracle oracle = new CompletionOracle();
        Map<?, ?> completion = ParsedJson.object(body);
        Object choice = at(completion, "choices", 0);
        oracle.say(at(choice, "message"));
        for (Object call : listAt(choice, "message", "tool_calls")) {
            oracle.calls.add(new Call(
                    textAt(call, "id"), textAt(call, "function", "name"), textAt(call, "function", "arguments")));
        }
        oracle.finish = textAt(choice, "finish_reason");
        oracle.usage(at(completion, "usage"));
        return oracle;
    }

    private void say(@Nullable Object message) {
        String thought = textAt(message, "reasoning_content");
        thinking.append(thought.isEmpty() ? textAt(message, "reasoning") : thought);
        text.append(textAt(message, "content"));
        if (at(message, "content") instanceof Map<?, ?> object) {
            text.append(JacksonValues.write(object));
        }
        for (Object part : listAt(message, "content")) {
            text.append(textAt(part, "text"));
            for (Object thoughtPart : listAt(part, "thinking")) {
                thinking.append(textAt(thoughtPart, "text"));
            }
        }
        text.append(textAt(message, "refusal"));
        refused |= !textAt(message, "refusal").isEmpty();
    }

    private void usage(@Nullable Object usage) {
        if (usage instanceof Map) {
            prompt = Math.max(prompt, numberAt(usage, "prompt_tokens"));
            completion = Math.max(completion, numberAt(usage, "completion_tokens"));
            cached = Math.max(cached, numberAt(usage, "prompt_tokens_details", "cached_tokens"));
            cached = Math.max(cached, numberAt(usage, "prompt_cache_hit_tokens"));
            cached = Math.min(cached, prompt);
            written = Math.max(written, numberAt(usage, "prompt_tokens_details", "cache_write_tokens"));
        }
    }

    String stopReason() {
        return switch (finish) {
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
