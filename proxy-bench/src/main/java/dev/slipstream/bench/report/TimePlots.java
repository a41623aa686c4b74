package dev.slipstream.bench.report;

import dev.slipstream.bench.plot.Axis;
import dev.slipstream.bench.plot.LinePlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plots over time of a CSV file that has a column of time: one for each unit and size of figures, so that nothing lies flat on an
 * axis that was made for something larger. A time that goes back is that of several series, which the columns of text tell apart.
 */
final class TimePlots {
    private static final Pattern TIME = Pattern.compile(
            "(?:second|minute|hour|t|time|elapsed|uptime|timestamp|at|since_start)s?(?:_(ms|millis|s|sec|seconds|min|minutes|h|hours))?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern UNIT = Pattern.compile(".*_(mib|mb|kib|kb|bytes|us|ms|ns|percent|per_second)");
    /** Numbers that count rows, and are no figures. */
    private static final Set<String> COUNTS_ROWS = Set.of("round", "run", "index", "sample", "n", "seed");

    private static final int MOST_SERIES = 6;
    private static final int MOST_LINES = 7;
    private static final int MOST_PLOTS = 8;
    /** Figures within this of each other share an axis. */
    private static final double SAME_SIZE = 20;
    /** Beyond them, each stretch of time keeps its least and its most. */
    private static final int MOST_POINTS = 1200;

    private static final class Line {
        private final String name;
        private final String unit;
        private final double[] seconds;
        private final double[] values;

        Line(String name, String unit, double[] seconds, double[] values) {
            this.name = name;
            this.unit = unit;
            this.seconds = seconds;
            this.values = values;
        }

        double largest() {
            return Arrays.stream(values)
                    .filter(Double::isFinite)
                    .map(Math::abs)
                    .max()
                    .orElse(0);
        }

        boolean isConstant() {
            return Arrays.stream(values).filter(Double::isFinite).distinct().count() == 1;
        }
    }

    private final String file;
    private final String stem;
    private final CsvTable table;
    private final int time;

    private TimePlots(String path, CsvTable table, int time) {
        this.file = path;
        this.stem = path.substring(0, path.lastIndexOf('/') + 1) + "time." + RunFolder.stem(path);
        this.table = table;
        this.time = time;
    }

    /**
     * None where the file has no column of time, or less than two points of it.
     *
     * @param path of the file in its run; the plots lie beside it
     */
    static List<Figure> of(String path, CsvTable table) {
        for (int i = 0; i < table.names().size(); i++) {
            if (TIME.matcher(table.names().get(i)).matches() && table.isNumeric(i)) {
                return new TimePlots(path, table, i).figures();
            }
        }
        return List.of();
    }

    private List<Figure> figures() {
        List<Line> lines = lines();
        List<String> constant = new ArrayList<>();
        Map<String, List<Line>> byUnit = new LinkedHashMap<>();
        for (Line line : lines) {
            if (line.isConstant()) {
                constant.add(line.name + " " + Markdown.number(line.largest()));
            } else {
                byUnit.computeIfAbsent(line.unit, any -> new ArrayList<>()).add(line);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (List<Line> ofUnit : byUnit.values()) {
            ofUnit.sort(Comparator.comparingDouble(line -> -line.largest()));
            List<Line> together = new ArrayList<>();
            for (Line line : ofUnit) {
                boolean fits = together.isEmpty() || together.get(0).largest() <= SAME_SIZE * line.largest();
                if (!fits || together.size() == MOST_LINES) {
                    figure(together, figures);
                    together = new ArrayList<>();
                }
                together.add(line);
            }
            figure(together, figures);
        }
        if (!figures.isEmpty() && !constant.isEmpty()) {
            Figure last = figures.remove(figures.size() - 1);
            String all = last.caption() + "; constant, and not drawn: " + String.join(", ", constant);
            figures.add(new Figure(last.path(), all, last.svg()));
        }
        return figures;
    }

    private void figure(List<Line> lines, List<Figure> figures) {
        if (figures.size() == MOST_PLOTS) {
            return;
        }
        String unit = lines.get(0).unit;
        boolean ofTime = unit.equals("µs");
        String title = String.join(", ", lines.stream().map(line -> line.name).toList()) + " over time";
        LinePlot plot = new LinePlot(
                title,
                Axis.linear("time since the first sample", Axis.Unit.SECONDS),
                Axis.linear(
                        ofTime ? "time taken" : unit.isEmpty() ? "count" : unit,
                        ofTime ? Axis.Unit.MICROSECONDS : Axis.Unit.NONE));
        for (Line line : lines) {
            plot.line(line.name, line.seconds, line.values);
        }
        if (!plot.isEmpty()) {
            String number = figures.isEmpty() ? "" : "." + (figures.size() + 1);
            figures.add(new Figure(stem + number + ".svg", title + " (" + file + ")", plot.svg()));
        }
    }

    private List<Line> lines() {
        Map<String, List<List<String>>> series = series();
        List<Line> lines = new ArrayList<>();
        if (series.size() > MOST_SERIES) {
            return lines;
        }
        double scale = secondsPerUnit();
        double begin = table.rows().stream()
                .mapToDouble(row -> CsvTable.number(row.get(time)))
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        // A clock's time means nothing on an axis; a time since the start is shown as it is.
        double from = begin * scale > 1e8 ? begin : 0;
        for (Map.Entry<String, List<List<String>>> each : series.entrySet()) {
            List<List<String>> rows = each.getValue();
            if (rows.size() < 2 || !rises(rows)) {
                continue;
            }
            double[] seconds = rows.stream()
                    .mapToDouble(row -> (CsvTable.number(row.get(time)) - from) * scale)
                    .toArray();
            for (int column = 0; column < table.names().size(); column++) {
                if (column != time && !COUNTS_ROWS.contains(table.names().get(column)) && table.isNumeric(column)) {
                    lines.add(line(each.getKey(), column, seconds, rows));
                }
            }
        }
        return lines;
    }

    private Line line(String key, int column, double[] seconds, List<List<String>> rows) {
        String name = table.names().get(column);
        Matcher matcher = UNIT.matcher(name.toLowerCase(Locale.ROOT));
        String suffix = matcher.matches() ? matcher.group(1) : "";
        double factor = switch (suffix) {
            case "ms" -> 1e3;
            case "ns" -> 1e-3;
            case "kib" -> 1.0 / 1024;
            case "kb" -> 1e-3;
            case "bytes" -> 1.0 / (1024 * 1024);
            default -> 1;
        };
        String unit = switch (suffix) {
            case "us", "ms", "ns" -> "µs";
            case "mib", "kib", "bytes" -> "MiB";
            case "mb", "kb" -> "MB";
            case "percent" -> "%";
            case "per_second" -> "per second";
            default -> "";
        };
        double[] values = rows.stream()
                .mapToDouble(row -> CsvTable.number(row.get(column)) * factor)
                .toArray();
        String called = unit.isEmpty() ? name : name.substring(0, name.length() - suffix.length() - 1);
        return thinned(new Line((key + " " + called.replace('_', ' ')).strip(), unit, seconds, values));
    }

    private double secondsPerUnit() {
        String name = table.names().get(time).toLowerCase(Locale.ROOT);
        Matcher matcher = TIME.matcher(name);
        String unit = matcher.matches() && matcher.group(1) != null ? matcher.group(1) : name;
        if (unit.equals("ms") || unit.equals("millis")) {
            return 1e-3;
        }
        if (unit.startsWith("min")) {
            return 60;
        }
        return unit.equals("h") || unit.startsWith("hour") ? 3600 : 1;
    }

    /** All rows together, where time rises from row to row; else by their texts. */
    private Map<String, List<List<String>>> series() {
        List<List<String>> timed =
                table.rows().stream().filter(row -> !row.get(time).isBlank()).toList();
        if (rises(timed)) {
            return Map.of("", timed);
        }
        Map<String, List<List<String>>> series = new TreeMap<>();
        for (List<String> row : timed) {
            StringBuilder key = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                boolean counts = COUNTS_ROWS.contains(table.names().get(column));
                if (column != time && (counts || !table.isNumeric(column))) {
                    key.append(counts ? table.names().get(column) + " " : "")
                            .append(row.get(column))
                            .append(' ');
                }
            }
            series.computeIfAbsent(key.toString().strip(), any -> new ArrayList<>())
                    .add(row);
        }
        return series;
    }

    private boolean rises(List<List<String>> rows) {
        for (int i = 1; i < rows.size(); i++) {
            if (CsvTable.number(rows.get(i).get(time))
                    <= CsvTable.number(rows.get(i - 1).get(time))) {
                return false;
            }
        }
        return true;
    }

    private static Line thinned(Line line) {
        int count = line.values.length;
        if (count <= MOST_POINTS) {
            return line;
        }
        int stretches = MOST_POINTS / 2;
        double[] seconds = new double[2 * stretches];
        double[] values = new double[2 * stretches];
        for (int i = 0; i < stretches; i++) {
            int from = (int) ((long) i * count / stretches);
            int to = (int) ((long) (i + 1) * count / stretches);
            int least = from;
            int most = from;
            for (int at = from; at < to; at++) {
                least = line.values[at] < line.values[least] ? at : least;
                most = line.values[at] > line.values[most] ? at : most;
            }
            int first = Math.min(least, most);
            int second = Math.max(least, most);
            seconds[2 * i] = line.seconds[first];
            values[2 * i] = line.values[first];
            seconds[2 * i + 1] = line.seconds[second];
            values[2 * i + 1] = line.values[second];
        }
        return new Line(line.name, line.unit, seconds, values);
    }
}
