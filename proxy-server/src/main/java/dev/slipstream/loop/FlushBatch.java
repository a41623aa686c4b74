package dev.slipstream.loop;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/**
 * The flush policy of a loop: what is written while a read batch is handled is flushed once, at the batch's end; what
 * is written outside of one is flushed at once.
 *
 * <p>Bound: the channels written to in one batch, each at most a few times.
 */
public final class FlushBatch {
    private final List<Channel> channels = new ArrayList<>();
    private boolean open;

    /** A read batch begins; idempotent. Its handler calls {@link #end()} when Netty says the batch is over. */
    public void begin() {
        open = true;
    }

    /** Something was written to {@code channel}. */
    public void written(Channel channel) {
        if (!open) {
            channel.flush();
            return;
        }
        int last = channels.size() - 1;
        if (last < 0 || channels.get(last) != channel) {
            channels.add(channel);
        }
    }

    /** The read batch is over: flushes what it wrote. A flush may fail a channel, whose handlers may write again. */
    public void end() {
        open = false;
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).flush();
        }
        channels.clear();
    }
}
