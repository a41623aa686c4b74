package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection to {@link EventProvider}, and the stream that it is answering with: one at a time. Confined to its loop. */
final class EventStream extends ChannelInboundHandlerAdapter {
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                    .getBytes(US_ASCII);
    private static final byte[] BAD =
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".getBytes(US_ASCII);

    private final EventProvider provider;
    private @Nullable ChannelHandlerContext context;
    private boolean open;
    /** What was written before is not taken yet: the next event goes when it is. */
    private boolean blocked;

    private int events;
    private int sent;
    /** 0: it waits to be told. */
    private long gapNanos;

    private long dueNanos;

    EventStream(EventProvider provider) {
        this.provider = provider;
    }

    long dueNanos() {
        return dueNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            String directives = message instanceof FullHttpRequest request
                    ? EventProvider.directives(request.content().toString(US_ASCII))
                    : null;
            if (open || directives == null) {
                refuse(ctx);
            } else {
                begin(ctx, directives);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        open = false;
        ctx.writeAndFlush(ctx.alloc().directBuffer(BAD.length).writeBytes(BAD))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void begin(ChannelHandlerContext ctx, String directives) {
        long id = EventProvider.value(directives, "await");
        events = id >= 0 ? Integer.MAX_VALUE : (int) EventProvider.value(directives, "events");
        gapNanos = id >= 0 ? 0 : EventProvider.value(directives, "gap-nanos");
        if (events < 1 || (id < 0 && gapNanos < 1)) {
            refuse(ctx);
            return;
        }
        open = true;
        sent = 0;
        if (id >= 0) {
            provider.add((int) id, this);
        }
        ByteBuf out = ctx.alloc().directBuffer(HEAD.length + StampedEvent.chunkBytes());
        out.writeBytes(HEAD);
        dueNanos = System.nanoTime() - (long) (gapNanos * provider.nextPhase());
        event(ctx, out);
    }

    /** Sends an event, and orders the next one where it is paced. */
    void next() {
        ChannelHandlerContext ctx = context;
        if (!open || ctx == null) {
            return;
        }
        if (!ctx.channel().isWritable()) {
            blocked = true;
            return;
        }
        event(ctx, ctx.alloc().directBuffer(StampedEvent.chunkBytes()));
    }

    /** Consumes the buffer. */
    private void event(ChannelHandlerContext ctx, ByteBuf out) {
        long now = System.nanoTime();
        StampedEvent.write(out, now, sent);
        sent++;
        ctx.writeAndFlush(out, ctx.voidPromise());
        if (gapNanos == 0) {
            return;
        }
        if (sent == events) {
            end();
            return;
        }
        dueNanos += gapNanos;
        long lateNanos = now - dueNanos;
        if (lateNanos > 0) {
            // What was missed is left out, and the phase is kept: else all streams would come at once behind a stall.
            dueNanos += (lateNanos / gapNanos + 1) * gapNanos;
        }
        provider.add(this);
    }

    void end() {
        ChannelHandlerContext ctx = context;
        if (open && ctx != null) {
            open = false;
            ByteBuf out = ctx.alloc().directBuffer();
            StampedEvent.writeEnd(out);
            ctx.writeAndFlush(out, ctx.voidPromise());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (blocked && ctx.channel().isWritable()) {
            blocked = false;
            next();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        open = false;
    }

    /** Clients may leave as they like. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        open = false;
        ctx.close();
    }
}
