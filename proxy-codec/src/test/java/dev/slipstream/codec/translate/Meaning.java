package dev.slipstream.codec.translate;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request of either dialect says, in words of neither, read without any of the code under test: who says what in
 * which order, which calls have which results, and what is asked for besides. Two requests that say the same are equal.
 */
final class Meaning {
    private final Map<String, Object> settings = new TreeMap<>();
    private final List<String> said = new ArrayList<>();
    private final StringBuilder system = new StringBuilder();
    private final Map<Object, Integer> calls = new HashMap<>();
    private String speaker = "";
    private int callCount;

    private Meaning() {}

    /** What {@code request} says; of blank texts nothing. */
    static String of(Map<String, Object> request, Dialect dialect) {
        Meaning meaning = new Meaning();
        switch (dialect) {
            case ANTHROPIC -> meaning.readMessages(request);
            case OPENAI -> meaning.readChat(request);
        }
        return "system " + meaning.system + "\n" + String.join("\n", meaning.said) + "\n" + meaning.settings;
    }

    // ------------------------------------------------------------------ what both have

    private void system(@Nullable Object text) {
        if (text instanceof String string && !string.isBlank()) {
            system.append(system.isEmpty() ? "" : "\n").append(string);
        } else if (text instanceof List<?> blocks) {
            blocks.forEach(block -> system(Checks.object(block, "block").get("text")));
        }
    }

    /** Texts of one speaker beside each other are one. */
    private void text(String who, @Nullable Object text, String between) {
        if (text instanceof String string && !string.isBlank()) {
            String head = who + " says: ";
            boolean goesOn = !said.isEmpty() && said.get(said.size() - 1).startsWith(head) && speaker.equals(who);
            if (goesOn) {
                said.set(said.size() - 1, said.get(said.size() - 1) + between + string);
            } else {
                said.add(head + string);
            }
            speaker = who;
        }
    }

    private void image(@Nullable Object what) {
        said.add("user shows: " + what);
        speaker = "user";
    }

    private void call(@Nullable Object id, @Nullable Object name, @Nullable Object arguments) {
        calls.put(id, callCount);
        said.add("call " + callCount++ + ": " + name + " of " + arguments);
        speaker = "assistant";
    }

    private void result(@Nullable Object id, @Nullable Object content) {
        List<String> texts = new ArrayList<>();
        if (content instanceof String string) {
            texts.add(string);
        } else if (content instanceof List<?> blocks) {
            blocks.forEach(block ->
                    texts.add(String.valueOf(Checks.object(block, "block").get("text"))));
        }
        said.add("result of " + calls.get(id) + ": " + String.join("\n", texts));
        speaker = "tool";
    }

    private void tool(@Nullable Object name, @Nullable Object description, @Nullable Object schema) {
        settings.put("tool " + name, description + " " + schema);
    }

    private void set(String name, @Nullable Object value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map ? Checks.object(value, "object") : Map.of();
    }

    private static List<Object> list(@Nullable Object value) {
        return value instanceof List ? Checks.list(value, "list") : List.of();
    }

    // ------------------------------------------------------------------ Anthropic

    private void readMessages(Map<String, Object> root) {
        system(root.get("system"));
        for (Object one : list(root.get("messages"))) {
            Map<String, Object> message = object(one);
            String who = String.valueOf(message.get("role"));
            String between = who.equals("user") ? "\n" : "";
            text(who, message.get("content"), between);
            for (Object part : list(message.get("content"))) {
                Map<String, Object> block = object(part);
                switch (String.valueOf(block.get("type"))) {
                    case "text" -> text(who, block.get("text"), between);
                    case "image" -> {
                        Map<String, Object> source = object(block.get("source"));
                        image(
                                "url".equals(source.get("type"))
                                        ? source.get("url")
                                        : "data:" + source.get("media_type") + ";base64," + source.get("data"));
                    }
                    case "tool_use" -> call(block.get("id"), block.get("name"), block.get("input"));
                    case "tool_result" -> result(block.get("tool_use_id"), block.get("content"));
                    default -> {}
                }
            }
        }
        for (Object one : list(root.get("tools"))) {
            Map<String, Object> tool = object(one);
            tool(tool.get("name"), tool.get("description"), tool.get("input_schema"));
        }
        Map<String, Object> choice = object(root.get("tool_choice"));
        String type = Objects.toString(choice.get("type"), "auto");
        set("choice", type.equals("tool") ? "named " + choice.get("name") : type);
        set("single", Boolean.TRUE.equals(choice.get("disable_parallel_tool_use")));
        set("limit", root.get("max_tokens"));
        set("temperature", root.get("temperature"));
        set("top_p", root.get("top_p"));
        set("top_k", root.get("top_k"));
        set("stop", root.get("stop_sequences"));
        set("stream", Boolean.TRUE.equals(root.get("stream")));
        set("user", object(root.get("metadata")).get("user_id"));
        set("budget", object(root.get("thinking")).get("budget_tokens"));
        set("schema", object(object(root.get("output_config")).get("format")).get("schema"));
    }

    // ------------------------------------------------------------------ OpenAI

    private static final Map<String, Integer> BUDGETS = Map.of("low", 1024, "medium", 2048, "high", 4096);

    private void readChat(Map<String, Object> root) {
        for (Object one : list(root.get("messages"))) {
            Map<String, Object> message = object(one);
            String who = String.valueOf(message.get("role"));
            Object content = message.get("content");
            switch (who) {
                case "system", "developer" -> system(content);
                case "tool" -> result(message.get("tool_call_id"), content);
                default -> {
                    String between = who.equals("user") ? "\n" : "";
                    text(who, content, between);
                    for (Object part : list(content)) {
                        text(who, object(part).get("text"), between);
                        Object url = object(object(part).get("image_url")).get("url");
                        if (url != null) {
                            image(url);
                        }
                    }
                    for (Object part : list(message.get("tool_calls"))) {
                        Map<String, Object> function = object(object(part).get("function"));
                        call(object(part).get("id"), function.get("name"), parsed(function.get("arguments")));
                    }
                }
            }
        }
        for (Object one : list(root.get("tools"))) {
            Map<String, Object> tool = object(object(one).get("function"));
            tool(tool.get("name"), tool.get("description"), tool.get("parameters"));
        }
        Object choice = root.get("tool_choice");
        if (choice instanceof Map) {
            set("choice", "named " + object(object(choice).get("function")).get("name"));
        } else {
            set("choice", choice == null ? "auto" : choice.equals("required") ? "any" : choice);
        }
        set("single", Boolean.FALSE.equals(root.get("parallel_tool_calls")));
        set("limit", root.get("max_completion_tokens"));
        set("limit", root.get("max_tokens"));
        set("temperature", root.get("temperature"));
        set("top_p", root.get("top_p"));
        set("top_k", root.get("top_k"));
        set("stop", root.get("stop"));
        set("stream", Boolean.TRUE.equals(root.get("stream")));
        set("user", root.get("user"));
        set("budget", root.get("reasoning_effort") == null ? null : BUDGETS.get(root.get("reasoning_effort")));
        set(
                "schema",
                object(object(root.get("response_format")).get("json_schema")).get("schema"));
    }

    private static @Nullable Object parsed(@Nullable Object arguments) {
        try {
            return StrictJson.read(String.valueOf(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
