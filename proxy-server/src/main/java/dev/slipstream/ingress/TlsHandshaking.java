package dev.slipstream.ingress;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import dev.slipstream.tls.ServerTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the handshake of a TLS connection, {@code timeouts.tls_handshake} from the accept on, which tells what is spoken
 * on it. Who does not get there is closed.
 */
final class TlsHandshaking extends Placeholder {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandshaking.class);

    private final ServerTls tls;
    private boolean failed;

    TlsHandshaking(ProxyPipeline proxy, Loop loop, CurrentConfig current, ServerTls tls) {
        super(proxy, loop, current);
        this.tls = tls;
    }

    @Override
    long limitNanos(TimeoutsConfig timeouts) {
        return timeouts.tlsHandshakeNanos();
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
        SslHandler encryption = ctx.pipeline().get(SslHandler.class);
        become(ctx, ClientProtocol.agreed(encryption.applicationProtocol()));
    }

    /** Told once of each connection: it is closed, and an alert may be on its way. */
    private void fail(String reason) {
        if (!failed) {
            failed = true;
            tls.onHandshakeFailed();
            LOG.debug("no TLS handshake with {}: {}", remoteAddress(), reason);
        }
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        fail("not over in time");
        super.onDeadline(passed, nowNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Nothing can come before the handshake is over, and then this is gone.
        ReferenceCountUtil.release(message);
    }
}
