package dev.slipstream.exchange;

import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.LoopMetrics;
import dev.slipstream.metrics.Stage;
import java.util.Arrays;

/**
 * Where the time of one request went. Time always runs for exactly one stage; a mark at each entry moves it on. A stage
 * that is entered again adds to its time, so the sum over the stages is the time of the whole.
 */
@SuppressWarnings("EnumOrdinal") // an array by stage, touched at every mark
public final class StageClock {
    private static final Stage[] STAGES = Stage.values();
    private static final int WAITS = bits(Stage.BODY_WAIT, Stage.POOL_WAIT, Stage.UPSTREAM_WAIT, Stage.CLIENT_PAUSED);

    private final NanoClock clock;
    private final long[] nanos = new long[STAGES.length];
    private int visited;
    private int current;
    private long startNanos;
    private long markNanos;

    StageClock(NanoClock clock) {
        this.clock = clock;
    }

    private static int bits(Stage... stages) {
        int bits = 0;
        for (Stage stage : stages) {
            bits |= 1 << stage.ordinal();
        }
        return bits;
    }

    void start() {
        startNanos = clock.nanoTime();
        markNanos = startNanos;
        current = Stage.INGRESS.ordinal();
        visited = 1 << current;
    }

    /** Time runs for {@code stage} from here on. Gives back the time. */
    public long enter(Stage stage) {
        long now = clock.nanoTime();
        nanos[current] += now - markNanos;
        markNanos = now;
        current = stage.ordinal();
        visited |= 1 << current;
        return now;
    }

    /** The stage that time runs for. */
    public Stage current() {
        return STAGES[current];
    }

    public long startNanos() {
        return startNanos;
    }

    /** The last mark. */
    public long markNanos() {
        return markNanos;
    }

    /** What {@code stage} has taken up to the last mark. */
    public long nanosIn(Stage stage) {
        return nanos[stage.ordinal()];
    }

    /** Time up to the last mark that was not spent waiting for others. */
    public long ownNanos() {
        long own = 0;
        for (int i = 0; i < nanos.length; i++) {
            if ((WAITS & 1 << i) == 0) {
                own += nanos[i];
            }
        }
        return own;
    }

    /** Stops the time and records every stage that was visited, and the whole. */
    void record(LoopMetrics metrics) {
        long now = clock.nanoTime();
        nanos[current] += now - markNanos;
        markNanos = now;
        for (int i = 0; i < nanos.length; i++) {
            if ((visited & 1 << i) != 0) {
                metrics.stage(STAGES[i], nanos[i]);
            }
        }
        metrics.request(now - startNanos);
    }

    void reset() {
        Arrays.fill(nanos, 0);
        visited = 0;
        current = 0;
        startNanos = 0;
        markNanos = 0;
    }
}
