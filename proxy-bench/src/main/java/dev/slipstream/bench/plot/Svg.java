package dev.slipstream.bench.plot;

import java.util.Locale;

/** A document that is being written; numbers have one digit behind the point. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /** @param format as {@link String#format}'s; texts in it must be {@link #escaped} */
    void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    void line(String classes, double x1, double y1, double x2, double y2, String style) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"%s/>", classes, x1, y1, x2, y2, style);
    }

    /** @param more attributes, with a space before each */
    void text(double x, double y, String anchor, String more, String said) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>", x, y, anchor, more, escaped(said));
    }

    /** For text and attributes; what XML cannot hold becomes U+FFFD. */
    static String escaped(String said) {
        StringBuilder escaped = new StringBuilder(said.length() + 16);
        said.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isOfXml(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** XML 1.0 §2.2. */
    private static boolean isOfXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c < 0xD800)
                || (c > 0xDFFF && c != 0xFFFE && c != 0xFFFF);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
