package dev.slipstream.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection: as many requests at a time as the plan and the server allow. A call is a property of its stream and
 * leaves it before it is done.
 */
final class MultiplexedConnection extends LoadConnection {
    /** Credit for an answer; the whole connection has sixteen times as much. */
    private static final int STREAM_WINDOW_BYTES = 1 << 20;

    private static final int CONNECTION_WINDOW_BYTES = 16 * STREAM_WINDOW_BYTES;

    private final LoadWorker worker;
    private final boolean secure;
    private final Http2ConnectionHandler codec;
    private final Http2Connection.PropertyKey key;
    private @Nullable ChannelHandlerContext context;
    private int maxStreams;
    private int streams;
    private boolean ready;
    private boolean leaving;
    private boolean gone;

    MultiplexedConnection(LoadWorker worker, boolean secure, int maxStreams) {
        this.worker = worker;
        this.secure = secure;
        this.maxStreams = maxStreams;
        this.codec = new Http2ConnectionHandlerBuilder()
                .server(false)
                .initialSettings(
                        Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(STREAM_WINDOW_BYTES))
                .frameListener(new Frames())
                .gracefulShutdownTimeoutMillis(0)
                .build();
        this.key = codec.connection().newKey();
        codec.connection().addListener(new Closings());
    }

    /** The codec, and behind it what hears of the handshake and of the end. */
    @Override
    ChannelHandler handler() {
        return codec;
    }

    ChannelHandler tail() {
        return new Tail();
    }

    @Override
    boolean hasRoom() {
        return ready && !gone && !leaving && streams < maxStreams;
    }

    @Override
    void send(LoadCall call) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not open");
        }
        LoadRequests.Encoded request = worker.encoded(call);
        int id = codec.connection().local().incrementAndGetNextStreamId();
        boolean hasBody = request.size() > 0;
        codec.encoder().writeHeaders(ctx, id, request.headers(), 0, !hasBody, ctx.newPromise());
        Http2Stream stream = codec.connection().stream(id);
        if (stream == null) {
            // The codec refuses it: GOAWAY came, or the numbers are used up.
            leaving = true;
            worker.onDone(call, Outcome.PROTOCOL, System.nanoTime());
            if (streams == 0) {
                end(Outcome.PROTOCOL);
            }
            return;
        }
        streams++;
        stream.setProperty(key, call);
        if (hasBody) {
            codec.encoder().writeData(ctx, id, request.body().retainedDuplicate(), 0, true, ctx.newPromise());
        }
        codec.flush(ctx);
    }

    @Override
    void timeOut(long dueBeforeNanos) {
        LoadCall first = first();
        if (first != null && first.dueNanos() - dueBeforeNanos < 0) {
            end(Outcome.TIMED_OUT);
            return;
        }
        List<Http2Stream> late = new ArrayList<>();
        try {
            codec.connection().forEachActiveStream(stream -> {
                LoadCall call = stream.getProperty(key);
                if (call != null && call.dueNanos() - dueBeforeNanos < 0) {
                    late.add(stream);
                }
                return true;
            });
        } catch (Http2Exception e) {
            worker.onFailure(e);
        }
        for (Http2Stream stream : late) {
            done(stream, Outcome.TIMED_OUT, System.nanoTime());
            ChannelHandlerContext ctx = context;
            if (ctx != null && !gone) {
                codec.resetStream(ctx, stream.id(), Http2Error.CANCEL.code(), ctx.newPromise());
                codec.flush(ctx);
            }
        }
    }

    @Override
    void onConnectFailed() {
        end(Outcome.CONNECT_FAILED);
    }

    @Override
    void close() {
        end(Outcome.BROKEN);
    }

    /** Ends the stream's call, where it has not ended yet. */
    private void done(Http2Stream stream, @Nullable Outcome outcome, long nowNanos) {
        LoadCall call = stream.removeProperty(key);
        if (call != null) {
            worker.onDone(call, outcome == null ? call.outcome() : outcome, nowNanos);
        }
    }

    /** The one end: what is under way ends as {@code outcome}. Idempotent. */
    private void end(Outcome outcome) {
        if (gone) {
            return;
        }
        gone = true;
        LoadCall open = takeFirst();
        if (open != null) {
            worker.onDone(open, outcome, System.nanoTime());
        }
        List<Http2Stream> all = new ArrayList<>();
        try {
            codec.connection().forEachActiveStream(stream -> {
                all.add(stream);
                return true;
            });
        } catch (Http2Exception e) {
            worker.onFailure(e);
        }
        for (Http2Stream stream : all) {
            done(stream, outcome, System.nanoTime());
        }
        if (context != null) {
            context.channel().close();
        }
        worker.onGone(this, ready);
    }

    private final class Closings extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            streams--;
            done(stream, Outcome.BROKEN, System.nanoTime());
            if (leaving || worker.isCold()) {
                if (streams == 0) {
                    end(Outcome.BROKEN);
                }
            } else if (!gone) {
                worker.onRoom(MultiplexedConnection.this);
            }
        }

        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            leaving = true;
            if (streams == 0) {
                end(Outcome.BROKEN);
            }
        }
    }

    private final class Frames extends Http2FrameAdapter {
        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            Long allowed = settings.maxConcurrentStreams();
            if (allowed != null) {
                maxStreams = (int) Math.min(maxStreams, allowed);
            }
            if (!ready && !gone) {
                ready = true;
                worker.onReady(MultiplexedConnection.this);
            }
        }

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
            long now = System.nanoTime();
            Http2Stream stream = codec.connection().stream(streamId);
            LoadCall call = stream == null ? null : stream.getProperty(key);
            if (stream == null || call == null) {
                return;
            }
            int status = status(headers);
            // What has no status is a trailer section; what is below 200 comes before the answer.
            if (status >= 200 && call.status() == 0) {
                call.onHead(status, now);
            }
            if (endOfStream) {
                done(stream, null, now);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            long now = System.nanoTime();
            int credit = data.readableBytes() + padding;
            Http2Stream stream = codec.connection().stream(streamId);
            LoadCall call = stream == null ? null : stream.getProperty(key);
            if (stream != null && call != null) {
                call.onBody(data, data.readableBytes(), now, worker.scratch(), worker.results());
                if (endOfStream) {
                    done(stream, null, now);
                }
            }
            return credit;
        }
    }

    private static int status(Http2Headers headers) {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < 3; i++) {
            number = number * 10 + Character.digit(status.charAt(i), 10);
        }
        return number;
    }

    private final class Tail extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx.pipeline().context(codec);
            if (gone) {
                ctx.close();
            }
        }

        /** The codec has sent its preface by now. */
        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            Http2Stream whole = codec.connection().connectionStream();
            Http2LocalFlowController credit = codec.decoder().flowController();
            credit.incrementWindowSize(whole, CONNECTION_WINDOW_BYTES - credit.initialWindowSize(whole));
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent shaken && secure) {
                if (!shaken.isSuccess()) {
                    worker.onFailure(shaken.cause());
                    end(Outcome.CONNECT_FAILED);
                } else if (!"h2".equals(ctx.pipeline().get(SslHandler.class).applicationProtocol())) {
                    worker.onFailure(new IllegalStateException("the server does not speak HTTP/2 (ALPN)"));
                    end(Outcome.CONNECT_FAILED);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end(ready ? Outcome.BROKEN : Outcome.CONNECT_FAILED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            worker.onFailure(cause);
            end(ready ? Outcome.BROKEN : Outcome.CONNECT_FAILED);
        }
    }
}
