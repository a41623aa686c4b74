package dev.slipstream.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latency over percentile as SVG: both axes logarithmic, percentiles by how many requests are slower. A line ends where fewer
 * than ten samples lie beyond it; what was refused has none, and the legend says so.
 */
public final class PercentilePlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final int LEFT = 82;
    private static final int RIGHT = 32;
    private static final int TOP = 48;
    private static final int BOTTOM = 62;
    private static final int LEGEND_LINE = 20;
    private static final int LEGEND_COLUMNS = 2;
    private static final int SAMPLES_BEYOND = 10;
    private static final int POINTS_PER_DECADE = 60;
    private static final double NANOS_PER_MICRO = 1e3;
    /** Distinct also for who does not see red and green apart. */
    private static final String[] COLOURS = {"#56b4e9", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#000000"
    };

    private static final String[] DASHES = {"2 3", "7 3", "", "9 3 2 3"};

    /**
     * @param failed requests that have no latency: they count as the slowest, and no line goes so far
     * @param refused why there is no line; null: there is one
     */
    private record Line(String name, Histogram nanos, long failed, Quantile.@Nullable Refusal refused) {
        boolean isDrawn() {
            return refused == null && all() >= 2 * SAMPLES_BEYOND && nanos.getTotalCount() > 0 && lastOneIn() > 1;
        }

        private long all() {
            return nanos.getTotalCount() + failed;
        }

        /** Of one request in how many is slower: the last that is drawn. */
        double lastOneIn() {
            return all() / (double) Math.max(SAMPLES_BEYOND, failed);
        }

        double micros(double oneIn) {
            double share = (1 - 1 / oneIn) * all() / nanos.getTotalCount();
            return Math.max(1, nanos.getValueAtPercentile(Math.min(1, share) * 100)) / NANOS_PER_MICRO;
        }
    }

    private final String title;
    private final List<Line> lines = new ArrayList<>();
    private double decades = 2;
    private double lowest = Double.MAX_VALUE;
    private double highest;

    public PercentilePlot(String title) {
        this.title = title;
    }

    /** Adds a line; one without samples is left out. */
    public void add(String name, LoadResults results, Metric metric, Quantile.@Nullable Refusal refused) {
        Histogram nanos = results.histogram(metric);
        if (nanos.getTotalCount() == 0) {
            return;
        }
        long failed = metric.isOfAnsweredRequests() ? results.requests() - results.count(Outcome.OK) : 0;
        Line line = new Line(name, nanos, failed, refused);
        lines.add(line);
        if (line.isDrawn()) {
            decades = Math.max(decades, Math.ceil(Math.log10(line.lastOneIn()) - 1e-9));
            lowest = Math.min(lowest, line.micros(1 + 1e-9));
            highest = Math.max(highest, line.micros(line.lastOneIn()));
        }
    }

    /** A whole document; UTF-8. */
    public String svg() {
        if (highest == 0) {
            lowest = 1;
            highest = 10;
        }
        Scale scale = new Scale(lowest, highest);
        StringBuilder out = new StringBuilder();
        int height = HEIGHT + 6 + (lines.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_LINE;
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height);
        out.append("\" width=\"").append(WIDTH).append("\" height=\"").append(height);
        out.append("\" font-family=\"sans-serif\" font-size=\"12\">\n");
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(out, WIDTH / 2.0, 26, "middle", " font-size=\"15\"", title);
        percentiles(out);
        scale.ticks(out);
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"black\"/>%n",
                LEFT,
                TOP,
                WIDTH - LEFT - RIGHT,
                HEIGHT - TOP - BOTTOM));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isDrawn()) {
                curve(out, lines.get(i), style(i), scale);
            }
        }
        legend(out);
        text(out, LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 16, "middle", "", "percentile of requests");
        double middle = TOP + (HEIGHT - TOP - BOTTOM) / 2.0;
        String turned = String.format(Locale.ROOT, " transform=\"rotate(-90 20 %.1f)\"", middle);
        text(out, 20, middle, "middle", turned, "latency");
        return out.append("</svg>\n").toString();
    }

    private double x(double oneIn) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log10(oneIn) / decades;
    }

    private void percentiles(StringBuilder out) {
        List<Double> ticks = new ArrayList<>(List.of(1.0, 2.0, 4.0));
        for (int decade = 1; decade <= decades; decade++) {
            ticks.add(Math.pow(10, decade));
            if (decade < decades) {
                ticks.add(2 * Math.pow(10, decade));
            }
        }
        for (double oneIn : ticks) {
            double x = x(oneIn);
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#dddddd\"/>%n",
                    x,
                    TOP,
                    x,
                    HEIGHT - BOTTOM));
            text(out, x, HEIGHT - BOTTOM + 18, "middle", "", percentile(oneIn));
        }
    }

    private static String percentile(double oneIn) {
        double percent = Math.round((1 - 1 / oneIn) * 1e8) / 1e6;
        return LoadReport.number(percent) + " %";
    }

    private void curve(StringBuilder out, Line line, String style, Scale scale) {
        out.append("<polyline fill=\"none\" stroke-width=\"1.8\"").append(style).append(" points=\"");
        double last = Math.log10(line.lastOneIn());
        int points = (int) Math.ceil(last * POINTS_PER_DECADE);
        for (int i = 0; i <= points; i++) {
            double oneIn = Math.pow(10, Math.min(last, (double) i / POINTS_PER_DECADE));
            out.append(String.format(
                    Locale.ROOT, "%.1f,%.1f ", x(oneIn), scale.y(line.micros(Math.max(oneIn, 1 + 1e-9)))));
        }
        out.append("\"/>\n");
    }

    private static String style(int line) {
        String dashes = DASHES[(line / COLOURS.length + line) % DASHES.length];
        return " stroke=\"" + COLOURS[line % COLOURS.length] + "\""
                + (dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"");
    }

    /** Below the axis, where it hides nothing. */
    private void legend(StringBuilder out) {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            String said = line.name();
            if (line.refused() != null) {
                said += ": none, " + line.refused().text();
            } else if (!line.isDrawn()) {
                said += ": none, too few samples";
            } else {
                said += " (" + line.all() + " requests" + (line.failed() == 0 ? "" : ", " + line.failed() + " failed")
                        + ")";
            }
            int x = LEFT + i % LEGEND_COLUMNS * (WIDTH - LEFT - RIGHT) / LEGEND_COLUMNS;
            int y = HEIGHT + 6 + i / LEGEND_COLUMNS * LEGEND_LINE;
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke-width=\"2.4\"%s/>%n",
                    x,
                    y - 4,
                    x + 34,
                    y - 4,
                    style(i)));
            text(out, x + 42, y, "start", "", said);
        }
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String more, String said) {
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor, more));
        out.append(said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .append("</text>\n");
    }

    /** The latency's axis: from a round figure below the lowest to one above the highest. */
    private static final class Scale {
        private static final int[] STEPS = {1, 2, 5};

        private final double low;
        private final double high;

        Scale(double lowest, double highest) {
            this.low = round(lowest, false);
            this.high = Math.max(round(highest * 1.05, true), low * 10);
        }

        private static double round(double micros, boolean up) {
            double decade = Math.pow(10, Math.floor(Math.log10(micros)));
            double found = up ? decade * 10 : decade;
            for (int step : STEPS) {
                double at = step * decade;
                if (up && at >= micros) {
                    return at;
                }
                if (!up && at <= micros) {
                    found = at;
                }
            }
            return found;
        }

        double y(double micros) {
            double share = Math.log10(micros / low) / Math.log10(high / low);
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
        }

        void ticks(StringBuilder out) {
            for (double decade = Math.pow(10, Math.floor(Math.log10(low))); decade <= high; decade *= 10) {
                for (int step : STEPS) {
                    double at = step * decade;
                    if (at < low * 0.999 || at > high * 1.001) {
                        continue;
                    }
                    out.append(String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                            LEFT,
                            y(at),
                            WIDTH - RIGHT,
                            y(at),
                            step == 1 ? "#bbbbbb" : "#e6e6e6"));
                    text(out, LEFT - 8, y(at) + 4, "end", "", said(at));
                }
            }
        }

        private static String said(double micros) {
            if (micros >= 1e6) {
                return LoadReport.number(rounded(micros / 1e6)) + " s";
            }
            return micros >= 1e3
                    ? LoadReport.number(rounded(micros / 1e3)) + " ms"
                    : LoadReport.number(rounded(micros)) + " µs";
        }

        private static double rounded(double value) {
            return Math.round(value * 1e3) / 1e3;
        }
    }
}
