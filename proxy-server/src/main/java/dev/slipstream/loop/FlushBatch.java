package dev.slipstream.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * The flush policy of a loop: what is written while a read batch is handled is flushed once, at the batch's end; what
 * is written outside of one is flushed at once.
 *
 * <p>Bound: the channels written to in one batch, each at most a few times.
 */
public final class FlushBatch {
    /** Who writes to a channel. */
    public interface Writer {
        /** Flushes what it wrote. */
        void flushWritten();
    }

    private final List<Writer> writers = new ArrayList<>();
    private boolean open;

    /** A read batch begins; idempotent. Its handler calls {@link #end()} when Netty says the batch is over. */
    public void begin() {
        open = true;
    }

    /** Something was written by {@code writer}. */
    public void written(Writer writer) {
        if (!open) {
            writer.flushWritten();
            return;
        }
        int last = writers.size() - 1;
        if (last < 0 || writers.get(last) != writer) {
            writers.add(writer);
        }
    }

    /** The read batch is over: flushes what it wrote. A flush may fail a channel, whose handlers may write again. */
    public void end() {
        open = false;
        for (int i = 0; i < writers.size(); i++) {
            writers.get(i).flushWritten();
        }
        writers.clear();
    }
}
