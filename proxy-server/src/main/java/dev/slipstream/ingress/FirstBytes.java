package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Deadline;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Stands in the ingress's place of a plaintext connection until its first bytes tell what it speaks: HTTP/2 begins with a
 * preface that no request of HTTP/1.1 begins with (RFC 9113 §3.4). Holds 23 bytes at most, for {@code timeouts.header}.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter implements Ingress, Deadline.Owner {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final ProxyPipeline proxy;
    private final CurrentConfig current;
    private final Loop loop;
    private final Deadline deadline;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable ByteBuf held;

    FirstBytes(ProxyPipeline proxy, Loop loop, CurrentConfig current) {
        this.proxy = proxy;
        this.loop = loop;
        this.current = current;
        this.deadline = new Deadline(loop.timers(), this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline.after(loop.nanoTime(), current.snapshot().config().timeouts().headerNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = held;
        if (before != null) {
            held = null;
            // A preface that came in pieces: once in a connection's life, if ever.
            ByteBuf joined = ctx.alloc().directBuffer(before.readableBytes() + in.readableBytes());
            joined.writeBytes(before).writeBytes(in);
            before.release();
            in.release();
            in = joined;
        }
        int known = Math.min(PREFACE.length, in.readableBytes());
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                become(ctx, ClientProtocol.HTTP_1_1, in);
                return;
            }
        }
        if (known == PREFACE.length) {
            become(ctx, ClientProtocol.HTTP_2, in);
        } else {
            held = in;
        }
    }

    private void become(ChannelHandlerContext ctx, ClientProtocol protocol, ByteBuf in) {
        deadline.close();
        proxy.become(ctx, protocol);
        ctx.fireChannelRead(in);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.close();
        release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset, or no memory for the first read: there is nothing to answer yet.
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        ByteBuf here = held;
        held = null;
        if (here != null) {
            here.release();
        }
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        endForDrain();
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public void startDraining() {}

    @Override
    public void closeIdle() {
        endForDrain();
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void endForDrain() {
        ChannelHandlerContext here = ctx;
        if (here != null) {
            here.close();
        }
    }
}
