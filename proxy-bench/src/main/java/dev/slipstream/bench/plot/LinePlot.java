package dev.slipstream.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over two axes. A line of one point is a dot, a gap in its values a gap in the line; what has no line says in the legend
 * why. A plot without any says so in its middle. A line whose legend begins with "slipstream" has a colour that no other has.
 */
public final class LinePlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final int LEFT = 82;
    private static final int RIGHT = 32;
    private static final int TOP = 48;
    private static final int BOTTOM = 62;
    private static final int LEGEND_LINE = 20;
    /** Characters that fit beside each other in the legend, in two columns and in one. */
    private static final int LEGEND_SHORT = 50;

    private static final int LEGEND_LONG = 112;
    private static final int TITLE_FITS = 100;
    private static final int LARGEST_TITLE = 15;
    /** Distinct also for who does not see red and green apart. */
    private static final String[] COLOURS = {"#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000"};

    /** Of our own lines, which are to be found at once; the last class of colour. */
    private static final String OWN_COLOUR = "#d55e00";

    private static final String OWN = "slipstream";
    private static final String[] DASHES = {"", "8 3", "3 3", "9 3 2 3"};

    /** @param classes and attributes of a line */
    private record Style(String classes, String attributes) {
        static Style of(int colour, String code, int dashes) {
            String dash = DASHES[dashes % DASHES.length];
            return new Style(
                    "c" + colour,
                    " stroke=\"" + code + "\"" + (dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\""));
        }
    }

    private static final class Line {
        private final String legend;
        /** Empty: there is none. */
        private final double[] xs;

        private final double[] ys;

        Line(String legend, double[] xs, double[] ys) {
            this.legend = legend;
            this.xs = xs;
            this.ys = ys;
        }
    }

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Line> lines = new ArrayList<>();

    /** @param title clipped where it is too long for its line */
    public LinePlot(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    /**
     * @param xs as many as {@code ys}, rising; not written to any more
     * @param ys one that is not finite is a gap
     */
    public LinePlot line(String legend, double[] xs, double[] ys) {
        if (xs.length != ys.length) {
            throw new IllegalArgumentException(xs.length + " places for " + ys.length + " values");
        }
        lines.add(new Line(legend, xs, ys));
        return this;
    }

    /** Only the legend knows of it. */
    public LinePlot absent(String legend) {
        return line(legend, new double[0], new double[0]);
    }

    /** Whether there is no point at all. */
    public boolean isEmpty() {
        for (Line line : lines) {
            for (double value : line.ys) {
                if (Double.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A whole document; UTF-8. */
    public String svg() {
        Scale across = scale(x, false);
        Scale up = scale(y, true);
        int columns = lines.stream().anyMatch(line -> line.legend.length() > LEGEND_SHORT) ? 1 : 2;
        int height = HEIGHT + 6 + (lines.size() + columns - 1) / columns * LEGEND_LINE;
        Svg svg = new Svg();
        svg.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"%s\">",
                WIDTH, height, WIDTH, height, Svg.escaped(title));
        svg.add("<rect class=\"back\" width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        svg.text(WIDTH / 2.0, 26, "middle", titleSize(), clipped(title, TITLE_FITS * 5 / 4));
        grid(svg, across, up);
        List<Style> styles = styles();
        for (int i = 0; i < lines.size(); i++) {
            curve(svg, lines.get(i), styles.get(i), across, up);
        }
        if (isEmpty()) {
            svg.text(LEFT + frameWidth() / 2.0, TOP + frameHeight() / 2.0, "middle", " font-size=\"16\"", "no samples");
        }
        legend(svg, columns, styles);
        svg.text(LEFT + frameWidth() / 2.0, HEIGHT - 16, "middle", "", across.label());
        double middle = TOP + frameHeight() / 2.0;
        String turned = String.format(Locale.ROOT, " transform=\"rotate(-90 20 %.1f)\"", middle);
        svg.text(20, middle, "middle", turned, up.label());
        svg.add("</svg>");
        return svg.toString();
    }

    private static int frameWidth() {
        return WIDTH - LEFT - RIGHT;
    }

    private static int frameHeight() {
        return HEIGHT - TOP - BOTTOM;
    }

    private Scale scale(Axis axis, boolean ofValues) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (int i = 0; i < line.xs.length; i++) {
                if (Double.isFinite(line.ys[i])) {
                    double value = ofValues ? line.ys[i] : line.xs[i];
                    lowest = Math.min(lowest, value);
                    highest = Math.max(highest, value);
                }
            }
        }
        return Scale.of(axis, lowest, highest);
    }

    private String titleSize() {
        int size = Math.max(10, Math.min(LARGEST_TITLE, LARGEST_TITLE * TITLE_FITS / Math.max(1, title.length())));
        return " font-size=\"" + size + "\"";
    }

    private static String clipped(String said, int most) {
        return said.codePointCount(0, said.length()) <= most
                ? said
                : said.substring(0, said.offsetByCodePoints(0, most - 1)) + "…";
    }

    private static void grid(Svg svg, Scale across, Scale up) {
        for (Scale.Tick tick : across.ticks()) {
            double at = LEFT + frameWidth() * across.share(tick.value());
            svg.line("grid", at, TOP, at, HEIGHT - BOTTOM, " stroke=\"#dddddd\"");
            svg.text(at, HEIGHT - BOTTOM + 18, "middle", "", tick.text());
        }
        for (Scale.Tick tick : up.ticks()) {
            double at = HEIGHT - BOTTOM - frameHeight() * up.share(tick.value());
            String colour = tick.major() ? " stroke=\"#bbbbbb\"" : " stroke=\"#e6e6e6\"";
            svg.line("grid", LEFT, at, WIDTH - RIGHT, at, colour);
            if (!tick.text().isEmpty()) {
                svg.text(LEFT - 8, at + 4, "end", "", tick.text());
            }
        }
        svg.add(
                "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"black\"/>",
                LEFT, TOP, frameWidth(), frameHeight());
    }

    private List<Style> styles() {
        List<Style> styles = new ArrayList<>();
        int own = 0;
        int others = 0;
        for (Line line : lines) {
            if (line.legend.toLowerCase(Locale.ROOT).startsWith(OWN)) {
                styles.add(Style.of(COLOURS.length, OWN_COLOUR, own++));
            } else {
                int colour = others % COLOURS.length;
                styles.add(Style.of(colour, COLOURS[colour], others / COLOURS.length + others));
                others++;
            }
        }
        return styles;
    }

    private static void curve(Svg svg, Line line, Style style, Scale across, Scale up) {
        int from = 0;
        for (int i = 0; i <= line.xs.length; i++) {
            if (i == line.xs.length || !Double.isFinite(line.ys[i])) {
                part(svg, line, from, i, style, across, up);
                from = i + 1;
            }
        }
    }

    /** Points from {@code from} to before {@code to}, without gaps. */
    private static void part(Svg svg, Line line, int from, int to, Style style, Scale across, Scale up) {
        if (from >= to) {
            return;
        }
        StringBuilder points = new StringBuilder();
        double left = 0;
        double top = 0;
        for (int i = from; i < to; i++) {
            left = LEFT + frameWidth() * across.share(line.xs[i]);
            top = HEIGHT - BOTTOM - frameHeight() * up.share(line.ys[i]);
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", left, top));
        }
        if (to - from == 1) {
            svg.add(
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"none\"%s/>",
                    style.classes(), left, top, style.attributes());
        } else {
            svg.add(
                    "<polyline class=\"%s\" fill=\"none\" stroke-width=\"1.8\"%s points=\"%s\"/>",
                    style.classes(), style.attributes(), points);
        }
    }

    /** Below the axis, where it hides nothing. */
    private void legend(Svg svg, int columns, List<Style> styles) {
        for (int i = 0; i < lines.size(); i++) {
            double left = LEFT + i % columns * frameWidth() / (double) columns;
            double at = HEIGHT + 6 + i / columns * LEGEND_LINE;
            Style style = styles.get(i);
            String attributes = " stroke-width=\"2.4\"" + style.attributes();
            svg.line(style.classes(), left, at - 4, left + 34, at - 4, attributes);
            String said = clipped(lines.get(i).legend, columns == 1 ? LEGEND_LONG : LEGEND_SHORT);
            svg.text(left + 42, at, "start", "", said);
        }
    }
}
