/**
 * What is counted and timed.
 *
 * <p>{@link dev.slipstream.metrics.LoopMetrics} is written by its loop alone, without a lock and without garbage.
 * {@link dev.slipstream.metrics.Metrics} belongs to the one who makes it, one per proxy; the thread that calls it is the
 * reporter, which takes each loop's histograms once per second, keeps sixty seconds of them in a few bytes each, and
 * writes nothing that a loop waits for.
 *
 * <p>Memory: per loop two sets of histograms, each made when the first value comes: 26 KB per stage and 188 KB for each
 * of request, first token and token gap, at most 0.96 MB. And its window, by how many values come per second into
 * every series: 19 KB at 1, 125 KB at 100, 0.7 MB at 1,000, 1.7 MB at 10,000.
 */
@NullMarked
package dev.slipstream.metrics;

import org.jspecify.annotations.NullMarked;
