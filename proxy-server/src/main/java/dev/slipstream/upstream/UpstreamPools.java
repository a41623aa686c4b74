package dev.slipstream.upstream;

import dev.slipstream.loop.Loop;
import dev.slipstream.route.ConnectionKey;
import dev.slipstream.route.Provider;
import java.util.HashMap;
import java.util.Map;

/** The pools of one loop, by connection settings. Confined to its loop, but for its making. */
public final class UpstreamPools {
    private final Loop loop;
    private final Map<ConnectionKey, UpstreamPool> pools = new HashMap<>();

    public UpstreamPools(Loop loop, SharedPools shared, Connector connector, ConnectionSettings settings) {
        this.loop = loop;
        for (PoolShare share : shared.shares()) {
            pools.put(share.key(), new UpstreamPool(loop, share, connector, settings));
        }
    }

    /** The pool that {@code provider} is reached by. */
    public UpstreamPool of(Provider provider) {
        UpstreamPool pool = pools.get(provider.connectionKey());
        if (pool == null) {
            throw new IllegalStateException("no pool for " + provider);
        }
        return pool;
    }

    /** Opens the warm connections; {@code then} is called when each is open or has failed; perhaps at once. */
    public void warmUp(Runnable then) {
        assert loop.isHere();
        int[] left = {pools.size() + 1};
        Runnable one = () -> {
            if (--left[0] == 0) {
                then.run();
            }
        };
        pools.values().forEach(pool -> pool.warmUp(one));
        one.run();
    }

    /** Once a second. */
    public void tick() {
        pools.values().forEach(UpstreamPool::tick);
    }

    /** Closes every connection. */
    public void close() {
        pools.values().forEach(UpstreamPool::close);
    }

    /** Connections opening or open, over all pools. */
    public int size() {
        return pools.values().stream().mapToInt(UpstreamPool::size).sum();
    }

    /** Connections with a request on them, over all pools. */
    public int activeCount() {
        return pools.values().stream().mapToInt(UpstreamPool::activeCount).sum();
    }
}
