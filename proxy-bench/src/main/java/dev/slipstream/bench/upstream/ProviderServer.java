package dev.slipstream.bench.upstream;

import dev.slipstream.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The listener that both stand-in providers share. Thread-safe; closing it waits for its loops. */
final class ProviderServer implements AutoCloseable {
    /** Larger requests are answered with 413 by the aggregator, or their connection is closed. */
    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int BACKLOG = 4096;
    private static final long CLOSE_SECONDS = 5;

    private final Responder responder;
    private final ProviderCounters counters = new ProviderCounters();
    private final EventLoopGroup loops;
    private final LinkedBlockingDeque<ReceivedRequest> received = new LinkedBlockingDeque<>();
    private final int keepRequests;
    private final Channel listener;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Binds, and returns when the port is open.
     *
     * @param port 0 takes any free one
     * @param keepRequests how many received requests are kept for {@link #received()}
     * @throws IOException if the address cannot be bound
     */
    ProviderServer(String host, int port, int loopCount, int keepRequests, Responder responder) throws IOException {
        this.responder = responder;
        this.keepRequests = keepRequests;
        boolean epoll = Epoll.isAvailable();
        DefaultThreadFactory threads = new DefaultThreadFactory("provider", true);
        this.loops = epoll ? new EpollEventLoopGroup(loopCount, threads) : new NioEventLoopGroup(loopCount, threads);
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer())
                .bind(host, port)
                .awaitUninterruptibly();
        this.listener = bound.channel();
        if (!bound.isSuccess()) {
            close();
            throw new IOException("cannot listen on " + new HostPort(host, port) + ": " + message(bound.cause()));
        }
    }

    private static String message(@Nullable Throwable cause) {
        return cause == null ? "unknown" : String.valueOf(cause.getMessage());
    }

    Responder responder() {
        return responder;
    }

    ProviderCounters counters() {
        return counters;
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    void keep(ReceivedRequest request) {
        if (keepRequests == 0) {
            return;
        }
        while (received.size() >= keepRequests) {
            received.pollFirst();
        }
        received.addLast(request);
    }

    List<ReceivedRequest> received() {
        return new ArrayList<>(received);
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        listener.close().syncUninterruptibly();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Initializer extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec(MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_HEAD_BYTES))
                    .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                    .addLast(new ProviderConnection(ProviderServer.this));
        }
    }
}
