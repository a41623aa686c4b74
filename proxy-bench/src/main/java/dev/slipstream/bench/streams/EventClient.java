package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.bench.load.Http1Answers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One connection, one request, one stream, of which every byte is looked at. Confined to the loop of its {@link StreamLoad}. */
final class EventClient extends ChannelInboundHandlerAdapter implements Http1Answers.Listener, EventCheck.Listener {
    /** Those at the start of a stream are not among the delays. */
    private static final int LEAD_EVENTS = 2;

    private static final int OK = 200;

    private final StreamLoad load;
    private final StreamLoad.Leg leg;
    private final int id;
    private final String authority;
    private final Http1Answers answers = new Http1Answers(this);
    private final EventCheck check;
    private final CompletableFuture<EventClient> connected = new CompletableFuture<>();
    private final CompletableFuture<EventClient> ended = new CompletableFuture<>();
    private @Nullable ChannelHandlerContext context;
    private int status;
    private long nowNanos;
    private long lastWayNanos;

    /** @param authority of the address, as the Host field has it */
    EventClient(StreamLoad load, StreamLoad.Leg leg, int id, String authority) {
        this.load = load;
        this.leg = leg;
        this.id = id;
        this.authority = authority;
        this.check = new EventCheck(
                leg.plan().isClocked() ? Integer.MAX_VALUE : leg.plan().events(), this);
    }

    CompletableFuture<EventClient> connected() {
        return connected;
    }

    /** Completes with the last byte of a whole stream, or with what was wrong with it. */
    CompletableFuture<EventClient> ended() {
        return ended;
    }

    int events() {
        return check.events();
    }

    /** Asks for the stream. */
    void ask() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not connected");
        }
        StreamLoad.Plan plan = leg.plan();
        String directives =
                plan.isClocked() ? "await=" + id : "events=" + plan.events() + " gap-nanos=" + plan.gapNanos();
        String body = "{\"model\":\"" + load.model()
                + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[[" + directives + "]]\"}]}";
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: " + authority + "\r\nauthorization: Bearer "
                + load.key() + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n";
        ctx.writeAndFlush(Unpooled.wrappedBuffer((head + body).getBytes(US_ASCII)), ctx.voidPromise());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        connected.complete(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            nowNanos = System.nanoTime();
            leg.onRead();
            if (!ended.isDone() && (!answers.read(in) || check.isBroken())) {
                fail("what came is not what was sent, behind event " + check.events());
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
        if (status == OK) {
            byte[] scratch = load.scratch();
            int at = in.readerIndex();
            for (int left = length; left > 0; ) {
                int step = Math.min(left, scratch.length);
                in.getBytes(at, scratch, 0, step);
                check.take(scratch, 0, step);
                at += step;
                left -= step;
            }
        }
    }

    @Override
    public void onEvent(int number, long stampNanos) {
        long way = nowNanos - stampNanos;
        if (number >= LEAD_EVENTS) {
            // Between two events: how much later or earlier than they were sent.
            leg.onEvent(way, Math.abs(way - lastWayNanos));
        }
        lastWayNanos = way;
        if (leg.plan().isClocked()) {
            if (leg.isOver(nowNanos)) {
                check.endsHere();
                load.provider().finish(id);
            } else {
                load.provider().next(id);
            }
        }
    }

    @Override
    public void onEnd() {
        if (check.isWhole()) {
            ended.complete(this);
        } else {
            fail("the stream ended behind event " + check.events());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("the connection ended behind event " + check.events());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause.toString());
    }

    void fail(String what) {
        IOException failure = new IOException(what);
        connected.completeExceptionally(failure);
        ended.completeExceptionally(failure);
    }
}
