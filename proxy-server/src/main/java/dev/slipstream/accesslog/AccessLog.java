package dev.slipstream.accesslog;

import dev.slipstream.exchange.ExchangeLog;
import dev.slipstream.loop.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The access log of one proxy. Any thread; the lanes are taken before their loops run, and {@link #close()} comes when
 * the loops have ended.
 */
public final class AccessLog implements AutoCloseable {
    /** A line is in its file this long after its request ended, at the latest. */
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What a close may take. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LogSink sink;
    private final List<LogLane> lanes = new CopyOnWriteArrayList<>();
    private final LogWriter writer;
    private final Thread thread = new Thread(this::run, "slipstream-access-log");
    private volatile boolean reopen;
    private volatile boolean closing;
    private volatile long closeNanos;
    /** The writer's thread alone. */
    private long openNotBeforeNanos = System.nanoTime();

    private boolean started;

    AccessLog(LogSink sink) {
        this.sink = sink;
        this.writer = new LogWriter(sink, lanes, NanoClock.SYSTEM);
        thread.setDaemon(true);
    }

    /** @param where {@code stderr}, or the path of a file, which {@link #start()} opens */
    public static AccessLog to(String where) {
        return new AccessLog(where.equals("stderr") ? new StderrSink() : new FileSink(Path.of(where)));
    }

    /** The end of one loop. */
    public ExchangeLog newLane() {
        LogLane lane = new LogLane(InstantSource.system(), this::wake);
        lanes.add(lane);
        return lane;
    }

    /**
     * Opens the file and begins to write.
     *
     * @throws IOException if the file cannot be opened
     */
    public synchronized void start() throws IOException {
        sink.open();
        started = true;
        thread.start();
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            if (reopen && System.nanoTime() - openNotBeforeNanos >= 0) {
                reopen = false;
                if (!writer.reopen()) {
                    // Its folder is away, say; nobody has to ask a second time.
                    reopen = true;
                    openNotBeforeNanos = System.nanoTime() + LogWriter.RETRY_NANOS;
                }
            }
            if (!writer.step()) {
                LockSupport.parkNanos(this, PERIOD_NANOS);
            }
        }
        writer.finish(closeNanos);
    }

    /** The file was moved away: opens it anew under its name, each second until that can be done. Returns at once. */
    public void reopen() {
        reopen = true;
        wake();
    }

    /** Lines that were dropped because the writer could not follow. */
    public long dropped() {
        return writer.dropped();
    }

    /** How often the file could not be written or opened. */
    public long writeErrors() {
        return writer.errors();
    }

    /** Writes what there is and closes the file, within a second; what cannot be written by then is lost. Idempotent. */
    @Override
    public synchronized void close() {
        if (!started) {
            return;
        }
        started = false;
        closeNanos = System.nanoTime() + CLOSE_NANOS;
        closing = true;
        wake();
        try {
            // Never interrupted: that would close the channel under a write. A write that blocks is left to its fate.
            thread.join(TimeUnit.NANOSECONDS.toMillis(CLOSE_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
