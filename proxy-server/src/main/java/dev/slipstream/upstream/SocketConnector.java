package dev.slipstream.upstream;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.LoopTimers;
import dev.slipstream.loop.Transport;
import dev.slipstream.route.ConnectionKey;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Opens connections: the name's look-up, its addresses, one after another, and the TLS handshake with the one that
 * answers, all of them within the one deadline.
 */
public final class SocketConnector implements Connector {
    /** Stands in the pipeline until it is known what is spoken. */
    private final ChannelHandler watched = new Watched();

    /** Bytes that a provider does not acknowledge, or does not take, for so long: its connection is given up. */
    private static final int SILENCE_MILLIS = 30_000;

    @ChannelHandler.Sharable
    private final class Watched extends ChannelHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ChannelConfig config = ctx.channel().config();
            transport.watchPeer(config);
            transport.boundSilence(config, SILENCE_MILLIS);
            transport.closePromptly(ctx.pipeline());
        }
    }

    private final HeadroomBuffers readBuffers = new HeadroomBuffers();
    private final Transport transport;
    private final AddressCache addresses;
    private final TlsContexts tls;
    private final int streamBufferBytes;

    /** @param streamBufferBytes written and not yet taken by the socket before a connection counts as not writable */
    public SocketConnector(Transport transport, AddressCache addresses, TlsContexts tls, int streamBufferBytes) {
        this.transport = transport;
        this.addresses = addresses;
        this.tls = tls;
        this.streamBufferBytes = streamBufferBytes;
    }

    @Override
    public void connect(Loop loop, ConnectionKey key, Outcome outcome) {
        Connecting connecting = new Connecting(loop, key, outcome);
        addresses.resolve(key.address().host(), found -> onLoop(loop, () -> connecting.start(found)));
        connecting.boundLookUp();
    }

    /**
     * Runs {@code task} on the loop, and never from inside the handling of its events: a socket that is opened there may
     * be given the number of one that was closed a moment before, and epoll's events for that one, which wait in the same
     * batch, would be taken for its own. A reset that was meant for the old one then fails the new one's connect.
     */
    private static void onLoop(Loop loop, Runnable task) {
        try {
            loop.eventLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            // The loop is gone, and the pool with it: nobody is left to be told.
        }
    }

    private final class Connecting implements ChannelFutureListener, LoopTimers.Timer {
        private final Loop loop;
        private final ConnectionKey key;
        private final Outcome outcome;
        private final long deadlineNanos;
        private List<InetAddress> candidates = List.of();
        private int next;
        private String lastFailure = "no time was left";
        private boolean lookedUp;
        private boolean lookUpBounded;
        private long lookUpTimer;

        Connecting(Loop loop, ConnectionKey key, Outcome outcome) {
            this.loop = loop;
            this.key = key;
            this.outcome = outcome;
            this.deadlineNanos = loop.nanoTime() + key.connectNanos();
        }

        /** The name's look-up counts as well, and it may take as long as it likes. */
        void boundLookUp() {
            if (!lookedUp && key.connectNanos() > 0) {
                lookUpBounded = true;
                lookUpTimer = loop.timers().schedule(deadlineNanos, this);
            }
        }

        @Override
        public void onTimer(long nowNanos) {
            lookUpBounded = false;
            lookedUp = true;
            outcome.onConnectFailed(FailureKind.UPSTREAM_UNREACHABLE, "its name was not looked up in time");
        }

        void start(List<InetAddress> found) {
            if (lookedUp) {
                return;
            }
            lookedUp = true;
            if (lookUpBounded) {
                loop.timers().cancel(lookUpTimer);
            }
            candidates = found;
            if (found.isEmpty()) {
                fail("no address for its name");
                return;
            }
            tryNext();
        }

        private void fail(String detail) {
            onLoop(loop, () -> outcome.onConnectFailed(FailureKind.UPSTREAM_UNREACHABLE, detail));
        }

        private void tryNext() {
            int left = candidates.size() - next;
            long share = (deadlineNanos - loop.nanoTime()) / Math.max(1, left);
            long shareMillis = TimeUnit.NANOSECONDS.toMillis(share);
            boolean deadlineIsSet = key.connectNanos() > 0;
            boolean late = deadlineIsSet && share <= 0;
            if (left == 0 || late || loop.eventLoop().isShuttingDown()) {
                fail(lastFailure);
                return;
            }
            HostPort address = key.address();
            // One address that swallows packets must not use up the others' time.
            int timeoutMillis = deadlineIsSet ? (int) Math.max(1, Math.min(Integer.MAX_VALUE, shareMillis)) : 0;
            new Bootstrap()
                    .group(loop.eventLoop())
                    .channel(transport.socketChannelType())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, loop.allocator())
                    .option(ChannelOption.RCVBUF_ALLOCATOR, readBuffers)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                    .option(
                            ChannelOption.WRITE_BUFFER_WATER_MARK,
                            new WriteBufferWaterMark(streamBufferBytes / 2, streamBufferBytes))
                    .handler(watched)
                    .connect(new InetSocketAddress(candidates.get(next++), address.port()))
                    .addListener(this);
        }

        private void connected(Channel channel) {
            SslContext context = tls.of(key);
            if (context == null) {
                outcome.onConnected(channel, key.http() == HttpVersionChoice.H2C);
                return;
            }
            TlsHandshake.begin(loop, key, context, channel, deadlineNanos, outcome);
        }

        @Override
        public void operationComplete(ChannelFuture future) {
            if (!loop.isHere()) {
                // A socket that could not even be made (no file descriptor left) is told on a thread of Netty's.
                onLoop(loop, () -> operationComplete(future));
                return;
            }
            if (future.isSuccess()) {
                // Netty completes this future before it tells the pipeline that the channel is active.
                connected(future.channel());
            } else {
                lastFailure = reasonOf(future.cause());
                onLoop(loop, this::tryNext);
            }
        }

        /** The innermost message: of a socket that could not be made it is the one that names the want. */
        private static String reasonOf(Throwable failure) {
            Throwable innermost = failure;
            while (innermost.getCause() != null) {
                innermost = innermost.getCause();
            }
            return String.valueOf(innermost.getMessage());
        }
    }
}
