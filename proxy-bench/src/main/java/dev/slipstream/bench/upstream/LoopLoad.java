package dev.slipstream.bench.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How near a stand-in provider's loops are to their limit, so that a run can say that the provider was it. Two figures, since one
 * alone can mislead: processor time, which comes near the time that passed where a loop has no rest; and beats, one each
 * {@value #BEAT_MILLIS} ms, which come late where a loop is busy and also where somebody else has its core.
 *
 * <p>Written by the loops, read by anyone.
 */
public final class LoopLoad {
    /** A beat that is later than this is counted: a token would have been as late. */
    public static final long LATE_MILLIS = 5;

    private static final int BEAT_MILLIS = 20;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS);

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long startNanos = System.nanoTime();
    /** Of each loop; 0: it has not begun. */
    private final AtomicLongArray ids;

    private final LongAdder beats = new LongAdder();
    private final LongAdder lateBeats = new LongAdder();
    private final AtomicLong latestNanos = new AtomicLong();
    private volatile long uptimeAtEndNanos = -1;
    private volatile long cpuAtEndNanos;

    private LoopLoad(int loops) {
        this.ids = new AtomicLongArray(loops);
    }

    static LoopLoad of(EventLoopGroup loops, int count) {
        LoopLoad load = new LoopLoad(count);
        int loop = 0;
        for (EventExecutor executor : loops) {
            load.watch(executor, loop++);
        }
        return load;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it beats until its loop ends
    private void watch(EventExecutor executor, int loop) {
        long first = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
        executor.execute(() -> ids.set(loop, Thread.currentThread().getId()));
        executor.scheduleWithFixedDelay(new Beat(first), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Of one loop, and confined to it. */
    private final class Beat implements Runnable {
        private long dueNanos;

        Beat(long dueNanos) {
            this.dueNanos = dueNanos;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            long late = now - dueNanos;
            beats.increment();
            if (late > LATE_NANOS) {
                lateBeats.increment();
            }
            latestNanos.accumulateAndGet(late, Math::max);
            dueNanos = now + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
        }
    }

    /** The loops are about to end: what they have used is not to be had behind that. */
    void end() {
        if (uptimeAtEndNanos < 0) {
            cpuAtEndNanos = cpuNanos();
            uptimeAtEndNanos = uptimeNanos();
        }
    }

    /** Since the start, or to the end. */
    public long uptimeNanos() {
        return uptimeAtEndNanos >= 0 ? uptimeAtEndNanos : System.nanoTime() - startNanos;
    }

    /** Processor time of all loops. */
    public long cpuNanos() {
        if (uptimeAtEndNanos >= 0) {
            return cpuAtEndNanos;
        }
        long sum = 0;
        for (int i = 0; i < ids.length(); i++) {
            sum += ids.get(i) == 0 ? 0 : Math.max(0, threads.getThreadCpuTime(ids.get(i)));
        }
        return sum;
    }

    public int loops() {
        return ids.length();
    }

    /** The share of their time that the loops were busy, 0 to 1. */
    public double busy() {
        return Math.min(1, cpuNanos() / ((double) uptimeNanos() * loops()));
    }

    /** The share of beats that came more than {@link #LATE_MILLIS} late, 0 to 1. */
    public double late() {
        return lateBeats.sum() / (double) Math.max(1, beats.sum());
    }

    /** Lines of {@code name value}, for scripts: sums, so that the difference of two tells of the time between them. */
    String lines() {
        return "uptime_nanos " + uptimeNanos() + "\nloops " + loops() + "\nloop_cpu_nanos " + cpuNanos() + "\nbeats "
                + beats + "\nlate_beats " + lateBeats + "\nlatest_beat_nanos " + latestNanos + '\n';
    }

    /** {@code busy=0.37 late_beats=0.001}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "busy=%.3f late_beats=%.4f", busy(), late());
    }
}
