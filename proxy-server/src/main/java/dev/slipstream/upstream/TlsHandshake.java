package dev.slipstream.upstream;

import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.ProviderTls;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.LoopTimers;
import dev.slipstream.route.ConnectionKey;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the TLS engine of a new connection until its handshake is over, and then leaves the pipeline to what
 * ALPN has chosen. No byte of a request is near it: requests are written on connections that stand.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter implements LoopTimers.Timer {
    private static final long CLOSE_NOTIFY_MILLIS = 500;
    private static final String CLOSED = "the provider closed the connection during the TLS handshake";

    private final Loop loop;
    private final ConnectionKey key;
    private final SslHandler engine;
    private final Connector.Outcome outcome;
    private @Nullable Channel channel;
    private boolean timed;
    private long timer;
    private boolean over;

    private TlsHandshake(Loop loop, ConnectionKey key, SslHandler engine, Connector.Outcome outcome) {
        this.loop = loop;
        this.key = key;
        this.engine = engine;
        this.outcome = outcome;
    }

    /** @param connectDeadlineNanos of everything together, where {@code timeouts.connect} is set */
    static void begin(
            Loop loop,
            ConnectionKey key,
            SslContext context,
            Channel channel,
            long connectDeadlineNanos,
            Connector.Outcome outcome) {
        ProviderTls tls = key.tls();
        String name = tls == null ? key.address().host() : tls.serverName();
        SslHandler engine =
                context.newHandler(loop.allocator(), name, key.address().port());
        // The deadline is ours, on the loop's own timers.
        engine.setHandshakeTimeoutMillis(0);
        // A peer that does not read must not keep the socket open.
        engine.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        TlsHandshake handshake = new TlsHandshake(loop, key, engine, outcome);
        handshake.channel = channel;
        handshake.startTimer(connectDeadlineNanos);
        channel.pipeline().addLast(engine, handshake);
    }

    private void startTimer(long connectDeadlineNanos) {
        boolean connectIsSet = key.connectNanos() > 0;
        boolean handshakeIsSet = key.handshakeNanos() > 0;
        if (!connectIsSet && !handshakeIsSet) {
            return;
        }
        long own = loop.nanoTime() + key.handshakeNanos();
        long deadline =
                !handshakeIsSet || (connectIsSet && connectDeadlineNanos - own < 0) ? connectDeadlineNanos : own;
        timed = true;
        timer = loop.timers().schedule(deadline, this);
    }

    @Override
    public void onTimer(long nowNanos) {
        timed = false;
        fail("the TLS handshake was not over in time");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        if (!completion.isSuccess()) {
            fail(reason(completion.cause()));
            return;
        }
        String protocol = engine.applicationProtocol();
        boolean http2 = ApplicationProtocolNames.HTTP_2.equals(protocol);
        if (key.http() == HttpVersionChoice.HTTP_2 && !http2) {
            fail("the provider does not speak HTTP/2 (ALPN), which http: 2 asks for");
            return;
        }
        if (!settle()) {
            return;
        }
        Channel here = ctx.channel();
        // What follows in the same read goes to the handler that is added now.
        outcome.onConnected(here, http2);
        here.pipeline().remove(this);
    }

    /** What a person can act on: the innermost sentence, which names the certificate's fault. */
    static String reason(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof ClosedChannelException) {
            return CLOSED;
        }
        String text = inner.getMessage();
        return "TLS: " + (text == null || text.isEmpty() ? inner.getClass().getSimpleName() : text);
    }

    /**
     * In TLS 1.3 the client's side of a handshake is over before the provider has seen our certificate, or that there is
     * none: its refusal comes as an alert on a connection that seems to stand. Whatever was sent on it by then, it has not
     * been read.
     *
     * @param cause what was caught on a connection on which nothing has come yet
     * @return the reason where it is such a refusal, else null
     */
    static @Nullable String lateRefusal(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return reason(each);
            }
        }
        return null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        // Nothing can come before the handshake is over, and then this is gone.
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(reason(cause));
    }

    private boolean settle() {
        if (over) {
            return false;
        }
        over = true;
        if (timed) {
            timed = false;
            loop.timers().cancel(timer);
        }
        return true;
    }

    private void fail(String detail) {
        if (!settle()) {
            return;
        }
        Channel here = channel;
        if (here != null) {
            here.close();
        }
        // As SocketConnector does: never from inside the handling of the loop's events.
        loop.eventLoop().execute(() -> outcome.onConnectFailed(FailureKind.UPSTREAM_TLS, detail));
    }
}
