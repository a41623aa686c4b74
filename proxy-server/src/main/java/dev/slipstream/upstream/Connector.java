package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.route.ConnectionKey;
import io.netty.channel.ChannelHandler;

/** Opens connections; the tests have one without sockets. */
public interface Connector {
    /**
     * What a connection attempt came to; told on the loop, exactly one of the two, and never from inside {@link
     * Connector#connect}: who asks again at every failure would nest as deep as there are requests.
     */
    interface Outcome {
        /** The connection stands; its handler has been told before, by {@code channelActive}. */
        void onConnected();

        /** None of the provider's addresses answered within the deadline. */
        void onConnectFailed(FailureKind kind, String detail);
    }

    /** Opens a connection on {@code loop} with {@code handler} at the end of its pipeline. */
    void connect(Loop loop, ConnectionKey key, ChannelHandler handler, Outcome outcome);
}
