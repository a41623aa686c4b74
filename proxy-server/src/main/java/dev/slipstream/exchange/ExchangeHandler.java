package dev.slipstream.exchange;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A handler of a client connection's pipeline: sees the messages of every exchange of that connection, each with its
 * exchange, and keeps nothing of any request itself. One instance serves all connections of a loop.
 *
 * <p>The messages of an exchange come as head, data, end. A stage that has answered passes nothing on: what still comes
 * is not its concern, the ingress stops it. A stage that needs time (another thread's answer) pauses the exchange with
 * {@link PauseReasons#STAGE}, keeps its generation and the context, and passes the head on when it resumes; until then
 * no data and no end come.
 */
@ChannelHandler.Sharable
public abstract class ExchangeHandler extends ChannelInboundHandlerAdapter {
    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RequestHead head) {
            onHead(ctx, head.exchange());
        } else if (message instanceof RequestData data) {
            onData(ctx, data);
        } else if (message instanceof RequestEnd end) {
            onEnd(ctx, end.exchange());
        } else {
            throw new IllegalArgumentException("not a message of this pipeline: " + message.getClass());
        }
    }

    /** A bug in a handler ends its connection, which the ingress, first in the pipeline, sees to. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.pipeline().fireExceptionCaught(cause);
    }

    /** The head is complete. Whoever does not answer passes it on by {@link #passHead}. */
    protected abstract void onHead(ChannelHandlerContext ctx, Exchange exchange);

    /** The next bytes of the body; passed on unless a stage has a use for them. */
    protected void onData(ChannelHandlerContext ctx, RequestData data) {
        ctx.fireChannelRead(data);
    }

    /** The body is complete; passed on unless a stage has a use for it. */
    protected void onEnd(ChannelHandlerContext ctx, Exchange exchange) {
        ctx.fireChannelRead(exchange.endMessage());
    }

    protected static void passHead(ChannelHandlerContext ctx, Exchange exchange) {
        ctx.fireChannelRead(exchange.headMessage());
    }
}
