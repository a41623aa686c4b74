package dev.slipstream.ingress;

import dev.slipstream.codec.http1.HeadBuilder;
import dev.slipstream.config.LimitsConfig;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.limit.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one HTTP/2 connection of a client: tells each what came for it, and bounds what a client may make us do
 * for nothing (CVE-2023-44487, CVE-2025-55163, CVE-2019-9512 to 9518). A budget that is spent ends the connection with
 * ENHANCE_YOUR_CALM.
 */
final class H2Streams extends Http2FrameAdapter
        implements Http2Connection.Listener, Http2RemoteFlowController.Listener {
    /** Resets, of the client's and of ours: each answer that a client waits for allows one more. */
    private static final int RESETS = 200;

    private static final int MOST_RESETS = 10_000;
    private static final int RESETS_PER_SECOND = 7;

    /** SETTINGS, PING, PRIORITY, WINDOW_UPDATE, unknown frames. */
    private static final int SMALL_FRAMES = 1_000;

    private static final int MOST_SMALL_FRAMES = 20_000;
    private static final int SMALL_FRAMES_PER_SECOND = 50;

    /** What a frame that moves something allows: a client gives credit for the stream and for the connection. */
    private static final int EARNED_BY_DATA = 2;

    private static final int EARNED_BY_STREAM = 10;

    /** DATA without a byte, in the coin of the small frames. */
    private static final int COST_OF_EMPTY_DATA = 50;

    private static final int COST_OF_SETTINGS = 10;

    /** As many as may be open, and some; a power of two. */
    private static final int REMEMBERED_RESETS = 128;

    private static final String FLOOD = "too many frames that move nothing";

    private final H2Ingress ingress;
    private final ClientSocket socket;
    private final ExchangePool exchanges;
    private final ByteBudget heldBytes;
    private final HeadBuilder builder;
    private final FrameBudget resets;
    private final FrameBudget smallFrames;
    private final ArrayDeque<H2ClientStream> free = new ArrayDeque<>();
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;

    /** Written on the loop, read anywhere. */
    private final AtomicLong unsentBytes = new AtomicLong();

    private int open;

    /** The latest streams that we reset: the client may not know yet. */
    private final int[] resetIds = new int[REMEMBERED_RESETS];

    private int resetCount;

    H2Streams(
            H2Ingress ingress,
            ClientSocket socket,
            ExchangePool exchanges,
            ByteBudget heldBytes,
            LimitsConfig limits,
            Http2Connection connection) {
        this.ingress = ingress;
        this.socket = socket;
        this.exchanges = exchanges;
        this.heldBytes = heldBytes;
        this.builder = new HeadBuilder(limits.targetBytes(), limits.headerBytes(), limits.headerFields());
        this.connection = connection;
        this.key = connection.newKey();
        long now = socket.loop().nanoTime();
        this.resets = new FrameBudget(RESETS, MOST_RESETS, RESETS_PER_SECOND, now);
        this.smallFrames = new FrameBudget(SMALL_FRAMES, MOST_SMALL_FRAMES, SMALL_FRAMES_PER_SECOND, now);
    }

    /** Streams that are not closed. */
    int open() {
        return open;
    }

    /** What waits in the codec for the client's credit; any thread. */
    long unsentBytes() {
        return unsentBytes.get();
    }

    private @Nullable H2ClientStream of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    void forEach(Consumer<H2ClientStream> action) {
        try {
            connection.forEachActiveStream(stream -> {
                H2ClientStream here = of(stream);
                if (here != null) {
                    action.accept(here);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The connection is gone, and its streams are closed. */
    void retire() {
        for (H2ClientStream each = free.pollLast(); each != null; each = free.pollLast()) {
            each.retire();
        }
    }

    // ------------------------------------------------------------------ requests

    private H2ClientStream open(Http2Stream stream) {
        H2ClientStream opened = free.pollLast();
        if (opened == null) {
            opened = new H2ClientStream(ingress, socket, exchanges, heldBytes);
        }
        opened.open(stream);
        stream.setProperty(key, opened);
        open++;
        smallFrames.earn(EARNED_BY_STREAM);
        ingress.onFirstStream();
        return opened;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        H2ClientStream known = of(stream);
        if (known != null) {
            known.onEnd();
        } else if (stream != null) {
            if (ingress.isFull()) {
                throw Http2Exception.streamError(
                        streamId, Http2Error.REFUSED_STREAM, "the answers of this connection are not read");
            }
            open(stream).onHead(builder, headers, end);
        }
    }

    /**
     * The head of a request is larger than what is taken of one.
     *
     * @return whether that has been answered
     */
    boolean refuseHead(int streamId) {
        if (connection.stream(streamId) != null) {
            return false;
        }
        Http2Stream stream;
        try {
            // Not half-closed, whether or not it is: a body may follow, and is dropped.
            stream = connection.remote().createStream(streamId, false);
        } catch (Http2Exception e) {
            return false;
        }
        open(stream).refuseHead();
        return true;
    }

    /**
     * Has the codec know a stream whose head it refused before it had the stream. Else what follows on it would be taken for
     * frames of a stream that never was, which is an error of the connection and not of the stream.
     */
    void makeKnown(int streamId) {
        Http2Connection.Endpoint<?> client = connection.remote();
        if (connection.stream(streamId) != null
                || !client.isValidStreamId(streamId)
                || connection.streamMayHaveExisted(streamId)) {
            return;
        }
        int most = client.maxActiveStreams();
        try {
            // It may be one too many, and will be closed at once.
            client.maxActiveStreams(Integer.MAX_VALUE);
            client.createStream(streamId, true);
        } catch (Http2Exception e) {
            // Beyond what a GOAWAY of ours allowed: it is ignored by that.
        } finally {
            client.maxActiveStreams(most);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        if (data.isReadable()) {
            smallFrames.earn(1);
        } else if (!end) {
            spend(smallFrames, COST_OF_EMPTY_DATA);
        }
        H2ClientStream here = of(connection.stream(streamId));
        return here == null ? data.readableBytes() + padding : here.onData(data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        spend(resets, 1);
    }

    // ------------------------------------------------------------------ what moves nothing

    private void spend(FrameBudget budget, int cost) throws Http2Exception {
        if (!budget.spend(cost, socket.loop().nanoTime())) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, FLOOD);
        }
    }

    /** The client broke the rules on this stream, which is about to be reset. */
    void onError(int streamId) {
        H2ClientStream here = of(connection.stream(streamId));
        if (here != null) {
            here.onClientLeft();
        }
    }

    /** A frame that was under way when we reset its stream; it is discarded (RFC 9113 §5.1). */
    boolean isLate(Http2Exception.StreamException error) {
        return error.error() == Http2Error.STREAM_CLOSED
                && connection.stream(error.streamId()) == null
                && wasReset(error.streamId());
    }

    /** Whether it is among the latest that we reset. */
    boolean wasReset(int streamId) {
        for (int each : resetIds) {
            if (each == streamId) {
                return true;
            }
        }
        return false;
    }

    /** One frame more for streams that are reset. */
    boolean mayBeLate() {
        return smallFrames.spend(1, socket.loop().nanoTime());
    }

    /** What the client did makes us reset a stream. */
    boolean mayReset() {
        return resets.spend(1, socket.loop().nanoTime());
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        spend(smallFrames, COST_OF_SETTINGS);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        spend(smallFrames, 1);
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        spend(smallFrames, 1);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) throws Http2Exception {
        spend(smallFrames, 1);
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload) {
        // The codec lets no exception out of here.
        if (!smallFrames.spend(1, socket.loop().nanoTime())) {
            ingress.end(Http2Error.ENHANCE_YOUR_CALM, FLOOD);
        }
    }

    // ------------------------------------------------------------------ answers

    /** {@code bytes} wait for the client's credit. */
    void onQueued(int bytes) {
        unsentBytes.lazySet(unsentBytes.get() + bytes);
    }

    /** A DATA frame goes to the socket's queue. */
    void onSent(int streamId, int bytes) {
        smallFrames.earn(EARNED_BY_DATA);
        unsentBytes.lazySet(unsentBytes.get() - bytes);
        H2ClientStream here = of(connection.stream(streamId));
        if (here != null) {
            here.onSent(bytes);
        }
    }

    /** An answer was complete. */
    void onAnswered() {
        resets.earn(1);
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
        H2ClientStream here = of(stream);
        if (here != null) {
            here.onWritability();
        }
    }

    // ------------------------------------------------------------------ the codec's streams

    @Override
    public void onStreamClosed(Http2Stream stream) {
        if (stream.isResetSent()) {
            resetIds[resetCount++ & (REMEMBERED_RESETS - 1)] = stream.id();
        }
        H2ClientStream here = of(stream);
        if (here == null) {
            return;
        }
        stream.removeProperty(key);
        unsentBytes.lazySet(unsentBytes.get() - here.unsentBytes());
        here.onClosed();
        open--;
        free.addLast(here);
        if (open == 0) {
            ingress.onLastStream();
        }
    }

    @Override
    public void onStreamAdded(Http2Stream stream) {}

    @Override
    public void onStreamActive(Http2Stream stream) {}

    @Override
    public void onStreamHalfClosed(Http2Stream stream) {}

    @Override
    public void onStreamRemoved(Http2Stream stream) {}

    @Override
    public void onGoAwaySent(int lastStreamId, long errorCode, ByteBuf debugData) {}

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {}
}
