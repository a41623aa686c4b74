package dev.slipstream.bench.plot;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Latency over percentile: both axes logarithmic, percentiles by how many requests are slower. A line ends where fewer than ten
 * samples lie beyond it; what was refused has none, and the legend says so.
 */
public final class PercentileCurves {
    private static final int SAMPLES_BEYOND = 10;
    private static final int POINTS_PER_DECADE = 60;
    private static final double NANOS_PER_MICRO = 1e3;

    private final LinePlot plot;
    private final String counted;

    /** @param counted what a sample is, in the plural: {@code requests} */
    public PercentileCurves(String title, String counted) {
        this.counted = counted;
        this.plot = new LinePlot(
                title,
                Axis.percentile("percentile of " + counted),
                Axis.logarithmic("latency", Axis.Unit.MICROSECONDS));
    }

    /**
     * Adds a line; one without samples is left out.
     *
     * @param nanos borrowed; nanoseconds
     * @param failed requests that have no latency: they count as the slowest, and no line goes so far
     */
    public void add(String name, Histogram nanos, long failed) {
        long told = nanos.getTotalCount();
        if (told == 0) {
            return;
        }
        long all = told + failed;
        double lastOneIn = all / (double) Math.max(SAMPLES_BEYOND, failed);
        if (all < 2 * SAMPLES_BEYOND || lastOneIn <= 1) {
            plot.absent(name + ": none, too few samples");
            return;
        }
        double last = Math.log10(lastOneIn);
        int points = (int) Math.ceil(last * POINTS_PER_DECADE);
        double[] oneIns = new double[points + 1];
        double[] micros = new double[points + 1];
        for (int i = 0; i <= points; i++) {
            oneIns[i] = Math.max(Math.pow(10, Math.min(last, (double) i / POINTS_PER_DECADE)), 1 + 1e-9);
            double share = (1 - 1 / oneIns[i]) * all / told;
            micros[i] = Math.max(1, nanos.getValueAtPercentile(Math.min(1, share) * 100)) / NANOS_PER_MICRO;
        }
        plot.line(
                name + " (" + all + " " + counted + (failed == 0 ? "" : ", " + failed + " failed") + ")",
                oneIns,
                micros);
    }

    /** Why a line is not there. */
    public void refused(String name, String why) {
        plot.absent(name + ": none, " + why);
    }

    /**
     * Adds a distribution as it was written, up to where ten samples lie beyond.
     *
     * @param oneIns rising, from 1
     * @param micros as many
     */
    public void add(String name, double[] oneIns, double[] micros, long samples) {
        int points = 0;
        while (points < oneIns.length && oneIns[points] <= samples / (double) SAMPLES_BEYOND) {
            points++;
        }
        if (samples < 2 * SAMPLES_BEYOND || points == 0) {
            refused(name, "too few samples");
            return;
        }
        plot.line(
                name + " (" + samples + " " + counted + ")",
                Arrays.copyOf(oneIns, points),
                Arrays.copyOf(micros, points));
    }

    /** Whether there is no line. */
    public boolean isEmpty() {
        return plot.isEmpty();
    }

    /** A whole document; UTF-8. */
    public String svg() {
        return plot.svg();
    }
}
