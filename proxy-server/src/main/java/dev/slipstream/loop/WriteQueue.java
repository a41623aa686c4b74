package dev.slipstream.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** What a channel has been given to write and its socket has not taken. */
public final class WriteQueue {
    private WriteQueue() {}

    /**
     * Bytes queued, with Netty's 96 of bookkeeping for each piece; 0 of a channel that is closed. Any thread: the
     * channel's loop keeps the figure anyway, for its watermarks.
     */
    public static long bytesOf(Channel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }
}
