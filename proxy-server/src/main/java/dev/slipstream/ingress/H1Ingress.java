package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.ChunkResult;
import dev.slipstream.codec.http1.ChunkedDecoder;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadParser;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.codec.http1.HeadWriter;
import dev.slipstream.codec.http1.HeaderName;
import dev.slipstream.config.LimitsConfig;
import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.exchange.ExchangeWork;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.exchange.ResponseHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.WriteQueue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: its bytes become the messages of one exchange after another, and each answer becomes
 * bytes. Owner of the exchange under way.
 *
 * <h2>Reading</h2>
 *
 * Bytes that cannot be used yet wait in {@link #pending}: the body of an exchange that is paused (one read), requests
 * that were pipelined (up to {@value #MAX_PIPELINED_BYTES} bytes, one read more at most). While an answer is awaited the
 * connection stays readable within that bound, so that a client's leaving is seen at once.
 *
 * <h2>Early answers</h2>
 *
 * An answer may go before the request is complete. The rest of a body is then read and dropped if its declared length
 * leaves at most {@value #MAX_DRAINED_BYTES} bytes; else the answer says {@code connection: close}, and the connection
 * lingers for {@code timeouts.linger}, so that the answer is not lost to a reset.
 */
final class H1Ingress extends ChannelInboundHandlerAdapter implements ClientStream, Deadline.Owner {
    private enum State {
        /** Between requests, or in a head. */
        HEAD,
        /** In a body. */
        BODY,
        /** The body is complete; its end has not been told. */
        BODY_END,
        /** The request has been told to its end; its answer is awaited. */
        ANSWER,
        /** The answer is out; the rest of the request's body is dropped. */
        DRAIN,
        /** The answer is out and nothing follows it; what comes is dropped. */
        LINGER,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(H1Ingress.class);
    private static final int MAX_PIPELINED_BYTES = 16 * 1024;
    private static final int MAX_DRAINED_BYTES = 64 * 1024;
    private static final int HEAD_BYTES = 1024;
    private static final int CHUNK_LINE_BYTES = 16;
    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

    private final Loop loop;
    private final ExchangePool exchanges;
    private final CurrentConfig current;
    private final HeadParser parser;
    private final ChunkedDecoder chunks = new ChunkedDecoder();
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>();
    private final Runnable onResumed = this::onResumed;
    private final Deadline readDeadline;
    private final Deadline writeDeadline;
    private final UploadPace pace = new UploadPace();
    private @Nullable ChannelHandlerContext ctx;

    // The request.
    private State state = State.HEAD;
    private @Nullable Exchange exchange;
    private BodyFraming framing = BodyFraming.NONE;
    private long remaining;
    private int pendingBytes;
    private boolean decoding;
    private boolean bodySeen;
    private boolean toHttp10;

    // Its answer.
    private boolean keepAlive;
    private boolean continued;
    private boolean chunked;
    private boolean chunkOpen;
    private boolean noBody;
    private long stalledBytes;

    H1Ingress(Loop loop, ExchangePool exchanges, CurrentConfig current) {
        this.loop = loop;
        this.exchanges = exchanges;
        this.current = current;
        LimitsConfig limits = current.snapshot().config().limits();
        this.parser = HeadParser.ofRequests(limits.targetBytes(), limits.headerBytes(), limits.headerFields());
        this.readDeadline = new Deadline(loop.timers(), this);
        this.writeDeadline = new Deadline(loop.timers(), this);
    }

    // ------------------------------------------------------------------ reading

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        readDeadline.after(loop.nanoTime(), timeouts().headerNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        loop.flushes().begin();
        if (state == State.LINGER || state == State.CLOSED) {
            in.release();
            return;
        }
        pendingBytes += in.readableBytes();
        if (!PendingReads.append(pending.peekLast(), in)) {
            pending.addLast(in);
        }
        decode();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flushes().end();
    }

    private void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            boolean progress = true;
            while (progress) {
                progress = step();
            }
        } finally {
            decoding = false;
        }
        updateReading();
    }

    /** @return whether another step may be made */
    private boolean step() {
        Exchange here = exchange;
        if (state == State.BODY_END && here != null && !here.isPaused()) {
            state = State.ANSWER;
            readDeadline.clear();
            context().fireChannelRead(here.endMessage());
            return true;
        }
        ByteBuf in = pending.peekFirst();
        if (in == null) {
            return false;
        }
        if (!in.isReadable()) {
            pending.pollFirst();
            in.release();
            return true;
        }
        return switch (state) {
            // An answer that nobody takes is the last one: small ones would pile up, each queued whole in one read.
            case HEAD -> (here != null || isWritable()) && readHead(in);
            case BODY -> here != null && !here.isPaused() && readBody(here, in);
            case DRAIN -> drain(in);
            case BODY_END, ANSWER -> false;
            case LINGER, CLOSED -> {
                dropPending();
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) {
        Exchange here = exchange;
        if (here == null) {
            here = exchanges.acquire(this);
            exchange = here;
            readDeadline.after(here.stages().startNanos(), timeouts().headerNanos());
        }
        int before = in.readableBytes();
        HeadResult result = parser.parse(in, here.requestHead());
        pendingBytes -= before - in.readableBytes();
        switch (result) {
            case NEED_MORE -> {}
            case COMPLETE -> onHead(here);
            case BAD -> refuseHead(here, FailureKind.BAD_REQUEST);
            case TARGET_TOO_LONG -> refuseHead(here, FailureKind.TARGET_TOO_LONG);
            case TOO_LARGE -> refuseHead(here, FailureKind.HEADER_TOO_LARGE);
            case VERSION -> refuseHead(here, FailureKind.HTTP_VERSION_NOT_SUPPORTED);
            case CODING -> refuseHead(here, FailureKind.NOT_IMPLEMENTED);
        }
        return true;
    }

    private void onHead(Exchange here) {
        FlatHead head = here.requestHead();
        framing = head.requestFraming();
        remaining = framing == BodyFraming.LENGTH ? head.contentLength() : 0;
        keepAlive = head.keepAlive();
        toHttp10 = head.minorVersion() == 0;
        bodySeen = false;
        continued = false;
        chunks.reset();
        boolean hasBody = framing == BodyFraming.CHUNKED || remaining > 0;
        state = hasBody ? State.BODY : State.BODY_END;
        ConfigSnapshot config = current.snapshot();
        here.onHead(config, framing == BodyFraming.CHUNKED ? -1 : remaining);
        TimeoutsConfig timeouts = config.config().timeouts();
        long now = here.stages().markNanos();
        pace.start(now, timeouts.clientBodyNanos(), timeouts.clientMinRateBytesPerSecond());
        awaitBody(here, now);
        context().fireChannelRead(here.headMessage());
    }

    /** @return false where the body is too late */
    private boolean awaitBody(Exchange here, long nowNanos) {
        long left = pace.nanosLeft(nowNanos, here.receivedBodyBytes());
        if (left >= UploadPace.FOREVER) {
            readDeadline.clear();
        } else if (left > 0) {
            readDeadline.set(nowNanos + left);
        }
        return left > 0;
    }

    private void refuseHead(Exchange here, FailureKind kind) {
        String detail = parser.detail();
        parser.reset();
        here.onUnreadableHead(current.snapshot());
        keepAlive = false;
        // Nothing behind a head that cannot be read can be told apart from it.
        state = State.BODY;
        framing = BodyFraming.CHUNKED;
        LocalReply.fail(here, kind, detail.isEmpty() ? "The request could not be read." : detail);
    }

    private boolean readBody(Exchange here, ByteBuf in) {
        bodySeen = true;
        if (framing == BodyFraming.LENGTH) {
            int take = (int) Math.min(remaining, in.readableBytes());
            remaining -= take;
            if (remaining == 0) {
                state = State.BODY_END;
            }
            deliver(here, take(in, take));
            return true;
        }
        int before = in.readableBytes();
        ChunkResult result = chunks.next(in);
        pendingBytes -= before - in.readableBytes();
        switch (result) {
            case NEED_MORE -> {}
            case DATA -> deliver(here, take(in, chunks.dataLength()));
            case END -> state = State.BODY_END;
            case BAD -> refuseBody(here, FailureKind.BAD_REQUEST, chunks.detail());
        }
        return true;
    }

    /** Returns owned: the next {@code bytes} of {@code in}, which is {@code in} itself where they are all it has. */
    private ByteBuf take(ByteBuf in, int bytes) {
        pendingBytes -= bytes;
        if (bytes < in.readableBytes()) {
            return in.readRetainedSlice(bytes);
        }
        pending.pollFirst();
        return in;
    }

    private void deliver(Exchange here, ByteBuf data) {
        here.addReceivedBodyBytes(data.readableBytes());
        context().fireChannelRead(here.dataMessage().of(data));
    }

    /** The body cannot be read on: whatever it had begun is stopped before it is complete. */
    private void refuseBody(Exchange here, FailureKind kind, String message) {
        keepAlive = false;
        framing = BodyFraming.CHUNKED;
        ExchangeWork work = here.work();
        if (work != null) {
            work.cancel();
        }
        if (here.isAnswered()) {
            here.failed(kind);
            abort();
        } else {
            LocalReply.fail(here, kind, message);
        }
    }

    private boolean drain(ByteBuf in) {
        int drop = (int) Math.min(remaining, in.readableBytes());
        in.skipBytes(drop);
        pendingBytes -= drop;
        remaining -= drop;
        if (remaining == 0) {
            nextRequest();
        }
        return true;
    }

    private void nextRequest() {
        state = State.HEAD;
        readDeadline.after(loop.nanoTime(), timeouts().clientIdleNanos());
    }

    private void updateReading() {
        Exchange here = exchange;
        boolean read = switch (state) {
            case HEAD -> here != null || pendingBytes < MAX_PIPELINED_BYTES;
            case DRAIN, LINGER, CLOSED -> true;
            case BODY -> here == null || !here.isPaused();
            case BODY_END, ANSWER -> pendingBytes < MAX_PIPELINED_BYTES;
        };
        Channel channel = context().channel();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    @Override
    public void onRequestPauseChanged() {
        Exchange here = exchange;
        if (here != null && here.isPaused()) {
            pace.pause(loop.nanoTime());
            updateReading();
        } else {
            pace.resume(loop.nanoTime());
            // Not from inside whoever resumes: it has more to do than to take the next bytes.
            loop.eventLoop().execute(onResumed);
        }
    }

    private void onResumed() {
        if (state != State.CLOSED) {
            loop.flushes().begin();
            decode();
            loop.flushes().end();
        }
    }

    // ------------------------------------------------------------------ the answer

    @Override
    public void writeContinue() {
        if (!continued && !bodySeen && pendingBytes == 0 && !toHttp10 && state == State.BODY) {
            continued = true;
            write(loop.allocator().directBuffer(CONTINUE.length).writeBytes(CONTINUE));
        }
    }

    @Override
    public void writeHead(ResponseHead head) {
        Exchange here = head.exchange();
        here.setStatus(head.status());
        boolean bodiless = head.status() == 204 || head.status() == 304;
        noBody = bodiless || here.isHeadRequest();
        boolean lengthKnown = head.contentLength() != ResponseHead.UNKNOWN_LENGTH;
        ResponseHeadWriter.Framing how;
        if (bodiless) {
            how = ResponseHeadWriter.Framing.NONE;
        } else if (lengthKnown) {
            how = ResponseHeadWriter.Framing.LENGTH;
        } else {
            how = toHttp10 ? ResponseHeadWriter.Framing.UNTIL_CLOSE : ResponseHeadWriter.Framing.CHUNKED;
        }
        chunked = how == ResponseHeadWriter.Framing.CHUNKED;
        chunkOpen = false;
        keepAlive &= how != ResponseHeadWriter.Framing.UNTIL_CLOSE && !current.isDraining();
        keepAlive &= isRequestComplete() || isDrainable();
        ByteBuf out = loop.allocator().directBuffer(HEAD_BYTES);
        try {
            ResponseHeadWriter.write(out, head, how, !keepAlive, toHttp10);
        } catch (OutOfMemoryError e) {
            out.release();
            throw e;
        }
        write(out);
    }

    /** Whether the rest of the body is certain to come, and little enough to be read for nothing. */
    private boolean isDrainable() {
        boolean mayStayAway = exchange != null
                && exchange.requestHead().find(HeaderName.EXPECT) >= 0
                && !continued
                && !bodySeen
                && pendingBytes == 0;
        return state == State.BODY && framing == BodyFraming.LENGTH && remaining <= MAX_DRAINED_BYTES && !mayStayAway;
    }

    @Override
    public boolean isRequestComplete() {
        return state == State.BODY_END || state == State.ANSWER;
    }

    @Override
    public void writeBody(ByteBuf data) {
        if (noBody) {
            data.release();
            return;
        }
        Exchange here = exchange;
        if (here != null) {
            here.figures().addBodyBytes(data.readableBytes());
        }
        if (chunked) {
            ByteBuf line = chunkLineFor(data);
            if (chunkOpen) {
                line.writeShort(CRLF);
            }
            HeadWriter.chunkSize(line, data.readableBytes());
            chunkOpen = true;
            write(line);
        }
        write(data);
    }

    /** Returns owned; {@code data} is released where there is no memory for it. */
    private ByteBuf chunkLineFor(ByteBuf data) {
        try {
            return loop.allocator().directBuffer(CHUNK_LINE_BYTES);
        } catch (OutOfMemoryError e) {
            data.release();
            throw e;
        }
    }

    @Override
    public void writeEnd() {
        if (chunked && !noBody) {
            ByteBuf last = loop.allocator().directBuffer(CHUNK_LINE_BYTES);
            if (chunkOpen) {
                last.writeShort(CRLF);
            }
            write(last.writeBytes(LAST_CHUNK));
        }
        boolean requestComplete = isRequestComplete();
        boolean drains = keepAlive && !requestComplete;
        closeExchange(CloseReason.ANSWERED);
        if (drains) {
            state = State.DRAIN;
            readDeadline.after(loop.nanoTime(), timeouts().lingerNanos());
        } else if (keepAlive) {
            nextRequest();
        } else {
            closeGently(requestComplete && pendingBytes == 0);
            return;
        }
        if (!decoding && pendingBytes > 0) {
            // The next request is here already; it is not begun from inside the end of this one.
            loop.eventLoop().execute(onResumed);
        } else if (!decoding) {
            updateReading();
        }
    }

    @Override
    public void abort() {
        closeExchange(CloseReason.BROKEN);
        state = State.LINGER;
        closeWhenWritten();
    }

    private void closeExchange(CloseReason reason) {
        Exchange here = exchange;
        exchange = null;
        if (here != null) {
            here.close(reason);
        }
    }

    /** @param nothingComes whether no byte of the client can be lost to the close */
    private void closeGently(boolean nothingComes) {
        state = State.LINGER;
        Channel channel = context().channel();
        long linger = timeouts().lingerNanos();
        if (nothingComes || linger == 0 || !(channel instanceof DuplexChannel duplex)) {
            closeWhenWritten();
            return;
        }
        readDeadline.clear();
        watchWrites();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (state == State.LINGER) {
                // From here, not from the answer's end: a slow reader may still be at it.
                writeDeadline.clear();
                readDeadline.after(loop.nanoTime(), linger);
                duplex.shutdownOutput();
            }
        });
        updateReading();
    }

    /** What is queued must go on leaving, even where the exchange it belongs to is over. */
    private void watchWrites() {
        if (!writeDeadline.isSet()) {
            stalledBytes = unwrittenBytes();
            writeDeadline.after(loop.nanoTime(), timeouts().clientWriteNanos());
        }
    }

    private void closeWhenWritten() {
        watchWrites();
        context().channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void write(ByteBuf out) {
        // From here, not from the pipeline's end: no stage has a part in what goes out.
        ChannelHandlerContext here = context();
        here.write(out, here.voidPromise());
        loop.flushes().written(here);
    }

    @Override
    public @Nullable InetAddress remoteAddress() {
        return context().channel().remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    }

    @Override
    public boolean isWritable() {
        return context().channel().isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = ctx.channel().isWritable();
        if (!writable) {
            watchWrites();
        } else if (state != State.LINGER) {
            writeDeadline.clear();
        }
        Exchange here = exchange;
        ExchangeWork work = here == null ? null : here.work();
        if (work != null) {
            work.onClientWritability(writable);
        }
        if (writable && exchange == null && pendingBytes > 0) {
            loop.eventLoop().execute(onResumed);
        }
    }

    private long unwrittenBytes() {
        return WriteQueue.bytesOf(context().channel());
    }

    // ------------------------------------------------------------------ deadlines and ends

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        if (passed == writeDeadline) {
            onWriteStall(nowNanos);
            return;
        }
        Exchange here = exchange;
        if (here != null && state == State.HEAD) {
            here.onUnreadableHead(current.snapshot());
            state = State.BODY;
            framing = BodyFraming.CHUNKED;
            keepAlive = false;
            LocalReply.fail(here, FailureKind.REQUEST_TIMEOUT, "The request's head did not come in time.");
        } else if (here != null && state == State.BODY) {
            if (!awaitBody(here, nowNanos)) {
                onBodyTimeout(here);
            }
        } else if (state != State.BODY_END) {
            // A body that is here waits for others, not for its client.
            context().close();
        }
    }

    private void onBodyTimeout(Exchange here) {
        if (here.isPaused()) {
            // It is not the client that was slow: its body was not read for somebody else's sake.
            refuseBody(here, FailureKind.UPSTREAM_TIMEOUT, "The provider did not take the request in time.");
        } else {
            refuseBody(here, FailureKind.REQUEST_TIMEOUT, "The request's body did not come in time.");
        }
    }

    private void onWriteStall(long nowNanos) {
        long unwritten = unwrittenBytes();
        if (unwritten < stalledBytes) {
            // It takes some, if slowly.
            stalledBytes = unwritten;
            writeDeadline.after(nowNanos, timeouts().clientWriteNanos());
        } else {
            context().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.failed(FailureKind.CLIENT_LEFT);
        }
        state = State.CLOSED;
        closeExchange(CloseReason.CLIENT_LEFT);
        dropPending();
        readDeadline.close();
        writeDeadline.close();
    }

    private void dropPending() {
        for (ByteBuf in = pending.pollFirst(); in != null; in = pending.pollFirst()) {
            in.release();
        }
        pendingBytes = 0;
    }

    /** The process ends, and does not wait any longer for what is under way here. */
    void endForDrain() {
        Exchange here = exchange;
        if (here == null || state == State.HEAD) {
            context().close();
            return;
        }
        ExchangeWork work = here.isRouted() ? here.work() : null;
        if (work != null) {
            work.endForDrain();
        } else {
            LocalReply.fail(here, FailureKind.DRAINING, "The proxy is shutting down.");
        }
    }

    /** Nothing is under way and nothing was begun, so that a drain may close the connection. */
    boolean isIdle() {
        return exchange == null && state == State.HEAD;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError exhausted) {
            loop.outOfMemory(exhausted);
            if (exchange != null) {
                exchange.failed(FailureKind.OVERLOADED);
            }
        } else if (!(cause instanceof IOException)) {
            LOG.error("a bug; its connection is closed", cause);
            if (answerInternal()) {
                return;
            }
        }
        ctx.close();
    }

    /**
     * The bug's request gets an answer if it has none yet.
     *
     * @return whether it got one, behind which the connection ends
     */
    private boolean answerInternal() {
        Exchange here = exchange;
        if (here == null || here.isAnswered()) {
            return false;
        }
        keepAlive = false;
        try {
            ExchangeWork work = here.work();
            if (work != null) {
                work.cancel();
            }
            here.onFailedInside(current.snapshot());
            state = State.BODY;
            LocalReply.fail(here, FailureKind.INTERNAL, "The proxy failed. The failure has been logged.");
            return true;
        } catch (RuntimeException again) {
            LOG.error("and once more while it was answered", again);
            return false;
        }
    }

    private TimeoutsConfig timeouts() {
        return current.snapshot().config().timeouts();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }
}
