package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.route.ConnectionKey;
import io.netty.channel.Channel;

/** Opens connections; the tests have one without sockets. */
public interface Connector {
    /**
     * What a connection attempt came to; told on the loop, exactly one of the two, and never from inside {@link
     * Connector#connect}: who asks again at every failure would nest as deep as there are requests.
     */
    interface Outcome {
        /**
         * The connection stands, TLS and all; its pipeline waits for the handler of what is spoken on it, which is to be
         * added before this returns.
         */
        void onConnected(Channel channel, boolean http2);

        /** None of the provider's addresses answered within the deadline, or the one that did is not to be trusted. */
        void onConnectFailed(FailureKind kind, String detail);
    }

    /** Opens a connection on {@code loop}. */
    void connect(Loop loop, ConnectionKey key, Outcome outcome);
}
