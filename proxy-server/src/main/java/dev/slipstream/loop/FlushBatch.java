package dev.slipstream.loop;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The flush policy of a loop: what is written while a read batch is handled is flushed once, at the batch's end; what
 * is written outside of one is flushed at once.
 *
 * <p>Bound: the channels written to in one batch, each at most a few times.
 */
public final class FlushBatch {
    private final List<ChannelHandlerContext> writers = new ArrayList<>();
    private boolean open;

    /** A read batch begins; idempotent. Its handler calls {@link #end()} when Netty says the batch is over. */
    public void begin() {
        open = true;
    }

    /** Something was written by {@code writer}, whose place in its pipeline is where a flush starts. */
    public void written(ChannelHandlerContext writer) {
        if (!open) {
            writer.flush();
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
            writers.get(i).flush();
        }
        writers.clear();
    }
}
