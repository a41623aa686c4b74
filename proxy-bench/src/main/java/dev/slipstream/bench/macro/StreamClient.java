package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * One connection, one request, one event stream. Confined to its loop; what it read belongs to whoever saw {@link #ended()}
 * complete.
 */
final class StreamClient extends ChannelInboundHandlerAdapter {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(US_ASCII);
    private static final int MAX_HEAD_BYTES = 8192;

    private final byte[] request;
    private final boolean stalls;
    private final StampReader events = new StampReader();
    private final CompletableFuture<StreamClient> ended = new CompletableFuture<>();
    private final StringBuilder head = new StringBuilder();
    private byte[] block = new byte[4096];
    private int headEnd;
    private long bytes;

    /** @param stalls reads no more once the answer's head is here, until somebody turns autoRead on again */
    StreamClient(byte[] request, boolean stalls) {
        this.request = request;
        this.stalls = stalls;
    }

    /** Completes when the provider's last chunk was read, or with what went wrong. */
    CompletableFuture<StreamClient> ended() {
        return ended;
    }

    NeighbourRun.Arrivals arrivals() {
        return events.arrivals();
    }

    /** Read so far, with framing; the head is not in it. */
    long bytes() {
        return bytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(request), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        long now = System.nanoTime();
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && headEnd < HEAD_END.length) {
                headByte(ctx, in.readByte());
            }
            int length = in.readableBytes();
            if (block.length < length) {
                block = new byte[length];
            }
            in.readBytes(block, 0, length);
            bytes += length;
            events.take(block, 0, length, now);
        } finally {
            in.release();
        }
    }

    private void headByte(ChannelHandlerContext ctx, byte b) {
        head.append((char) b);
        headEnd = b == HEAD_END[headEnd] ? headEnd + 1 : b == HEAD_END[0] ? 1 : 0;
        if (headEnd == HEAD_END.length) {
            if (!head.toString().startsWith("HTTP/1.1 200 ")) {
                fail(ctx, "refused: " + head);
            } else if (stalls) {
                ctx.channel().config().setAutoRead(false);
            }
        } else if (head.length() > MAX_HEAD_BYTES) {
            fail(ctx, "a head without an end");
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (events.isWhole() && ended.complete(this)) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!ended.isDone()) {
            fail(ctx, "the stream ended early, after " + bytes + " bytes");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended.completeExceptionally(cause);
        ctx.close();
    }

    private void fail(ChannelHandlerContext ctx, String what) {
        ended.completeExceptionally(new IOException(what));
        ctx.close();
    }
}
