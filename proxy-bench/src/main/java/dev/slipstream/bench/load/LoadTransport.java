package dev.slipstream.bench.load;

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
import io.netty.util.concurrent.DefaultThreadFactory;

/** How sockets are waited for. */
public enum LoadTransport {
    /** Native epoll where it loads, else the JDK's. */
    AUTO,
    EPOLL,
    NIO;

    /** @throws IllegalArgumentException if epoll is wanted and does not load */
    public boolean isEpoll() {
        return switch (this) {
            case AUTO -> Epoll.isAvailable();
            case NIO -> false;
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalArgumentException("epoll does not load here: " + Epoll.unavailabilityCause());
                }
                yield true;
            }
        };
    }

    /** Returns owned. */
    public EventLoopGroup group(int loops) {
        DefaultThreadFactory threads = new DefaultThreadFactory("load", true);
        return isEpoll() ? new EpollEventLoopGroup(loops, threads) : new NioEventLoopGroup(loops, threads);
    }

    public Class<? extends SocketChannel> channel() {
        return isEpoll() ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    public Class<? extends ServerChannel> serverChannel() {
        return isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    String label() {
        return isEpoll() ? "epoll" : "nio";
    }
}
