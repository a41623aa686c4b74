package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Netty's HTTP/2 codec for one {@link H2Connection}, bounded against what a provider may send. The connection's own
 * window is given back on receipt, so that a slow reader on one stream holds up no other; the streams' windows are given
 * back by hand.
 */
final class H2Handler extends Http2ConnectionHandler {
    /** What all streams together may have under way; each is bounded by its own window. */
    private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;

    private static final int DEFAULT_WINDOW = 65_535;

    /** The share of a window that is used before credit is given back. */
    private static final float CREDIT_RATIO = 0.5f;

    private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;
    private static final int MAX_SMALL_CONTINUATIONS = 16;
    private static final int MAX_EMPTY_DATA_FRAMES = 10;

    /** RST_STREAM frames of a provider in {@value #RST_SECONDS} s. */
    private static final int MAX_RST_RECEIVED = 2_000;

    /** RST_STREAM frames of our own in {@value #RST_SECONDS} s; clients that leave cause them, and that is no crime. */
    private static final int MAX_RST_SENT = 20_000;

    private static final int RST_SECONDS = 30;

    private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
    private static final AsciiString API_KEY = AsciiString.cached("api-key");

    private final H2Connection owner;
    private @Nullable ChannelHandlerContext ctx;

    private H2Handler(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            H2Connection owner) {
        super(decoder, encoder, settings, false, false);
        this.owner = owner;
    }

    static H2Handler of(H2Connection owner, ConnectionSettings settings) {
        return new Builder(owner, settings).build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<H2Handler, Builder> {
        private final H2Connection owner;

        Builder(H2Connection owner, ConnectionSettings settings) {
            this.owner = owner;
            DefaultHttp2Connection connection = new DefaultHttp2Connection(false, 0);
            connection.local().flowController(new DefaultHttp2LocalFlowController(connection, CREDIT_RATIO, true));
            connection(connection);
            frameListener(owner);
            initialSettings(new Http2Settings()
                    .pushEnabled(false)
                    .maxConcurrentStreams(0)
                    .initialWindowSize(settings.streamWindowBytes())
                    .maxHeaderListSize(settings.headerBytes()));
            gracefulShutdownTimeoutMillis(0);
            headerSensitivityDetector((name, value) -> isCredential(name));
            validateHeaders(true);
            validateRequiredPseudoHeaders(true);
            encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES);
            encoderEnforceMaxRstFramesPerWindow(MAX_RST_SENT, RST_SECONDS);
            decoderEnforceMaxRstFramesPerWindow(MAX_RST_RECEIVED, RST_SECONDS);
            decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_DATA_FRAMES);
            decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS);
        }

        /** Credentials stay out of the compression's memory (RFC 7541 §7.1.3). */
        private static boolean isCredential(CharSequence name) {
            return AsciiString.contentEquals(name, AUTHORIZATION)
                    || AsciiString.contentEquals(name, X_API_KEY)
                    || AsciiString.contentEquals(name, API_KEY);
        }

        @Override
        protected H2Handler build() {
            return super.build();
        }

        @Override
        protected H2Handler build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
            return new H2Handler(decoder, encoder, initialSettings, owner);
        }
    }

    ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not connected");
        }
        return here;
    }

    /** Behind the settings; the connection's window is not theirs to set (RFC 9113 §6.9.2). */
    void widenConnectionWindow() {
        try {
            decoder()
                    .flowController()
                    .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - DEFAULT_WINDOW);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        owner.onReadBatch();
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        owner.onReadBatchEnd();
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        owner.onStreamError(error.streamId(), String.valueOf(error.getMessage()));
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null && cause instanceof IOException) {
            // The request met a connection that had ended.
            owner.onConnectionError(FailureKind.UPSTREAM_CLOSED, "the connection ended as it was written to");
        } else {
            owner.onConnectionError(
                    FailureKind.UPSTREAM_PROTOCOL,
                    String.valueOf(error == null ? cause.toString() : error.getMessage()));
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        owner.onInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (getEmbedded(cause) != null) {
            super.exceptionCaught(ctx, cause);
        } else {
            // A reset, a failed write, TLS: what it means for the requests is told by channelInactive.
            owner.onException(cause);
            ctx.close();
        }
    }

    private static @Nullable Throwable getEmbedded(Throwable cause) {
        Throwable each = cause;
        while (each != null && !(each instanceof Http2Exception)) {
            each = each.getCause();
        }
        return each;
    }
}
