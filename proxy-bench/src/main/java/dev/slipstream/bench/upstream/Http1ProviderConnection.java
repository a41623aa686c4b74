package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client's HTTP/1.1 connection: its requests are answered one after the other, in order, and it is the way
 * back of the one that is being answered. Confined to its loop; owns the requests it has queued.
 */
final class Http1ProviderConnection extends ChannelInboundHandlerAdapter implements AnswerStream {
    /** Pipelined requests beyond this many close the connection. */
    private static final int MAX_QUEUED_REQUESTS = 1024;

    private final ProviderServer server;
    private final ArrayDeque<FullHttpRequest> queue = new ArrayDeque<>();
    private @Nullable Delivery current;
    private @Nullable ChannelHandlerContext context;
    /** Whether the connection is kept behind the current answer. */
    private boolean keepAlive;

    private @Nullable ChannelFuture lastWrite;
    private boolean closing;

    Http1ProviderConnection(ProviderServer server) {
        this.server = server;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Consumes the message. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (closing || !(msg instanceof FullHttpRequest request)) {
            ReferenceCountUtil.release(msg);
            return;
        }
        if (current == null && queue.isEmpty()) {
            answer(ctx, request);
        } else if (queue.size() < MAX_QUEUED_REQUESTS) {
            queue.add(request);
        } else {
            request.release();
            close(ctx);
        }
    }

    /** Consumes the request. */
    private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        ReceivedRequest received;
        try {
            if (request.decoderResult().isFailure()) {
                close(ctx);
                return;
            }
            keepAlive = HttpUtil.isKeepAlive(request);
            received = ReceivedRequest.copyOf(request);
        } finally {
            request.release();
        }
        server.counters().onRequest();
        server.keep(received);
        lastWrite = null;
        Delivery delivery = new Delivery(this, server.answer(received), server.counters());
        current = delivery;
        delivery.start();
    }

    private ChannelHandlerContext ctx() {
        return Objects.requireNonNull(context);
    }

    @Override
    public EventExecutor executor() {
        return ctx().executor();
    }

    @Override
    public ByteBufAllocator allocator() {
        return ctx().alloc();
    }

    @Override
    public boolean isWritable() {
        return ctx().channel().isWritable();
    }

    @Override
    public void head(Answer answer) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        for (Map.Entry<String, String> field : answer.headers().entrySet()) {
            head.headers().set(field.getKey(), field.getValue());
        }
        if (answer.contentLengthBytes() < 0) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.contentLengthBytes());
        }
        if (!keepAlive) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        lastWrite = ctx().write(head);
    }

    @Override
    public void data(ByteBuf piece, boolean last) {
        lastWrite = ctx().writeAndFlush(last ? new DefaultLastHttpContent(piece) : new DefaultHttpContent(piece));
        if (last) {
            ended(lastWrite);
        }
    }

    @Override
    public void end() {
        ended(ctx().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void ended(ChannelFuture last) {
        if (!keepAlive) {
            last.addListener(ChannelFutureListener.CLOSE);
        }
        onDelivered(keepAlive);
    }

    @Override
    public void breakOff(Ending how) {
        // What was written before the break is to arrive.
        ChannelFuture last = lastWrite == null ? ctx().newSucceededFuture() : lastWrite;
        last.addListener(how == Ending.RESET ? Resets.RESET : ChannelFutureListener.CLOSE);
        onDelivered(false);
    }

    @Override
    public void flush() {
        ctx().flush();
    }

    /** The current answer is on its way; {@code goOn}: the connection is kept for the next request. */
    private void onDelivered(boolean goOn) {
        ChannelHandlerContext ctx = ctx();
        current = null;
        closing = !goOn;
        server.counters().onAnswerEnd(false);
        if (!goOn) {
            releaseQueue();
            return;
        }
        if (!queue.isEmpty()) {
            // Not from within the delivery that just ended: a long pipeline would nest as deep as it is long.
            ctx.executor().execute(() -> answerNext(ctx));
        }
    }

    private void answerNext(ChannelHandlerContext ctx) {
        FullHttpRequest next = current == null && !closing ? queue.poll() : null;
        if (next != null) {
            answer(ctx, next);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null && ctx.channel().isWritable()) {
            current.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        if (current != null) {
            current.cancel();
            current = null;
            server.counters().onAnswerEnd(true);
        }
        releaseQueue();
        ctx.fireChannelInactive();
    }

    /** {@link ProviderServer#DRAIN}: the current answer is the last; without one it is over at once. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ProviderServer.DRAIN) {
            keepAlive = false;
            releaseQueue();
            if (current == null) {
                closing = true;
                close(ctx);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void releaseQueue() {
        for (FullHttpRequest request = queue.poll(); request != null; request = queue.poll()) {
            request.release();
        }
    }

    /** Resets by clients are everyday life here; a broken request ends its connection. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close(ctx);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a connection that is given up
    private static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }
}
