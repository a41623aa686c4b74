package dev.slipstream.codec.translate;

import dev.slipstream.codec.Dialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Writes random requests of either dialect that mean something the other one can say too. */
final class RandomRequest {
    private static final String[] WORDS = {
        "add",
        "caf\\u00e9",
        "größer",
        "\\\"quoted\\\"",
        "back\\\\slash",
        "line\\nbreak",
        "\\ud83d\\ude00",
        "😀",
        "a\\/b",
        "{",
        "]"
    };
    private static final String[] VALUES = {
        "1",
        "-2.50",
        "1e3",
        "true",
        "null",
        "\"x\"",
        "\"\\\"\\\\\\n\\u00e9 ä\"",
        "[ 1 , { } ]",
        "{\"a\" : {\"b\":[]}}",
        "\"\\ud83d\\ude00\""
    };
    private static final String[] NAMES = {"add", "read_file", "get-weather", "mcp__server__tool"};

    private final Random random;
    private final Dialect dialect;
    private int ids;

    RandomRequest(Random random, Dialect dialect) {
        this.random = random;
        this.dialect = dialect;
    }

    private boolean isChat() {
        return dialect == Dialect.OPENAI;
    }

    String next() {
        boolean thinks = random.nextInt(4) == 0;
        boolean hasTools = !thinks && random.nextBoolean();
        List<String> members = new ArrayList<>();
        members.add("\"model\":\"m\"");
        members.add("\"max_tokens\":" + (thinks ? 9000 + random.nextInt(9000) : 1 + random.nextInt(9000)));
        members.add("\"messages\":[" + String.join(",", history(hasTools)) + "]");
        if (thinks) {
            String effort = List.of("low", "medium", "high").get(random.nextInt(3));
            long budget = List.of(1024, 2048, 4096).get(random.nextInt(3));
            members.add(
                    isChat()
                            ? "\"reasoning_effort\":\"" + effort + '"'
                            : "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":" + budget + "}");
        } else {
            maybe(members, "\"temperature\":0." + random.nextInt(100));
            maybe(members, "\"top_p\":0." + random.nextInt(100));
            maybe(members, "\"top_k\":" + random.nextInt(100));
        }
        maybe(members, "\"stream\":" + random.nextBoolean());
        maybe(members, '"' + (isChat() ? "stop" : "stop_sequences") + "\":[\"" + word() + "\",\"END\"]");
        maybe(members, isChat() ? "\"user\":\"me-1\"" : "\"metadata\":{\"user_id\":\"me-1\"}");
        String schema =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"number\"}},\"additionalProperties\":false}";
        maybe(
                members,
                isChat()
                        ? "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":"
                                + schema + "}}"
                        : "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}");
        if (hasTools) {
            tools(members);
        }
        if (!isChat() && random.nextBoolean()) {
            members.add(
                    "\"system\":" + (random.nextBoolean() ? string() : "[" + textBlock() + "," + textBlock() + "]"));
        }
        Collections.shuffle(members, random);
        return "{" + String.join(random.nextBoolean() ? "," : " ,\n ", members) + "}";
    }

    private void maybe(List<String> members, String member) {
        if (random.nextInt(3) == 0) {
            members.add(member);
        }
    }

    // ------------------------------------------------------------------ tools

    private void tools(List<String> members) {
        List<String> tools = new ArrayList<>();
        for (String name : NAMES) {
            String schema = "{\"type\":\"object\",\"properties\":{\"" + word() + "\":{\"type\":\"string\"}},\"x\":"
                    + value() + "}";
            String description = random.nextBoolean() ? ",\"description\":" + string() : "";
            tools.add(
                    isChat()
                            ? "{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"parameters\":" + schema
                                    + description + "}}"
                            : "{\"name\":\"" + name + "\",\"input_schema\":" + schema + description + "}");
        }
        members.add("\"tools\":[" + String.join(",", tools) + "]");
        int kind = random.nextInt(5);
        if (isChat()) {
            maybe(members, "\"parallel_tool_calls\":" + (kind == 2));
            if (kind > 0) {
                String named = "{\"type\":\"function\",\"function\":{\"name\":\"add\"}}";
                members.add("\"tool_choice\":"
                        + (kind == 4
                                ? named
                                : List.of("\"auto\"", "\"required\"", "\"auto\"")
                                        .get(kind - 1)));
            }
        } else if (kind > 0) {
            String single = random.nextBoolean() ? ",\"disable_parallel_tool_use\":" + random.nextBoolean() : "";
            String type = List.of("\"auto\"", "\"any\"", "\"none\"", "\"tool\",\"name\":\"add\"")
                    .get(kind - 1);
            members.add("\"tool_choice\":{\"type\":" + type + (kind == 3 ? "" : single) + "}");
        }
    }

    // ------------------------------------------------------------------ messages

    private List<String> history(boolean hasTools) {
        List<String> messages = new ArrayList<>();
        if (isChat() && random.nextBoolean()) {
            messages.add("{\"role\":\"system\",\"content\":" + string() + "}");
        }
        for (int turns = 1 + random.nextInt(4); turns > 0; turns--) {
            user(messages, List.of());
            if (random.nextInt(4) == 0) {
                user(messages, List.of());
            }
            if (turns > 1 && hasTools && random.nextBoolean()) {
                calls(messages);
            } else if (turns > 1) {
                messages.add("{\"role\":\"assistant\",\"content\":"
                        + (isChat() || random.nextBoolean() ? string() : "[" + textBlock() + "," + textBlock() + "]")
                        + "}");
            }
        }
        return messages;
    }

    private void user(List<String> messages, List<String> results) {
        List<String> blocks = new ArrayList<>(results);
        if (results.isEmpty() && random.nextBoolean()) {
            messages.add("{\"role\":\"user\",\"content\":" + string() + "}");
            return;
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            blocks.add(random.nextInt(4) == 0 ? image() : textBlock());
        }
        messages.add("{\"role\":\"user\",\"content\":[" + String.join(",", blocks) + "]}");
    }

    private void calls(List<String> messages) {
        List<String> calls = new ArrayList<>();
        List<String> results = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String id = "call_" + ids++;
            String name = NAMES[random.nextInt(NAMES.length)];
            String arguments = "{\"" + word() + "\":" + value() + ", \"b\" : " + value() + "}";
            if (isChat()) {
                calls.add("{\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name
                        + "\",\"arguments\":" + quoted(arguments) + "}}");
                results.add("{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":" + string() + "}");
            } else {
                calls.add("{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"" + name + "\",\"input\":"
                        + arguments + "}");
                String content = random.nextBoolean() ? string() : "[" + textBlock() + "," + textBlock() + "]";
                results.add("{\"type\":\"tool_result\",\"tool_use_id\":\"" + id + "\",\"content\":" + content + "}");
            }
        }
        Collections.shuffle(results, random);
        if (isChat()) {
            String content = random.nextBoolean() ? "null" : string();
            messages.add("{\"role\":\"assistant\",\"content\":" + content + ",\"tool_calls\":["
                    + String.join(",", calls) + "]}");
            messages.addAll(results);
        } else {
            calls.add(0, textBlock());
            messages.add("{\"role\":\"assistant\",\"content\":[" + String.join(",", calls) + "]}");
            user(messages, results);
        }
    }

    private String image() {
        String url = random.nextBoolean() ? "https://example.com/" + random.nextInt() : "";
        if (isChat()) {
            String shown = url.isEmpty() ? "data:image/png;base64,AAAA" : url;
            return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + shown + "\"}}";
        }
        return "{\"type\":\"image\",\"source\":"
                + (url.isEmpty()
                        ? "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}"
                        : "{\"type\":\"url\",\"url\":\"" + url + "\"}")
                + "}";
    }

    private String textBlock() {
        return "{\"type\":\"text\",\"text\":" + string() + "}";
    }

    private String string() {
        StringBuilder text = new StringBuilder("\"").append(word());
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(' ').append(word());
        }
        return text.append('"').toString();
    }

    private String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private String value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private static String quoted(String json) {
        return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
