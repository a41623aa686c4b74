package dev.slipstream.loop;

import dev.slipstream.metrics.LoopMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One event loop and what belongs to it. Everything here but {@link #eventLoop()} is confined to the loop.
 */
public final class Loop {
    private final int index;
    private final EventLoop eventLoop;
    private final NanoClock clock;
    private final ByteBufAllocator allocator;
    private final LoopTimers timers;
    private final FlushBatch flushes;
    private final LoopMetrics metrics;
    private final MemoryWarnings memoryWarnings = new MemoryWarnings();
    private final @Nullable OffLoop offLoop;

    /** A loop that does everything itself. */
    public Loop(int index, EventLoop eventLoop, NanoClock clock, ByteBufAllocator allocator, LoopMetrics metrics) {
        this(index, eventLoop, clock, allocator, metrics, null);
    }

    /** @param offLoop where work goes that would hold it up; null: it does everything itself */
    public Loop(
            int index,
            EventLoop eventLoop,
            NanoClock clock,
            ByteBufAllocator allocator,
            LoopMetrics metrics,
            @Nullable OffLoop offLoop) {
        this.index = index;
        this.offLoop = offLoop;
        this.eventLoop = eventLoop;
        this.clock = clock;
        this.allocator = allocator;
        this.timers = new LoopTimers(eventLoop, clock);
        this.flushes = new FlushBatch();
        this.metrics = metrics;
    }

    /** 0 to the number of loops less one. */
    public int index() {
        return index;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** The time on the loop's clock, in nanoseconds since an arbitrary origin. From any thread. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    public LoopTimers timers() {
        return timers;
    }

    public FlushBatch flushes() {
        return flushes;
    }

    public LoopMetrics metrics() {
        return metrics;
    }

    /** Where work goes that would hold this loop up; null: it does everything itself. */
    public @Nullable OffLoop offLoop() {
        return offLoop;
    }

    /**
     * Runs {@code task} behind all that is ready on the loop now, and before it looks for more. For whoever reads on: a
     * task would be run in the same turn, as up to 63 behind it, because Netty looks at the time every 64 tasks; a stream
     * that is paused and resumed for each read would then have 64 reads to each one of its neighbours'.
     */
    public void afterTurn(Runnable task) {
        if (eventLoop instanceof SingleThreadEventLoop turning) {
            turning.executeAfterEventLoopIteration(task);
        } else {
            // An embedded one, in a test: it has no turns.
            eventLoop.execute(task);
        }
    }

    /** An allocation failed with {@code cause}: says so, not too often. Whoever needed it is given up by the caller. */
    public void outOfMemory(OutOfMemoryError cause) {
        memoryWarnings.exhausted(cause, clock.nanoTime());
    }

    /** Whether the caller runs on this loop; for assertions. */
    public boolean isHere() {
        return eventLoop.inEventLoop();
    }
}
