package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A fixed number of connections, each with one request under way, from one thread. Where the proxy ends a connection
 * behind its answer, a new one takes its place.
 */
final class RefusalLoad implements AutoCloseable {
    private static final byte[] LENGTH = "content-length: ".getBytes(ISO_8859_1);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory("storm-load", true));
    private final Bootstrap bootstrap;
    private final byte[] request;
    private final LongAdder refused = new LongAdder();
    private final LongAdder otherwise = new LongAdder();
    private volatile boolean over;

    /** @param request its bytes, which may leave a body out that they declare */
    RefusalLoad(InetSocketAddress proxy, String request) {
        this.request = request.getBytes(ISO_8859_1);
        this.bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                // No end of a connection is left waiting in the kernel: a run makes more of them than there are ports.
                .option(ChannelOption.SO_LINGER, 0)
                .remoteAddress(proxy)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Asking());
                    }
                });
    }

    void start(int connections) {
        for (int i = 0; i < connections; i++) {
            connect();
        }
    }

    /** Answers with 401, whole. */
    long refused() {
        return refused.sum();
    }

    /** Other answers, and connections that failed. */
    long otherwise() {
        return otherwise.sum();
    }

    @Override
    public void close() {
        over = true;
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void connect() {
        bootstrap.connect().addListener(connected -> {
            if (!connected.isSuccess() && !over) {
                otherwise.increment();
            }
        });
    }

    private final class Asking extends SimpleChannelInboundHandler<ByteBuf> {
        private boolean closing;
        private int missing;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ask(ctx);
        }

        private void ask(ChannelHandlerContext ctx) {
            if (!over) {
                ctx.writeAndFlush(Unpooled.wrappedBuffer(request), ctx.voidPromise());
            }
        }

        /** A refusal is small and written at once, so that its head comes in one piece; its body is only counted. */
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf in) {
            if (missing == 0) {
                String head = in.toString(ISO_8859_1);
                int end = head.indexOf("\r\n\r\n");
                int length = head.indexOf(new String(LENGTH, ISO_8859_1));
                if (end < 0 || length < 0 || length > end || !head.startsWith("401", STATUS_AT)) {
                    otherwise.increment();
                    ctx.close();
                    return;
                }
                int from = length + LENGTH.length;
                int body = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
                closing = head.lastIndexOf("connection: close", end) >= 0;
                missing = end + 4 + body;
            }
            missing -= in.readableBytes();
            if (missing < 0) {
                otherwise.increment();
                ctx.close();
            } else if (missing == 0) {
                refused.increment();
                if (closing) {
                    ctx.close();
                } else {
                    ask(ctx);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!over) {
                if (!closing || missing != 0) {
                    otherwise.increment();
                }
                connect();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
