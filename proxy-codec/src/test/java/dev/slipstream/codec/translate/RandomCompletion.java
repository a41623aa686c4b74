package dev.slipstream.codec.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An answer made up from a seed, written whole and as a stream in one of the many ways that providers have. */
final class RandomCompletion {
    private static final String[] PIECES = {
        "a",
        " b",
        "\n",
        "\"",
        "\\",
        "é",
        "🚀",
        "漢",
        "{",
        "}",
        "data: ",
        "\t",
        "/",
        "\u2028",
        "[DONE]",
        "</think>",
        "\u0001"
    };
    private static final String[] FINISHES = {"stop", "tool_calls", "length", "content_filter", "eos", ""};

    private record Call(String id, String name, String arguments) {}

    private final SplittableRandom random;
    private final String thinking;
    private final String text;
    private final List<Call> calls = new ArrayList<>();
    private final String finish;
    private final String reasoningKey;
    private final String usage;

    RandomCompletion(long seed) {
        random = new SplittableRandom(seed);
        thinking = random.nextInt(3) == 0 ? text(20) : "";
        text = random.nextInt(4) == 0 ? "" : text(40);
        int count = random.nextBoolean() ? 0 : random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            String id = random.nextInt(6) == 0 ? "functions.f:" + i : "call_" + i;
            calls.add(new Call(id, random.nextBoolean() ? "get_weather" : "tool-" + i, object(3)));
        }
        finish = FINISHES[random.nextInt(FINISHES.length)];
        reasoningKey = random.nextBoolean() ? "reasoning" : "reasoning_content";
        usage = random.nextInt(5) == 0
                ? ""
                : "\"usage\":{\"prompt_tokens\":" + random.nextInt(5000) + ",\"completion_tokens\":"
                        + random.nextInt(900)
                        + (random.nextBoolean()
                                ? ",\"prompt_tokens_details\":{\"cached_tokens\":" + random.nextInt(3000) + "}"
                                : "")
                        + "}";
    }

    private String text(int max) {
        StringBuilder made = new StringBuilder();
        for (int i = random.nextInt(1, max); i > 0; i--) {
            made.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return made.toString();
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            object.append(i == 0 ? "" : ", ").append(string("k" + i)).append(random.nextBoolean() ? ":" : " : ");
            object.append(
                    switch (random.nextInt(depth > 0 ? 5 : 3)) {
                        case 0 -> string(text(10));
                        case 1 -> String.valueOf(random.nextInt());
                        case 2 -> "null";
                        case 3 -> "[" + object(depth - 1) + ",true]";
                        default -> object(depth - 1);
                    });
        }
        return object.append('}').toString();
    }

    /** As JSON, each character escaped or not as chance has it, lone surrogates always. */
    private String string(String plain) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < plain.length()
                    && Character.isLowSurrogate(plain.charAt(i + 1));
            if (isPair && random.nextBoolean()) {
                json.append(c).append(plain.charAt(++i));
            } else if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n' && random.nextBoolean()) {
                json.append("\\n");
            } else if (c < ' ' || Character.isSurrogate(c) || random.nextInt(12) == 0) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    String whole() {
        List<String> members = new ArrayList<>();
        members.add("\"role\":\"assistant\"");
        members.add("\"content\":" + (text.isEmpty() ? "null" : string(text)));
        if (!thinking.isEmpty()) {
            members.add("\"" + reasoningKey + "\":" + string(thinking));
        }
        if (!calls.isEmpty()) {
            List<String> written = new ArrayList<>();
            for (Call call : calls) {
                written.add("{\"id\":" + string(call.id) + ",\"type\":\"function\",\"function\":{\"name\":"
                        + string(call.name) + ",\"arguments\":" + string(call.arguments) + "}}");
            }
            members.add("\"tool_calls\":[" + String.join(",", written) + "]");
        }
        return "{\"id\":\"chatcmpl-7\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{"
                + String.join(",", members)
                + "},\"finish_reason\":" + (finish.isEmpty() ? "null" : string(finish)) + "}]"
                + (usage.isEmpty() ? "" : "," + usage) + "}";
    }

    /** The data of the events, the end among them. */
    List<String> events() {
        List<String> events = new ArrayList<>();
        if (random.nextBoolean()) {
            events.add("{\"choices\":[],\"id\":\"\",\"model\":\"\"}");
        }
        boolean saysNothing = thinking.isEmpty() && text.isEmpty() && calls.isEmpty();
        if (saysNothing || random.nextBoolean()) {
            events.add(chunk("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null", ""));
        }
        for (String piece : pieces(thinking)) {
            events.add(chunk("\"" + reasoningKey + "\":" + string(piece) + noise(), ""));
        }
        for (String piece : pieces(text)) {
            events.add(chunk("\"content\":" + string(piece), ""));
        }
        for (String fragments : fragments()) {
            events.add(chunk("\"tool_calls\":[" + fragments + "]" + noise(), ""));
        }
        boolean usageOnFinish = random.nextBoolean();
        if (!finish.isEmpty()) {
            String reason = ",\"finish_reason\":" + string(finish);
            if (random.nextBoolean()
                    && !events.isEmpty()
                    && events.get(events.size() - 1).endsWith("}}]}")) {
                // On the last delta.
                String last = events.remove(events.size() - 1);
                events.add(last.substring(0, last.length() - 3) + reason + "}]}");
            } else {
                events.add(chunk("", reason));
            }
            if (random.nextInt(4) == 0) {
                events.add(chunk("\"content\":\"\"", reason));
            }
        }
        if (!usage.isEmpty()) {
            events.add(
                    usageOnFinish
                            ? "{\"choices\":[{\"index\":0,\"delta\":{}}]," + usage + "}"
                            : "{\"choices\":[]," + usage + "}");
        }
        if (finish.isEmpty() || random.nextInt(4) != 0) {
            events.add("[DONE]");
        }
        return events;
    }

    private String noise() {
        return random.nextInt(3) == 0 ? ",\"content\":\"\"" : "";
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"chatcmpl-7\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{" + delta + "}" + finish
                + "}]}";
    }

    /** Cut anywhere, between the halves of a pair too. */
    private List<String> pieces(String plain) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < plain.length()) {
            int to = Math.min(plain.length(), from + random.nextInt(1, 12));
            pieces.add(plain.substring(from, to));
            from = to;
        }
        return pieces;
    }

    /** Elements of {@code tool_calls} by chunk: one call after another, or interleaved, where an index tells them apart. */
    private List<String> fragments() {
        boolean interleaved = random.nextBoolean();
        boolean indexed = interleaved || random.nextBoolean();
        List<List<String>> queues = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            queues.add(fragments(i, indexed));
        }
        List<String> chunks = new ArrayList<>();
        StringBuilder chunk = new StringBuilder();
        // Calls begin in order; behind that, whose turn it is is chance.
        int begun = 0;
        while (queues.stream().anyMatch(queue -> !queue.isEmpty())) {
            int turn = interleaved ? random.nextInt(Math.min(calls.size(), begun + 1)) : firstLeft(queues);
            if (queues.get(turn).isEmpty()) {
                turn = firstLeft(queues);
            }
            begun = Math.max(begun, turn + 1);
            chunk.append(chunk.isEmpty() ? "" : ",").append(queues.get(turn).remove(0));
            if (random.nextInt(3) != 0) {
                chunks.add(chunk.toString());
                chunk.setLength(0);
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk.toString());
        }
        return chunks;
    }

    private static int firstLeft(List<List<String>> queues) {
        for (int i = 0; i < queues.size(); i++) {
            if (!queues.get(i).isEmpty()) {
                return i;
            }
        }
        return 0;
    }

    private List<String> fragments(int i, boolean indexed) {
        Call call = calls.get(i);
        String index = indexed ? "\"index\":" + i + "," : "";
        boolean idAgain = !indexed || random.nextInt(4) == 0;
        List<String> fragments = new ArrayList<>();
        List<String> arguments = random.nextBoolean() ? List.of(call.arguments) : pieces(call.arguments);
        boolean nameAlone = random.nextBoolean();
        String id = "\"id\":" + string(call.id) + ",";
        if (nameAlone) {
            fragments.add("{" + index + id + "\"type\":\"function\",\"function\":{\"name\":" + string(call.name)
                    + ",\"arguments\":\"\"}}");
        }
        for (int k = 0; k < arguments.size(); k++) {
            boolean isFirst = k == 0 && !nameAlone;
            String name =
                    isFirst ? "\"name\":" + string(call.name) + "," : random.nextBoolean() ? "\"name\":null," : "";
            fragments.add("{" + index + (isFirst || idAgain ? id : "") + "\"function\":{" + name + "\"arguments\":"
                    + string(arguments.get(k)) + "}}");
        }
        return fragments;
    }
}
