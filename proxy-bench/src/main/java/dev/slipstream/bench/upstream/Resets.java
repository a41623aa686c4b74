package dev.slipstream.bench.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannelConfig;

/** The hard end of a connection: RST, without a word of TLS or of HTTP/2. */
final class Resets {
    static final ChannelFutureListener RESET = written -> reset(written.channel());

    private Resets() {}

    private static void reset(Channel channel) {
        if (channel.config() instanceof SocketChannelConfig config && channel.isOpen()) {
            config.setSoLinger(0);
        }
        // From the first handler on, nobody is left who could say goodbye.
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }
}
