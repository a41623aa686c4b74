package dev.slipstream.bench.load;

import dev.slipstream.bench.plot.PercentileCurves;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Latency over percentile of runs, as {@link PercentileCurves} draws it. */
public final class PercentilePlot {
    private final PercentileCurves curves;

    public PercentilePlot(String title) {
        this.curves = new PercentileCurves(title, "requests");
    }

    /** Adds a line; one without samples is left out. */
    public void add(String name, LoadResults results, Metric metric, Quantile.@Nullable Refusal refused) {
        Histogram nanos = results.histogram(metric);
        if (nanos.getTotalCount() == 0) {
            return;
        }
        if (refused != null) {
            curves.refused(name, refused.text());
            return;
        }
        curves.add(name, nanos, metric.isOfAnsweredRequests() ? results.requests() - results.count(Outcome.OK) : 0);
    }

    /** A whole document; UTF-8. */
    public String svg() {
        return curves.svg();
    }
}
