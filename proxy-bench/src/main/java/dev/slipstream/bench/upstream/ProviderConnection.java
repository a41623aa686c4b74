package dev.slipstream.bench.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its requests are answered one after the other, in order. Confined to its loop;
 * owns the requests it has queued.
 */
final class ProviderConnection extends ChannelInboundHandlerAdapter {
    /** Pipelined requests beyond this many close the connection. */
    private static final int MAX_QUEUED_REQUESTS = 1024;

    private final ProviderServer server;
    private final ArrayDeque<FullHttpRequest> queue = new ArrayDeque<>();
    private @Nullable Delivery current;
    private boolean closing;

    ProviderConnection(ProviderServer server) {
        this.server = server;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        server.counters().onConnect();
        ctx.fireChannelActive();
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
        boolean keepAlive;
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
        Delivery delivery = new Delivery(ctx, this, server.responder().answer(received), keepAlive);
        current = delivery;
        delivery.start();
    }

    /** The current answer is on its way; {@code goOn}: the connection is kept for the next request. */
    void onDelivered(ChannelHandlerContext ctx, boolean goOn) {
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
        server.counters().onDisconnect();
        ctx.fireChannelInactive();
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
