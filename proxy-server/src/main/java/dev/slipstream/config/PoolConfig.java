package dev.slipstream.config;

import org.jspecify.annotations.Nullable;

/**
 * Connections to one provider.
 *
 * @param maxConnections of the whole process, exact
 * @param warmPerLoop connections that each loop opens at start and keeps
 * @param idleNanos after which an unused connection beyond the warm ones is closed
 * @param waiters requests of the whole process that may wait for a connection
 * @param maxStreams streams of one HTTP/2 connection
 */
public record PoolConfig(int maxConnections, int warmPerLoop, long idleNanos, int waiters, int maxStreams) {
    // As HostPort's.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PoolConfig that
                && maxConnections == that.maxConnections
                && warmPerLoop == that.warmPerLoop
                && idleNanos == that.idleNanos
                && waiters == that.waiters
                && maxStreams == that.maxStreams;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * maxConnections + warmPerLoop) + Long.hashCode(idleNanos);
    }
}
