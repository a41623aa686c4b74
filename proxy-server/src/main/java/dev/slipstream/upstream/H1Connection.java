package dev.slipstream.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.codec.http1.BodyFraming;
import dev.slipstream.codec.http1.ChunkFraming;
import dev.slipstream.codec.http1.ChunkResult;
import dev.slipstream.codec.http1.ChunkedDecoder;
import dev.slipstream.codec.http1.FlatHead;
import dev.slipstream.codec.http1.HeadParser;
import dev.slipstream.codec.http1.HeadResult;
import dev.slipstream.codec.http1.HeadWriter;
import dev.slipstream.exchange.UpstreamHead;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.FlushBatch;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection to a provider, one request at a time, and that request's stream.
 *
 * <h2>Requests</h2>
 *
 * A small body is gathered with its head into one buffer and goes out in one write; larger pieces follow as they are.
 *
 * <h2>Answers</h2>
 *
 * The body is handed on in the buffers it was read into, or in slices of them; a chunk that came whole, with its framing
 * around it. Bytes that come while no answer is due, a head that
 * breaks the rules, {@code 101} and more than {@value #MAX_INTERIM} interim heads end the connection.
 *
 * <h2>Reuse</h2>
 *
 * The connection goes back to its pool behind an answer that was complete, to a request that was complete, with nothing
 * behind it, unless either side said {@code close}.
 */
final class H1Connection extends ChannelInboundHandlerAdapter
        implements UpstreamStream, UpstreamConnection, FlushBatch.Writer {
    private enum State {
        IDLE,
        HEAD,
        BODY,
        CLOSED
    }

    private static final int MAX_INTERIM = 10;
    private static final int HEAD_BYTES = 1024;

    /** Body pieces up to this size are copied behind the head; see decisions/0005. */
    static final int GATHER_BYTES = 8 * 1024;

    private static final byte[] GET = "GET ".getBytes(US_ASCII);
    private static final byte[] POST = "POST ".getBytes(US_ASCII);
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length: ".getBytes(US_ASCII);
    private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_BLANK = ':' << 8 | ' ';

    private final UpstreamPool pool;
    private final Loop loop;
    private final FlushBatch flushes;
    private final HeadParser parser;
    private final ChunkedDecoder chunks = new ChunkedDecoder();
    private final Runnable onResume = this::readOn;

    private @Nullable ChannelHandlerContext ctx;
    private State state = State.IDLE;
    private long idleSinceNanos;

    // The request under way.
    private @Nullable UpstreamListener listener;
    private @Nullable ByteBuf gathered;
    private boolean requestChunked;
    private boolean requestEnded;
    // Its answer.
    private boolean answerBytes;
    private int interim;
    /** The head that has begun to come; null behind its end. */
    private @Nullable FlatHead head;
    /** Whether the answer's head lets another one follow it. */
    private boolean keepAlive;

    private BodyFraming framing = BodyFraming.NONE;
    private long remaining;
    private boolean readPaused;
    private boolean resuming;
    /** The end of the connection does not come from the provider's wish to end it. */
    private boolean broken;
    /** Over TLS the end of a connection is only one if it says so; else anybody on the way may have cut it. */
    private boolean endAnnounced;
    /** Whether anything has come on this connection. */
    private boolean hasRead;
    /** Why the provider does not want the connection at all; see {@link TlsHandshake#lateRefusal}. */
    private @Nullable String refusal;

    /** @param tls whether its end is announced by an alert (RFC 9112 §9.8) */
    H1Connection(UpstreamPool pool, boolean tls) {
        this.pool = pool;
        this.endAnnounced = !tls;
        this.loop = pool.loop();
        this.flushes = loop.flushes();
        this.parser = HeadParser.ofResponses(
                pool.settings().headerBytes(), pool.settings().headerFields());
    }

    // ------------------------------------------------------------------ the pool's side

    /** Whether a request may be sent: open, and nothing came that nobody asked for. */
    boolean isUsable() {
        return state == State.IDLE && channel().isActive();
    }

    void setIdleSince(long nanos) {
        idleSinceNanos = nanos;
    }

    @Override
    public long idleSinceNanos() {
        return idleSinceNanos;
    }

    @Override
    public boolean isIdle() {
        return state == State.IDLE;
    }

    @Override
    public void tick(long nowNanos) {}

    @Override
    public void close() {
        broken = true;
        channel().close();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext here = ctx;
        if (here == null) {
            throw new IllegalStateException("not connected");
        }
        return here;
    }

    @Override
    public Channel channel() {
        return context().channel();
    }

    // ------------------------------------------------------------------ the request

    @Override
    public void listen(UpstreamListener listener) {
        assert loop.isHere();
        assert state == State.IDLE && this.listener == null;
        this.listener = listener;
        state = State.HEAD;
        requestEnded = false;
        requestChunked = false;
        answerBytes = false;
        interim = 0;
    }

    @Override
    public void writeHead(UpstreamHead request) {
        long length = request.contentLength();
        requestChunked = length == UpstreamHead.UNKNOWN_LENGTH && !request.isBodiless();
        int room = HEAD_BYTES + (int) Math.max(0, Math.min(length, GATHER_BYTES));
        ByteBuf out = loop.allocator().directBuffer(room);
        // Owned by the connection from here on: it may fail to grow.
        gathered = out;
        out.writeBytes(request.isBodiless() ? GET : POST);
        out.writeBytes(request.path(), 0, request.pathLength());
        out.writeBytes(VERSION);
        for (int i = 0; i < request.fieldCount(); i++) {
            int nameStart = request.nameStart(i);
            int valueStart = request.valueStart(i);
            out.writeBytes(request.nameArray(i), nameStart, request.nameEnd(i) - nameStart);
            out.writeShort(COLON_BLANK);
            out.writeBytes(request.valueArray(i), valueStart, request.valueEnd(i) - valueStart);
            out.writeShort(CRLF);
        }
        if (requestChunked) {
            out.writeBytes(CHUNKED);
        } else if (!request.isBodiless()) {
            out.writeBytes(CONTENT_LENGTH);
            HeadWriter.decimal(out, length);
            out.writeShort(CRLF);
        }
        out.writeShort(CRLF);
    }

    @Override
    public void writeBody(ByteBuf data) {
        if (state == State.CLOSED) {
            data.release();
            return;
        }
        ByteBuf front = gathered;
        int bytes = data.readableBytes();
        if (requestChunked) {
            ByteBuf sizeLine = front == null ? sizeLineFor(data) : front;
            gathered = null;
            HeadWriter.chunkSize(sizeLine, bytes);
            write(sizeLine);
            write(data);
            write(loop.allocator().directBuffer(2).writeShort(CRLF));
        } else if (front != null && bytes <= front.maxFastWritableBytes() && bytes <= GATHER_BYTES) {
            front.writeBytes(data, data.readerIndex(), bytes);
            data.release();
        } else {
            writeGathered();
            write(data);
        }
    }

    /** Returns owned; {@code data} is released where there is no memory for it. */
    private ByteBuf sizeLineFor(ByteBuf data) {
        try {
            return loop.allocator().directBuffer(16);
        } catch (OutOfMemoryError e) {
            data.release();
            throw e;
        }
    }

    @Override
    public void writeEnd() {
        if (state == State.CLOSED) {
            return;
        }
        requestEnded = true;
        if (requestChunked) {
            ByteBuf out = gathered == null ? loop.allocator().directBuffer(LAST_CHUNK.length) : gathered;
            gathered = out.writeBytes(LAST_CHUNK);
        }
        writeGathered();
    }

    @Override
    public void writeGathered() {
        ByteBuf front = gathered;
        if (front != null) {
            gathered = null;
            write(front);
        }
    }

    private void write(ByteBuf out) {
        ChannelHandlerContext here = context();
        here.write(out, here.voidPromise());
        flushes.written(this);
    }

    @Override
    public void flushWritten() {
        context().flush();
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void setReadPaused(boolean paused) {
        readPaused = paused;
        if (paused) {
            channel().config().setAutoRead(false);
        } else if (!resuming) {
            // A client that keeps up would else have this connection read again and again within one turn of the loop.
            resuming = true;
            loop.afterTurn(onResume);
        }
    }

    private void readOn() {
        resuming = false;
        if (!readPaused && state != State.CLOSED) {
            channel().config().setAutoRead(true);
        }
    }

    @Override
    public boolean hasAnswerBytes() {
        return answerBytes;
    }

    @Override
    public boolean isRefused() {
        return refusal != null;
    }

    @Override
    public void cancel() {
        listener = null;
        end();
    }

    /** Leaves no way back: what is queued is dropped with the socket. */
    private void end() {
        state = State.CLOSED;
        ByteBuf front = gathered;
        gathered = null;
        if (front != null) {
            front.release();
        }
        FlatHead begun = head;
        if (begun != null) {
            head = null;
            pool.spareHead().giveBack(begun);
        }
        channel().close();
    }

    // ------------------------------------------------------------------ the answer

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        hasRead = true;
        flushes.begin();
        boolean handedOn = false;
        try {
            while (in.isReadable() && !handedOn) {
                switch (state) {
                    case IDLE -> end();
                    case HEAD -> readHead(in);
                    case BODY -> handedOn = readBody(in);
                    case CLOSED -> in.skipBytes(in.readableBytes());
                }
            }
        } finally {
            if (!handedOn) {
                in.release();
            }
        }
    }

    private void readHead(ByteBuf in) {
        answerBytes = true;
        FlatHead here = head;
        if (here == null) {
            here = pool.spareHead().take();
            head = here;
        }
        HeadResult result = parser.parse(in, here);
        if (result == HeadResult.NEED_MORE) {
            return;
        }
        if (result != HeadResult.COMPLETE) {
            fail(FailureKind.UPSTREAM_PROTOCOL, parser.detail());
            return;
        }
        int status = here.status();
        if (status < 200) {
            here.reset();
            interim++;
            if (status == 101 || interim > MAX_INTERIM) {
                fail(FailureKind.UPSTREAM_PROTOCOL, status == 101 ? "switched protocols unasked" : "too many 1xx");
            }
            return;
        }
        framing = here.responseFraming(false);
        remaining = framing == BodyFraming.LENGTH ? here.contentLength() : 0;
        keepAlive = here.keepAlive();
        state = State.BODY;
        // No longer the connection's: it may end within the call, which still reads it.
        head = null;
        try {
            listener().onUpstreamHead(here, framing);
        } finally {
            pool.spareHead().giveBack(here);
        }
        boolean empty = framing == BodyFraming.NONE || (framing == BodyFraming.LENGTH && remaining == 0);
        if (empty && state == State.BODY) {
            endAnswer(in);
        }
    }

    /** @return whether {@code in} itself was handed on */
    private boolean readBody(ByteBuf in) {
        switch (framing) {
            case NONE -> endAnswer(in);
            case LENGTH -> {
                int take = (int) Math.min(remaining, in.readableBytes());
                remaining -= take;
                if (take == in.readableBytes()) {
                    listener().onUpstreamData(in);
                    if (remaining == 0 && state == State.BODY) {
                        endAnswer(null);
                    }
                    return true;
                }
                listener().onUpstreamData(in.readRetainedSlice(take));
                if (state == State.BODY) {
                    endAnswer(in);
                }
            }
            case CHUNKED -> {
                ChunkResult result = chunks.next(in);
                switch (result) {
                    case NEED_MORE -> {}
                    case DATA -> listener().onUpstreamData(ChunkFraming.readChunk(in, chunks.dataLength()));
                    case END -> endAnswer(in);
                    case BAD -> fail(FailureKind.UPSTREAM_PROTOCOL, chunks.detail());
                }
            }
            case UNTIL_CLOSE -> {
                listener().onUpstreamData(in);
                return true;
            }
        }
        return false;
    }

    private UpstreamListener listener() {
        UpstreamListener here = listener;
        if (here == null) {
            throw new IllegalStateException("no request on this connection");
        }
        return here;
    }

    /** @param in what is left of the read, if anything */
    private void endAnswer(@Nullable ByteBuf in) {
        UpstreamListener told = listener();
        boolean reusable = requestEnded && keepAlive && (in == null || !in.isReadable());
        listener = null;
        chunks.reset();
        if (reusable) {
            state = State.IDLE;
            // The last client may have been too slow for its last bytes: the next one must not wait for that, and an
            // idle connection must hear its own end.
            readPaused = false;
            channel().config().setAutoRead(true);
            pool.onFree(this);
        } else {
            end();
        }
        told.onUpstreamEnd();
    }

    private void fail(FailureKind kind, String detail) {
        UpstreamListener told = listener;
        listener = null;
        end();
        if (told != null) {
            told.onUpstreamFailure(kind, detail);
        }
    }

    // ------------------------------------------------------------------ the channel

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushes.end();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            endAnnounced = true;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        UpstreamListener told = listener;
        if (told != null) {
            told.onUpstreamWritability(ctx.channel().isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean endsAnswer = state == State.BODY && framing == BodyFraming.UNTIL_CLOSE && !broken && endAnnounced;
        UpstreamListener told = listener;
        listener = null;
        end();
        pool.onClosed(this);
        if (told == null) {
            return;
        }
        String why = refusal;
        if (endsAnswer) {
            told.onUpstreamEnd();
        } else if (why != null) {
            told.onUpstreamFailure(FailureKind.UPSTREAM_TLS, why);
        } else {
            told.onUpstreamFailure(FailureKind.UPSTREAM_CLOSED, "connection ended before the answer did");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof OutOfMemoryError exhausted) {
            loop.outOfMemory(exhausted);
            fail(FailureKind.OVERLOADED, "out of memory");
            return;
        }
        // A reset or a failed write: what it means for the request is told by channelInactive. An answer that lasts
        // until
        // the connection ends was cut short by it (RFC 9112 §8).
        broken = true;
        if (!hasRead && refusal == null) {
            refusal = TlsHandshake.lateRefusal(cause);
            if (refusal != null) {
                pool.onRefused(refusal);
            }
        }
        ctx.close();
    }
}
