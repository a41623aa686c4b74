package dev.slipstream.bench.micro;

import dev.slipstream.metrics.LoopMetrics;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.metrics.Stage;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one mark in the loop's histograms costs, alone and with the look at the clock that stands before it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MarkBench {
    private static final int VALUES = 1024;

    private final LoopMetrics metrics = new Metrics().forLoop(0);
    private final long[] nanos =
            new SplittableRandom(42).longs(VALUES, 200, 50_000_000).toArray();
    private long lastNanos = System.nanoTime();
    private int next;

    /** Times of a stage that jump about from 0.2 µs to 50 ms. */
    @Benchmark
    public void mark() {
        metrics.stage(Stage.UPSTREAM_WAIT, nanos[next++ & VALUES - 1]);
    }

    /** The time since the last mark. */
    @Benchmark
    public void clockAndMark() {
        long now = System.nanoTime();
        metrics.stage(Stage.EGRESS, now - lastNanos);
        lastNanos = now;
    }

    /** The clock alone. */
    @Benchmark
    public long clock() {
        return System.nanoTime();
    }
}
