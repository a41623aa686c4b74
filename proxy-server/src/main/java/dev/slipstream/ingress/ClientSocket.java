package dev.slipstream.ingress;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.Transport;
import dev.slipstream.loop.WriteQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection below its protocol: the place of its ingress in the pipeline, what is written to it, and how it
 * ends. One per connection; confined to its loop.
 *
 * <h2>The end</h2>
 *
 * A socket that is closed over bytes it has not read answers them with a reset, which can destroy the last answer on its
 * way. So where bytes may still come, {@link #closeGently} shuts the output down behind what is queued, and closes after
 * {@code timeouts.linger}; until then the ingress reads and drops. What is queued has {@code timeouts.client_write} to
 * move on.
 */
final class ClientSocket implements WriteStall.Watched {
    private final Loop loop;
    private final CurrentConfig current;
    private final WriteStall stall;
    private final Deadline lingering;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ClientRequest told;
    private boolean ending;
    private boolean closed;

    ClientSocket(Loop loop, CurrentConfig current) {
        this.loop = loop;
        this.current = current;
        this.stall = new WriteStall(loop, current, this);
        this.lingering = new Deadline(loop.timers(), (passed, nowNanos) -> close());
    }

    /** The ingress has its place. */
    void onAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** The connection is gone. */
    void onInactive() {
        closed = true;
        stall.close();
        lingering.close();
    }

    Loop loop() {
        return loop;
    }

    /** The newest configuration; what an exchange lives under is its own. */
    CurrentConfig current() {
        return current;
    }

    /** The newest timeouts: of what belongs to the connection, and of what has no complete head yet. */
    TimeoutsConfig timeouts() {
        return current.snapshot().config().timeouts();
    }

    /** The ingress's place in the pipeline: the messages of its exchanges start here. */
    ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }

    /** Tells the stages what came for {@code request}. */
    void tell(ClientRequest request, Object message) {
        ClientRequest outer = told;
        told = request;
        try {
            context().fireChannelRead(message);
        } finally {
            told = outer;
        }
    }

    /** Whose message the stages have in hand; null where they have none. */
    @Nullable
    ClientRequest told() {
        return told;
    }

    @Nullable
    InetAddress remoteAddress() {
        return context().channel().remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    }

    void setReading(boolean read) {
        Channel channel = context().channel();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    // ------------------------------------------------------------------ what goes out

    /** Consumes {@code out}; flushed with its batch. */
    void write(ByteBuf out) {
        // From here, not from the pipeline's end: no stage has a part in what goes out.
        ChannelHandlerContext here = context();
        here.write(out, here.voidPromise());
        loop.flushes().written(here);
    }

    /** Returns whether the client has taken all that was queued. */
    boolean flushNow() {
        context().flush();
        return unwrittenBytes() == 0;
    }

    boolean isWritable() {
        return context().channel().isWritable();
    }

    /** The queue has passed its high mark, or has fallen below the low one. */
    void onWritability(boolean writable) {
        if (!writable) {
            stall.watch();
        } else if (!ending) {
            stall.clear();
        }
    }

    @Override
    public long unwrittenBytes() {
        return WriteQueue.bytesOf(context().channel());
    }

    @Override
    public void onWriteStall() {
        close();
    }

    // ------------------------------------------------------------------ its end

    /** Drops what is queued. */
    void close() {
        context().close();
    }

    /** Closes behind what is queued. */
    void closeWhenWritten() {
        ending = true;
        // What is queued must go on leaving, even where the exchange it belongs to is over.
        stall.watch();
        context().channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Closes behind what is queued, so that none of it is lost.
     *
     * @param nothingComes whether no byte of the client can be lost to the close
     * @return whether the connection lingers: what comes is to be read and dropped
     */
    boolean closeGently(boolean nothingComes) {
        Channel channel = context().channel();
        long linger = timeouts().lingerNanos();
        if (nothingComes || linger == 0 || !(channel instanceof DuplexChannel duplex)) {
            closeWhenWritten();
            return false;
        }
        ending = true;
        stall.watch();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (!closed) {
                // From here, not from the answer's end: a slow reader may still be at it.
                stall.clear();
                lingering.after(loop.nanoTime(), linger);
                Transport.shutdownOutput(duplex);
            }
        });
        return true;
    }
}
