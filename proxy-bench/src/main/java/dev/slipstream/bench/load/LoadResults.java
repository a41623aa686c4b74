package dev.slipstream.bench.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;

/**
 * What was recorded: histograms in nanoseconds with three digits, and counts. One worker writes; merged when it has ended.
 */
public final class LoadResults {
    private static final int DIGITS = 3;
    /** Beyond it a value counts as this. */
    private static final long MAX_NANOS = LoadPlan.MAX_TIMEOUT.plusMinutes(1).toNanos();

    private final Map<Metric, Histogram> histograms = new EnumMap<>(Metric.class);
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long requestBytes;
    private long answerBytes;
    private long reconnects;
    private boolean overrun;

    public LoadResults() {
        for (Metric metric : Metric.values()) {
            histograms.put(metric, new Histogram(1, MAX_NANOS, DIGITS));
        }
    }

    void record(Metric metric, long nanos) {
        histogram(metric).recordValue(Math.max(0, Math.min(MAX_NANOS, nanos)));
    }

    /** A request that ended, with all that is known of it. */
    void add(LoadCall call, Outcome outcome, long requestBytes, long nowNanos) {
        count(outcome, 1);
        this.requestBytes += requestBytes;
        answerBytes += call.answerBytes();
        if (outcome != Outcome.OK) {
            return;
        }
        record(Metric.TOTAL, nowNanos - call.dueNanos());
        record(Metric.SERVICE, nowNanos - call.sentNanos());
        record(Metric.FIRST_BYTE, call.firstByteNanos() - call.dueNanos());
        if (call.hasToken()) {
            record(Metric.FIRST_TOKEN, call.firstTokenNanos() - call.dueNanos());
        }
    }

    void count(Outcome outcome, long howMany) {
        if (howMany > 0) {
            outcomes.merge(outcome, howMany, Long::sum);
        }
    }

    /** A connection ended before the run did, and a new one was opened. */
    void onReconnect() {
        reconnects++;
    }

    void onOverrun() {
        overrun = true;
    }

    /** Adds all of the other's. */
    public void add(LoadResults other) {
        other.histograms.forEach((metric, histogram) -> histogram(metric).add(histogram));
        other.outcomes.forEach(this::count);
        requestBytes += other.requestBytes;
        answerBytes += other.answerBytes;
        reconnects += other.reconnects;
        overrun |= other.overrun;
    }

    Histogram histogram(Metric metric) {
        return Objects.requireNonNull(histograms.get(metric));
    }

    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Of all outcomes. */
    public long requests() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bodies that were sent. */
    public long requestBytes() {
        return requestBytes;
    }

    /** Bodies that came, as far as they did. */
    public long answerBytes() {
        return answerBytes;
    }

    public long reconnects() {
        return reconnects;
    }

    /** Whether more requests waited for a connection than the plan allows. */
    public boolean isOverrun() {
        return overrun;
    }
}
