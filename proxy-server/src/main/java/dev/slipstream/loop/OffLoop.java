package dev.slipstream.loop;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for work that would hold a loop up: reading and rewriting of large JSON documents. Shared by all loops; any
 * thread may submit. Nothing that waits for anybody may be run here.
 *
 * <p>At most {@value #QUEUED} pieces of work wait; what comes beyond is refused, and the client told that the proxy is
 * overloaded.
 */
public final class OffLoop implements AutoCloseable {
    /** Documents from this size on are worked on here; a smaller one is done within some hundred microseconds. */
    public static final int FROM_BYTES = 128 * 1024;

    private static final int QUEUED = 256;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    /** @param threads how many; they are started when there is work, and end when there is none */
    public OffLoop(int threads, ThreadFactory factory) {
        this.executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), factory);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has {@code work} run; false where too much waits already, or this is closed. */
    public boolean submit(Runnable work) {
        try {
            executor.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /**
     * For work that goes through megabytes, every 64 KiB or so: a loop that has to share the core comes first. Without it
     * the system lets the work go on for some milliseconds, whoever waits.
     */
    @SuppressWarnings("ThreadPriorityCheck") // It is for the gaps of others; nothing relies on it.
    public static void letLoopsRun() {
        Thread.yield();
    }

    /** Takes no more work; what waits is still done. Does not wait for it. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
