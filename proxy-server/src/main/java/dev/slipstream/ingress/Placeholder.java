package dev.slipstream.ingress;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the ingress's place of a connection of which it is not known yet what it speaks, for a time, and leaves it to the
 * ingress of that protocol. Until then there is no request, and whatever goes wrong ends the connection without an answer.
 */
abstract class Placeholder extends ChannelInboundHandlerAdapter implements Ingress, Deadline.Owner {
    private final ProxyPipeline proxy;
    private final CurrentConfig current;
    private final Loop loop;
    private final Deadline deadline;
    private @Nullable ChannelHandlerContext ctx;

    Placeholder(ProxyPipeline proxy, Loop loop, CurrentConfig current) {
        this.proxy = proxy;
        this.loop = loop;
        this.current = current;
        this.deadline = new Deadline(loop.timers(), this);
    }

    /** How long it may take, in nanoseconds; 0: for ever. */
    abstract long limitNanos(TimeoutsConfig timeouts);

    /** What follows in the same read goes to the ingress that is placed now. */
    final void become(ChannelHandlerContext ctx, ClientProtocol protocol) {
        deadline.close();
        proxy.become(ctx, protocol);
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        deadline.after(loop.nanoTime(), limitNanos(current.snapshot().config().timeouts()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.close();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError exhausted) {
            loop.outOfMemory(exhausted);
        }
        drop();
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        drop();
    }

    private void drop() {
        ChannelHandlerContext here = ctx;
        if (here != null) {
            ClientSocket.drop(here.channel());
        }
    }

    /** Of the client; null before the connection is there. */
    final @Nullable SocketAddress remoteAddress() {
        ChannelHandlerContext here = ctx;
        return here == null ? null : here.channel().remoteAddress();
    }

    // ------------------------------------------------------------------ as the end of the process sees it

    @Override
    public final boolean isIdle() {
        return true;
    }

    @Override
    public final void startDraining() {}

    @Override
    public final void closeIdle() {
        drop();
    }

    @Override
    public final long queuedBytes() {
        return 0;
    }

    @Override
    public final void endForDrain() {
        drop();
    }
}
