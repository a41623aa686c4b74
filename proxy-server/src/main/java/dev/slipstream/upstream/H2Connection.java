package dev.slipstream.upstream;

import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadBuilder;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection to a provider and the requests on it: what Netty's codec reads becomes calls on {@link
 * H2UpstreamStream}s, and what they write becomes frames.
 *
 * <p>A place on the connection is taken by {@link #open} and free again when the codec has closed the stream, which is
 * after both sides have ended it or a reset has been written. It takes no more streams than the provider allows, nor
 * than {@code pool.max_streams}; none once it is going away.
 *
 * <p>A connection that has been silent is asked for a sign of life: every {@value #PING_AFTER_SECONDS} s, and along with
 * the first request after {@value #PROBE_AFTER_SECONDS} s. One that gives none within {@code timeouts.connect} is dead.
 */
final class H2Connection extends Http2FrameAdapter implements UpstreamConnection, Deadline.Owner {
    static final long PING_AFTER_SECONDS = 15;
    static final long PROBE_AFTER_SECONDS = 5;
    private static final long PING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(PING_AFTER_SECONDS);
    private static final long PROBE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(PROBE_AFTER_SECONDS);

    /** Where no connect deadline is set. */
    private static final long DEFAULT_PING_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** RST_STREAM frames of a provider in {@value #RST_SECONDS} s; more, and the connection ends. */
    private static final int MAX_RST = 2_000;

    private static final long RST_SECONDS = 30;

    /** DATA frames in a row that bring nothing. */
    private static final int MAX_EMPTY_DATA = 10;

    private static final long PING_DATA = 0x736C697073747265L;

    /** Stream numbers end here; a connection this old is left for a new one. */
    private static final int LAST_STREAM_ID = Integer.MAX_VALUE - 2;

    private final UpstreamPool pool;
    private final Loop loop;
    private final H2Handler handler;
    private final Int2ObjectHashMap<H2UpstreamStream> streams = new Int2ObjectHashMap<>();
    private final FlatHead head = new FlatHead();
    private final HeadBuilder builder;
    private final Deadline pingDeadline;
    private final long pingTimeoutNanos;
    private @Nullable ChannelHandlerContext tail;

    private int active;
    private boolean used;
    private boolean goingAway;
    private boolean closed;
    /** It has refused a stream while it had one more than this; for a second it is not asked for as many. */
    private int refusedAbove = Integer.MAX_VALUE;

    private long rstWindowNanos;
    private int rstInWindow;
    private int emptyData;

    private final Runnable onTurnEnd = this::flush;
    private boolean flushing;
    /** Whether anything has come on this connection. */
    private boolean hasRead;

    private boolean closesByItself;
    /** Why the provider does not want the connection at all; see {@link TlsHandshake#lateRefusal}. */
    private @Nullable String refusal;

    private boolean pinged;
    private long lastReadNanos;
    private long idleSinceNanos;

    H2Connection(UpstreamPool pool, boolean tls) {
        this.pool = pool;
        this.loop = pool.loop();
        ConnectionSettings settings = pool.settings();
        this.builder = new HeadBuilder(settings.headerBytes(), settings.headerFields());
        this.pingDeadline = new Deadline(loop.timers(), this);
        long connectNanos = pool.connectNanos();
        this.pingTimeoutNanos = connectNanos > 0 ? connectNanos : DEFAULT_PING_TIMEOUT_NANOS;
        this.handler = H2Handler.of(this, settings, tls);
        handler.connection().addListener(new Streams());
        handler.encoder().flowController().listener(this::onWritability);
    }

    /** Takes over a connected channel: the preface and our settings leave with the first requests, in this turn. */
    void addTo(Channel channel) {
        long now = loop.nanoTime();
        lastReadNanos = now;
        rstWindowNanos = now;
        idleSinceNanos = now;
        Tail end = new Tail();
        channel.pipeline().addLast(handler, end);
        tail = channel.pipeline().context(end);
        handler.widenConnectionWindow();
        // A failed write alone does not end it before its first byte has come: see readsToItsEnd.
        closesByItself = channel.config().isAutoClose();
        channel.config().setAutoClose(closesByItself && !pool.isTls());
        written();
    }

    /** Its place in the pipeline is where a flush begins, so that it passes the codec. */
    private static final class Tail extends ChannelInboundHandlerAdapter {}

    // ------------------------------------------------------------------ the pool's side

    @Override
    public Channel channel() {
        return context().channel();
    }

    /** Whether one more request may be put on it. */
    boolean hasRoom() {
        return isOpen() && active < limit();
    }

    /** Whether it is nearly full, so that another one should be opened. */
    boolean isCrowded() {
        return active >= limit() - limit() / 4;
    }

    /** Whether it takes requests at all. */
    boolean isOpen() {
        return !goingAway && !closed;
    }

    int active() {
        return active;
    }

    private int limit() {
        int theirs = handler.connection().local().maxActiveStreams();
        return Math.min(refusedAbove, Math.min(pool.maxStreams(), theirs));
    }

    /** Whether a request was on it before, or it stood for a while, so that it may turn out to be dead. */
    boolean isUsed() {
        return used;
    }

    /** Takes a place; only where there is room. */
    H2UpstreamStream open() {
        active++;
        long now = loop.nanoTime();
        if (!pinged && now - lastReadNanos >= PROBE_AFTER_NANOS) {
            ping(now);
        }
        return new H2UpstreamStream(this);
    }

    @Override
    public boolean isIdle() {
        return active == 0;
    }

    @Override
    public long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public void tick(long nowNanos) {
        used = true;
        if (refusedAbove != Integer.MAX_VALUE) {
            refusedAbove = Integer.MAX_VALUE;
            pool.onRoom(this);
        }
        if (!closed && !pinged && nowNanos - lastReadNanos >= PING_AFTER_NANOS) {
            ping(nowNanos);
            context().flush();
        }
    }

    private void ping(long nowNanos) {
        pinged = true;
        pingDeadline.after(nowNanos, pingTimeoutNanos);
        ChannelHandlerContext ctx = handler.context();
        handler.encoder().writePing(ctx, false, PING_DATA, ctx.newPromise());
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        end(FailureKind.UPSTREAM_CLOSED, "the connection gave no sign of life");
    }

    /** No request is put on it any more; it ends when those on it have. */
    void drain() {
        goingAway = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (goingAway && active == 0 && !closed) {
            close();
        }
    }

    @Override
    public void close() {
        end(FailureKind.UPSTREAM_CLOSED, "the connection was closed");
    }

    /** Changes the state first and tells last: who is told may ask the pool again at once. */
    private void end(FailureKind kind, String detail) {
        if (!closed) {
            closed = true;
            pingDeadline.close();
            channel().close();
        }
        failAll(kind, detail);
    }

    private void failAll(FailureKind kind, String detail) {
        List<H2UpstreamStream> all = new ArrayList<>(streams.values());
        streams.clear();
        all.forEach(stream -> stream.fail(kind, detail));
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext here = tail;
        if (here == null) {
            throw new IllegalStateException("not connected");
        }
        return here;
    }

    // ------------------------------------------------------------------ what the streams ask for

    FlatHead head() {
        return head;
    }

    HeadBuilder builder() {
        return builder;
    }

    ByteBufAllocator allocator() {
        return loop.allocator();
    }

    /** Returns owned: the bytes of {@code data} in a buffer of their own. */
    ByteBuf copyOf(ByteBuf data) {
        int bytes = data.readableBytes();
        return loop.allocator().directBuffer(bytes, bytes).writeBytes(data, data.readerIndex(), bytes);
    }

    long nanoTime() {
        return loop.nanoTime();
    }

    /** When the provider last gave a sign of life. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    /**
     * Something was written: it leaves at the end of the loop's turn. Requests of several clients that the turn has read
     * then leave together, in one record where there is TLS and in one system call; with one client there is nothing to
     * wait for.
     */
    private void written() {
        if (!flushing) {
            flushing = true;
            loop.afterTurn(onTurnEnd);
        }
    }

    private void flush() {
        flushing = false;
        if (!closed) {
            context().flush();
        }
    }

    /** Writes a request's head and gives its stream a number. */
    int begin(H2UpstreamStream stream, UpstreamHead request) {
        used = true;
        int id = handler.connection().local().incrementAndGetNextStreamId();
        if (id >= LAST_STREAM_ID) {
            goingAway = true;
        }
        streams.put(id, stream);
        handler.writeHead(id, request);
        written();
        return id;
    }

    /** Consumes {@code data}. */
    void writeData(int id, ByteBuf data, boolean end) {
        ChannelHandlerContext ctx = handler.context();
        handler.encoder().writeData(ctx, id, data, 0, end, ctx.newPromise());
        written();
    }

    boolean isWritable(int id) {
        Http2Stream stream = handler.connection().stream(id);
        return stream == null || handler.encoder().flowController().isWritable(stream);
    }

    /** Whether the request's end has not been written yet. */
    boolean isSending(int id) {
        Http2Stream stream = handler.connection().stream(id);
        return stream != null && stream.state().localSideOpen();
    }

    private void onWritability(Http2Stream changed) {
        H2UpstreamStream stream = streams.get(changed.id());
        if (stream != null) {
            stream.onWritability();
        }
    }

    void giveCredit(int id, int bytes) {
        Http2Stream stream = handler.connection().stream(id);
        if (stream == null) {
            return;
        }
        try {
            if (handler.decoder().flowController().consumeBytes(stream, bytes)) {
                written();
            }
        } catch (Http2Exception e) {
            end(FailureKind.UPSTREAM_PROTOCOL, "flow control failed");
        }
    }

    /** Nothing more is wanted on {@code stream}, which tells nobody any more. */
    void abandon(H2UpstreamStream stream, Http2Error why) {
        int id = stream.id();
        if (id == H2UpstreamStream.NO_ID) {
            freePlace();
            return;
        }
        streams.remove(id);
        if (handler.connection().stream(id) != null) {
            ChannelHandlerContext ctx = handler.context();
            handler.encoder().writeRstStream(ctx, id, why.code(), ctx.newPromise());
            written();
        }
    }

    // ------------------------------------------------------------------ what the codec tells

    void onReadBatch() {
        loop.flushes().begin();
        if (!hasRead) {
            hasRead = true;
            channel().config().setAutoClose(closesByItself);
        }
        lastReadNanos = loop.nanoTime();
        if (pinged) {
            pinged = false;
            pingDeadline.clear();
        }
    }

    void onReadBatchEnd() {
        loop.flushes().end();
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        emptyData = data.isReadable() || endOfStream ? 0 : emptyData + 1;
        if (emptyData > MAX_EMPTY_DATA) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many empty DATA frames");
        }
        H2UpstreamStream stream = endOfStream ? streams.remove(streamId) : streams.get(streamId);
        return stream == null ? data.readableBytes() + padding : stream.onData(data, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream) {
        H2UpstreamStream stream = endOfStream ? streams.remove(streamId) : streams.get(streamId);
        if (stream != null) {
            stream.onHeaders(headers, endOfStream);
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
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        if (lastReadNanos - rstWindowNanos > TimeUnit.SECONDS.toNanos(RST_SECONDS)) {
            rstWindowNanos = lastReadNanos;
            rstInWindow = 0;
        }
        if (++rstInWindow > MAX_RST) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many RST_STREAM frames");
        }
        H2UpstreamStream stream = streams.remove(streamId);
        if (errorCode == Http2Error.REFUSED_STREAM.code()) {
            refusedAbove = Math.min(refusedAbove, active - 1);
        }
        if (stream != null) {
            stream.onReset(errorCode);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        pool.onRoom(this);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        goingAway = true;
        List<H2UpstreamStream> leftOut = new ArrayList<>();
        for (H2UpstreamStream stream : streams.values()) {
            if (stream.id() > lastStreamId) {
                leftOut.add(stream);
            }
        }
        leftOut.forEach(stream -> streams.remove(stream.id()));
        pool.onGoingAway(this);
        leftOut.forEach(H2UpstreamStream::onLeftOut);
        closeIfDone();
    }

    /** What the codec found wrong with one stream, which it is about to reset. */
    void onStreamError(int streamId, String detail) {
        H2UpstreamStream stream = streams.remove(streamId);
        if (stream != null) {
            failLater(stream, FailureKind.UPSTREAM_PROTOCOL, detail);
        }
    }

    /** Never from inside the writing of a request; and what lies behind a failure may be told in a moment. */
    private void failLater(H2UpstreamStream stream, FailureKind kind, String detail) {
        loop.eventLoop().execute(() -> {
            String why = refusal;
            if (why == null) {
                stream.fail(kind, detail);
            } else {
                stream.fail(FailureKind.UPSTREAM_TLS, why);
            }
        });
    }

    /** What the codec found wrong with the connection, which it is about to end. */
    void onConnectionError(String detail) {
        goingAway = true;
        List<H2UpstreamStream> all = new ArrayList<>(streams.values());
        streams.clear();
        all.forEach(stream -> failLater(stream, FailureKind.UPSTREAM_PROTOCOL, detail));
    }

    /**
     * A write met the connection's end. Over TLS, where nothing has come yet, the reason may still be there to be read.
     *
     * @return whether it is to be read before the connection is closed
     */
    boolean readsToItsEnd() {
        goingAway = true;
        if (hasRead || !pool.isTls()) {
            return false;
        }
        pingDeadline.after(loop.nanoTime(), pingTimeoutNanos);
        return true;
    }

    /** What ends the connection, where it is not HTTP/2's own. */
    void onException(Throwable cause) {
        if (!hasRead && refusal == null) {
            refusal = TlsHandshake.lateRefusal(cause);
            if (refusal != null) {
                goingAway = true;
                pool.onRefused(refusal);
            }
        }
    }

    /** Whether the provider has refused the connection as such, and nothing that was sent on it was read. */
    boolean isRefused() {
        return refusal != null;
    }

    /** There was no memory for what it has read or should write. */
    void onOutOfMemory(OutOfMemoryError cause) {
        loop.outOfMemory(cause);
        goingAway = true;
        List<H2UpstreamStream> all = new ArrayList<>(streams.values());
        streams.clear();
        loop.eventLoop().execute(() -> all.forEach(stream -> stream.fail(FailureKind.OVERLOADED, "out of memory")));
        channel().close();
    }

    /**
     * The connection ends. A provider that speaks HTTP/2 begins with a frame of its own; one that has said nothing at all
     * behind the TLS handshake has refused the connection, also where its alert was lost to a reset.
     */
    private void findRefusal() {
        if (!hasRead && !closed && refusal == null && pool.isTls()) {
            refusal =
                    "the provider ended the connection right behind the TLS handshake; it may want a client certificate";
            pool.onRefused(refusal);
        }
    }

    void onInactive() {
        findRefusal();
        boolean wasClosed = closed;
        String why = refusal;
        closed = true;
        pingDeadline.close();
        pool.onClosed(this);
        if (why != null) {
            failAll(FailureKind.UPSTREAM_TLS, why);
            return;
        }
        failAll(
                FailureKind.UPSTREAM_CLOSED,
                wasClosed ? "the connection was closed" : "connection ended before the answer did");
    }

    private void freePlace() {
        active--;
        if (active == 0) {
            idleSinceNanos = loop.nanoTime();
        }
        if (closed) {
            return;
        }
        if (goingAway) {
            closeIfDone();
        } else {
            pool.onRoom(this);
        }
    }

    /** Hears of streams that the codec has done with. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            H2UpstreamStream lost = streams.remove(stream.id());
            freePlace();
            if (lost != null) {
                // Every ending that is told has taken it from the table before.
                failLater(lost, FailureKind.UPSTREAM_CLOSED, "the connection ended before the answer did");
            }
        }
    }
}
