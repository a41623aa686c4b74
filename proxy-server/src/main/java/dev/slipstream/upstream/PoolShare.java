package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.limit.ExactLimit;
import dev.slipstream.loop.WriteQueue;
import dev.slipstream.route.ConnectionKey;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pools of one {@link ConnectionKey} share over the loops: the permits that bound their connections exactly, and
 * who waits for one.
 *
 * <p>A permit belongs to a connection from before its connect until it is closed. A loop that is refused one publishes
 * that it waits, and only then looks for idle connections of others; a loop whose connection falls idle puts it on view,
 * and only then looks for others that wait. So of the two at least one sees the other, and nobody waits beside an idle
 * connection. Any thread.
 */
final class PoolShare {
    /** Ints and longs are kept this far apart, so that each loop writes its own cache line. */
    private static final int STRIDE = 16;

    /** A loop with waiters of its own gives way to another's only if that one is older by this much. */
    private static final long FAIRNESS_NANOS = 5_000_000;

    private static final long NOBODY = Long.MAX_VALUE;
    private static final int NO_LOOP = -1;
    private static final Logger LOG = LoggerFactory.getLogger(PoolShare.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;

    private final ConnectionKey key;
    private final ExactLimit permits;
    private final ExactLimit waiters;
    private final @Nullable UpstreamPool[] pools;
    private final AtomicLongArray oldestWaiter;
    private final AtomicIntegerArray idle;
    private final AtomicIntegerArray active;
    private final AtomicLong lastWarningNanos = new AtomicLong(NEVER);
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    PoolShare(ConnectionKey key, int loops) {
        this.key = key;
        this.permits = new ExactLimit(key.pool().maxConnections());
        this.waiters = new ExactLimit(key.pool().waiters());
        this.pools = new UpstreamPool[loops];
        this.oldestWaiter = new AtomicLongArray((loops + 1) * STRIDE);
        this.idle = new AtomicIntegerArray((loops + 1) * STRIDE);
        this.active = new AtomicIntegerArray((loops + 1) * STRIDE);
        for (int loop = 0; loop < loops; loop++) {
            oldestWaiter.set(at(loop), NOBODY);
        }
    }

    private static int at(int loop) {
        return (loop + 1) * STRIDE - 1;
    }

    /** Before the loops run. */
    void register(UpstreamPool pool, int loop) {
        pools[loop] = pool;
    }

    /** {@code channel} is open until {@link #closed}. */
    void opened(Channel channel) {
        open.add(channel);
    }

    void closed(Channel channel) {
        open.remove(channel);
    }

    /** Bytes that wait for the provider to take them; any thread. */
    long queuedBytes() {
        long bytes = 0;
        for (Channel channel : open) {
            bytes += WriteQueue.bytesOf(channel);
        }
        return bytes;
    }

    ConnectionKey key() {
        return key;
    }

    ExactLimit waiters() {
        return waiters;
    }

    boolean tryAcquirePermit() {
        return permits.tryAcquire();
    }

    /** Since when the oldest unserved waiter of {@code loop} waits; on that loop. */
    void publishWaiter(int loop, boolean waits, long sinceNanos) {
        // NOBODY is a time no clock reaches; a clock at that very value would be off by one nanosecond.
        oldestWaiter.set(at(loop), waits ? Math.min(sinceNanos, NOBODY - 1) : NOBODY);
    }

    /** How many connections of {@code loop} are idle and in use; on that loop. */
    void publishConnections(int loop, int idleNow, int activeNow) {
        idle.set(at(loop), idleNow);
        active.set(at(loop), activeNow);
    }

    /** A permit of {@code loop} has become free: hands it to who waits longest, or puts it back. */
    void releasePermit(int loop) {
        int waiting = longestWaiting(loop, NO_LOOP);
        if (waiting != NO_LOOP && grant(waiting)) {
            return;
        }
        permits.release();
        // Somebody may have been refused between the look and the release.
        waiting = longestWaiting(loop, NO_LOOP);
        if (waiting != NO_LOOP && permits.tryAcquire() && !grant(waiting)) {
            permits.release();
        }
    }

    private boolean grant(int loop) {
        UpstreamPool pool = pools[loop];
        if (pool == null) {
            return false;
        }
        if (pool.loop().isHere()) {
            pool.onPermit();
            return true;
        }
        try {
            pool.loop().eventLoop().execute(pool::onPermit);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /**
     * Whether a connection of {@code loop} that has just become free should be given up for another loop.
     *
     * @param waits whether the loop has waiters of its own, the oldest since {@code sinceNanos}
     */
    boolean shouldYield(int loop, boolean waits, long sinceNanos) {
        int other = longestWaiting(loop, loop);
        if (other == NO_LOOP) {
            return false;
        }
        long otherSince = oldestWaiter.get(at(other));
        return otherSince != NOBODY && (!waits || sinceNanos - otherSince > FAIRNESS_NANOS);
    }

    /** Whether a loop other than {@code loop} waits. */
    boolean somebodyElseWaits(int loop) {
        return longestWaiting(loop, loop) != NO_LOOP;
    }

    /** The loop whose waiter is oldest, the asking one first among equals; not {@code except}. */
    private int longestWaiting(int loop, int except) {
        int found = NO_LOOP;
        long since = NOBODY;
        for (int i = 0; i < pools.length; i++) {
            int candidate = (loop + i) % pools.length;
            long waitsSince = oldestWaiter.get(at(candidate));
            if (candidate != except && waitsSince != NOBODY && (found == NO_LOOP || waitsSince - since < 0)) {
                found = candidate;
                since = waitsSince;
            }
        }
        return found;
    }

    /** Asks the loop with the most idle connections, if any other has one, to give one up. */
    void askForIdle(int loop) {
        int most = 0;
        UpstreamPool holder = null;
        for (int i = 0; i < pools.length; i++) {
            int idleThere = idle.get(at(i));
            if (i != loop && idleThere > most) {
                most = idleThere;
                holder = pools[i];
            }
        }
        if (holder == null) {
            return;
        }
        try {
            holder.loop().eventLoop().execute(holder::onIdleWanted);
        } catch (RejectedExecutionException ended) {
            // That loop is gone; so will this one be.
        }
    }

    /** No connection came about: said in the log, at most once a minute. */
    void warnOfFailedConnect(FailureKind kind, String detail, long nowNanos) {
        long last = lastWarningNanos.get();
        boolean quiet = last != NEVER && nowNanos - last < QUIET_NANOS;
        if (!quiet && lastWarningNanos.compareAndSet(last, nowNanos)) {
            LOG.warn("no connection to {}: {} ({})", key.address(), kind.word(), detail);
        }
    }

    /** Connections open or opening. */
    int connections() {
        return permits.used();
    }

    int idleConnections() {
        return sum(idle);
    }

    int activeConnections() {
        return sum(active);
    }

    private int sum(AtomicIntegerArray counts) {
        int sum = 0;
        for (int loop = 0; loop < pools.length; loop++) {
            sum += counts.get(at(loop));
        }
        return sum;
    }
}
