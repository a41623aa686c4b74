package dev.slipstream.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Request bodies of the shapes that matter to a scan; the same at every run. */
final class JsonBodies {
    private static final String[] WORDS = {
        "the",
        "model",
        "answers",
        "a",
        "question",
        "of",
        "about",
        "latency",
        "and",
        "it",
        "streams",
        "tokens",
        "to",
        "client",
        "while",
        "proxy",
        "forwards",
        "bytes",
        "without",
        "reading",
        "more",
        "than",
        "needed",
        "is",
        "that",
        "in",
        "context",
        "window",
        "summary",
        "naïve",
        "it’s",
        "for",
        "document",
        "paragraph",
        "request",
        "€5",
        "café"
    };

    private JsonBodies() {}

    /**
     * A chat of at least {@code minBytes} bytes whose {@code model} comes last, as Anthropic's Python client sends it:
     * messages of about 3 KB of English, an escaped line break every 90 bytes or so, an escaped quotation every 400,
     * a character beyond ASCII every 80.
     */
    static byte[] prose(int minBytes) {
        Random random = new Random(42);
        StringBuilder body = new StringBuilder("{\"max_tokens\":1024,\"messages\":[");
        while (body.length() < minBytes) {
            body.append(body.charAt(body.length() - 1) == '[' ? "" : ",");
            body.append("{\"role\":\"user\",\"content\":\"");
            int end = body.length() + 3000;
            while (body.length() < end) {
                body.append(WORDS[random.nextInt(WORDS.length)]);
                int next = random.nextInt(200);
                body.append(next < 12 ? "\\n" : next < 14 ? " \\\"quoted\\\" " : " ");
            }
            body.append("\"}");
        }
        return body.append("],\"stream\":true,\"model\":\"claude-sonnet-4\"}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A chat of about 1.4 KB, {@code model} first, as OpenAI's clients send it. */
    static byte[] chat() {
        String text = new String(prose(1200), StandardCharsets.UTF_8);
        String content = text.substring(text.indexOf("\"content\":\"") + 11).substring(0, 1200);
        content = content.substring(0, content.lastIndexOf(' '));
        return ("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},"
                        + "{\"role\":\"user\",\"content\":\"" + content + "\"}],\"temperature\":0.7,\"stream\":true}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** At least {@code minBytes} bytes of function tools with JSON schemas; {@code model} comes last. */
    static byte[] tools(int minBytes, boolean pretty) {
        Random random = new Random(42);
        Writer json = new Writer(pretty);
        json.open('{').key("messages").open('[').open('{');
        json.key("role")
                .string("user")
                .key("content")
                .string("Which tool fits?")
                .close('}')
                .close(']');
        json.key("tools").open('[');
        while (json.out.length() < minBytes) {
            json.open('{').key("type").string("function").key("function").open('{');
            json.key("name").string(words(random, 2, "_")).key("description").string(words(random, 12, " "));
            json.key("strict").raw("true").key("parameters");
            schema(json, random, 0);
            json.close('}').close('}');
        }
        json.close(']')
                .key("tool_choice")
                .string("auto")
                .key("model")
                .string("gpt-4o-mini")
                .close('}');
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void schema(Writer json, Random random, int depth) {
        json.open('{').key("type").string("object").key("properties").open('{');
        int properties = 3 + random.nextInt(5);
        for (int i = 0; i < properties; i++) {
            json.key(words(random, 1 + random.nextInt(2), "_"));
            int kind = random.nextInt(depth < 2 ? 6 : 4);
            if (kind >= 4) {
                schema(json, random, depth + 1);
                continue;
            }
            json.open('{').key("type").string(kind == 0 ? "integer" : "string");
            json.key("description").string(words(random, 3 + random.nextInt(8), " "));
            if (kind == 0) {
                json.key("minimum").raw("0").key("maximum").raw(String.valueOf(random.nextInt(10_000)));
            } else if (kind == 1) {
                json.key("enum").open('[');
                for (int j = 0; j < 4; j++) {
                    json.string(WORDS[random.nextInt(24)]);
                }
                json.close(']');
            }
            json.close('}');
        }
        json.close('}').key("required").open('[').string("id").string("name").close(']');
        json.key("additionalProperties").raw("false").close('}');
    }

    private static String words(Random random, int count, String separator) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < count; i++) {
            words.append(i == 0 ? "" : separator).append(WORDS[random.nextInt(24)]);
        }
        return words.toString();
    }

    /** Writes compactly, or as {@code json.dumps(indent=2)} does. */
    private static final class Writer {
        private final StringBuilder out = new StringBuilder();
        private final boolean pretty;
        private int depth;
        private boolean comma;
        private boolean afterKey;

        Writer(boolean pretty) {
            this.pretty = pretty;
        }

        private void item() {
            if (afterKey) {
                afterKey = false;
                return;
            }
            out.append(comma ? "," : "");
            line();
        }

        private void line() {
            if (pretty && depth > 0) {
                out.append('\n').append(" ".repeat(2 * depth));
            }
        }

        Writer open(char bracket) {
            item();
            out.append(bracket);
            depth++;
            comma = false;
            return this;
        }

        Writer close(char bracket) {
            depth--;
            if (pretty) {
                out.append('\n').append(" ".repeat(2 * depth));
            }
            out.append(bracket);
            comma = true;
            return this;
        }

        Writer key(String key) {
            string(key);
            out.append(pretty ? ": " : ":");
            afterKey = true;
            return this;
        }

        Writer string(String value) {
            return raw('"' + value + '"');
        }

        Writer raw(String value) {
            item();
            out.append(value);
            comma = true;
            return this;
        }
    }
}
