package dev.slipstream.loop;

import dev.slipstream.config.TransportKind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.incubator.channel.uring.IOUring;
import io.netty.incubator.channel.uring.IOUringEventLoopGroup;
import io.netty.incubator.channel.uring.IOUringServerSocketChannel;
import io.netty.incubator.channel.uring.IOUringSocketChannel;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The choice of what moves the bytes. The one place that names epoll and io_uring. */
public enum Transport {
    EPOLL("epoll"),
    IO_URING("io_uring"),
    NIO("nio");

    private final String label;

    Transport(String label) {
        this.label = label;
    }

    /** The name in the ready line. */
    public String label() {
        return label;
    }

    /**
     * The transport for {@code kind}.
     *
     * @throws IllegalStateException where a transport that was named does not load here
     */
    public static Transport choose(TransportKind kind) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? EPOLL : NIO;
            case NIO -> NIO;
            case EPOLL -> available(EPOLL, Epoll.unavailabilityCause());
            case IO_URING -> available(IO_URING, IOUring.unavailabilityCause());
        };
    }

    private static Transport available(Transport transport, @Nullable Throwable cause) {
        if (cause != null) {
            throw new IllegalStateException(
                    "transport " + transport.label + " does not load here: " + cause.getMessage(), cause);
        }
        return transport;
    }

    /** A group of {@code loops} event loops; the caller shuts it down. */
    public EventLoopGroup newGroup(int loops, ThreadFactory threads) {
        return switch (this) {
            case EPOLL -> new EpollEventLoopGroup(loops, threads);
            case IO_URING -> new IOUringEventLoopGroup(loops, threads);
            case NIO -> new NioEventLoopGroup(loops, threads);
        };
    }

    public Class<? extends ServerChannel> serverChannelType() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IOUringServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    public Class<? extends SocketChannel> socketChannelType() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IOUringSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }
}
