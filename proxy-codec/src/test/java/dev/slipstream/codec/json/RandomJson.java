package dev.slipstream.codec.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Writes random documents, legal ones, and spoils them. */
final class RandomJson {
    private static final String[] KEYS = {
        "model", "stream", "mod\\u0065l", "str\\u0065am", "messages", "Model", "models", "a", "", "é", "\\\"", "content"
    };
    private static final String[] PARTS = {
        "text ",
        "\\n",
        "\\\"",
        "\\\\",
        "\\u00e9",
        "\\ud83d\\ude00",
        "é",
        "😀",
        "gpt-4o",
        "a",
        "\\/",
        "{",
        "]",
        ",",
        ":",
        " "
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "-17", "3.25", "1e3", "1E-2", "-0.5e+1", "123456789012", "0.0"
    };
    private static final byte[] SPOILERS =
            "{}[]\",:\\ \n\t0123456789eE+-.truefalsnlx/\0\1\37\177\200\303\377".getBytes(StandardCharsets.ISO_8859_1);

    private final Random random;
    private final StringBuilder out = new StringBuilder();

    RandomJson(Random random) {
        this.random = random;
    }

    byte[] document() {
        out.setLength(0);
        blanks();
        object(0);
        blanks();
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code document} with one to three bytes changed, dropped, doubled or put in, or cut off. */
    byte[] spoiled(byte[] document) {
        byte[] bytes = document;
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(bytes.length);
            byte spoiler = SPOILERS[random.nextInt(SPOILERS.length)];
            switch (random.nextInt(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = splice(bytes, at, at + 1);
                case 2 -> bytes = splice(bytes, at, at, spoiler);
                case 3 -> bytes = splice(bytes, at, at, bytes[at]);
                default -> bytes = splice(bytes, at, at + 1, spoiler);
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int start, int end, byte... middle) {
        byte[] spliced = new byte[bytes.length - (end - start) + middle.length];
        System.arraycopy(bytes, 0, spliced, 0, start);
        System.arraycopy(middle, 0, spliced, start, middle.length);
        System.arraycopy(bytes, end, spliced, start + middle.length, bytes.length - end);
        return spliced;
    }

    private void blanks() {
        while (random.nextInt(4) == 0) {
            out.append(
                    random.nextInt(3) == 0
                            ? "\n" + " ".repeat(random.nextInt(20))
                            : " \t\r ".charAt(random.nextInt(4)));
        }
    }

    private void object(int depth) {
        out.append('{');
        blanks();
        for (int i = random.nextInt(5), first = i; i > 0; i--) {
            out.append(i == first ? "" : ",");
            blanks();
            out.append('"').append(KEYS[random.nextInt(KEYS.length)]).append('"');
            blanks();
            out.append(':');
            blanks();
            value(depth + 1);
            blanks();
        }
        out.append('}');
    }

    private void array(int depth) {
        out.append('[');
        blanks();
        for (int i = random.nextInt(4), first = i; i > 0; i--) {
            out.append(i == first ? "" : ",");
            blanks();
            value(depth + 1);
            blanks();
        }
        out.append(']');
    }

    private void value(int depth) {
        switch (random.nextInt(depth < 6 ? 9 : 7)) {
            case 0 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 1 -> out.append(random.nextBoolean() ? "true" : "false");
            case 2 -> out.append("null");
            case 7 -> object(depth);
            case 8 -> array(depth);
            default -> string();
        }
    }

    private void string() {
        out.append('"');
        for (int i = random.nextInt(12); i > 0; i--) {
            out.append(PARTS[random.nextInt(PARTS.length)]);
        }
        out.append('"');
    }
}
