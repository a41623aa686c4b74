package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.config.LimitsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.http2.ControlFrameLimit;
import dev.slipstream.http2.Http2Causes;
import dev.slipstream.limit.ByteBudget;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.FlushBatch;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection: Netty's codec, bounded, with the connection's {@link H2Streams} behind it. All streams go
 * through the one pipeline of their connection.
 *
 * <h2>Credit</h2>
 *
 * The connection's window is given back on receipt, so that an upload which waits holds up no other; the streams' as
 * their bytes are used.
 *
 * <h2>The end</h2>
 *
 * A connection that breaks the rules is told so by GOAWAY, and lingers as an HTTP/1.1 one does, so that a reset does not
 * destroy what it was told. One without a stream is closed after {@code timeouts.client_idle}, a new one without a request
 * after {@code timeouts.header}.
 */
final class H2Ingress extends Http2ConnectionHandler implements Ingress, Deadline.Owner, FlushBatch.Writer {
    private static final Logger LOG = LoggerFactory.getLogger(H2Ingress.class);

    /** Requests of one client that may be under way at once. */
    static final int MAX_STREAMS = 100;

    /** What a client may send of one body before we give it credit; a long prompt must not cost it round trips. */
    static final int STREAM_WINDOW = 1024 * 1024;

    private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;
    private static final int DEFAULT_WINDOW = 65_535;

    /** The share of a window that is used before credit is given back. */
    private static final float CREDIT_RATIO = 0.5f;

    private static final int MAX_QUEUED_CONTROL_FRAMES = 1_000;
    private static final int MAX_SMALL_CONTINUATIONS = 16;

    /** Unread answers beyond which no further request is taken, in watermarks of the connection's queue. */
    private static final int FULL_WATERMARKS = 4;

    private static final Http2Headers CONTINUE = new DefaultHttp2Headers().status("100");

    private final Loop loop;
    private final ClientSocket socket;
    private final H2ResponseHeads heads;
    private final Deadline idle;
    private @Nullable H2Streams streams;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ChannelHandlerContext tail;
    private boolean ending;
    private boolean draining;

    private H2Ingress(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Loop loop,
            ClientSocket socket,
            H2ResponseHeads heads) {
        super(decoder, encoder, settings, false, false);
        this.loop = loop;
        this.socket = socket;
        this.heads = heads;
        this.idle = new Deadline(loop.timers(), this);
    }

    /** @param heldBytes what all exchanges hold of bodies */
    static H2Ingress of(Loop loop, ExchangePool exchanges, CurrentConfig current, ByteBudget heldBytes) {
        LimitsConfig limits = current.snapshot().config().limits();
        H2ResponseHeads heads = new H2ResponseHeads();
        DefaultHttp2Connection connection = new DefaultHttp2Connection(true, 0);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, CREDIT_RATIO, true));
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Sent writer = new Sent(heads);
        Http2ConnectionEncoder encoder =
                new ControlFrameLimit(new DefaultHttp2ConnectionEncoder(connection, writer), MAX_QUEUED_CONTROL_FRAMES);
        H2StreamOrder reader = new H2StreamOrder(
                new DefaultHttp2FrameReader(
                        new DefaultHttp2HeadersDecoder(true, limits.headerBytes()), MAX_SMALL_CONTINUATIONS),
                connection);
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true, true);
        // At once: a client may open streams before it has read what we allow.
        connection.remote().maxActiveStreams(MAX_STREAMS);
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(limits.headerBytes());
        ClientSocket socket = new ClientSocket(loop, current);
        H2Ingress ingress = new H2Ingress(decoder, encoder, settings, loop, socket, heads);
        H2Streams streams = new H2Streams(ingress, socket, exchanges, heldBytes, limits, connection);
        ingress.streams = streams;
        writer.streams = streams;
        reader.setMayBeLate(streams::wasReset);
        connection.addListener(streams);
        connection.remote().flowController().listener(streams);
        decoder.frameListener(streams);
        // Whoever closes it has ended its streams.
        ingress.gracefulShutdownTimeoutMillis(0);
        return ingress;
    }

    /** Tells what leaves the codec's queues. */
    private static final class Sent extends DefaultHttp2FrameWriter {
        private @Nullable H2Streams streams;

        Sent(H2ResponseHeads heads) {
            super(heads);
        }

        @Override
        public ChannelFuture writeData(
                ChannelHandlerContext ctx,
                int streamId,
                ByteBuf data,
                int padding,
                boolean end,
                ChannelPromise promise) {
            H2Streams told = streams;
            if (told != null) {
                told.onSent(streamId, data.readableBytes());
            }
            return super.writeData(ctx, streamId, data, padding, end, promise);
        }
    }

    private H2Streams streams() {
        H2Streams here = streams;
        if (here == null) {
            throw new IllegalStateException("not built");
        }
        return here;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }

    // ------------------------------------------------------------------ the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        socket.onAdded(ctx);
        // Where a flush begins, so that it passes the codec.
        tail = ctx.pipeline().lastContext();
        super.handlerAdded(ctx);
        decoder()
                .flowController()
                .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - DEFAULT_WINDOW);
        written();
        idle.after(loop.nanoTime(), socket.timeouts().headerNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        loop.flushes().begin();
        if (ending) {
            ((ByteBuf) message).release();
            return;
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        super.channelReadComplete(ctx);
        loop.flushes().end();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        socket.onWritability(socket.isWritable());
        // Tells each stream.
        super.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        ending = true;
        // Closes the streams.
        super.channelInactive(ctx);
        streams().retire();
        idle.close();
        socket.onInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof OutOfMemoryError exhausted) {
            outOfMemory(exhausted);
        } else if (Http2Causes.isHttp2(cause)) {
            super.exceptionCaught(ctx, cause);
            return;
        } else if (!(cause instanceof IOException)) {
            ClientRequest told = socket.told();
            LOG.error("a bug; its {} is ended", told == null ? "connection" : "request", cause);
            if (told != null && told.failInside()) {
                return;
            }
        }
        socket.close();
    }

    /** Counted as what it is; the connection is about to end. */
    private void outOfMemory(OutOfMemoryError exhausted) {
        loop.outOfMemory(exhausted);
        streams().forEach(each -> each.request().failForMemory());
    }

    // ------------------------------------------------------------------ what the codec finds wrong

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (!outbound) {
            if (streams().isLate(error)) {
                if (!streams().mayBeLate()) {
                    calmDown(ctx, "too many frames behind a reset");
                }
                return;
            }
            streams().onError(error.streamId());
            if (error instanceof Http2Exception.HeaderListSizeException large
                    && large.duringDecode()
                    && streams().refuseHead(error.streamId())) {
                return;
            }
            if (!streams().mayReset()) {
                calmDown(ctx, "too many streams in error");
                return;
            }
            streams().makeKnown(error.streamId());
        }
        super.onStreamError(ctx, outbound, cause, error);
    }

    private void calmDown(ChannelHandlerContext ctx, String why) {
        Http2Exception tooMany = Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", why);
        onConnectionError(ctx, false, tooMany, tooMany);
    }

    /** What it would answer is answered by {@link H2Streams#refuseHead}. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {}

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (ending) {
            return;
        }
        if (error == null) {
            if (cause instanceof OutOfMemoryError exhausted) {
                outOfMemory(exhausted);
            } else if (!(cause instanceof IOException)) {
                LOG.error("a bug; its connection is ended", cause);
            }
            ending = true;
            socket.close();
            return;
        }
        LOG.debug("a client's connection broke the rules of HTTP/2: {}", error.getMessage());
        end(error.error(), String.valueOf(error.getMessage()));
    }

    /** Tells the client the last word and lets it go. */
    void end(Http2Error error, String why) {
        if (ending) {
            return;
        }
        ending = true;
        idle.clear();
        streams().forEach(H2ClientStream::onClientLeft);
        ChannelHandlerContext here = context();
        // By the writer itself: the codec's goAway closes at once behind an error, and the client might never read it.
        encoder()
                .frameWriter()
                .writeGoAway(
                        here,
                        connection().remote().lastStreamCreated(),
                        error.code(),
                        Unpooled.copiedBuffer(why, UTF_8),
                        here.newPromise());
        // Credit may be on its way, and must not be answered by a reset that destroys what the client has not read yet.
        socket.closeGently(false);
    }

    // ------------------------------------------------------------------ idleness and the process's end

    void onFirstStream() {
        idle.clear();
    }

    void onLastStream() {
        if (ending) {
            return;
        }
        if (draining) {
            // Not from inside the codec, which has the stream in hand.
            loop.eventLoop().execute(this::endIfIdle);
        } else {
            idle.after(loop.nanoTime(), socket.timeouts().clientIdleNanos());
        }
    }

    private void endIfIdle() {
        if (isIdle()) {
            end(Http2Error.NO_ERROR, "");
        }
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        end(Http2Error.NO_ERROR, "");
    }

    @Override
    public boolean isIdle() {
        return streams().open() == 0;
    }

    @Override
    public void startDraining() {
        if (draining || ending) {
            return;
        }
        draining = true;
        ChannelHandlerContext here = context();
        // What the client has sent before it reads this is still served (RFC 9113 §6.8).
        goAway(here, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, here.newPromise());
        written();
    }

    @Override
    public void closeIdle() {
        end(Http2Error.NO_ERROR, "");
    }

    @Override
    public void endForDrain() {
        startDraining();
        streams().forEach(H2ClientStream::endForDrain);
        flushNow();
        endIfIdle();
    }

    @Override
    public long queuedBytes() {
        return streams().unsentBytes();
    }

    // ------------------------------------------------------------------ what the streams write

    private void written() {
        if (tail != null) {
            loop.flushes().written(this);
        }
    }

    @Override
    public void flushWritten() {
        ChannelHandlerContext here = tail;
        if (here != null) {
            here.flush();
        }
    }

    /** Whether so much is unread that no further request is taken. */
    boolean isFull() {
        return socket.unwrittenBytes() + streams().unsentBytes()
                > (long) FULL_WATERMARKS * context().channel().config().getWriteBufferHighWaterMark();
    }

    /** The rest of {@code stream}'s body may come. */
    void giveCredit(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                written();
            }
        } catch (Http2Exception e) {
            onError(context(), false, e);
        }
    }

    void writeContinue(Http2Stream stream) {
        ChannelHandlerContext here = context();
        heads.setNext(null, false);
        encoder().writeHeaders(here, stream.id(), CONTINUE, 0, false, here.newPromise());
        written();
    }

    /** Borrows {@code head}. */
    void writeHead(Http2Stream stream, ResponseHead head, boolean withLength) {
        ChannelHandlerContext here = context();
        heads.setNext(head, withLength);
        try {
            encoder().writeHeaders(here, stream.id(), EmptyHttp2Headers.INSTANCE, 0, false, here.newPromise());
        } finally {
            heads.setNext(null, false);
        }
        written();
    }

    /** Consumes {@code data}. */
    void writeBody(Http2Stream stream, ByteBuf data) {
        ChannelHandlerContext here = context();
        streams().onQueued(data.readableBytes());
        encoder().writeData(here, stream.id(), data, 0, false, here.newPromise());
        written();
    }

    /** The answer is complete. Where its request is not, the rest is not wanted (RFC 9113 §8.1). */
    void writeEnd(Http2Stream stream, boolean requestComplete) {
        ChannelHandlerContext here = context();
        ChannelPromise promise = here.newPromise();
        if (!requestComplete) {
            promise.addListener(done -> {
                if (done.isSuccess() && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                    reset(stream, Http2Error.NO_ERROR);
                }
            });
        }
        streams().onAnswered();
        encoder().writeData(here, stream.id(), Unpooled.EMPTY_BUFFER, 0, true, promise);
        written();
    }

    void reset(Http2Stream stream, Http2Error error) {
        ChannelHandlerContext here = context();
        resetStream(here, stream.id(), error.code(), here.newPromise());
        written();
    }

    /** Moves what is queued to the socket's queue, as far as there is credit. */
    void sendQueued() {
        try {
            encoder().flowController().writePendingBytes();
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
        written();
    }

    /** @return whether the socket has taken all of it */
    boolean flushNow() {
        flushWritten();
        return socket.unwrittenBytes() == 0;
    }

    boolean isWritable(Http2Stream stream) {
        return encoder().flowController().isWritable(stream);
    }
}
