package dev.slipstream.bench.micro;

import dev.slipstream.limit.ByteBudget;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.limit.MemoryGate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request pays for the limits there are: memory, requests in flight, bytes held and bytes kept for a replay, taken
 * and given back; and what it pays where there is no place. Rates and budgets of a key are not in this version.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LimitCheckBench {
    private static final int BODY_BYTES = 1200;
    private static final int IN_FLIGHT = 1000;
    private static final long BUDGET_BYTES = 1L << 30;

    /** A counter, as Netty's own of its direct memory, which the process's gate asks. */
    private final AtomicLong usedBytes = new AtomicLong(1 << 20);

    private final MemoryGate memory = new MemoryGate(usedBytes::get, BUDGET_BYTES);

    private final ExactLimit inFlight = new ExactLimit(IN_FLIGHT);
    private final ExactLimit full = new ExactLimit(1);
    private final ByteBudget held = new ByteBudget(BUDGET_BYTES, memory);
    private final ByteBudget replay = new ByteBudget(BUDGET_BYTES, memory);

    @Setup
    public void check() {
        if (!full.tryAcquire() || !takenAndGivenBack() || refused()) {
            throw new IllegalStateException("a limit does not hold, or holds too early");
        }
    }

    @TearDown
    public void isAllGivenBack() {
        if (inFlight.used() != 0 || held.usedBytes() != 0 || replay.usedBytes() != 0) {
            throw new IllegalStateException("something was not given back");
        }
    }

    @Benchmark
    public boolean takenAndGivenBack() {
        if (memory.isShut() || !inFlight.tryAcquire()) {
            return false;
        }
        boolean room = held.tryReserve(BODY_BYTES);
        if (room) {
            room = replay.tryReserve(BODY_BYTES);
            held.release(BODY_BYTES);
            if (room) {
                replay.release(BODY_BYTES);
            }
        }
        inFlight.release();
        return room;
    }

    @Benchmark
    public boolean refused() {
        return !memory.isShut() && full.tryAcquire();
    }
}
