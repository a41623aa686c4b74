package dev.slipstream.bench.streams;

import dev.slipstream.bench.load.Http1Answers;
import dev.slipstream.bench.load.TokenEvents;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** One connection, one request, one stream that is held open. Confined to the loop of its {@link HoldRun}. */
final class HeldClient extends ChannelInboundHandlerAdapter implements Http1Answers.Listener {
    private static final int OK = 200;

    private final HoldRun run;
    private final ByteBuf request;
    private final Http1Answers answers = new Http1Answers(this);
    private final TokenEvents events = new TokenEvents();
    private int status;
    private long lastNanos;
    private long nowNanos;
    private boolean streaming;
    private boolean ended;
    private boolean stalled;
    private @Nullable String failure;

    /** @param request borrowed, and not changed */
    HeldClient(HoldRun run, ByteBuf request) {
        this.run = run;
        this.request = request;
    }

    /** The first event has come, and nothing has gone wrong. */
    boolean isStreaming() {
        return streaming && !ended && failure == null;
    }

    /** The provider's last event was there. */
    boolean isEnded() {
        return ended;
    }

    /** At some time an event was so late that the stream counts as stalled. It stays so. */
    boolean isStalled() {
        return stalled;
    }

    /** Null: nothing went wrong. */
    @Nullable
    String failure() {
        return failure;
    }

    void fail(String what) {
        if (failure == null && !ended) {
            failure = what;
        }
    }

    /** Looks whether an event is missing. */
    void look(long nowNanos, long limitNanos) {
        if (isStreaming() && nowNanos - lastNanos > limitNanos) {
            stalled = true;
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(request.retainedDuplicate(), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            nowNanos = System.nanoTime();
            if (!answers.read(in)) {
                fail("no HTTP");
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void onHead(int status) {
        this.status = status;
        if (status != OK) {
            fail("status " + status);
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (status != OK) {
            return;
        }
        for (int tokens = events.feed(in, length, run.scratch()); tokens > 0; tokens--) {
            if (streaming) {
                run.onGap(nowNanos - lastNanos);
                stalled |= nowNanos - lastNanos > run.limitNanos();
            } else {
                streaming = true;
                run.onFirst();
            }
            lastNanos = nowNanos;
        }
    }

    @Override
    public void onEnd() {
        if (events.isEnded()) {
            ended = true;
        } else {
            fail("ended without its last event");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the connection ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause.toString());
    }
}
