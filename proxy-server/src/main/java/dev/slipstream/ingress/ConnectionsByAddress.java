package dev.slipstream.ingress;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many connections each client address has; addresses without one are forgotten. Any thread. */
final class ConnectionsByAddress {
    private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();

    /**
     * Counts one more, unless there are {@code limit} already.
     *
     * @param address null: not known, not counted
     * @param limit 0: none
     */
    boolean tryAdd(@Nullable InetAddress address, int limit) {
        if (address == null) {
            return true;
        }
        int now = counts.merge(address, 1, Integer::sum);
        if (limit > 0 && now > limit) {
            remove(address);
            return false;
        }
        return true;
    }

    void remove(@Nullable InetAddress address) {
        if (address != null) {
            counts.computeIfPresent(address, (ignored, count) -> count == 1 ? null : count - 1);
        }
    }

    int addresses() {
        return counts.size();
    }
}
