package dev.slipstream.bench.trend;

import org.jspecify.annotations.Nullable;

/**
 * The straight line through samples by least squares, and how sure its slope is.
 *
 * <p>Samples of memory that follow each other are alike, so that a thousand of them say less than a thousand independent ones
 * would. The standard error takes this into account by the correlation r of each residual with its successor: it is the textbook
 * figure times the root of (1 + r) / (1 - r), with r of 0 at least and 0.99 at most.
 *
 * @param samples that it stands on
 * @param perHour the slope
 * @param standardError of the slope, per hour
 * @param start what the line has at the first of these samples
 * @param fromSeconds when that was
 * @param toSeconds when the last one was
 */
record Trend(int samples, double perHour, double standardError, double start, double fromSeconds, double toSeconds) {
    /** With fewer there is no saying how alike neighbours are. */
    static final int LEAST_SAMPLES = 10;

    private static final double SECONDS_PER_HOUR = 3600;
    private static final double MOST_CORRELATION = 0.99;

    /**
     * Of the samples from a time on, in the series' unit; null where there are fewer than {@link #LEAST_SAMPLES}, or all at one
     * time.
     */
    static @Nullable Trend of(Series series, double fromSeconds) {
        int first = 0;
        while (first < series.size() && series.second(first) < fromSeconds) {
            first++;
        }
        int count = series.size() - first;
        if (count < LEAST_SAMPLES) {
            return null;
        }
        double meanTime = 0;
        double meanValue = 0;
        for (int i = first; i < series.size(); i++) {
            meanTime += series.second(i) / count;
            meanValue += series.value(i) / count;
        }
        double timeSquares = 0;
        double products = 0;
        for (int i = first; i < series.size(); i++) {
            double time = series.second(i) - meanTime;
            timeSquares += time * time;
            products += time * (series.value(i) - meanValue);
        }
        if (timeSquares == 0) {
            return null;
        }
        double slope = products / timeSquares;
        double squares = 0;
        double neighbours = 0;
        double before = 0;
        for (int i = first; i < series.size(); i++) {
            double residual = series.value(i) - meanValue - slope * (series.second(i) - meanTime);
            squares += residual * residual;
            neighbours += residual * before;
            before = residual;
        }
        double correlation = squares == 0 ? 0 : Math.max(0, Math.min(MOST_CORRELATION, neighbours / squares));
        double error =
                Math.sqrt(squares / (count - 2) / timeSquares) * Math.sqrt((1 + correlation) / (1 - correlation));
        double from = series.second(first);
        return new Trend(
                count,
                slope * SECONDS_PER_HOUR,
                error * SECONDS_PER_HOUR,
                meanValue + slope * (from - meanTime),
                from,
                series.second(series.size() - 1));
    }

    /** What the line has at a time. */
    double at(double seconds) {
        return start + perHour * (seconds - fromSeconds) / SECONDS_PER_HOUR;
    }
}
