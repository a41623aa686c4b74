package dev.slipstream.metrics;

/**
 * What a timed thing looks like at a scrape. Times in nanoseconds. Quantiles and the maximum are over the last 60 s,
 * exact to the digits of the histogram, at most 60 s, and 0 when the window is empty.
 *
 * @param count values since the start
 * @param sumNanos their sum, exact
 * @param windowCount values in the window
 */
public record SummaryValues(
        long count,
        long sumNanos,
        long windowCount,
        long p50Nanos,
        long p90Nanos,
        long p95Nanos,
        long p99Nanos,
        long p999Nanos,
        long maxNanos) {}
