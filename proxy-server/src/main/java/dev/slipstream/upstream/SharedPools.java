package dev.slipstream.upstream;

import dev.slipstream.route.ConnectionKey;
import dev.slipstream.route.Provider;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the loops' pools share, by connection settings. Immutable as a map; any thread. */
public final class SharedPools {
    private final Map<ConnectionKey, PoolShare> shares = new LinkedHashMap<>();

    public SharedPools(Collection<Provider> providers, int loops) {
        for (Provider provider : providers) {
            shares.computeIfAbsent(provider.connectionKey(), key -> new PoolShare(key, loops));
        }
    }

    Collection<PoolShare> shares() {
        return shares.values();
    }

    private PoolShare of(Provider provider) {
        PoolShare share = shares.get(provider.connectionKey());
        if (share == null) {
            throw new IllegalStateException("no pool for " + provider);
        }
        return share;
    }

    /** How many connections there may be at most, to all providers together. */
    public long maxConnections() {
        long sum = 0;
        for (ConnectionKey key : shares.keySet()) {
            int bound = key.pool().maxConnections();
            sum += bound == 0 ? Integer.MAX_VALUE : bound;
        }
        return sum;
    }

    /** Open connections without a request. */
    public int idleConnections(Provider provider) {
        return of(provider).idleConnections();
    }

    /** Connections with a request on them. */
    public int activeConnections(Provider provider) {
        return of(provider).activeConnections();
    }

    /** Connections open or opening: never more than the pool's bound. */
    public int connections(Provider provider) {
        return of(provider).connections();
    }

    /** Bytes that wait for providers to take them. */
    public long queuedBytes() {
        return shares.values().stream().mapToLong(PoolShare::queuedBytes).sum();
    }

    /** Requests that wait for a connection. */
    public int waiters(Provider provider) {
        return of(provider).waiters().used();
    }
}
