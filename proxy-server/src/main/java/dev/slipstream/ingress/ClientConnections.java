package dev.slipstream.ingress;

import dev.slipstream.loop.WriteQueue;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The client connections of one loop: how many, for the acceptor, and which, for a drain. Any thread. */
public final class ClientConnections {
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();

    /** Counts {@code channel} until it is closed. */
    public void add(Channel channel) {
        count.incrementAndGet();
        open.add(channel);
    }

    void remove(Channel channel) {
        if (open.remove(channel)) {
            count.decrementAndGet();
        }
    }

    public int count() {
        return count.get();
    }

    /** Bytes that wait for these clients to take them; any thread. */
    public long queuedBytes() {
        long bytes = 0;
        for (Channel channel : open) {
            bytes += WriteQueue.bytesOf(channel);
            if (ingressOf(channel) instanceof Ingress ingress) {
                bytes += ingress.queuedBytes();
            }
        }
        return bytes;
    }

    public List<Channel> snapshot() {
        return List.copyOf(open);
    }

    /** Closes the connections that wait for a next request; on their loop. */
    public void closeIdle() {
        for (Channel channel : snapshot()) {
            if (ingressOf(channel) instanceof Ingress ingress && ingress.isIdle()) {
                ingress.closeIdle();
            }
        }
    }

    /** Asks the clients for no further request, where their protocol has a word for it; on their loop. */
    public void startDraining() {
        for (Channel channel : snapshot()) {
            if (ingressOf(channel) instanceof Ingress ingress) {
                ingress.startDraining();
            }
        }
    }

    /** Tells the clients whose answers are not complete that they will not be, and lets them go; on their loop. */
    public void endForDrain() {
        for (Channel channel : snapshot()) {
            if (ingressOf(channel) instanceof Ingress ingress) {
                ingress.endForDrain();
            }
        }
    }

    private static @Nullable ChannelHandler ingressOf(Channel channel) {
        return channel.pipeline().get(Ingress.NAME);
    }

    /** Closes every connection, and none of them in a way that makes its answer look complete; any thread. */
    public void closeAll() {
        snapshot().forEach(ClientSocket::drop);
    }

    /** A handler that takes a connection off the books when it closes. */
    @ChannelHandler.Sharable
    static final class Departures extends ChannelInboundHandlerAdapter {
        private final ClientConnections connections;
        private final Runnable thenRun;

        Departures(ClientConnections connections, Runnable thenRun) {
            this.connections = connections;
            this.thenRun = thenRun;
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            connections.remove(ctx.channel());
            thenRun.run();
            ctx.fireChannelUnregistered();
        }
    }
}
