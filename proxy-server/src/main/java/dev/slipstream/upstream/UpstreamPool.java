package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.route.ConnectionKey;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one {@link dev.slipstream.route.ConnectionKey}. {@link PoolShare} bounds connections
 * and waiters over all loops. Confined to its loop. It changes its state first and calls out last.
 *
 * <h2>HTTP/1.1</h2>
 *
 * A connection carries one request. Idle ones are used newest first, so that the surplus ages at the other end.
 *
 * <h2>HTTP/2</h2>
 *
 * A request goes to the connection with the fewest on it, and where all are nearly full another one is opened meanwhile.
 *
 * <h2>Waiting</h2>
 *
 * Requests that find no place wait in order. A connection that is being opened serves as many of them as it will have
 * places for: one where HTTP/1.1 is spoken, {@code pool.max_streams} where HTTP/2 is or may be. Only those beyond that
 * count against {@code pool.waiters}. If it turns out to speak HTTP/1.1, the others are given connections of their own.
 */
public final class UpstreamPool {
    /** A provider that refuses connections is not asked again for a warm one before this. */
    private static final long WARM_BACKOFF_NANOS = 1_000_000_000L;

    private static final class Waiter {
        final StreamRequester requester;
        final long sinceNanos;
        /** Whether it holds one of the places of {@code pool.waiters}. */
        final boolean counted;

        Waiter(StreamRequester requester, long sinceNanos, boolean counted) {
            this.requester = requester;
            this.sinceNanos = sinceNanos;
            this.counted = counted;
        }
    }

    private final Loop loop;
    private final PoolShare share;
    private final Connector connector;
    private final ConnectionSettings settings;
    private final SpareHead spareHead = new SpareHead();
    /** All that are open. */
    private final List<UpstreamConnection> open = new ArrayList<>();
    /** Of those, the HTTP/1.1 ones without a request, oldest first. */
    private final ArrayDeque<H1Connection> idle = new ArrayDeque<>();
    /** Of those, the HTTP/2 ones. */
    private final List<H2Connection> multiplexed = new ArrayList<>();

    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int connecting;
    /** How many requests a connection that is being opened will serve, as far as is known. */
    private int perConnect;

    private boolean closed;
    private long warmNotBeforeNanos;
    private @Nullable Runnable onWarm;

    UpstreamPool(Loop loop, PoolShare share, Connector connector, ConnectionSettings settings) {
        this.loop = loop;
        this.share = share;
        this.connector = connector;
        this.settings = settings;
        this.perConnect = mayBeHttp2(share.key()) ? maxStreams() : 1;
        this.warmNotBeforeNanos = loop.nanoTime();
        share.register(this, loop.index());
    }

    private static boolean mayBeHttp2(ConnectionKey key) {
        return switch (key.http()) {
            case HTTP_1_1 -> false;
            case HTTP_2, H2C -> true;
            case AUTO -> key.tls() != null;
        };
    }

    Loop loop() {
        return loop;
    }

    ConnectionSettings settings() {
        return settings;
    }

    /** For the head of an answer, while it is read. */
    SpareHead spareHead() {
        return spareHead;
    }

    /** {@code pool.max_streams}. */
    int maxStreams() {
        return share.key().pool().maxStreams();
    }

    boolean isTls() {
        return share.key().tls() != null;
    }

    /** {@code timeouts.connect}; 0: none. */
    long connectNanos() {
        return share.key().connectNanos();
    }

    // ------------------------------------------------------------------ asking

    /** Asks for a stream; {@code requester} is told, perhaps before this returns. */
    public void acquire(StreamRequester requester) {
        assert loop.isHere();
        if (closed) {
            requester.onNoStream(FailureKind.DRAINING, "shutting down");
            return;
        }
        H2Connection shared = leastLoaded();
        if (shared != null) {
            serve(requester, shared);
            growIfCrowded();
            return;
        }
        H1Connection connection = takeIdle();
        if (connection != null) {
            loop.metrics().upstreamAcquired(true);
            requester.onStream(connection, true);
            return;
        }
        await(requester);
    }

    private void await(StreamRequester requester) {
        boolean wanted = needed(waiters.size() + 1) > connecting;
        await(requester, wanted && share.tryAcquirePermit());
    }

    /** @param permit whether a connection is to be opened for it, on a permit that is held already */
    private void await(StreamRequester requester, boolean permit) {
        boolean counted = !permit && waiters.size() >= served();
        if (counted && !share.waiters().tryAcquire()) {
            requester.onNoStream(FailureKind.OVERLOADED, "too many requests wait for a connection");
            return;
        }
        waiters.addLast(new Waiter(requester, loop.nanoTime(), counted));
        if (permit) {
            connect();
        }
        connectForWaiters();
    }

    /**
     * As {@link #acquire}, but not one that has stood idle: for a request that found such a one dead. A provider that
     * restarts ends all of them, and the news of each comes on its own.
     */
    public void acquireFresh(StreamRequester requester) {
        assert loop.isHere();
        if (closed) {
            requester.onNoStream(FailureKind.DRAINING, "shutting down");
            return;
        }
        boolean permit = waiters.size() >= served() && share.tryAcquirePermit();
        if (!permit && waiters.size() >= served() && leastLoaded() != null) {
            acquire(requester);
            return;
        }
        await(requester, permit);
        H1Connection oldest = needed(waiters.size()) > connecting ? idle.pollFirst() : null;
        if (oldest != null) {
            // Every permit is taken: this one's will do.
            publishConnections();
            oldest.close();
        }
    }

    /** {@code requester} waits no longer; it is not told anything more. */
    public void withdraw(StreamRequester requester) {
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.requester == requester) {
                each.remove();
                release(waiter);
                publishWaiters();
                return;
            }
        }
    }

    private void release(Waiter waiter) {
        if (waiter.counted) {
            share.waiters().release();
        }
    }

    private @Nullable Waiter pollWaiter() {
        Waiter next = waiters.pollFirst();
        if (next != null) {
            release(next);
        }
        return next;
    }

    private @Nullable H1Connection takeIdle() {
        H1Connection connection = idle.pollLast();
        while (connection != null && !connection.isUsable()) {
            // Its close is on the way and will find it gone from here.
            connection = idle.pollLast();
        }
        publishConnections();
        return connection;
    }

    private @Nullable H2Connection leastLoaded() {
        H2Connection found = null;
        for (int i = 0; i < multiplexed.size(); i++) {
            H2Connection each = multiplexed.get(i);
            if (each.hasRoom() && (found == null || each.active() < found.active())) {
                found = each;
            }
        }
        return found;
    }

    private void serve(StreamRequester requester, H2Connection connection) {
        boolean reused = connection.isUsed();
        H2UpstreamStream stream = connection.open();
        publishConnections();
        loop.metrics().upstreamAcquired(reused);
        requester.onStream(stream, reused);
    }

    /** Opens another one before the last place is taken. */
    private void growIfCrowded() {
        if (connecting > 0) {
            return;
        }
        for (int i = 0; i < multiplexed.size(); i++) {
            H2Connection each = multiplexed.get(i);
            if (each.isOpen() && !each.isCrowded()) {
                return;
            }
        }
        if (share.tryAcquirePermit()) {
            connect();
        }
    }

    /** How many waiters the connections that are being opened will serve. */
    private long served() {
        return (long) connecting * perConnect;
    }

    /** How many connections should be opening for {@code count} waiters. */
    private int needed(int count) {
        for (int i = 0; i < multiplexed.size(); i++) {
            H2Connection each = multiplexed.get(i);
            if (each.isOpen() && each.isIdle() && !each.hasRoom()) {
                // The provider allows no stream at all now; more connections would not change that.
                return 0;
            }
        }
        return (count + perConnect - 1) / perConnect;
    }

    private void connectForWaiters() {
        while (needed(waiters.size()) > connecting && share.tryAcquirePermit()) {
            connect();
        }
        publishWaiters();
        if (needed(waiters.size()) > connecting) {
            // Published first, asked second: see PoolShare.
            if (share.tryAcquirePermit()) {
                connect();
                publishWaiters();
            } else {
                share.askForIdle(loop.index());
            }
        }
    }

    /** Opens a connection on a permit that is held already. */
    private void connect() {
        connecting++;
        connector.connect(loop, share.key(), new Connector.Outcome() {
            @Override
            public void onConnected(Channel channel, boolean http2) {
                UpstreamPool.this.onConnected(channel, http2);
            }

            @Override
            public void onConnectFailed(FailureKind kind, String detail) {
                UpstreamPool.this.onConnectFailed(kind, detail);
            }
        });
    }

    // ------------------------------------------------------------------ what comes of it

    private void onConnected(Channel channel, boolean http2) {
        connecting--;
        perConnect = http2 ? maxStreams() : 1;
        share.opened(channel);
        loop.flushes().begin();
        if (http2) {
            H2Connection connection = new H2Connection(this, isTls());
            open.add(connection);
            multiplexed.add(connection);
            connection.addTo(channel);
            if (closed) {
                connection.close();
            } else {
                serveWaiters(connection);
            }
        } else {
            H1Connection connection = new H1Connection(this, isTls());
            open.add(connection);
            channel.pipeline().addLast(connection);
            if (closed) {
                connection.close();
            } else {
                serveOrKeep(connection, false);
                // Those who hoped for a place beside it.
                connectForWaiters();
            }
        }
        loop.flushes().end();
        told();
    }

    private void onConnectFailed(FailureKind kind, String detail) {
        connecting--;
        long now = loop.nanoTime();
        warmNotBeforeNanos = now + WARM_BACKOFF_NANOS;
        List<Waiter> failed = new ArrayList<>();
        for (int i = 0; i < perConnect && waiters.size() > served(); i++) {
            Waiter waiter = pollWaiter();
            if (waiter != null) {
                failed.add(waiter);
            }
        }
        if (failed.isEmpty()) {
            // Nobody else would tell.
            share.warnOfFailedConnect(kind, detail, now);
        }
        publishWaiters();
        share.releasePermit(loop.index());
        told();
        failed.forEach(waiter -> waiter.requester.onNoStream(kind, detail));
    }

    /** The provider did not want a connection that had seemed to stand; it is about to be closed. */
    void onRefused(String detail) {
        long now = loop.nanoTime();
        warmNotBeforeNanos = now + WARM_BACKOFF_NANOS;
        share.warnOfFailedConnect(FailureKind.UPSTREAM_TLS, detail, now);
    }

    private void told() {
        if (onWarm != null && connecting == 0) {
            Runnable then = onWarm;
            onWarm = null;
            then.run();
        }
    }

    /** A permit was handed over; on this loop. */
    void onPermit() {
        if (!closed && needed(waiters.size()) > connecting) {
            connect();
            publishWaiters();
        } else {
            publishWaiters();
            share.releasePermit(loop.index());
        }
    }

    /** Another loop wants a connection's permit; on this loop. */
    void onIdleWanted() {
        if (!share.somebodyElseWaits(loop.index())) {
            return;
        }
        // Gone from here before its close is told, so that whoever asks next is given another one.
        UpstreamConnection oldest = idle.pollFirst();
        for (int i = 0; oldest == null && i < multiplexed.size(); i++) {
            if (multiplexed.get(i).isIdle()) {
                oldest = multiplexed.remove(i);
            }
        }
        if (oldest == null) {
            // It was taken since it was seen; somebody else may have one.
            share.askForIdle(loop.index());
            return;
        }
        publishConnections();
        oldest.close();
    }

    /** The request on {@code connection} is over and another may follow. */
    void onFree(H1Connection connection) {
        if (closed || shouldYield()) {
            connection.close();
            return;
        }
        serveOrKeep(connection, true);
    }

    private boolean shouldYield() {
        Waiter first = waiters.peekFirst();
        return share.shouldYield(loop.index(), first != null, first == null ? 0 : first.sinceNanos);
    }

    /** @param connection an open one that is not among the idle */
    private void serveOrKeep(H1Connection connection, boolean reused) {
        Waiter next = pollWaiter();
        if (next != null) {
            publishWaiters();
            publishConnections();
            loop.metrics().upstreamAcquired(reused);
            next.requester.onStream(connection, reused);
            return;
        }
        connection.setIdleSince(loop.nanoTime());
        idle.addLast(connection);
        publishConnections();
        if (share.shouldYield(loop.index(), false, 0)) {
            onIdleWanted();
        }
    }

    /** There may be a place on {@code connection} where there was none. */
    void onRoom(H2Connection connection) {
        if (closed) {
            return;
        }
        publishConnections();
        if (shouldYield()) {
            // Another loop has waited longer: this one takes no more, and leaves its permit when it is empty.
            connection.drain();
            return;
        }
        serveWaiters(connection);
    }

    private void serveWaiters(H2Connection connection) {
        while (connection.hasRoom()) {
            Waiter next = pollWaiter();
            if (next == null) {
                break;
            }
            publishWaiters();
            serve(next.requester, connection);
        }
        if (!waiters.isEmpty()) {
            connectForWaiters();
        }
        publishConnections();
    }

    /** {@code connection} takes no requests any more, those on it go on. */
    void onGoingAway(H2Connection connection) {
        multiplexed.remove(connection);
        publishConnections();
        if (!closed && !waiters.isEmpty()) {
            connectForWaiters();
        }
    }

    /** {@code connection} is closed: its permit is free. */
    void onClosed(UpstreamConnection connection) {
        open.remove(connection);
        share.closed(connection.channel());
        idle.remove(connection);
        multiplexed.remove(connection);
        publishConnections();
        share.releasePermit(loop.index());
        if (!closed) {
            connectForWaiters();
        }
    }

    // ------------------------------------------------------------------ keeping

    /** Opens the warm connections and calls {@code then} when each is open or has failed; perhaps at once. */
    void warmUp(Runnable then) {
        onWarm = then;
        keepWarm();
        told();
    }

    /** Once a second: lets idle connections beyond the warm ones go, and replaces warm ones that are gone. */
    void tick() {
        long now = loop.nanoTime();
        long idleNanos = share.key().pool().idleNanos();
        int surplus = open.size() - share.key().pool().warmPerLoop();
        List<UpstreamConnection> expired = new ArrayList<>();
        for (UpstreamConnection connection : open) {
            boolean old = connection.isIdle() && now - connection.idleSinceNanos() >= idleNanos;
            if (idleNanos > 0 && old && expired.size() < surplus) {
                expired.add(connection);
            }
        }
        expired.forEach(UpstreamConnection::close);
        List.copyOf(open).forEach(connection -> connection.tick(now));
        if (now - warmNotBeforeNanos >= 0) {
            keepWarm();
        }
    }

    private void keepWarm() {
        int wanted = share.key().pool().warmPerLoop();
        while (!closed && usable() + connecting < wanted && share.tryAcquirePermit()) {
            connect();
        }
    }

    /** Open connections without those that are going away. */
    private int usable() {
        int usable = 0;
        for (UpstreamConnection connection : open) {
            if (!(connection instanceof H2Connection shared) || shared.isOpen()) {
                usable++;
            }
        }
        return usable;
    }

    /** Closes every connection and fails who waits. What is under way on a connection fails with it. */
    void close() {
        assert loop.isHere();
        closed = true;
        for (Waiter waiter = pollWaiter(); waiter != null; waiter = pollWaiter()) {
            publishWaiters();
            waiter.requester.onNoStream(FailureKind.DRAINING, "shutting down");
        }
        publishWaiters();
        List.copyOf(open).forEach(UpstreamConnection::close);
    }

    /** Connections opening or open. */
    int size() {
        return open.size() + connecting;
    }

    int activeCount() {
        return open.size() - idleCount();
    }

    int idleCount() {
        int count = idle.size();
        for (int i = 0; i < multiplexed.size(); i++) {
            if (multiplexed.get(i).isIdle()) {
                count++;
            }
        }
        return count;
    }

    int waiterCount() {
        return waiters.size();
    }

    private void publishConnections() {
        int idleNow = idleCount();
        share.publishConnections(loop.index(), idleNow, open.size() - idleNow);
    }

    private void publishWaiters() {
        Waiter oldest = needed(waiters.size()) > connecting ? waiters.peekFirst() : null;
        share.publishWaiter(loop.index(), oldest != null, oldest == null ? 0 : oldest.sinceNanos);
    }
}
