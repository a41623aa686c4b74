package dev.slipstream.bench.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to, and whether it can be believed. Immutable in effect: nothing writes to the results any more.
 *
 * <p><b>Percentiles</b> of times that a request has at most one of count all requests: one that failed took for ever. A
 * percentile that lies among the failed ones is refused, as is one of too few samples, and all of them where the generator
 * was late or overrun.
 *
 * @param startNanos when the first request was due, by {@code System.nanoTime()}
 * @param seconds from the first request that was due to the last one's end, the warm-up included
 */
public record LoadReport(LoadTarget target, LoadPlan plan, LoadResults results, long startNanos, double seconds) {
    /** Those that tables tell. */
    static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    private static final double LATENESS_QUANTILE = 99;

    /** Null: percentiles can be believed, as far as there are samples for them. */
    public Quantile.@Nullable Refusal refusal() {
        if (results.isOverrun()) {
            return Quantile.Refusal.OVERRUN;
        }
        return latenessNanos() > plan.maxLateness().toNanos() ? Quantile.Refusal.LATE : null;
    }

    /** How late the generator was itself: the 99th percentile, however few samples there are. */
    public long latenessNanos() {
        Histogram lateness = results.histogram(Metric.LATENESS);
        return lateness.getTotalCount() == 0 ? 0 : lateness.getValueAtPercentile(LATENESS_QUANTILE);
    }

    /** @param of 0 to less than 1 */
    public Quantile quantile(Metric metric, double of) {
        Quantile.Refusal refusal = refusal();
        if (refusal != null && metric != Metric.LATENESS) {
            return Quantile.refused(of, refusal);
        }
        return quantile(results, metric, of);
    }

    /** Of results alone, whose runs were looked at. */
    static Quantile quantile(LoadResults results, Metric metric, double of) {
        Histogram histogram = results.histogram(metric);
        long told = histogram.getTotalCount();
        long failed = metric.isOfAnsweredRequests() && told > 0 ? results.requests() - results.count(Outcome.OK) : 0;
        if (told + failed < Quantile.samplesNeeded(of)) {
            return Quantile.refused(of, Quantile.Refusal.TOO_FEW);
        }
        double within = of * (told + failed) / told;
        if (within > 1) {
            return Quantile.refused(of, Quantile.Refusal.FAILED);
        }
        return new Quantile(of, histogram.getValueAtPercentile(within * 100), null);
    }

    /** For people: what was done, outcomes, a table of microseconds in Markdown, and what is refused. */
    public String table() {
        StringBuilder out = new StringBuilder(heading()).append('\n');
        out.append(outcomes()).append('\n');
        out.append("\n| µs | samples |");
        for (double of : QUANTILES) {
            out.append(" p").append(percent(of)).append(" |");
        }
        out.append(" largest |\n| --- | --- |")
                .append(" --- |".repeat(QUANTILES.length + 1))
                .append('\n');
        for (Metric metric : Metric.values()) {
            Histogram histogram = results.histogram(metric);
            if (histogram.getTotalCount() == 0) {
                continue;
            }
            out.append("| ").append(metric.text()).append(" | ").append(histogram.getTotalCount());
            for (double of : QUANTILES) {
                Quantile quantile = quantile(metric, of);
                out.append(" | ").append(quantile.isTold() ? micros(quantile.nanos()) : "–");
            }
            out.append(" | ").append(micros(histogram.getMaxValue())).append(" |\n");
        }
        String verdict = verdict();
        return verdict.isEmpty()
                ? out.toString()
                : out.append('\n').append(verdict).append('\n').toString();
    }

    /** Empty: nothing is to be said against the run. */
    public String verdict() {
        Quantile.Refusal refusal = refusal();
        if (refusal == null) {
            return "";
        }
        return switch (refusal) {
            case OVERRUN ->
                "overrun: more than " + plan.queue() + " requests waited for a connection; the run ended after "
                        + String.format(Locale.ROOT, "%.1f", seconds) + " s and no percentile is told";
            case LATE ->
                "could not keep its rate: the generator came more than " + micros(latenessNanos())
                        + " µs late to one request in a hundred (bound: "
                        + micros(plan.maxLateness().toNanos())
                        + " µs); no percentile is told";
            case TOO_FEW, FAILED -> refusal.text();
        };
    }

    String heading() {
        String pace = plan.pace() instanceof Pace.Open open
                ? "open loop, " + number(open.perSecond()) + "/s" + ramp(open)
                : "closed loop, " + ((Pace.Closed) plan.pace()).concurrency() + " at a time";
        String connections = plan.cold()
                ? "a new connection for each request, at most " + plan.connections() + " at a time"
                : plan.connections() + " connections";
        return target + ": " + pace + ", " + plan.scenario().label() + ", " + connections + ", "
                + number(plan.length().toNanos() / 1e9) + " s behind "
                + number(plan.warmUp().toNanos() / 1e9)
                + " s of warm-up, " + plan.loops() + (plan.loops() == 1 ? " loop, " : " loops, ")
                + plan.transport().label() + (target.isSecure() ? ", tls=" + ClientTls.engine() : "");
    }

    private static String ramp(Pace.Open open) {
        return open.ramp().isZero()
                ? ""
                : " behind a ramp of " + number(open.ramp().toNanos() / 1e9) + " s";
    }

    String outcomes() {
        StringBuilder out = new StringBuilder("requests: ").append(results.requests());
        for (Outcome outcome : Outcome.values()) {
            long count = results.count(outcome);
            if (count > 0) {
                out.append(", ").append(outcome.label()).append(' ').append(count);
            }
        }
        out.append("; bodies sent: ").append(results.requestBytes()).append(" B, received: ");
        out.append(results.answerBytes()).append(" B");
        if (results.reconnects() > 0) {
            out.append("; connections that ended early: ").append(results.reconnects());
        }
        return out.toString();
    }

    /** {@code 50}, {@code 99.9}. */
    static String percent(double of) {
        return number(Math.round(of * 1e6) / 1e4);
    }

    /** Without needless digits. */
    static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }

    static String micros(long nanos) {
        return String.format(Locale.ROOT, nanos < 10_000_000 ? "%.1f" : "%.0f", nanos / 1e3);
    }
}
