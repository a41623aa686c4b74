package dev.slipstream.bench.trend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures over time as SVG: a panel for each, one below the other, with one axis of time. What is warm-up is grey. */
final class TimePlot {
    private static final int WIDTH = 860;
    private static final int PANEL = 170;
    private static final int LEFT = 82;
    private static final int RIGHT = 32;
    private static final int TOP = 44;
    private static final int BOTTOM = 46;
    private static final int BETWEEN = 34;
    private static final int TICKS = 4;
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final double SECONDS_PER_MINUTE = 60;

    private record Panel(Series series, @Nullable Trend trend) {}

    private final String title;
    private final double warmUpSeconds;
    private final List<Panel> panels = new ArrayList<>();
    private double lastSeconds = 1;

    TimePlot(String title, double warmUpSeconds) {
        this.title = title;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Adds a panel; a series without samples is left out. */
    void add(Series series, @Nullable Trend trend) {
        if (series.size() > 0) {
            panels.add(new Panel(series, trend));
            lastSeconds = Math.max(lastSeconds, series.second(series.size() - 1));
        }
    }

    /** A whole document; UTF-8. */
    String svg() {
        int height = TOP + panels.size() * (PANEL + BETWEEN) + BOTTOM;
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                height,
                WIDTH,
                height));
        text(out, WIDTH / 2.0, 24, "middle", " font-size=\"15\"", title);
        int top = TOP;
        for (Panel panel : panels) {
            panel(out, panel, top + BETWEEN - 10);
            top += PANEL + BETWEEN;
        }
        text(
                out,
                LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
                height - 12,
                "middle",
                "",
                "minutes; grey: warm-up, left out of the line");
        return out.append("</svg>\n").toString();
    }

    private void panel(StringBuilder out, Panel panel, int top) {
        Series series = panel.series();
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (int i = 0; i < series.size(); i++) {
            least = Math.min(least, series.value(i));
            most = Math.max(most, series.value(i));
        }
        Scale y = new Scale(least, most);
        double right = x(Math.min(warmUpSeconds, lastSeconds));
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#eeeeee\"/>%n",
                LEFT,
                top,
                right - LEFT,
                PANEL));
        for (double at = y.low; at <= y.high + y.step / 2; at += y.step) {
            line(out, LEFT, WIDTH - RIGHT, top + y.down(at), top + y.down(at));
            text(out, LEFT - 8, top + y.down(at) + 4, "end", "", number(at));
        }
        double step = Scale.step(lastSeconds / SECONDS_PER_MINUTE, 2 * TICKS);
        for (double minutes = 0; minutes * SECONDS_PER_MINUTE <= lastSeconds; minutes += step) {
            double x = x(minutes * SECONDS_PER_MINUTE);
            line(out, x, x, top, top + PANEL);
            text(out, x, top + PANEL + 15, "middle", "", number(minutes));
        }
        out.append("<polyline fill=\"none\" stroke=\"#0072b2\" stroke-width=\"1.6\" points=\"");
        for (int i = 0; i < series.size(); i++) {
            out.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(series.second(i)), top + y.down(series.value(i))));
        }
        out.append("\"/>\n");
        Trend trend = panel.trend();
        if (trend != null) {
            out.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d55e00\" stroke-width=\"1.8\""
                            + " stroke-dasharray=\"7 3\"/>%n",
                    x(trend.fromSeconds()),
                    top + y.down(trend.at(trend.fromSeconds())),
                    x(trend.toSeconds()),
                    top + y.down(trend.at(trend.toSeconds()))));
        }
        String said = series.text() + (series.unit().isEmpty() ? "" : ", " + series.unit());
        said += trend == null
                ? " (too few samples for a line)"
                : String.format(
                        Locale.ROOT, ": %+.3f ± %.3f per hour", Trends.rounded(trend.perHour()), trend.standardError());
        text(out, LEFT, top - 6, "start", "", said);
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"black\"/>%n",
                LEFT,
                top,
                WIDTH - LEFT - RIGHT,
                PANEL));
    }

    private double x(double seconds) {
        return LEFT + (WIDTH - LEFT - RIGHT) * seconds / lastSeconds;
    }

    private static void line(StringBuilder out, double fromX, double toX, double fromY, double toY) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                fromX,
                fromY,
                toX,
                toY));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String more, String said) {
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor, more));
        out.append(said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .append("</text>\n");
    }

    private static String number(double value) {
        double rounded = Math.round(value * 1e4) / 1e4;
        return rounded == Math.rint(rounded)
                ? String.format(Locale.ROOT, "%.0f", rounded)
                : String.format(Locale.ROOT, "%s", rounded);
    }

    /** From a round figure at or below the least to one at or above the most. */
    private static final class Scale {
        private final double low;
        private final double high;
        private final double step;

        Scale(double least, double most) {
            // A figure that does not change is a line in the middle, not one on the frame.
            double span = most > least ? most - least : Math.max(1, Math.abs(most) / 10);
            this.step = step(span, TICKS);
            this.low = Math.floor((most > least ? least : least - span / 2) / step) * step;
            this.high = Math.ceil((most > least ? most : most + span / 2) / step) * step;
        }

        static double step(double span, int ticks) {
            double decade = Math.pow(10, Math.floor(Math.log10(span / ticks)));
            for (double each : STEPS) {
                if (span / (each * decade) <= ticks) {
                    return each * decade;
                }
            }
            return 10 * decade;
        }

        double down(double value) {
            return PANEL * (1 - (value - low) / (high - low));
        }
    }
}
