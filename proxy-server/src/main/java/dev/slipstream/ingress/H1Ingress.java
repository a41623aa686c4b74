package dev.slipstream.ingress;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.ChunkResult;
import dev.slipstream.codec.http1.ChunkedDecoder;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadParser;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.config.LimitsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: reads its bytes as one request after another. What a request is made of is told to its
 * {@link ClientRequest}; its answer is written by the {@link H1Response}.
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
final class H1Ingress extends ChannelInboundHandlerAdapter implements Ingress, Deadline.Owner {
    private enum State {
        /** Requests are read and answered; how far the one under way is, its {@link ClientRequest} knows. */
        REQUESTS,
        /** The answer is out; the rest of the request's body is dropped. */
        DRAIN,
        /** The answer is out and nothing follows it; what comes is dropped. */
        LINGER,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(H1Ingress.class);
    private static final int MAX_PIPELINED_BYTES = 16 * 1024;
    private static final int MAX_DRAINED_BYTES = 64 * 1024;

    private final Loop loop;
    private final ClientSocket socket;
    private final ClientRequest request;
    private final H1Response response;
    private final HeadParser parser;
    private final ChunkedDecoder chunks = new ChunkedDecoder();
    private final PendingBytes pending = new PendingBytes();
    private final Runnable onResumed = this::onResumed;

    /** For what is awaited between requests: the next one's first byte, or the rest of a body that is dropped. */
    private final Deadline betweenRequests;

    private State state = State.REQUESTS;
    private BodyFraming framing = BodyFraming.NONE;
    private long remaining;
    private boolean bodySeen;
    private boolean decoding;

    H1Ingress(Loop loop, ExchangePool exchanges, CurrentConfig current) {
        this.loop = loop;
        this.socket = new ClientSocket(loop, current);
        this.request = new ClientRequest(socket, exchanges);
        this.response = new H1Response(this, socket, request);
        LimitsConfig limits = current.snapshot().config().limits();
        this.parser = HeadParser.ofRequests(limits.targetBytes(), limits.headerBytes(), limits.headerFields());
        this.betweenRequests = new Deadline(loop.timers(), this);
    }

    // ------------------------------------------------------------------ the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket.onAdded(ctx);
        betweenRequests.after(loop.nanoTime(), socket.timeouts().headerNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        loop.flushes().begin();
        if (state == State.LINGER || state == State.CLOSED) {
            in.release();
            return;
        }
        pending.add(in);
        decode();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flushes().end();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = socket.isWritable();
        socket.onWritability(writable);
        request.onWritability(writable);
        if (writable && request.phase() == ClientRequest.Phase.NONE && pending.bytes() > 0) {
            loop.eventLoop().execute(onResumed);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        request.onClientLeft();
        request.retire();
        pending.release();
        betweenRequests.close();
        socket.onInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError exhausted) {
            loop.outOfMemory(exhausted);
            request.failForMemory();
        } else if (!(cause instanceof IOException)) {
            LOG.error("a bug; its connection is closed", cause);
            if (request.failInside()) {
                // The connection ends behind that answer.
                return;
            }
        }
        socket.close();
    }

    /** The next request did not begin in time, or the rest of a body that is dropped did not come. */
    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        if (isIdle() && socket.unwrittenBytes() > 0) {
            // It has not read its last answer yet, and has the time of a reader for that.
            socket.watchReader();
            betweenRequests.after(nowNanos, socket.timeouts().clientIdleNanos());
        } else {
            leave();
        }
    }

    private void leave() {
        state = State.LINGER;
        betweenRequests.clear();
        socket.leave();
    }

    @Override
    public boolean isIdle() {
        return state == State.REQUESTS && request.phase() == ClientRequest.Phase.NONE;
    }

    /** Each answer says by itself that it is the last. */
    @Override
    public void startDraining() {}

    @Override
    public void closeIdle() {
        leave();
    }

    /** All of it lies in the socket's queue. */
    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void endForDrain() {
        if (!request.endForDrain()) {
            leave();
        }
    }

    // ------------------------------------------------------------------ reading

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
        if (request.tellEnd()) {
            return true;
        }
        ByteBuf in = pending.first();
        if (in == null) {
            return false;
        }
        return switch (state) {
            case REQUESTS -> readRequest(in);
            case DRAIN -> drain(in);
            case LINGER, CLOSED -> {
                pending.release();
                yield false;
            }
        };
    }

    private boolean readRequest(ByteBuf in) {
        return switch (request.phase()) {
            // An answer that nobody takes is the last one: small ones would pile up, each queued whole in one read.
            case NONE -> socket.isWritable() && readHead(in);
            case HEAD -> readHead(in);
            case BODY -> !request.isPaused() && readBody(in);
            case RECEIVED, TOLD -> false;
        };
    }

    private boolean readHead(ByteBuf in) {
        Exchange here = request.exchange();
        if (here == null) {
            betweenRequests.clear();
            here = request.open(response);
        }
        int before = in.readableBytes();
        HeadResult result = parser.parse(in, here.requestHead());
        pending.used(before - in.readableBytes());
        switch (result) {
            case NEED_MORE -> {}
            case COMPLETE -> onHead(here.requestHead());
            case BAD -> refuseHead(FailureKind.BAD_REQUEST);
            case TARGET_TOO_LONG -> refuseHead(FailureKind.TARGET_TOO_LONG);
            case TOO_LARGE -> refuseHead(FailureKind.HEADER_TOO_LARGE);
            case VERSION -> refuseHead(FailureKind.HTTP_VERSION_NOT_SUPPORTED);
            case CODING -> refuseHead(FailureKind.NOT_IMPLEMENTED);
        }
        return true;
    }

    private void onHead(FlatHead head) {
        framing = head.requestFraming();
        remaining = framing == BodyFraming.LENGTH ? head.contentLength() : 0;
        bodySeen = false;
        chunks.reset();
        response.onRequest(head.keepAlive(), head.minorVersion() == 0);
        boolean isChunked = framing == BodyFraming.CHUNKED;
        request.onHead(isChunked ? -1 : remaining, isChunked || remaining > 0);
    }

    /** Nothing behind a head that cannot be read can be told apart from it: its answer is the last one. */
    private void refuseHead(FailureKind kind) {
        String detail = parser.detail();
        parser.reset();
        request.refuseHead(kind, detail.isEmpty() ? "The request could not be read." : detail);
    }

    private boolean readBody(ByteBuf in) {
        bodySeen = true;
        if (framing == BodyFraming.LENGTH) {
            int take = (int) Math.min(remaining, in.readableBytes());
            remaining -= take;
            if (remaining == 0) {
                request.onReceived();
            }
            request.onData(pending.take(in, take));
            return true;
        }
        int before = in.readableBytes();
        ChunkResult result = chunks.next(in);
        pending.used(before - in.readableBytes());
        switch (result) {
            case NEED_MORE -> {}
            case DATA -> request.onData(pending.take(in, chunks.dataLength()));
            case END -> request.onReceived();
            case BAD -> request.refuseBody(FailureKind.BAD_REQUEST, chunks.detail());
        }
        return true;
    }

    private boolean drain(ByteBuf in) {
        int drop = (int) Math.min(remaining, in.readableBytes());
        in.skipBytes(drop);
        pending.used(drop);
        remaining -= drop;
        if (remaining == 0) {
            nextRequest();
        }
        return true;
    }

    private void nextRequest() {
        state = State.REQUESTS;
        betweenRequests.after(loop.nanoTime(), socket.timeouts().clientIdleNanos());
    }

    private void updateReading() {
        socket.setReading(
                switch (state) {
                    case REQUESTS ->
                        switch (request.phase()) {
                            case NONE, RECEIVED, TOLD -> pending.bytes() < MAX_PIPELINED_BYTES;
                            case HEAD -> true;
                            case BODY -> !request.isPaused();
                        };
                    case DRAIN, LINGER, CLOSED -> true;
                });
    }

    private void onResumed() {
        if (state != State.CLOSED) {
            loop.flushes().begin();
            decode();
            loop.flushes().end();
        }
    }

    // ------------------------------------------------------------------ what the answer asks and tells

    /** Whether anything of the request's body has come. */
    boolean hasBodyBytes() {
        return bodySeen || pending.bytes() > 0;
    }

    /** Whether the rest of the body has a declared length, small enough to be read for nothing. */
    boolean isRestSmall() {
        return request.phase() == ClientRequest.Phase.BODY
                && framing == BodyFraming.LENGTH
                && remaining <= MAX_DRAINED_BYTES;
    }

    void onPauseChanged() {
        request.onPauseChanged();
        if (request.isPaused()) {
            updateReading();
        } else {
            // Not from inside whoever resumes: it has more to do than to take the next bytes. And not within this turn
            // of the loop, which others share.
            loop.afterTurn(onResumed);
        }
    }

    /** The answer is complete and its exchange closed; {@code requestComplete}: nothing of its request is unread. */
    void onAnswered(boolean keepAlive, boolean requestComplete) {
        if (!keepAlive) {
            state = State.LINGER;
            if (socket.closeGently(requestComplete && pending.bytes() == 0)) {
                updateReading();
            }
            return;
        }
        if (requestComplete) {
            nextRequest();
        } else {
            state = State.DRAIN;
            betweenRequests.after(loop.nanoTime(), socket.timeouts().lingerNanos());
        }
        if (!decoding && pending.bytes() > 0) {
            // The next request is here already; it is not begun from inside the end of this one.
            loop.eventLoop().execute(onResumed);
        } else if (!decoding) {
            updateReading();
        }
    }

    /** The answer was broken off and its exchange closed. */
    void onBroken() {
        state = State.LINGER;
        socket.closeWhenWritten();
    }

    /** As {@link #onBroken}, and what is queued goes with it. */
    void onDropped() {
        state = State.LINGER;
        socket.close();
    }
}
