package dev.slipstream.ingress;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the encryption of a client's connection, and ends it where the client has left or cannot be understood:
 * its close_notify means what the end of a plain connection means, and records that cannot be decrypted are no failure
 * of ours. One for all connections of a loop.
 */
@ChannelHandler.Sharable
final class TlsFaults extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFaults.class);

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed) {
            if (closed.isSuccess()) {
                ClientSocket.drop(ctx.channel());
            }
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            LOG.debug(
                    "the TLS of {} broke; its connection is closed",
                    ctx.channel().remoteAddress(),
                    cause);
            ClientSocket.drop(ctx.channel());
            return;
        }
        ctx.fireExceptionCaught(cause);
    }
}
