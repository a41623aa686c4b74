package dev.slipstream.codec.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8259 written down once more, recursively and slowly: the oracle. Strings are ISO 8859-1, a char a byte, so that
 * bytes from 0x80 on pass as they do in the scanner.
 */
final class ReferenceJson {
    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final String text;
    private int at;

    /** Of the top level; spans include the quotes. */
    int models;

    int modelStart;
    int modelEnd;

    @Nullable
    String model;

    boolean stream;

    private ReferenceJson(byte[] body) {
        text = new String(body, StandardCharsets.ISO_8859_1);
    }

    /** The document read, or null if it is none. */
    static @Nullable ReferenceJson read(byte[] body) {
        ReferenceJson json = new ReferenceJson(body);
        try {
            json.blanks();
            if (json.peek() != '{') {
                return null;
            }
            json.value(0);
            json.blanks();
            return json.at == json.text.length() ? json : null;
        } catch (Wrong e) {
            return null;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\uFFFF';
    }

    private void expect(String what) {
        if (!text.startsWith(what, at)) {
            throw new Wrong();
        }
        at += what.length();
    }

    private void blanks() {
        while (" \t\r\n".indexOf(peek()) >= 0) {
            at++;
        }
    }

    private void value(int depth) {
        switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            case 't' -> expect("true");
            case 'f' -> expect("false");
            case 'n' -> expect("null");
            default -> number();
        }
    }

    private void object(int depth) {
        expect("{");
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        for (; ; ) {
            blanks();
            String key = string();
            blanks();
            expect(":");
            blanks();
            int start = at;
            value(depth);
            if (depth == 1) {
                field(key, start);
            }
            blanks();
            if (peek() == '}') {
                at++;
                return;
            }
            expect(",");
        }
    }

    private void field(String key, int start) {
        if (key.equals("model")) {
            models++;
            modelStart = start;
            modelEnd = at;
            if (text.charAt(start) == '"') {
                int behind = at;
                at = start;
                model = string();
                at = behind;
            }
        } else if (key.equals("stream")) {
            stream = text.startsWith("true", start);
        }
    }

    private void array(int depth) {
        expect("[");
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        for (; ; ) {
            blanks();
            value(depth);
            blanks();
            if (peek() == ']') {
                at++;
                return;
            }
            expect(",");
        }
    }

    /** The string with its escapes resolved; bytes from 0x80 on as the characters U+0080 to U+00FF. */
    private String string() {
        expect("\"");
        StringBuilder value = new StringBuilder();
        for (; ; ) {
            char c = peek();
            if (c < 0x20 || c == '\uFFFF') {
                throw new Wrong();
            }
            at++;
            if (c == '"') {
                return value.toString();
            }
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escape = peek();
            at++;
            int known = "\"\\/bfnrt".indexOf(escape);
            if (known >= 0) {
                value.append("\"\\/\b\f\n\r\t".charAt(known));
            } else if (escape == 'u'
                    && at + 4 <= text.length()
                    && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
                value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                throw new Wrong();
            }
        }
    }

    private void number() {
        int start = at;
        while ("+-.eE0123456789".indexOf(peek()) >= 0) {
            at++;
        }
        if (!text.substring(start, at).matches("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]++)?")) {
            throw new Wrong();
        }
    }
}
