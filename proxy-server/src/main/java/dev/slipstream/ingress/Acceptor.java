package dev.slipstream.ingress;

import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.loop.Transport;
import dev.slipstream.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections off a listener and gives each to the loop with the fewest, where it stays. Beyond {@code
 * limits.connections}, and of one address beyond {@code limits.connections_per_address}, a connection is closed at once.
 *
 * <p>Where the system has none to give (no descriptor left), accepting pauses: until a client leaves, and for {@value
 * #PAUSE_MILLIS} ms at most. Who waits meanwhile waits in the listener's backlog. On the listener's loop, but for what a
 * departure calls.
 */
public final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** Accepting again at once would spin. */
    private static final long PAUSE_MILLIS = 1000;

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Transport transport;
    private final List<ClientLoop> loops;
    private final ExactLimit connections;
    private final CurrentConfig current;
    private final @Nullable ServerTls tls;
    private final ConnectionsByAddress addresses = new ConnectionsByAddress();
    private final AtomicLong failures = new AtomicLong();
    private final BooleanSupplier mayGoOn;
    /** The listener while it is not asked; whoever sets it to null asks it again. */
    private final AtomicReference<@Nullable Channel> paused = new AtomicReference<>();

    private boolean looking;
    private boolean warned;
    private long warnedNanos;

    /**
     * @param transport what the listener's sockets are of
     * @param tls what clients must speak; null: they speak without
     * @param mayGoOn whether a pause may end; else somebody needs the descriptors more. Any thread
     */
    public Acceptor(
            Transport transport,
            List<ClientLoop> loops,
            ExactLimit connections,
            CurrentConfig current,
            @Nullable ServerTls tls,
            BooleanSupplier mayGoOn) {
        this.tls = tls;
        this.mayGoOn = mayGoOn;
        this.transport = transport;
        this.loops = loops;
        this.connections = connections;
        this.current = current;
    }

    /** How often accepting failed. Any thread. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel client = (Channel) message;
        InetAddress address = client.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
        if (current.isDraining() || !connections.tryAcquire()) {
            client.unsafe().closeForcibly();
            return;
        }
        int perAddress = current.snapshot().config().limits().connectionsPerAddress();
        if (!addresses.tryAdd(address, perAddress)) {
            connections.release();
            client.unsafe().closeForcibly();
            return;
        }
        Runnable onDeparture = () -> {
            addresses.remove(address);
            connections.release();
            goOn();
        };
        ClientLoop loop = fewest();
        int streamBuffer = current.snapshot().config().limits().streamBufferBytes();
        ChannelConfig config = client.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        transport.watchPeer(config);
        config.setAllocator(loop.loop().allocator());
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(streamBuffer / 2, streamBuffer));
        loop.connections().add(client);
        transport.closePromptly(client.pipeline());
        client.pipeline().addLast("departures", new ClientConnections.Departures(loop.connections(), onDeparture));
        if (tls == null) {
            loop.pipeline().addTo(client);
        } else {
            loop.pipeline().addTo(client, tls);
        }
        loop.loop().eventLoop().register(client).addListener(registered -> {
            if (!registered.isSuccess()) {
                loop.connections().remove(client);
                onDeparture.run();
                client.unsafe().closeForcibly();
            }
        });
    }

    private ClientLoop fewest() {
        ClientLoop found = loops.get(0);
        for (ClientLoop loop : loops) {
            if (loop.connections().count() < found.connections().count()) {
                found = loop;
            }
        }
        return found;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long count = failures.incrementAndGet();
        long now = System.nanoTime();
        if (!warned || now - warnedNanos >= QUIET_NANOS) {
            warned = true;
            warnedNanos = now;
            LOG.warn(
                    "a client could not be accepted, the {}. since the start: {}; tried again when one leaves, and every"
                            + " {} ms",
                    count,
                    cause.toString(),
                    PAUSE_MILLIS);
        }
        Channel listener = ctx.channel();
        if (paused.get() == null) {
            // Off first: whoever sees the pause may end it at once.
            listener.config().setAutoRead(false);
            paused.set(listener);
            if (!looking) {
                looking = true;
                lookLater(listener);
            }
        }
    }

    private void lookLater(Channel listener) {
        listener.eventLoop()
                .schedule(
                        () -> {
                            goOn();
                            looking = paused.get() != null && listener.isOpen();
                            if (looking) {
                                lookLater(listener);
                            }
                        },
                        PAUSE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** There may be a descriptor again. Any thread. */
    private void goOn() {
        Channel listener = paused.get();
        if (listener != null && mayGoOn.getAsBoolean() && paused.compareAndSet(listener, null)) {
            listener.config().setAutoRead(true);
        }
    }
}
