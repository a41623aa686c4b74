package dev.slipstream.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.route.ConnectionKey;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider within the process, and the way to it: what it does is drawn from seeded chances, or held until a test lets
 * it go. Counts the connections that are opening or open, as a holder of permits would. Any thread.
 */
final class LocalProvider implements Connector, AutoCloseable {
    private static final byte[] KEPT = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(US_ASCII);
    private static final byte[] LAST =
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok".getBytes(US_ASCII);

    /** What happens to one thing in ten thousand. */
    record Chances(int refused, int closedAtOnce, int closedBehindAnswer, int closedWithoutAnswer, int maxDelayMicros) {
        static final Chances NONE = new Chances(0, 0, 0, 0, 0);
    }

    private final DefaultEventLoopGroup group = new DefaultEventLoopGroup(1);
    private final LocalAddress address = new LocalAddress("provider-" + System.identityHashCode(this));
    private final SplitRandom random;
    private final Chances chances;
    private final Queue<Channel> held = new ConcurrentLinkedQueue<>();
    private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger mostConnections = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    volatile boolean holdsAnswers;
    volatile boolean refuses;

    LocalProvider(long seed, Chances chances) {
        this.random = new SplitRandom(seed);
        this.chances = chances;
        new ServerBootstrap()
                .group(group)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<LocalChannel>() {
                    @Override
                    protected void initChannel(LocalChannel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new Answers());
                    }
                })
                .bind(address)
                .syncUninterruptibly();
    }

    @Override
    public void connect(Loop loop, ConnectionKey key, Outcome outcome) {
        connects.incrementAndGet();
        mostConnections.accumulateAndGet(connections.incrementAndGet(), Math::max);
        loop.eventLoop()
                .schedule(
                        () -> connectNow(loop, outcome),
                        random.below(chances.maxDelayMicros + 1),
                        TimeUnit.MICROSECONDS);
    }

    private void connectNow(Loop loop, Outcome outcome) {
        if (refuses || random.below(10_000) < chances.refused) {
            connections.decrementAndGet();
            outcome.onConnectFailed(FailureKind.UPSTREAM_UNREACHABLE, "refused");
            return;
        }
        new Bootstrap()
                .group(loop.eventLoop())
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        connected.channel().closeFuture().addListener(closed -> connections.decrementAndGet());
                        outcome.onConnected(connected.channel(), false);
                        if (random.below(10_000) < chances.closedAtOnce) {
                            connected.channel().close();
                        }
                    } else {
                        connections.decrementAndGet();
                        outcome.onConnectFailed(FailureKind.UPSTREAM_UNREACHABLE, "refused");
                    }
                });
    }

    /** Answers every request that is held. */
    void answerHeld() {
        for (Channel channel = held.poll(); channel != null; channel = held.poll()) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(KEPT));
        }
    }

    /** Answers the request that is held longest. */
    void answerOne() {
        Channel channel = held.poll();
        if (channel != null) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(KEPT));
        }
    }

    int heldCount() {
        return held.size();
    }

    /** Ends every connection from the provider's side. */
    void closeAll() {
        for (Channel channel = accepted.poll(); channel != null; channel = accepted.poll()) {
            channel.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, PoolHouse.LIMIT_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Takes whatever is read at once for one request: the tests send heads alone, in one piece. */
    private final class Answers extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            requests.incrementAndGet();
            if (holdsAnswers) {
                held.add(ctx.channel());
                return;
            }
            ctx.executor().schedule(() -> answer(ctx), random.below(chances.maxDelayMicros + 1), TimeUnit.MICROSECONDS);
        }

        private void answer(ChannelHandlerContext ctx) {
            int drawn = random.below(10_000);
            if (drawn < chances.closedWithoutAnswer) {
                ctx.close();
            } else if (drawn < chances.closedWithoutAnswer + chances.closedBehindAnswer) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(LAST)).addListener(ChannelFutureListener.CLOSE);
            } else {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(KEPT));
            }
        }
    }
}
