package dev.slipstream.admin;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before Netty's acceptor of the admin listener. Where a connection cannot be accepted, the spare descriptors are
 * given up for it, and it is tried again: at once where there were some, else a second later. On the listener's loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long PAUSE_MILLIS = 1000;
    private static final long AT_ONCE_MILLIS = 1;
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final SpareDescriptors spares;
    private boolean warned;
    private long warnedNanos;
    private long failedNanos;

    AcceptFailures(SpareDescriptors spares) {
        this.spares = spares;
    }

    /** The spare ones are taken back: when they are not in use, and where connections stay, a second behind their loan. */
    void giveBack(boolean unused) {
        if (!spares.isWhole() && (unused || System.nanoTime() - failedNanos >= HOLD_NANOS)) {
            spares.refill();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long now = System.nanoTime();
        failedNanos = now;
        if (!warned || now - warnedNanos >= QUIET_NANOS) {
            warned = true;
            warnedNanos = now;
            LOG.warn("an admin connection could not be accepted, and is tried again: {}", cause.toString());
        }
        long millis = spares.release() ? AT_ONCE_MILLIS : PAUSE_MILLIS;
        ChannelConfig config = ctx.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            ctx.channel().eventLoop().schedule(() -> config.setAutoRead(true), millis, TimeUnit.MILLISECONDS);
        }
    }
}
