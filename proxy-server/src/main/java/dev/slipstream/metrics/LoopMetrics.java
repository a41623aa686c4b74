package dev.slipstream.metrics;

import dev.slipstream.codec.Dialect;
import dev.slipstream.failure.FailureKind;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop counts and times.
 *
 * <p><b>Threads.</b> Every public method is the loop's alone: the first call binds the thread, and later ones assert
 * it. Single writer, so no call waits, and none allocates once its series exists. Running totals are written opaquely
 * and may be read by the reporter at any time.
 *
 * <p><b>Two sets of histograms.</b> The loop fills the active one; {@link #tick()} swaps it for the spare and leaves it
 * for the reporter, who empties it and gives it back. While the spare is away the loop goes on filling the active one:
 * nothing is lost, the next hand-over holds more than one second. There are two sets in all, so the hand-over is a queue
 * of one that cannot be full.
 *
 * <p><b>Values.</b> Durations in nanoseconds. Below 0 counts as 0; above {@value Series#HIGHEST_NANOS} is clamped in the
 * histogram and counted as clamped, while sums stay exact.
 */
public final class LoopMetrics {
    static final int WINDOW_TICKS = 60;

    /** The label of what has no route or no provider, as a request that was refused before it got one. */
    static final String NONE = "none";

    /** Keeps the totals off the cache lines of whatever lies beside the array. */
    private static final int PAD = 8;

    private final int index;
    private @Nullable Thread owner;

    private HistogramSet active = new HistogramSet();
    /** Emptied by the reporter, taken by the loop. */
    private final AtomicReference<@Nullable HistogramSet> spare = new AtomicReference<>(new HistogramSet());
    /** Filled by the loop, taken by the reporter. */
    private final AtomicReference<@Nullable HistogramSet> filled = new AtomicReference<>();

    private final AtomicLongArray counts = cells(Series.COUNT);
    private final AtomicLongArray sumsNanos = cells(Series.COUNT);
    private final AtomicLongArray clamped = cells(Series.COUNT);
    private final AtomicLongArray failures = cells(FailureKind.count());
    /** How often the loop ticked, connections acquired new, connections acquired again. */
    private final AtomicLongArray scalars = cells(3);

    private static final int TICKS = 0;
    private static final int ACQUIRED_NEW = 1;
    private static final int ACQUIRED_REUSED = 2;

    /** The lag by tick, so that the worst of the window can be told. */
    private final AtomicLongArray lagsNanos = cells(WINDOW_TICKS);

    private final CounterTable requests = new CounterTable();
    private final CounterTable attempts = new CounterTable();
    private final CounterTable tokens = new CounterTable();
    private final CounterTable usageUnknown = new CounterTable();

    LoopMetrics(int index) {
        this.index = index;
    }

    /** Time a request spent in {@code stage}, all entries together. */
    public void stage(Stage stage, long nanos) {
        record(Series.of(stage), nanos);
    }

    /** From the first byte of a request to the last of its answer. */
    public void request(long nanos) {
        record(Series.REQUEST, nanos);
    }

    /** From the first byte of a request to the first token of its answer. */
    public void firstToken(long nanos) {
        record(Series.FIRST_TOKEN, nanos);
    }

    /** Between two tokens of one answer. */
    public void tokenGap(long nanos) {
        record(Series.TOKEN_GAP, nanos);
    }

    /**
     * A request ended.
     *
     * @param route the configured model, null where it was refused before it had one; long-lived, as all labels here
     * @param provider the provider that answered, or null
     * @param status the status sent to the client
     */
    public void requestDone(@Nullable String route, @Nullable String provider, Dialect dialect, int status) {
        assert onLoop();
        requests.add(orNone(route), orNone(provider), label(dialect), status, 1);
    }

    /** We refused or broke a request. */
    @SuppressWarnings("EnumOrdinal") // A table by kind, as FailureKind.count() offers.
    public void failure(FailureKind kind) {
        assert onLoop();
        add(failures, kind.ordinal(), 1);
    }

    /** An attempt at a provider ended. */
    public void attempt(String provider, AttemptOutcome outcome) {
        assert onLoop();
        attempts.add(provider, outcome.label(), "", 0, 1);
    }

    /**
     * Tokens that a provider counted.
     *
     * @param model the configured model, never the client's word for it
     * @param type input, output, cached or reasoning
     */
    public void tokens(String provider, String model, String type, long count) {
        assert onLoop();
        tokens.add(provider, model, type, 0, count);
    }

    /** An answer of {@code provider} told no usage. */
    public void usageUnknown(String provider) {
        assert onLoop();
        usageUnknown.add(provider, "", "", 0, 1);
    }

    /** An attempt got its connection or stream, on a connection that had served before or on a new one. */
    public void upstreamAcquired(boolean reused) {
        assert onLoop();
        add(scalars, reused ? ACQUIRED_REUSED : ACQUIRED_NEW, 1);
    }

    /** How late the loop's tick came; the worst of the last minute is shown. Called beside {@link #tick()}. */
    public void loopLag(long nanos) {
        assert onLoop();
        int slot = (int) (scalars.getPlain(PAD + TICKS) % WINDOW_TICKS);
        lagsNanos.setOpaque(PAD + slot, Math.max(0, nanos));
    }

    /** Closes a second: hands its histograms to the reporter, if the reporter has given back those before. */
    public void tick() {
        assert onLoop();
        add(scalars, TICKS, 1);
        HistogramSet empty = spare.getAcquire();
        if (empty == null) {
            return;
        }
        spare.setPlain(null);
        HistogramSet full = active;
        full.tick = scalars.getPlain(PAD + TICKS);
        active = empty;
        filled.setRelease(full);
    }

    // What follows is the reporter's.

    int index() {
        return index;
    }

    /** Returns the set the loop left, owned by the caller until {@link #giveBack}; null if there is none. */
    @Nullable
    HistogramSet takeFilled() {
        return filled.getAndSet(null);
    }

    /** Consumes an emptied set. */
    void giveBack(HistogramSet emptied) {
        spare.setRelease(emptied);
    }

    long count(int series) {
        return counts.getOpaque(PAD + series);
    }

    long sumNanos(int series) {
        return sumsNanos.getOpaque(PAD + series);
    }

    long clamped(int series) {
        return clamped.getOpaque(PAD + series);
    }

    long failures(int kindOrdinal) {
        return failures.getOpaque(PAD + kindOrdinal);
    }

    long ticks() {
        return scalars.getOpaque(PAD + TICKS);
    }

    long acquired(boolean reused) {
        return scalars.getOpaque(PAD + (reused ? ACQUIRED_REUSED : ACQUIRED_NEW));
    }

    long worstLagNanos() {
        long worst = 0;
        for (int i = 0; i < WINDOW_TICKS; i++) {
            worst = Math.max(worst, lagsNanos.getOpaque(PAD + i));
        }
        return worst;
    }

    CounterTable requests() {
        return requests;
    }

    CounterTable attempts() {
        return attempts;
    }

    CounterTable tokens() {
        return tokens;
    }

    CounterTable usageUnknown() {
        return usageUnknown;
    }

    private void record(int series, long nanos) {
        assert onLoop();
        long value = Math.max(0, nanos);
        add(counts, series, 1);
        add(sumsNanos, series, value);
        if (value > Series.HIGHEST_NANOS) {
            add(clamped, series, 1);
            value = Series.HIGHEST_NANOS;
        }
        if (!active.record(series, value)) {
            // 2^31 values without a swap: the reporter is gone, and totals are all there is.
            add(clamped, series, 1);
        }
    }

    private static void add(AtomicLongArray cells, int cell, long count) {
        int at = PAD + cell;
        cells.setOpaque(at, cells.getPlain(at) + count);
    }

    private static AtomicLongArray cells(int count) {
        return new AtomicLongArray(PAD + count + PAD);
    }

    private static String orNone(@Nullable String label) {
        return label == null ? NONE : label;
    }

    private static String label(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> "openai";
            case ANTHROPIC -> "anthropic";
        };
    }

    private boolean onLoop() {
        Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        }
        return owner == current;
    }
}
