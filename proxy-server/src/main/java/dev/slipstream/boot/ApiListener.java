package dev.slipstream.boot;

import dev.slipstream.config.HostPort;
import dev.slipstream.exchange.CurrentConfig;
import dev.slipstream.ingress.Acceptor;
import dev.slipstream.ingress.ClientLoop;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.loop.Transport;
import dev.slipstream.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The API's listening sockets: one for each address of the host that was asked for. */
final class ApiListener {
    private static final int BACKLOG = 1024;

    private final List<Channel> channels;
    private final List<Acceptor> acceptors;

    private ApiListener(List<Channel> channels, List<Acceptor> acceptors) {
        this.channels = channels;
        this.acceptors = acceptors;
    }

    /**
     * Listens on {@code address} with the loop {@code accepting}; waits for the bind, so never on a loop.
     *
     * @param tls what clients must speak; null: they speak without
     * @throws IOException if none of the host's addresses can be had
     */
    static ApiListener bind(
            HostPort address,
            Transport transport,
            EventLoop accepting,
            List<ClientLoop> loops,
            ExactLimit connections,
            CurrentConfig current,
            @Nullable ServerTls tls,
            BooleanSupplier mayGoOn)
            throws IOException {
        List<Channel> bound = new ArrayList<>();
        List<Acceptor> acceptors = new ArrayList<>();
        int port = address.port();
        Throwable refused = null;
        for (InetAddress each : InetAddress.getAllByName(address.host())) {
            Channel channel = new ReflectiveChannelFactory<ServerChannel>(transport.serverChannelType()).newChannel();
            channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
            Acceptor acceptor = new Acceptor(transport, loops, connections, current, tls, mayGoOn);
            channel.pipeline().addLast(acceptor);
            Throwable failure = bind(channel, accepting, new InetSocketAddress(each, port));
            if (failure == null) {
                bound.add(channel);
                acceptors.add(acceptor);
                // A name of several addresses gets one port, the one that the first was given.
                port = ((InetSocketAddress) channel.localAddress()).getPort();
            } else {
                refused = failure;
            }
        }
        if (bound.isEmpty()) {
            throw new IOException("cannot listen on " + address, refused);
        }
        return new ApiListener(bound, acceptors);
    }

    private static @Nullable Throwable bind(Channel channel, EventLoop accepting, InetSocketAddress address) {
        var registered = accepting.register(channel).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            return registered.cause();
        }
        var bound = channel.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            channel.close().awaitUninterruptibly();
            return bound.cause();
        }
        return null;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channels.get(0).localAddress();
    }

    /** How often a client could not be accepted. Any thread. */
    long acceptFailures() {
        return acceptors.stream().mapToLong(Acceptor::failures).sum();
    }

    /** Stops listening and waits for it; never on a loop. */
    void close() {
        for (Channel channel : channels) {
            channel.close().awaitUninterruptibly();
        }
    }
}
