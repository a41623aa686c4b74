package dev.slipstream.ingress;

import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import dev.slipstream.tls.ServerTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in the ingress's place of a TLS connection until its handshake is over, {@code timeouts.tls_handshake} from the
 * accept on, and then leaves it to the ingress of the protocol that was agreed on. Who does not get there is closed.
 */
final class TlsHandshaking extends ChannelInboundHandlerAdapter implements Ingress, Deadline.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshaking.class);

    private final ProxyPipeline proxy;
    private final CurrentConfig current;
    private final Loop loop;
    private final ServerTls tls;
    private final Deadline deadline;
    private @Nullable ChannelHandlerContext ctx;
    private boolean failed;

    TlsHandshaking(ProxyPipeline proxy, Loop loop, CurrentConfig current, ServerTls tls) {
        this.proxy = proxy;
        this.loop = loop;
        this.current = current;
        this.tls = tls;
        this.deadline = new Deadline(loop.timers(), this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline.after(loop.nanoTime(), current.snapshot().config().timeouts().tlsHandshakeNanos());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            // Nobody is behind this yet.
            return;
        }
        if (!completion.isSuccess()) {
            if (!(completion.cause() instanceof ClosedChannelException)) {
                fail(String.valueOf(completion.cause()));
            }
            return;
        }
        deadline.close();
        SslHandler encryption = ctx.pipeline().get(SslHandler.class);
        // What follows in the same read goes to the ingress that is placed now.
        proxy.become(ctx, ClientProtocol.agreed(encryption.applicationProtocol()));
    }

    /** Told once of each connection: it is closed, and an alert may be on its way. */
    private void fail(String reason) {
        ChannelHandlerContext here = ctx;
        if (!failed && here != null) {
            failed = true;
            tls.onHandshakeFailed();
            LOG.debug("no TLS handshake with {}: {}", here.channel().remoteAddress(), reason);
        }
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        fail("not over in time");
        endForDrain();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Nothing can come before the handshake is over, and then this is gone.
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError exhausted) {
            loop.outOfMemory(exhausted);
        }
        ClientSocket.drop(ctx.channel());
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public void startDraining() {}

    @Override
    public void closeIdle() {
        endForDrain();
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void endForDrain() {
        ChannelHandlerContext here = ctx;
        if (here != null) {
            ClientSocket.drop(here.channel());
        }
    }
}
