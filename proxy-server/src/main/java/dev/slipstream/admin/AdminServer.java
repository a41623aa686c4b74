package dev.slipstream.admin;

import dev.slipstream.config.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The admin listener and its connections. It also is the metrics' reporter: its loop takes from the other loops what
 * they have measured, four times per second.
 *
 * <p>The event loops are lent by the caller, who shuts them down after {@link #close()}.
 */
public final class AdminServer implements Closeable {
    /** Further connections are closed at once. */
    static final int CONNECTIONS_MAX = 64;

    private static final int IDLE_SECONDS = 75;
    /** Loops tick once per second; this keeps their spares back in time whatever the phase. */
    private static final int COLLECT_MILLIS = 250;
    /** Answers that a connection may leave unread: a few scrapes. */
    private static final WriteBufferWaterMark UNREAD_BYTES = new WriteBufferWaterMark(512 * 1024, 1024 * 1024);
    /** What a request line has besides its target: a method and a version. */
    private static final int LINE_EXTRA_BYTES = 64;

    private final Channel listener;
    private final AdminMemory memory;
    private final SpareDescriptors spares;
    private final ChannelGroup connections;
    private final ScheduledFuture<?> collecting;

    private AdminServer(
            Channel listener,
            AdminMemory memory,
            SpareDescriptors spares,
            ChannelGroup connections,
            ScheduledFuture<?> collecting) {
        this.listener = listener;
        this.memory = memory;
        this.spares = spares;
        this.connections = connections;
        this.collecting = collecting;
    }

    /**
     * Listens. Waits for the bind, so never on an event loop.
     *
     * @param group one loop that serves nothing else; stays the caller's
     * @param token the bearer token to ask for; empty: none
     * @throws IOException if the address cannot be had; the cause is the socket's own exception
     */
    public static AdminServer start(
            EventLoopGroup group,
            Class<? extends ServerChannel> channelClass,
            HostPort address,
            String token,
            AdminEndpoints endpoints)
            throws IOException {
        ChannelGroup connections = new DefaultChannelGroup(group.next(), true);
        AdminRouter router = new AdminRouter(endpoints);
        BearerToken bearer = new BearerToken(token);
        AdminMemory memory = onLoop(group, AdminMemory::new);
        SpareDescriptors spares = new SpareDescriptors();
        AcceptFailures failures = new AcceptFailures(spares);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(channelClass)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(failures)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, memory.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD_BYTES)
                .childHandler(new ConnectionInitializer(connections, router, bearer));
        ChannelFuture bound = bootstrap
                .bind(new InetSocketAddress(address.host(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            memory.close();
            throw new IOException("cannot listen on " + address, bound.cause());
        }
        Channel listener = bound.channel();
        listener.eventLoop().execute(AdminMemory::loadCodec);
        ScheduledFuture<?> collecting = listener.eventLoop()
                .scheduleAtFixedRate(
                        () -> {
                            endpoints.metrics().collect();
                            failures.giveBack(connections.isEmpty());
                        },
                        COLLECT_MILLIS,
                        COLLECT_MILLIS,
                        TimeUnit.MILLISECONDS);
        return new AdminServer(listener, memory, spares, connections, collecting);
    }

    /** What takes memory does so on the loop: the pool would be kept by what the calling thread keeps of it, for ever. */
    private static <T> T onLoop(EventLoopGroup group, Callable<T> make) throws IOException {
        Future<T> made = group.next().submit(make).awaitUninterruptibly();
        if (made.cause() instanceof Error error) {
            throw error;
        }
        if (!made.isSuccess()) {
            throw new IOException("the admin listener has no memory", made.cause());
        }
        return made.getNow();
    }

    /**
     * Whether it took up the descriptors it keeps spare, since there was no other, and has not got them back: who can do
     * without should not take one now. Any thread.
     */
    public boolean lacksDescriptors() {
        return !spares.isWhole();
    }

    /** Where it listens; tells the port where port 0 was asked for. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Closes the listener and every connection, and waits for it. Idempotent; never on an event loop. NIO frees the port
     * with its next select, a moment later.
     */
    @Override
    public void close() {
        collecting.cancel(false);
        listener.close().awaitUninterruptibly();
        // On their loop: the last collecting may be under way.
        if (!listener.eventLoop().isShuttingDown()) {
            listener.eventLoop().submit(spares::release).awaitUninterruptibly();
        }
        connections.close().awaitUninterruptibly();
        memory.close();
    }

    private static final class ConnectionInitializer extends ChannelInitializer<Channel> {
        private final ChannelGroup connections;
        private final AdminRouter router;
        private final BearerToken token;

        ConnectionInitializer(ChannelGroup connections, AdminRouter router, BearerToken token) {
            this.connections = connections;
            this.router = router;
            this.token = token;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a refused connection to be gone.
        protected void initChannel(Channel channel) {
            // Checked on one loop, so exact; with several the cap could be passed by their number.
            if (connections.size() >= CONNECTIONS_MAX) {
                channel.close();
                return;
            }
            connections.add(channel);
            HttpDecoderConfig limits = new HttpDecoderConfig()
                    .setMaxInitialLineLength(AdminHandler.TARGET_BYTES_MAX + LINE_EXTRA_BYTES)
                    .setMaxHeaderSize(AdminHandler.HEAD_BYTES_MAX);
            channel.pipeline()
                    .addLast(
                            new HttpServerCodec(limits),
                            new IdleStateHandler(0, 0, IDLE_SECONDS),
                            new AdminHandler(router, token));
        }
    }
}
