package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's HTTP/2 connection: each stream is answered by itself. Confined to its loop.
 *
 * <p><b>Flow control.</b> Request bodies are taken as they come, to their limit, and their credit is given back at
 * once, as the aggregator of the HTTP/1.1 side does. Answers are produced stream by stream, as far as the
 * client's credit for that stream and connection, and the socket, take them.
 *
 * <p><b>Streams.</b> A {@link Http2ProviderStream} is a property of its codec's stream, owns what it has gathered
 * of its request, and ends with {@link Http2ProviderStream#onClosed()}, which is called exactly once.
 */
final class Http2ProviderConnection extends Http2ConnectionHandler {
    /** What a request's body may run ahead by; the whole connection's may by four times as much. */
    private static final int STREAM_WINDOW_BYTES = 1 << 20;

    private static final int CONNECTION_WINDOW_BYTES = 4 * STREAM_WINDOW_BYTES;

    /**
     * How long a drained connection is left to its client to close. Closed at once it would meet the client's last
     * credits with a RST, which can take the end of an answer from the client's hands.
     */
    private static final long LINGER_MILLIS = 1000;

    private final ProviderServer server;
    private final Http2Connection.PropertyKey key;
    private @Nullable ChannelHandlerContext context;
    private boolean draining;
    private boolean lingering;

    private Http2ProviderConnection(
            ProviderServer server,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings initialSettings) {
        super(decoder, encoder, initialSettings);
        this.server = server;
        this.key = connection().newKey();
        connection().addListener(new Closings());
        encoder.flowController().listener(this::onWritable);
    }

    static Http2ProviderConnection create(ProviderServer server, int maxStreams) {
        return new Builder(server, maxStreams).build();
    }

    ProviderServer server() {
        return server;
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        Http2Stream whole = connection().connectionStream();
        Http2LocalFlowController credit = decoder().flowController();
        credit.incrementWindowSize(whole, CONNECTION_WINDOW_BYTES - credit.initialWindowSize(whole));
        ctx.flush();
    }

    private void onWritable(Http2Stream stream) {
        Http2ProviderStream found = stream.getProperty(key);
        if (found != null) {
            found.onWritable();
        }
    }

    /** Resets by clients are everyday life here; what they say wrongly is answered by the codec. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        onError(ctx, false, cause);
        if (Http2Exception.class.isInstance(cause)) {
            return;
        }
        ctx.close();
    }

    /** {@link ProviderServer#DRAIN}: GOAWAY (RFC 9113 §6.8: of all streams first), then the streams end, then the connection, by the client or by us. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == ProviderServer.DRAIN) {
            draining = true;
            // What is on its way is served too. To leave it out would end the rest with it: where a DATA frame comes on
            // a
            // stream that GOAWAY has left out, Netty's codec ends the connection.
            goAway(Integer.MAX_VALUE);
            closeWhereDrained();
        }
        super.userEventTriggered(ctx, event);
    }

    private void goAway(int lastStream) {
        ChannelHandlerContext ctx = context();
        goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        ctx.flush();
    }

    private void closeWhereDrained() {
        if (draining && !lingering && connection().numActiveStreams() == 0) {
            lingering = true;
            ChannelHandlerContext ctx = context();
            ctx.executor().schedule(this::closeDrained, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void closeDrained() {
        if (connection().numActiveStreams() == 0) {
            goAway(connection().remote().lastStreamCreated());
            context().close();
        } else {
            lingering = false;
        }
    }

    private final class Closings extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            Http2ProviderStream found = stream.removeProperty(key);
            if (found != null) {
                found.onClosed();
            }
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            closeWhereDrained();
        }
    }

    private final class Frames extends Http2FrameAdapter {
        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            onHeadersRead(ctx, streamId, headers, padding, endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream) {
            Http2Stream stream = connection().stream(streamId);
            Http2ProviderStream known = stream.getProperty(key);
            // A second head is a trailer section, which says nothing here.
            if (known == null) {
                known = new Http2ProviderStream(Http2ProviderConnection.this, stream, headers);
                stream.setProperty(key, known);
            }
            if (endOfStream) {
                known.onRequestEnd();
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            int credit = data.readableBytes() + padding;
            Http2ProviderStream stream = connection().stream(streamId).getProperty(key);
            if (stream != null) {
                stream.onData(data);
                if (endOfStream) {
                    stream.onRequestEnd();
                }
            }
            return credit;
        }
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2ProviderConnection, Builder> {
        private final ProviderServer server;

        Builder(ProviderServer server, int maxStreams) {
            this.server = server;
            server(true);
            initialSettings(Http2Settings.defaultSettings()
                    .maxConcurrentStreams(maxStreams)
                    .initialWindowSize(STREAM_WINDOW_BYTES)
                    .maxHeaderListSize(ProviderServer.MAX_HEAD_BYTES));
            // A storm of cancelled requests is a test's will, not an attack.
            decoderEnforceMaxRstFramesPerWindow(0, 0);
            encoderEnforceMaxRstFramesPerWindow(0, 0);
        }

        @Override
        protected Http2ProviderConnection build() {
            return super.build();
        }

        @Override
        protected Http2ProviderConnection build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
            Http2ProviderConnection connection = new Http2ProviderConnection(server, decoder, encoder, initialSettings);
            frameListener(connection.new Frames());
            return connection;
        }
    }
}
