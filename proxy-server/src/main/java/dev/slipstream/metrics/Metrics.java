package dev.slipstream.metrics;

import dev.slipstream.failure.FailureKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The metrics of one proxy: hands each loop its own, and reads them all.
 *
 * <p><b>Threads.</b> Any; the lock here is never taken by a loop at work. Gauges are read on the thread of the scrape,
 * so their suppliers read something that any thread may read.
 *
 * <p><b>Reading changes nothing</b> that another reader would see: counters are never reset, and the window of the
 * histograms moves with the loops' ticks alone.
 */
public final class Metrics {
    private final List<LoopWindow> windows = new ArrayList<>();
    private final CompactCounts encoder = new CompactCounts();
    private final GaugeRegistry gauges = new GaugeRegistry();
    private final List<OutsideCounter> outside = new CopyOnWriteArrayList<>();

    public Metrics() {
        doubleGauge(
                "slipstream_upstream_connection_reuse_ratio",
                "Share of upstream acquisitions that found an open connection, since the start",
                this::reuseRatio);
    }

    /** Returns the metrics of loop {@code index}, the same object at every call. At start, before the loop runs. */
    public synchronized LoopMetrics forLoop(int index) {
        while (windows.size() <= index) {
            LoopMetrics loop = new LoopMetrics(windows.size());
            windows.add(new LoopWindow(loop));
            doubleGauge(
                    "slipstream_loop_lag_seconds",
                    "Worst lateness of the loop's tick in the last 60 s",
                    "loop",
                    Integer.toString(loop.index()),
                    () -> loop.worstLagNanos() / 1e9);
        }
        return windows.get(index).loop();
    }

    /** Shows a figure that somebody else keeps. {@code name} is as users see it; suppliers are read at every scrape. */
    public void gauge(String name, String help, LongSupplier value) {
        gauges.add(name, help, List.of(), List.of(), value::getAsLong);
    }

    /** As {@link #gauge(String, String, LongSupplier)}, with a label. */
    public void gauge(String name, String help, String labelName, String labelValue, LongSupplier value) {
        gauges.add(name, help, List.of(labelName), List.of(labelValue), value::getAsLong);
    }

    /** As {@link #gauge(String, String, LongSupplier)}, with two labels. */
    public void gauge(
            String name,
            String help,
            String labelName1,
            String labelValue1,
            String labelName2,
            String labelValue2,
            LongSupplier value) {
        gauges.add(name, help, List.of(labelName1, labelName2), List.of(labelValue1, labelValue2), value::getAsLong);
    }

    /** As {@link #gauge(String, String, LongSupplier)}, for fractions. */
    public void doubleGauge(String name, String help, DoubleSupplier value) {
        gauges.add(name, help, List.of(), List.of(), value);
    }

    /** As {@link #doubleGauge(String, String, DoubleSupplier)}, with a label. */
    public void doubleGauge(String name, String help, String labelName, String labelValue, DoubleSupplier value) {
        gauges.add(name, help, List.of(labelName), List.of(labelValue), value);
    }

    /** Shows a count that somebody else keeps and never lowers. {@code name} ends in {@code _total}. */
    public void counter(String name, String help, LongSupplier value) {
        outside.add(new OutsideCounter(name, help, value));
    }

    private record OutsideCounter(String name, String help, LongSupplier value) {
        CounterFamily read() {
            return new CounterFamily(
                    name, help, List.of(), List.of(new CounterFamily.Point(List.of(), value.getAsLong())));
        }
    }

    /**
     * Takes what the loops have handed over and gives them their spares back. Called several times per second: a loop
     * whose spare is away at its tick keeps two seconds in one slot.
     */
    public synchronized void collect() {
        for (LoopWindow window : windows) {
            window.collect(encoder);
        }
    }

    /** Returns everything as it is now. */
    public synchronized MetricsSnapshot snapshot() {
        collect();
        // Made anew: a scrape is rare, and resident these two were as large as all that loops hold of them.
        Histogram small = new Histogram(Series.LOWEST_NANOS, Series.HIGHEST_NANOS, 2);
        Histogram large = new Histogram(Series.LOWEST_NANOS, Series.HIGHEST_NANOS, 3);
        Map<Stage, SummaryValues> stages = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            stages.put(stage, summary(Series.of(stage), small));
        }
        return new MetricsSnapshot(
                stages,
                summary(Series.REQUEST, large),
                summary(Series.FIRST_TOKEN, large),
                summary(Series.TOKEN_GAP, large),
                counters(),
                gauges.read());
    }

    private SummaryValues summary(int series, Histogram window) {
        window.reset();
        long count = 0;
        long sumNanos = 0;
        for (LoopWindow each : windows) {
            each.addTo(series, window);
            count += each.loop().count(series);
            sumNanos += each.loop().sumNanos(series);
        }
        return new SummaryValues(
                count,
                sumNanos,
                window.getTotalCount(),
                percentile(window, 50),
                percentile(window, 90),
                percentile(window, 95),
                percentile(window, 99),
                percentile(window, 99.9),
                percentile(window, 100));
    }

    /** A histogram answers with the upper end of a bucket, and the last bucket ends above the range. */
    private static long percentile(Histogram window, double percentile) {
        return window.getTotalCount() == 0
                ? 0
                : Math.min(window.getValueAtPercentile(percentile), Series.HIGHEST_NANOS);
    }

    private List<CounterFamily> counters() {
        List<CounterFamily> counters = new ArrayList<>(ownCounters());
        outside.forEach(each -> counters.add(each.read()));
        return counters;
    }

    private List<CounterFamily> ownCounters() {
        return List.of(
                table(
                        "slipstream_requests_total",
                        "Requests that ended, by the status the client got",
                        List.of("route", "provider", "dialect", "status"),
                        LoopMetrics::requests),
                failures(),
                table(
                        "slipstream_attempts_total",
                        "Attempts at a provider that ended",
                        List.of("provider", "outcome"),
                        LoopMetrics::attempts),
                table(
                        "slipstream_tokens_total",
                        "Tokens as providers counted them",
                        List.of("provider", "model", "type"),
                        LoopMetrics::tokens),
                table(
                        "slipstream_usage_unknown_total",
                        "Answers that told no usage",
                        List.of("provider"),
                        LoopMetrics::usageUnknown),
                acquired(),
                clamped());
    }

    private CounterFamily table(
            String name, String help, List<String> labelNames, Function<LoopMetrics, CounterTable> tableOf) {
        Map<List<String>, Long> sums = new LinkedHashMap<>();
        for (LoopWindow window : windows) {
            tableOf.apply(window.loop())
                    .forEach(entry -> sums.merge(labelValues(entry, labelNames.size()), entry.value(), Long::sum));
        }
        List<CounterFamily.Point> points = new ArrayList<>(sums.size());
        sums.forEach((labelValues, value) -> points.add(new CounterFamily.Point(labelValues, value)));
        return new CounterFamily(name, help, labelNames, points);
    }

    private static List<String> labelValues(CounterTable.Entry entry, int labels) {
        return switch (labels) {
            case 1 -> List.of(entry.first);
            case 2 -> List.of(entry.first, entry.second);
            case 3 -> List.of(entry.first, entry.second, entry.third);
            default ->
                List.of(
                        entry.first,
                        entry.second,
                        entry.third,
                        entry.number == CounterTable.OTHER_NUMBER
                                ? CounterTable.OTHER
                                : Integer.toString(entry.number));
        };
    }

    private CounterFamily failures() {
        List<CounterFamily.Point> points = new ArrayList<>(FailureKind.count());
        for (int kind = 0; kind < FailureKind.count(); kind++) {
            long sum = 0;
            for (LoopWindow window : windows) {
                sum += window.loop().failures(kind);
            }
            points.add(new CounterFamily.Point(List.of(FailureKind.at(kind).word()), sum));
        }
        return new CounterFamily("slipstream_failures_total", "Failures of our own", List.of("kind"), points);
    }

    private CounterFamily acquired() {
        return new CounterFamily(
                "slipstream_upstream_acquired_total",
                "Upstream acquisitions, on a new connection or on one that had served before",
                List.of("connection"),
                List.of(
                        new CounterFamily.Point(List.of("new"), acquired(false)),
                        new CounterFamily.Point(List.of("reused"), acquired(true))));
    }

    private CounterFamily clamped() {
        List<CounterFamily.Point> points = new ArrayList<>(Series.COUNT);
        for (int series = 0; series < Series.COUNT; series++) {
            long sum = 0;
            for (LoopWindow window : windows) {
                sum += window.loop().clamped(series);
            }
            points.add(new CounterFamily.Point(List.of(Series.label(series)), sum));
        }
        return new CounterFamily(
                "slipstream_clamped_total",
                "Times above 60 s, which quantiles show as 60 s; sums have them whole",
                List.of("series"),
                points);
    }

    private synchronized long acquired(boolean reused) {
        long sum = 0;
        for (LoopWindow window : windows) {
            sum += window.loop().acquired(reused);
        }
        return sum;
    }

    private double reuseRatio() {
        long reused = acquired(true);
        long all = reused + acquired(false);
        return all == 0 ? 0 : (double) reused / all;
    }
}
