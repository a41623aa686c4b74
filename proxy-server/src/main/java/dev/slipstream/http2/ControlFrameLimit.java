package dev.slipstream.http2;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the frames that a peer makes us write and does not read: acknowledgements and resets. Beyond the bound the
 * connection ends with ENHANCE_YOUR_CALM.
 */
public final class ControlFrameLimit extends DecoratingHttp2ConnectionEncoder {
    private final int max;
    private final ChannelFutureListener onWritten = future -> oneWritten();
    private @Nullable Http2LifecycleManager lifecycle;
    private int unwritten;
    private boolean ended;

    public ControlFrameLimit(Http2ConnectionEncoder delegate, int max) {
        super(delegate);
        this.max = max;
    }

    private void oneWritten() {
        unwritten--;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager lifecycleManager) {
        lifecycle = lifecycleManager;
        super.lifecycleManager(lifecycleManager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        return count(ctx) ? super.writeSettingsAck(ctx, promise).addListener(onWritten) : refuse(promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        if (!ack) {
            return super.writePing(ctx, false, data, promise);
        }
        return count(ctx) ? super.writePing(ctx, true, data, promise).addListener(onWritten) : refuse(promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        return count(ctx)
                ? super.writeRstStream(ctx, streamId, errorCode, promise).addListener(onWritten)
                : refuse(promise);
    }

    private static ChannelFuture refuse(ChannelPromise promise) {
        return promise.setFailure(new IllegalStateException("too many control frames wait"));
    }

    private boolean count(ChannelHandlerContext ctx) {
        if (ended) {
            return false;
        }
        if (unwritten == max) {
            ctx.flush();
        }
        if (unwritten == max) {
            ended = true;
            Http2LifecycleManager manager = lifecycle;
            if (manager != null) {
                manager.onError(
                        ctx,
                        true,
                        Http2Exception.connectionError(
                                Http2Error.ENHANCE_YOUR_CALM, "%d control frames were not read", max));
            }
            ctx.close();
            return false;
        }
        unwritten++;
        return true;
    }
}
