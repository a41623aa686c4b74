package dev.slipstream.loop;

import dev.slipstream.config.TransportKind;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.incubator.channel.uring.IOUring;
import io.netty.incubator.channel.uring.IOUringChannelOption;
import io.netty.incubator.channel.uring.IOUringEventLoopGroup;
import io.netty.incubator.channel.uring.IOUringServerSocketChannel;
import io.netty.incubator.channel.uring.IOUringSocketChannel;
import java.util.concurrent.ThreadFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** The choice of what moves the bytes. The one place that names epoll and io_uring. */
public enum Transport {
    EPOLL("epoll"),
    IO_URING("io_uring"),
    NIO("nio");

    static final int KEEP_IDLE_SECONDS = 30;
    static final int KEEP_INTERVAL_SECONDS = 10;
    static final int KEEP_PROBES = 3;

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

    /**
     * Has a socket find out that its other end is gone without a word: asked after {@value #KEEP_IDLE_SECONDS} s of
     * silence, each {@value #KEEP_INTERVAL_SECONDS} s, and given up behind {@value #KEEP_PROBES} questions without an
     * answer. The system's own defaults are hours.
     */
    public void watchPeer(ChannelConfig config) {
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        switch (this) {
            case EPOLL -> {
                config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
                config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS);
                config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_PROBES);
            }
            case IO_URING -> {
                config.setOption(IOUringChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
                config.setOption(IOUringChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS);
                config.setOption(IOUringChannelOption.TCP_KEEPCNT, KEEP_PROBES);
            }
            case NIO -> {
                config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), KEEP_IDLE_SECONDS);
                config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), KEEP_INTERVAL_SECONDS);
                config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEP_PROBES);
            }
        }
    }

    /**
     * Has a socket be given up where its other end leaves bytes without acknowledgement, or takes none, for {@code millis}
     * (RFC 5482); without it the system repeats them for a quarter of an hour. The JDK has no such option: on NIO it does
     * nothing.
     */
    public void boundSilence(ChannelConfig config, int millis) {
        switch (this) {
            case EPOLL -> config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
            case IO_URING -> config.setOption(IOUringChannelOption.TCP_USER_TIMEOUT, millis);
            case NIO -> {}
        }
    }

    /** Has a close of this channel take effect at once, whatever the kernel has in hand for it. */
    public void closePromptly(ChannelPipeline pipeline) {
        if (this == IO_URING) {
            pipeline.addFirst(new PromptClose());
        }
    }

    /** Ends the sending side of a socket, behind what was written, and leaves the other one open; on its loop. */
    public static void shutdownOutput(DuplexChannel channel) {
        PromptClose.shutdownOutput(channel);
    }

    /** Sockets of {@link #closePromptly} that still hold a loop up; on the loop. Only io_uring has such. */
    public int socketsInHand() {
        return this == IO_URING ? PromptClose.open() : 0;
    }

    /** What serves the admin page, whose few connections io_uring's ways are not worth. */
    public Transport forAdmin() {
        return this == IO_URING ? choose(TransportKind.AUTO) : this;
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
