package dev.slipstream.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one {@link Answer}. Confined to the connection's loop.
 *
 * <p><b>Flow control.</b> Nothing is produced while the channel is not writable; {@link #onWritable()} goes on.
 * A producer that fell behind its gaps does not catch up in a burst: the next token is due one gap after the
 * later of its predecessor's due time and now.
 *
 * <p><b>End.</b> {@link ProviderConnection#onDelivered} is called exactly once, unless {@link #cancel()} came
 * first.
 */
final class Delivery {
    /** After so many pieces without a pause the other connections of the loop have their turn. */
    private static final int PIECES_PER_TURN = 32;

    private final ChannelHandlerContext ctx;
    private final ProviderConnection connection;
    private final Answer answer;
    private final boolean keepAlive;
    /** One callback for all waits, so that a token costs no lambda. */
    private final Runnable resume = this::onDue;

    private boolean done;
    private boolean waiting;
    private boolean gapPassed;
    private boolean headSent;
    private int piecesSent;
    private long dueNanos;
    private @Nullable ChannelFuture lastWrite;
    private @Nullable ScheduledFuture<?> timer;

    Delivery(ChannelHandlerContext ctx, ProviderConnection connection, Answer answer, boolean keepAlive) {
        this.ctx = ctx;
        this.connection = connection;
        this.answer = answer;
        this.keepAlive = keepAlive;
    }

    void start() {
        dueNanos = System.nanoTime();
        if (answer.firstDelayNanos() == 0) {
            pump();
        } else {
            await(answer.firstDelayNanos());
        }
    }

    void onWritable() {
        if (!waiting) {
            pump();
        }
    }

    /** The client left. */
    void cancel() {
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void await(long nanos) {
        dueNanos += nanos;
        waiting = true;
        timer = ctx.executor().schedule(resume, Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void onDue() {
        waiting = false;
        gapPassed = true;
        pump();
    }

    private void pump() {
        Pieces pieces = answer.pieces();
        for (int turn = 0; !done; turn++) {
            if (piecesSent >= answer.endAfter() && answer.ending() != Ending.COMPLETE) {
                end(answer.ending());
                return;
            }
            if (!pieces.hasNext()) {
                end(Ending.COMPLETE);
                return;
            }
            if (!ctx.channel().isWritable()) {
                return;
            }
            if (pieces.isPaced() && answer.gapNanos() > 0 && !gapPassed) {
                long now = System.nanoTime();
                if (now - dueNanos > answer.gapNanos()) {
                    dueNanos = now - answer.gapNanos();
                }
                await(answer.gapNanos());
                return;
            }
            if (turn == PIECES_PER_TURN) {
                waiting = true;
                ctx.executor().execute(resume);
                return;
            }
            gapPassed = false;
            piecesSent++;
            send(pieces.next(ctx.alloc()));
        }
    }

    /** Consumes the piece. Its own chunk and its own flush: this is what a token looks like on the wire. */
    private void send(ByteBuf piece) {
        sendHead();
        lastWrite = ctx.writeAndFlush(new DefaultHttpContent(piece));
    }

    private void sendHead() {
        if (headSent) {
            return;
        }
        headSent = true;
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
        lastWrite = ctx.write(head);
    }

    private void end(Ending ending) {
        switch (ending) {
            case COMPLETE, TRUNCATE -> endResponse();
            case ERROR_EVENT -> {
                send(ByteBufUtil.writeUtf8(ctx.alloc(), answer.errorEvent()));
                endResponse();
            }
            case CLOSE -> close(false);
            case RESET -> close(true);
            case CUT -> {
                if (answer.pieces().hasNext()) {
                    ByteBuf piece = answer.pieces().next(ctx.alloc());
                    send(piece.writerIndex(piece.writerIndex() / 2));
                }
                close(false);
            }
            case STALL -> {
                // Stays the active delivery until the client leaves or the provider closes.
                waiting = true;
                if (headSent) {
                    ctx.flush();
                }
            }
        }
    }

    private void endResponse() {
        sendHead();
        done = true;
        ChannelFuture last = ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        if (!keepAlive) {
            last.addListener(ChannelFutureListener.CLOSE);
        }
        connection.onDelivered(ctx, keepAlive);
    }

    private void close(boolean reset) {
        done = true;
        Channel channel = ctx.channel();
        if (reset && channel.config() instanceof SocketChannelConfig config) {
            config.setSoLinger(0);
        }
        // What was written before the break is to arrive.
        ChannelFuture last = lastWrite == null ? channel.newSucceededFuture() : lastWrite;
        last.addListener(ChannelFutureListener.CLOSE);
        connection.onDelivered(ctx, false);
    }
}
