package dev.slipstream.bench.report;

import dev.slipstream.bench.load.Metric;
import dev.slipstream.bench.load.Quantile;
import dev.slipstream.bench.plot.Axis;
import dev.slipstream.bench.plot.LinePlot;
import dev.slipstream.bench.plot.PercentileCurves;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/**
 * Plots of a run's histograms, all legs in one: latency over percentile, and, where a log has several intervals, p50 and p99 over
 * time. Logs ({@code LEG.hlog}) are in nanoseconds with a tag for each time; a distribution ({@code LEG.TIME.hgrm}) is in
 * microseconds, and is read where there is no log of the leg.
 */
final class LatencyPlots {
    /** The generator's total has a plot of its own in runs that have this. */
    static final String OF_TOTAL = "percentiles.svg";

    private static final double[] OVER_TIME = {0.5, 0.99};
    private static final int HGRM_COLUMNS = 4;

    /** @param startSeconds by the log */
    private record Interval(double startSeconds, Histogram nanos) {}

    private static final class Distribution {
        private final double[] oneIns;
        private final double[] micros;
        private final long samples;

        Distribution(double[] oneIns, double[] micros, long samples) {
            this.oneIns = oneIns;
            this.micros = micros;
            this.samples = samples;
        }
    }

    private final RunFolder run;
    private final LegOutcomes outcomes = new LegOutcomes();
    /** By time, then by leg. */
    private final Map<String, Map<String, List<Interval>>> logs = new LinkedHashMap<>();

    private final Map<String, Map<String, Distribution>> distributions = new TreeMap<>();

    LatencyPlots(RunFolder run) {
        this.run = run;
        for (String path : run.ofKind("csv")) {
            outcomes.add(CsvTable.parse(run.text(path)));
        }
        for (String path : run.ofKind("hlog")) {
            readLog(withoutKind(path), run.files().getOrDefault(path, new byte[0]));
        }
        for (String path : run.ofKind("hgrm")) {
            String name = withoutKind(path);
            int dot = name.lastIndexOf('.');
            String leg = dot > 0 ? name.substring(0, dot) : name;
            String time = dot > 0 ? name.substring(dot + 1) : Metric.TOTAL.label();
            Distribution found = distribution(run.text(path));
            if (found != null && !logs.getOrDefault(time, Map.of()).containsKey(leg)) {
                distributions.computeIfAbsent(time, any -> new TreeMap<>()).put(leg, found);
            }
        }
    }

    private static String withoutKind(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }

    private void readLog(String leg, byte[] log) {
        HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(log));
        EncodableHistogram next = reader.nextIntervalHistogram();
        while (next != null) {
            if (next instanceof Histogram nanos && nanos.getTotalCount() > 0) {
                String tag = nanos.getTag() == null ? Metric.TOTAL.label() : nanos.getTag();
                logs.computeIfAbsent(tag, any -> new TreeMap<>())
                        .computeIfAbsent(leg, any -> new ArrayList<>())
                        .add(new Interval(nanos.getStartTimeStamp() / 1e3, nanos));
            }
            next = reader.nextIntervalHistogram();
        }
        reader.close();
    }

    /** Null: there is none in it. */
    private static @Nullable Distribution distribution(String text) {
        List<double[]> points = new ArrayList<>();
        long samples = 0;
        for (String line : text.lines().toList()) {
            String[] cells = line.strip().split("\\s+", -1);
            if (line.startsWith("#") || cells.length < HGRM_COLUMNS - 1) {
                continue;
            }
            double micros = CsvTable.number(cells[0]);
            double share = CsvTable.number(cells[1]);
            double count = CsvTable.number(cells[2]);
            if (Double.isNaN(micros) || Double.isNaN(share) || Double.isNaN(count)) {
                continue;
            }
            samples = Math.max(samples, (long) count);
            if (share < 1) {
                points.add(new double[] {1 / (1 - share), Math.max(micros, 1e-3)});
            }
        }
        return points.isEmpty()
                ? null
                : new Distribution(
                        points.stream().mapToDouble(point -> point[0]).toArray(),
                        points.stream().mapToDouble(point -> point[1]).toArray(),
                        samples);
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (String time : times()) {
            if (!time.equals(Metric.TOTAL.label()) || !run.files().containsKey(OF_TOTAL)) {
                percentiles(time, figures);
            }
        }
        for (String time : times()) {
            overTime(time, figures);
        }
        return figures;
    }

    /** Those that a reader asks about; the others are in the raw data. */
    private List<String> times() {
        List<String> times = new ArrayList<>(logs.keySet());
        for (String time : distributions.keySet()) {
            if (!times.contains(time)) {
                times.add(time);
            }
        }
        boolean hasTotal = times.contains(Metric.TOTAL.label());
        for (Metric metric : Metric.values()) {
            boolean asked = switch (metric) {
                case TOTAL, FIRST_TOKEN, TOKEN_GAP -> true;
                case SERVICE -> !hasTotal;
                case FIRST_BYTE, CONNECT, LATENESS -> false;
            };
            if (!asked) {
                times.remove(metric.label());
            }
        }
        return times;
    }

    private static @Nullable Metric metric(String time) {
        for (Metric metric : Metric.values()) {
            if (metric.label().equals(time)) {
                return metric;
            }
        }
        return null;
    }

    private static String text(String time) {
        Metric metric = metric(time);
        String text = metric == null ? time.replace('_', ' ') : metric.text();
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void percentiles(String time, List<Figure> figures) {
        Metric metric = metric(time);
        boolean ofRequests = metric == null || metric.isOfAnsweredRequests();
        PercentileCurves curves = new PercentileCurves(text(time), ofRequests ? "requests" : "samples");
        boolean known = true;
        for (Map.Entry<String, List<Interval>> leg :
                logs.getOrDefault(time, Map.of()).entrySet()) {
            known &= outcomes.knows(leg.getKey(), time);
            String refused = outcomes.refused(leg.getKey(), time);
            if (refused.isEmpty()) {
                curves.add(leg.getKey(), all(leg.getValue()), ofRequests ? outcomes.failed(leg.getKey(), time) : 0);
            } else {
                curves.refused(leg.getKey(), "refused: " + refused);
            }
        }
        for (Map.Entry<String, Distribution> leg :
                distributions.getOrDefault(time, Map.of()).entrySet()) {
            known = false;
            Distribution found = leg.getValue();
            curves.add(leg.getKey(), found.oneIns, found.micros, found.samples);
        }
        for (String leg : outcomes.refusedLegs(time)) {
            if (!logs.getOrDefault(time, Map.of()).containsKey(leg)) {
                curves.refused(leg, "refused: " + outcomes.refused(leg, time));
            }
        }
        if (!curves.isEmpty()) {
            String caption = text(time) + ": latency over percentile, all legs"
                    + (known || !ofRequests ? "" : "; requests that failed are not in it");
            figures.add(new Figure("percentiles." + time + ".svg", caption, curves.svg()));
        }
    }

    private static Histogram all(List<Interval> intervals) {
        Histogram all = intervals.get(0).nanos().copy();
        for (Interval interval : intervals.subList(1, intervals.size())) {
            all.setAutoResize(true);
            all.add(interval.nanos());
        }
        return all;
    }

    private void overTime(String time, List<Figure> figures) {
        Map<String, List<Interval>> legs = logs.getOrDefault(time, Map.of());
        LinePlot plot = new LinePlot(
                text(time) + ", over time",
                Axis.linear("time since the first interval", Axis.Unit.SECONDS),
                Axis.logarithmic("latency", Axis.Unit.MICROSECONDS));
        double begin = legs.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Interval::startSeconds)
                .min()
                .orElse(0);
        for (Map.Entry<String, List<Interval>> leg : legs.entrySet()) {
            List<Interval> intervals = leg.getValue();
            double[] seconds = intervals.stream()
                    .mapToDouble(each -> each.startSeconds() - begin)
                    .toArray();
            if (Arrays.stream(seconds).distinct().count() < 2) {
                continue;
            }
            for (double of : OVER_TIME) {
                double[] micros = new double[seconds.length];
                int told = 0;
                for (int i = 0; i < micros.length; i++) {
                    Histogram nanos = intervals.get(i).nanos();
                    boolean enough = nanos.getTotalCount() >= Quantile.samplesNeeded(of);
                    micros[i] = enough ? Math.max(1, nanos.getValueAtPercentile(of * 100)) / 1e3 : Double.NaN;
                    told += enough ? 1 : 0;
                }
                String name = leg.getKey() + " p" + Math.round(of * 100);
                if (told == 0) {
                    plot.absent(name + ": none, too few samples in each");
                } else {
                    plot.line(name, seconds, micros);
                }
            }
        }
        if (!plot.isEmpty()) {
            String caption = text(time) + ": p50 and p99 of each interval, over time";
            figures.add(new Figure("time.latency." + time + ".svg", caption, plot.svg()));
        }
    }
}
