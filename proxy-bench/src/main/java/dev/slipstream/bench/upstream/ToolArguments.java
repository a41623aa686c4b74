package dev.slipstream.bench.upstream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plausible arguments for a tool: a value of the right type for each required property. */
final class ToolArguments {
    private static final int FRAGMENT_CHARS = 8;

    private ToolArguments() {}

    static Map<String, @Nullable Object> of(Map<String, @Nullable Object> schema) {
        Map<String, @Nullable Object> properties = Json.child(schema, "properties");
        List<?> required = Json.list(schema, "required");
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        for (String name : properties.keySet()) {
            if (required.isEmpty() || required.contains(name)) {
                arguments.put(name, value(Json.child(properties, name)));
            }
        }
        return arguments;
    }

    private static @Nullable Object value(Map<String, @Nullable Object> property) {
        List<?> allowed = Json.list(property, "enum");
        if (!allowed.isEmpty()) {
            return allowed.get(0);
        }
        return switch (Json.text(property, "type")) {
            case "integer" -> 42;
            case "number" -> 1.5;
            case "boolean" -> true;
            case "array" -> List.of();
            case "object" -> of(property);
            default -> "Zürich";
        };
    }

    /** The text in pieces that do not split a character. */
    static List<String> fragments(String text) {
        List<String> fragments = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(start + FRAGMENT_CHARS, text.length());
            if (Character.isHighSurrogate(text.charAt(end - 1)) && end < text.length()) {
                end++;
            }
            fragments.add(text.substring(start, end));
            start = end;
        }
        return fragments;
    }
}
