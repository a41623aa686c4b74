package dev.slipstream.codec.translate;

import dev.slipstream.codec.json.JsonTree;

/** Questions to a string as it was written, which is not unescaped for that: it may be megabytes. */
final class RawText {
    private static final int ESCAPE_BYTES = 2;
    private static final int UNIT_ESCAPE_BYTES = 6;

    private RawText() {}

    /** Whether {@code string} is empty or white space alone, that of Unicode among it. */
    static boolean isBlank(JsonTree tree, int string) {
        int to = tree.end(string) - 1;
        int at = tree.start(string) + 1;
        while (at < to) {
            int next = behind(tree, at);
            if (!isSpace(tree, at, next)) {
                return false;
            }
            at = next;
        }
        return true;
    }

    /** Where the text of {@code string} ends in the document, less the white space at its end. */
    static int trimmedEnd(JsonTree tree, int string) {
        int to = tree.end(string) - 1;
        int at = tree.start(string) + 1;
        int end = at;
        while (at < to) {
            int next = behind(tree, at);
            if (!isSpace(tree, at, next)) {
                end = next;
            }
            at = next;
        }
        return end;
    }

    /** Whether {@code string} begins with {@code lowerCase}, ASCII, in any case. */
    static boolean startsWith(JsonTree tree, int string, String lowerCase) {
        int to = tree.end(string) - 1;
        int at = tree.start(string) + 1;
        for (int i = 0; i < lowerCase.length(); i++) {
            if (at >= to) {
                return false;
            }
            int next = behind(tree, at);
            char c = tree.text()[at] == '\\' ? tree.string(at, next).charAt(0) : (char) tree.text()[at];
            if (Character.toLowerCase(c) != lowerCase.charAt(i)) {
                return false;
            }
            at = next;
        }
        return true;
    }

    /** Behind the character at {@code at}: an escape, a character of UTF-8, or whatever byte stands there. */
    private static int behind(JsonTree tree, int at) {
        byte[] text = tree.text();
        if (text[at] == '\\') {
            return at + (text[at + 1] == 'u' ? UNIT_ESCAPE_BYTES : ESCAPE_BYTES);
        }
        int next = at + 1;
        while ((text[next] & 0xC0) == 0x80) {
            next++;
        }
        return next;
    }

    private static boolean isSpace(JsonTree tree, int from, int to) {
        // What the spaces of Unicode begin with in UTF-8; all else need not be looked into.
        switch (tree.text()[from] & 0xFF) {
            case ' ' -> {
                return true;
            }
            case '\\', 0xC2, 0xE1, 0xE2, 0xE3 -> {
                String character = tree.string(from, to);
                char c = character.charAt(0);
                return character.length() == 1 && (Character.isWhitespace(c) || Character.isSpaceChar(c));
            }
            default -> {
                return false;
            }
        }
    }
}
