package dev.slipstream.codec.json;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Documents in which the interesting keys stand at right and wrong places. */
public final class RandomUsageJson {
    private static final List<String> KEYS = List.of(
            "usage",
            "message",
            "response",
            "x_groq",
            "type",
            "choices",
            "content",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "input_tokens",
            "output_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "prompt_cache_hit_tokens",
            "prompt_cache_miss_tokens",
            "cached_tokens",
            "reasoning_tokens",
            "thinking_tokens",
            "prompt_tokens_details",
            "completion_tokens_details",
            "input_tokens_details",
            "output_tokens_details");
    private static final List<String> STRINGS = List.of(
            "",
            "message_stop",
            "response.completed",
            "message_start",
            "{\\\"usage\\\":{\\\"prompt_tokens\\\":1}}",
            "\\\\",
            "\\\"",
            "\\u0022}",
            "[{]}",
            "eight by",
            "a text that is longer than a word of the machine");

    /** From here on keys belong into a usage. */
    private static final int FIGURES = 7;

    private RandomUsageJson() {}

    public static String document(RandomGenerator random) {
        return object(random, 0, "");
    }

    private static String object(RandomGenerator random, int depth, String parent) {
        // A key twice in an object means what a parser makes of it; nobody sends that.
        Set<String> keys = new LinkedHashSet<>();
        for (int i = random.nextInt(depth == 0 ? 8 : 6); i > 0; i--) {
            // Often where it belongs, so that many documents have figures.
            boolean apt = random.nextInt(3) != 0;
            int from = apt && parent.equals("usage") ? FIGURES : 0;
            int to = apt && from == 0 && depth < 2 ? FIGURES - 2 : KEYS.size();
            keys.add(KEYS.get(random.nextInt(from, to)));
        }
        StringBuilder out = new StringBuilder("{");
        for (String key : keys) {
            out.append(out.length() > 1 ? "," : "").append(blank(random));
            out.append('"')
                    .append(key)
                    .append('"')
                    .append(blank(random))
                    .append(':')
                    .append(blank(random));
            out.append(value(random, depth, key)).append(blank(random));
        }
        return out.append('}').toString();
    }

    private static String value(RandomGenerator random, int depth, String key) {
        boolean likelyObject = !key.endsWith("_tokens") && !key.equals("type");
        if (depth < 5 && (likelyObject ? random.nextInt(4) != 0 : random.nextInt(8) == 0)) {
            return object(random, depth + 1, key);
        }
        return switch (random.nextInt(likelyObject || key.equals("type") ? 5 : 12)) {
            case 0 -> "null";
            case 1 -> '"' + STRINGS.get(random.nextInt(STRINGS.size())) + '"';
            case 2 -> '"' + STRINGS.get(random.nextInt(4)) + '"';
            case 3 -> depth < 5 ? "[" + object(random, depth + 1, key) + ",[1],\"]\"]" : "[]";
            case 4 ->
                List.of("true", "-1", "1.5", "999999999999999", "9999999999999999", "0")
                        .get(random.nextInt(6));
            default -> String.valueOf(random.nextInt(100));
        };
    }

    private static String blank(RandomGenerator random) {
        return random.nextInt(6) == 0 ? " " : "";
    }
}
