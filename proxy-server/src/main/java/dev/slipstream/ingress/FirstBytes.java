package dev.slipstream.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first bytes of a plaintext connection, which tell what it speaks: HTTP/2 begins with a preface that no
 * request of HTTP/1.1 begins with (RFC 9113 §3.4). Holds 23 bytes at most, for {@code timeouts.header}.
 */
final class FirstBytes extends Placeholder {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private @Nullable ByteBuf held;

    FirstBytes(ProxyPipeline proxy, Loop loop, CurrentConfig current) {
        super(proxy, loop, current);
    }

    @Override
    long limitNanos(TimeoutsConfig timeouts) {
        return timeouts.headerNanos();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = held;
        if (before != null) {
            held = null;
            in = join(ctx, before, in);
        }
        int known = Math.min(PREFACE.length, in.readableBytes());
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                become(ctx, ClientProtocol.HTTP_1_1);
                ctx.fireChannelRead(in);
                return;
            }
        }
        if (known == PREFACE.length) {
            become(ctx, ClientProtocol.HTTP_2);
            ctx.fireChannelRead(in);
        } else {
            held = in;
        }
    }

    /** Of a preface that came in pieces: once in a connection's life, if ever. Consumes both. */
    private static ByteBuf join(ChannelHandlerContext ctx, ByteBuf before, ByteBuf in) {
        try {
            return ctx.alloc()
                    .directBuffer(before.readableBytes() + in.readableBytes())
                    .writeBytes(before)
                    .writeBytes(in);
        } finally {
            before.release();
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        super.channelInactive(ctx);
        release();
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
}
