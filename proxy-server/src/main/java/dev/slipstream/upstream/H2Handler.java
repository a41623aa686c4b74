package dev.slipstream.upstream;

import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.http2.ControlFrameLimit;
import dev.slipstream.http2.Http2Causes;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
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

    private final H2Connection owner;
    private final H2HeadEncoder heads;
    private @Nullable ChannelHandlerContext ctx;

    private H2Handler(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            H2Connection owner,
            H2HeadEncoder heads) {
        super(decoder, encoder, settings, false, false);
        this.owner = owner;
        this.heads = heads;
    }

    static H2Handler of(H2Connection owner, ConnectionSettings settings, boolean tls) {
        H2HeadEncoder heads = new H2HeadEncoder(tls);
        DefaultHttp2Connection connection = new DefaultHttp2Connection(false, 0);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, CREDIT_RATIO, true));
        // Requests have no priorities among them, and a tree of priorities costs garbage for each.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Http2ConnectionEncoder encoder = new ControlFrameLimit(
                new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter(heads)),
                MAX_QUEUED_CONTROL_FRAMES);
        Http2FrameReader reader = new DefaultHttp2FrameReader(
                new DefaultHttp2HeadersDecoder(true, settings.headerBytes()), MAX_SMALL_CONTINUATIONS);
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true, true);
        decoder.frameListener(owner);
        connection.remote().maxActiveStreams(0);
        Http2Settings initial = new Http2Settings()
                .pushEnabled(false)
                .maxConcurrentStreams(0)
                .initialWindowSize(settings.streamWindowBytes())
                .maxHeaderListSize(settings.headerBytes());
        H2Handler handler = new H2Handler(decoder, encoder, initial, owner, heads);
        // Whoever closes it has ended its requests.
        handler.gracefulShutdownTimeoutMillis(0);
        return handler;
    }

    ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not connected");
        }
        return here;
    }

    /** Writes the head of a request; borrows {@code head}. */
    void writeHead(int streamId, UpstreamHead head) {
        ChannelHandlerContext here = context();
        heads.setNext(head);
        try {
            encoder().writeHeaders(here, streamId, EmptyHttp2Headers.INSTANCE, 0, false, here.newPromise());
        } finally {
            heads.setNext(null);
        }
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
        if (cause instanceof OutOfMemoryError exhausted) {
            // What the codec's listener met: no fault of the provider's.
            owner.onOutOfMemory(exhausted);
            return;
        }
        boolean writeFailed = error == null && cause instanceof IOException;
        if (writeFailed && owner.readsToItsEnd()) {
            return;
        }
        if (!writeFailed) {
            owner.onConnectionError(String.valueOf(error == null ? cause.toString() : error.getMessage()));
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
        if (cause instanceof OutOfMemoryError exhausted) {
            owner.onOutOfMemory(exhausted);
        } else if (Http2Causes.isHttp2(cause)) {
            super.exceptionCaught(ctx, cause);
        } else {
            // A reset, a failed write, TLS: what it means for the requests is told by channelInactive.
            owner.onException(cause);
            ctx.close();
        }
    }
}
