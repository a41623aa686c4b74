package dev.slipstream.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of several legs, and what one leg adds to another: the difference of a percentile inside each round, and of those the
 * median. A round counts for a pair of legs where neither run was refused.
 */
final class VersusResults {
    static final String COLD = "direct-cold";
    static final String WARM = "direct-warm";
    static final String PROXY = "slipstream";
    /** Another proxy, to be compared with. */
    static final String BESIDE = "nginx";

    static final double[] QUANTILES = {0.5, 0.95, 0.99, 0.999};

    /** T3 of the targets. */
    private static final double MOST_ADDED_P50_MICROS = 20;

    private static final double MOST_TIMES_BESIDE = 1.2;

    private final Map<String, List<LoadReport>> legs = new LinkedHashMap<>();

    /** Each leg has one report for each round, in the rounds' order. */
    void add(String leg, LoadReport report) {
        legs.computeIfAbsent(leg, any -> new ArrayList<>()).add(report);
    }

    List<String> names() {
        return List.copyOf(legs.keySet());
    }

    List<LoadReport> reports(String leg) {
        return Objects.requireNonNullElse(legs.get(leg), List.of());
    }

    /** All runs of a leg that were not refused, together. */
    LoadResults pooled(String leg) {
        LoadResults all = new LoadResults();
        for (LoadReport report : reports(leg)) {
            if (report.refusal() == null) {
                all.add(report.results());
            }
        }
        return all;
    }

    /** Why a leg has no percentiles at all; null: it has some. */
    Quantile.@Nullable Refusal refusal(String leg) {
        Quantile.Refusal refusal = null;
        for (LoadReport report : reports(leg)) {
            if (report.refusal() == null) {
                return null;
            }
            refusal = report.refusal();
        }
        return refusal;
    }

    /**
     * What a leg adds to a percentile.
     *
     * @param rounds that counted; 0: too few samples in each, so it is the difference of all rounds together
     * @param least of the rounds, as {@code most}
     */
    record Added(double medianMicros, double least, double most, int rounds) {
        String told() {
            return rounds == 0
                    ? String.format(Locale.ROOT, "%.1f (all rounds together)", medianMicros)
                    : String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", medianMicros, least, most);
        }
    }

    /** Null: it cannot be told. */
    @Nullable
    Added added(String leg, Metric metric, double of) {
        List<LoadReport> ours = reports(leg);
        List<LoadReport> base = reports(WARM);
        double[] differences = new double[Math.min(ours.size(), base.size())];
        int rounds = 0;
        for (int i = 0; i < differences.length; i++) {
            Quantile with = ours.get(i).quantile(metric, of);
            Quantile without = base.get(i).quantile(metric, of);
            if (with.isTold() && without.isTold()) {
                differences[rounds++] = (with.nanos() - without.nanos()) / 1e3;
            }
        }
        if (rounds == 0) {
            Quantile with = LoadReport.quantile(pooled(leg), metric, of);
            Quantile without = LoadReport.quantile(pooled(WARM), metric, of);
            if (!with.isTold() || !without.isTold()) {
                return null;
            }
            double difference = (with.nanos() - without.nanos()) / 1e3;
            return new Added(difference, difference, difference, 0);
        }
        double[] sorted = Arrays.copyOf(differences, rounds);
        Arrays.sort(sorted);
        double median = (sorted[(rounds - 1) / 2] + sorted[rounds / 2]) / 2;
        return new Added(median, sorted[0], sorted[rounds - 1], rounds);
    }

    /** Markdown: each leg over all its rounds, then what is added to the warm direct one. */
    String table() {
        StringBuilder out = new StringBuilder();
        for (Metric metric : List.of(Metric.TOTAL, Metric.FIRST_TOKEN, Metric.TOKEN_GAP)) {
            if (pooled(WARM).histogram(metric).getTotalCount() > 0 || metric == Metric.TOTAL) {
                percentiles(out, metric);
                additions(out, metric);
            }
        }
        counts(out);
        return out.toString();
    }

    private void percentiles(StringBuilder out, Metric metric) {
        head(out, metric.text() + ", µs", " rounds |");
        for (String leg : names()) {
            LoadResults results = pooled(leg);
            long kept =
                    reports(leg).stream().filter(each -> each.refusal() == null).count();
            out.append("| ")
                    .append(leg)
                    .append(" | ")
                    .append(kept)
                    .append(" of ")
                    .append(reports(leg).size());
            for (double of : QUANTILES) {
                Quantile quantile = LoadReport.quantile(results, metric, of);
                out.append(" | ").append(quantile.isTold() ? LoadReport.micros(quantile.nanos()) : "–");
            }
            out.append(" |\n");
        }
        out.append('\n');
    }

    private void additions(StringBuilder out, Metric metric) {
        head(out, "added to " + WARM + ", µs: median of the rounds (least to most)", "");
        for (String leg : names()) {
            if (leg.equals(WARM)) {
                continue;
            }
            out.append("| ").append(leg);
            for (double of : QUANTILES) {
                Added added = added(leg, metric, of);
                out.append(" | ").append(added == null ? "–" : added.told());
            }
            out.append(" |\n");
        }
        out.append('\n');
    }

    private static void head(StringBuilder out, String first, String more) {
        out.append("| ").append(first).append(" |").append(more);
        for (double of : QUANTILES) {
            out.append(" p").append(LoadReport.percent(of)).append(" |");
        }
        out.append("\n| --- |").append(more.isEmpty() ? "" : " --- |").append(" --- |".repeat(QUANTILES.length));
        out.append('\n');
    }

    private void counts(StringBuilder out) {
        out.append("| leg | requests | ok | others | lateness of the generator p99, µs: least to most |\n");
        out.append("| --- | --- | --- | --- | --- |\n");
        for (String leg : names()) {
            LoadResults all = new LoadResults();
            reports(leg).forEach(report -> all.add(report.results()));
            StringBuilder others = new StringBuilder();
            for (Outcome outcome : Outcome.values()) {
                if (outcome != Outcome.OK && all.count(outcome) > 0) {
                    others.append(others.isEmpty() ? "" : ", ")
                            .append(outcome.label())
                            .append(' ');
                    others.append(all.count(outcome));
                }
            }
            long[] lateness = reports(leg).stream()
                    .mapToLong(LoadReport::latenessNanos)
                    .sorted()
                    .toArray();
            out.append("| ")
                    .append(leg)
                    .append(" | ")
                    .append(all.requests())
                    .append(" | ")
                    .append(all.count(Outcome.OK));
            out.append(" | ").append(others.isEmpty() ? "none" : others).append(" | ");
            out.append(LoadReport.micros(lateness[0])).append(" to ");
            out.append(LoadReport.micros(lateness[lateness.length - 1])).append(" |\n");
        }
    }

    /**
     * One figure that T3 asks about.
     *
     * @param figure null: not shown
     * @param most what it may be
     */
    record Judged(String what, @Nullable Double figure, String unit, double most) {
        boolean met() {
            return figure != null && figure <= most;
        }

        /** {@code met}, {@code missed}, {@code not shown}. */
        String verdict() {
            return figure == null ? "not shown" : met() ? "met" : "missed";
        }

        String told() {
            String value = figure == null ? "" : String.format(Locale.ROOT, " %.2f %s", figure, unit);
            return String.format(
                    Locale.ROOT, "T3, %s:%s, wanted at most %s %s: %s%n", what, value, bound(), unit, verdict());
        }

        String csv() {
            String value = figure == null ? "-" : String.format(Locale.ROOT, "%.2f", figure);
            return String.join(",", "T3", what, value, unit, "<= " + bound(), verdict()) + "\n";
        }

        private String bound() {
            return LoadReport.number(most);
        }
    }

    /** What T3 asks: the added median, and the added median and p99 beside nginx's; those are not shown without a leg of it. */
    List<Judged> judged() {
        List<Judged> all = new ArrayList<>();
        Added p50 = added(PROXY, Metric.TOTAL, 0.5);
        all.add(new Judged("added p50", p50 == null ? null : p50.medianMicros(), "µs", MOST_ADDED_P50_MICROS));
        for (double of : new double[] {0.5, 0.99}) {
            Added ours = added(PROXY, Metric.TOTAL, of);
            Added beside = reports(BESIDE).isEmpty() ? null : added(BESIDE, Metric.TOTAL, of);
            Double times = null;
            if (ours != null && beside != null && beside.medianMicros() > 0) {
                times = ours.medianMicros() / beside.medianMicros();
            }
            all.add(new Judged("added p" + LoadReport.percent(of) + " beside nginx", times, "x", MOST_TIMES_BESIDE));
        }
        return all;
    }
}
