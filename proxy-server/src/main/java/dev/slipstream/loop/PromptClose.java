package dev.slipstream.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/**
 * Has io_uring close a socket at once and in order, and counts the open ones of each loop. A close is put off until the
 * kernel gives back the read or the write that it has in hand, which lasts as long as the other end stays silent, or reads
 * nothing; and a loop that is told to end with a close still put off never ends. Behind a failed write, on the other hand,
 * Netty closes without waiting: the buffer of a read in hand is lost, and its end is told to the socket that gets the same
 * number next.
 */
final class PromptClose extends ChannelDuplexHandler {
    /** Of the loop whose thread asks. */
    private static final FastThreadLocal<int[]> OPEN = new FastThreadLocal<>() {
        @Override
        protected int[] initialValue() {
            return new int[1];
        }
    };

    private boolean endsInOrder;

    /** Sockets of this thread's loop that are not yet closed and deregistered. */
    static int open() {
        return OPEN.get()[0];
    }

    /** Ends the sending side and leaves the other one open. */
    static void shutdownOutput(DuplexChannel channel) {
        PromptClose here = channel.pipeline().get(PromptClose.class);
        if (here != null) {
            here.endsInOrder = true;
        }
        channel.shutdownOutput();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        OPEN.get()[0]++;
        // A failed write is told by the event that the output is shut down.
        ctx.channel().config().setAutoClose(false);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        OPEN.get()[0]--;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelOutputShutdownEvent.INSTANCE && !endsInOrder) {
            close(ctx, ctx.newPromise());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.close(promise);
        Channel channel = ctx.channel();
        if (channel.isOpen() && ((UnixChannel) channel).fd() instanceof Socket socket) {
            ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
            // Where there is nothing to write, the sending side stays as it is: an abort must not send an orderly end.
            boolean writing = queue != null && !queue.isEmpty();
            try {
                socket.shutdown(true, writing);
            } catch (IOException | NotYetConnectedException ended) {
                // The other end was first, and the kernel gives back what it had.
            }
        }
    }
}
