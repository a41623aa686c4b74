package dev.slipstream.bench.e2e;

import java.util.ArrayList;
import java.util.List;

/** Puts another name into a request's body, by a reader that knows nothing of the one under test. */
final class TopLevelModel {
    private TopLevelModel() {}

    /** @param valueJson with its quotes */
    static String replace(String body, String valueJson) {
        int depth = 0;
        boolean name = false;
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '"') {
                int end = closingQuote(body, i);
                if (depth == 1 && name) {
                    strings.add(body.substring(i, end));
                } else if (depth == 1
                        && !strings.isEmpty()
                        && strings.get(strings.size() - 1).equals("\"model\"")) {
                    return body.substring(0, i) + valueJson + body.substring(end);
                }
                i = end - 1;
            } else if (c == '{' || c == '[') {
                depth++;
                name = c == '{';
            } else if (c == '}' || c == ']') {
                depth--;
            } else if (c == ',') {
                name = true;
            } else if (c == ':') {
                name = false;
            }
        }
        throw new IllegalArgumentException("no model in " + body);
    }

    private static int closingQuote(String body, int open) {
        int at = open + 1;
        while (body.charAt(at) != '"') {
            at += body.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
