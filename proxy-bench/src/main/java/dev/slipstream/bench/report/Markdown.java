package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/** Texts that are put into Markdown. */
final class Markdown {
    private static final String SPECIAL = "\\`*_<>[]|&";
    private static final String FENCE = "```";

    private Markdown() {}

    /** As it is, whatever characters it has; line breaks become spaces. */
    static String text(String plain) {
        StringBuilder out = new StringBuilder(plain.length() + 8);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (SPECIAL.indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c == '\n' || c == '\r' ? ' ' : c);
        }
        return out.toString();
    }

    /** Of a table, with its line's end. */
    static String row(String... cells) {
        StringBuilder out = new StringBuilder("|");
        for (String cell : cells) {
            out.append(' ').append(text(cell)).append(" |");
        }
        return out.append('\n').toString();
    }

    static String code(String text) {
        String fence = text.contains(FENCE) ? FENCE + "`" : FENCE;
        return fence + "\n" + text + "\n" + fence + "\n";
    }

    /** Of a file in the report's folder: no character of it means anything but itself. */
    static String address(String path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }

    /** Without needless digits, three at most. */
    static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
    }
}
