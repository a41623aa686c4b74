package dev.slipstream.bench.upstream;

import dev.slipstream.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The listener that both stand-in providers share. Thread-safe; closing it waits for its loops. */
final class ProviderServer implements AutoCloseable {
    /** Larger requests are answered with 413, or their connection is closed. */
    static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    static final int MAX_HEAD_BYTES = 64 * 1024;
    /** The event by which a connection is told of {@link #drain()}. */
    static final Object DRAIN = new Object();

    private static final String COUNTERS = "/sim/counters";
    private static final int BACKLOG = 4096;
    private static final long CLOSE_SECONDS = 5;

    private final Responder responder;
    private final ProviderCounters counters = new ProviderCounters();
    private final ProviderWire wire;
    private final @Nullable SslContext tls;
    private final EventLoopGroup loops;
    private final LoopLoad load;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final LinkedBlockingDeque<ReceivedRequest> received = new LinkedBlockingDeque<>();
    private final int keepRequests;
    private final Channel listener;
    private final Counter counter = new Counter();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Binds, and returns when the port is open.
     *
     * @param port 0 takes any free one
     * @param keepRequests how many received requests are kept for {@link #received()}
     * @throws IOException if the address cannot be bound, or the wire's TLS cannot be had
     */
    ProviderServer(String host, int port, int loopCount, int keepRequests, ProviderWire wire, Responder responder)
            throws IOException {
        this.responder = responder;
        this.wire = wire;
        this.tls = wire.identity() == null ? null : ProviderTls.context(wire, wire.identity());
        this.keepRequests = keepRequests;
        boolean epoll = Epoll.isAvailable();
        DefaultThreadFactory threads = new DefaultThreadFactory("provider", true);
        this.loops = epoll ? new EpollEventLoopGroup(loopCount, threads) : new NioEventLoopGroup(loopCount, threads);
        this.load = LoopLoad.of(loops, loopCount);
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

    /** What a request is answered with: by the responder, but for what scripts ask of the provider itself. */
    Answer answer(ReceivedRequest request) {
        if (request.method().equals("GET") && request.uri().equals(COUNTERS)) {
            byte[] lines = (counters.lines() + load.lines()).getBytes(StandardCharsets.US_ASCII);
            return Answer.immediate(200, Map.of("content-type", "text/plain; charset=utf-8"), lines);
        }
        return responder.answer(request);
    }

    LoopLoad load() {
        return load;
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

    /**
     * The mild end: no new connections, no new requests on the old ones, and what is being answered is answered
     * to its end. HTTP/2 clients are told by GOAWAY; HTTP/1.1 connections close behind their answer. Returns at
     * once; {@link ProviderCounters#openConnections()} tells how far it is.
     */
    void drain() {
        listener.close().syncUninterruptibly();
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(DRAIN));
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        listener.close().syncUninterruptibly();
        load.end();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        // Their handlers hold it until they are closed.
        ReferenceCountUtil.release(tls);
    }

    /** Adds what speaks the protocol behind all that is in the pipeline. */
    private void speak(ChannelPipeline pipeline, ProviderWire.Protocol protocol) {
        switch (protocol) {
            case HTTP_1_1 ->
                pipeline.addLast(new HttpServerCodec(MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_HEAD_BYTES))
                        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                        .addLast(new Http1ProviderConnection(this));
            case HTTP_2 -> pipeline.addLast(Http2ProviderConnection.create(this, wire.maxStreams()));
        }
    }

    private final class Initializer extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            connections.add(channel);
            ChannelPipeline pipeline = channel.pipeline().addLast(counter);
            if (tls == null) {
                speak(pipeline, wire.protocols().get(0));
            } else {
                pipeline.addFirst(tls.newHandler(channel.alloc())).addLast(new Negotiation());
            }
        }
    }

    /** Chooses by ALPN; a client without it speaks HTTP/1.1, where that is offered. */
    private final class Negotiation extends ApplicationProtocolNegotiationHandler {
        Negotiation() {
            super(ProviderWire.Protocol.HTTP_1_1.alpn());
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String alpn) {
            for (ProviderWire.Protocol protocol : wire.protocols()) {
                if (protocol.alpn().equals(alpn)) {
                    speak(ctx.pipeline(), protocol);
                    return;
                }
            }
            ctx.close();
        }

        /** A client that breaks the handshake off is everyday life here, and some tests are about nothing else. */
        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Counts connections, whatever is spoken on them: closed ones when everyone else has heard of it. */
    @ChannelHandler.Sharable
    private final class Counter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            counters.onConnect();
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ctx.fireChannelInactive();
            counters.onDisconnect();
        }
    }
}
