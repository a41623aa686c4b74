package dev.slipstream.ingress;

import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.limit.ExactLimit;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections off a listener and gives each to the loop with the fewest, where it stays. Beyond {@code
 * limits.connections}, and of one address beyond {@code limits.connections_per_address}, a connection is closed at once.
 */
public final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** Out of file descriptors, say: accepting again at once would spin. */
    private static final long PAUSE_MILLIS = 1000;

    private final List<ClientLoop> loops;
    private final ExactLimit connections;
    private final CurrentConfig current;
    private final ConnectionsByAddress addresses = new ConnectionsByAddress();

    public Acceptor(List<ClientLoop> loops, ExactLimit connections, CurrentConfig current) {
        this.loops = loops;
        this.connections = connections;
        this.current = current;
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
        };
        ClientLoop loop = fewest();
        int streamBuffer = current.snapshot().config().limits().streamBufferBytes();
        ChannelConfig config = client.config();
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setAllocator(loop.loop().allocator());
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(streamBuffer / 2, streamBuffer));
        loop.connections().add(client);
        client.pipeline().addLast("departures", new ClientConnections.Departures(loop.connections(), onDeparture));
        loop.pipeline().addTo(client);
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
        LOG.warn("a connection could not be accepted: {}", cause.toString());
        ChannelConfig config = ctx.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            ctx.channel().eventLoop().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
