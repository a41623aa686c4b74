package dev.slipstream.accesslog;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonWriter;
import dev.slipstream.loop.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records of all lanes and writes their lines, a batch at a time. One batch is under way at most; one that
 * cannot be written is kept, whole lines and the place where it stopped, and tried again. One thread, but for the
 * counts.
 */
final class LogWriter {
    /** A line is some 600 bytes, and 2 KiB where every text in it is as long as can be configured within reason. */
    private static final int LINE_BYTES = 2048;

    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    private final LogSink sink;
    private final List<LogLane> lanes;
    private final NanoClock clock;
    private final AccessLine line = new AccessLine();
    private final JsonWriter json;
    private final AtomicLong errors = new AtomicLong();

    private @Nullable ByteBuffer batch;
    private int nextLane;
    private boolean failing;
    private long retryNanos;
    private boolean warned;
    private long warnedNanos;

    LogWriter(LogSink sink, List<LogLane> lanes, NanoClock clock) {
        this.sink = sink;
        this.lanes = lanes;
        this.clock = clock;
        this.json = new DslJson<>().newWriter(sink.batchBytes() + LINE_BYTES);
    }

    /** Writes a batch; false where there is none, or it cannot be written now. */
    boolean step() {
        long now = clock.nanoTime();
        if (failing && now - retryNanos < 0) {
            return false;
        }
        ByteBuffer bytes = batch;
        if (bytes == null) {
            bytes = nextBatch();
            if (bytes == null) {
                return false;
            }
            batch = bytes;
        }
        try {
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        } catch (IOException e) {
            onError("cannot be written", e, now);
            return false;
        }
        batch = null;
        json.reset();
        if (failing) {
            failing = false;
            LOG.warn("the access log is written again; {} lines were dropped since the start", dropped());
        }
        return true;
    }

    private @Nullable ByteBuffer nextBatch() {
        int most = sink.batchBytes() - LINE_BYTES;
        int dry = 0;
        while (dry < lanes.size() && json.size() <= most) {
            LogLane lane = lanes.get(nextLane);
            AccessRecord record = lane.poll();
            if (record == null) {
                dry++;
                nextLane = (nextLane + 1) % lanes.size();
            } else {
                dry = 0;
                line.write(record, json);
                lane.giveBack(record);
            }
        }
        return json.size() == 0 ? null : ByteBuffer.wrap(json.getByteBuffer(), 0, json.size());
    }

    /**
     * Opens the sink anew, for a file that was moved away. A line that was half written begins again in the new one.
     *
     * @return whether it could be opened
     */
    boolean reopen() {
        try {
            sink.open();
        } catch (IOException e) {
            onError("cannot be opened again", e, clock.nanoTime());
            return false;
        }
        ByteBuffer bytes = batch;
        if (bytes != null) {
            int at = bytes.position();
            while (at > 0 && bytes.get(at - 1) != '\n') {
                at--;
            }
            bytes.position(at);
        }
        retryNanos = clock.nanoTime();
        return true;
    }

    private void onError(String what, IOException e, long now) {
        errors.incrementAndGet();
        failing |= batch != null;
        retryNanos = now + RETRY_NANOS;
        if (!warned || now - warnedNanos >= QUIET_NANOS) {
            warned = true;
            warnedNanos = now;
            LOG.warn("the access log {}: {}; requests are served all the same", what, e.toString());
        }
    }

    /** The last batches, while there is time: what is left then is lost, and said. */
    void finish(long deadlineNanos) {
        retryNanos = clock.nanoTime();
        boolean more = true;
        while (more && clock.nanoTime() - deadlineNanos < 0) {
            more = step();
        }
        if (batch != null) {
            LOG.warn("the access log could not be written to its end");
        }
        try {
            sink.close();
        } catch (IOException e) {
            LOG.warn("the access log could not be closed: {}", e.toString());
        }
    }

    /** Lines that were dropped. Any thread. */
    long dropped() {
        long sum = 0;
        for (LogLane lane : lanes) {
            sum += lane.dropped();
        }
        return sum;
    }

    /** Writes and openings that failed. Any thread. */
    long errors() {
        return errors.get();
    }
}
