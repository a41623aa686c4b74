package dev.slipstream.upstream;

import io.netty.channel.Channel;

/** A connection to a provider as its pool keeps it, whatever is spoken on it. On its loop alone. */
interface UpstreamConnection {
    Channel channel();

    /** Whether no request is on it. */
    boolean isIdle();

    /** Since when no request is on it; settled while {@link #isIdle()}. */
    long idleSinceNanos();

    /** Once a second. */
    void tick(long nowNanos);

    /** Ends it; the requests on it fail. */
    void close();
}
