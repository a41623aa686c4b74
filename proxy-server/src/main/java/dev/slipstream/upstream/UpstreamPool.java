package dev.slipstream.upstream;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one loop to one {@link dev.slipstream.route.ConnectionKey}. Idle ones are used newest first, so
 * that the surplus ages at the other end. Requests that find none wait in order; {@link PoolShare} bounds connections and
 * waiters over all loops. Confined to its loop. It changes its state first and calls out last.
 */
public final class UpstreamPool {
    /** A provider that refuses connections is not asked again for a warm one before this. */
    private static final long WARM_BACKOFF_NANOS = 1_000_000_000L;

    private static final class Waiter {
        final StreamRequester requester;
        final long sinceNanos;

        Waiter(StreamRequester requester, long sinceNanos) {
            this.requester = requester;
            this.sinceNanos = sinceNanos;
        }
    }

    private final Loop loop;
    private final PoolShare share;
    private final Connector connector;
    private final ConnectionSettings settings;
    private final ArrayDeque<H1Connection> idle = new ArrayDeque<>();
    private final List<H1Connection> open = new ArrayList<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int connecting;
    private boolean closed;
    private long warmNotBeforeNanos;
    private @Nullable Runnable onWarm;

    UpstreamPool(Loop loop, PoolShare share, Connector connector, ConnectionSettings settings) {
        this.loop = loop;
        this.share = share;
        this.connector = connector;
        this.settings = settings;
        this.warmNotBeforeNanos = loop.nanoTime();
        share.register(this, loop.index());
    }

    Loop loop() {
        return loop;
    }

    ConnectionSettings settings() {
        return settings;
    }

    // ------------------------------------------------------------------ asking

    /** Asks for a stream; {@code requester} is told, perhaps before this returns. */
    public void acquire(StreamRequester requester) {
        assert loop.isHere();
        if (closed) {
            requester.onNoStream(FailureKind.DRAINING, "shutting down");
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
        if (!share.waiters().tryAcquire()) {
            requester.onNoStream(FailureKind.OVERLOADED, "too many requests wait for a connection");
            return;
        }
        waiters.addLast(new Waiter(requester, loop.nanoTime()));
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
        await(requester);
        H1Connection oldest = waiters.size() > connecting ? idle.pollFirst() : null;
        if (oldest != null) {
            // Every permit is taken: this one's will do.
            publishConnections();
            oldest.close();
        }
    }

    /** {@code requester} waits no longer; it is not told anything more. */
    public void withdraw(StreamRequester requester) {
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            if (each.next().requester == requester) {
                each.remove();
                share.waiters().release();
                publishWaiters();
                return;
            }
        }
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

    private void connectForWaiters() {
        while (waiters.size() > connecting && share.tryAcquirePermit()) {
            connect();
        }
        publishWaiters();
        if (waiters.size() > connecting) {
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
        H1Connection connection = new H1Connection(this);
        connector.connect(loop, share.key(), connection, new Connector.Outcome() {
            @Override
            public void onConnected() {
                UpstreamPool.this.onConnected(connection);
            }

            @Override
            public void onConnectFailed(FailureKind kind, String detail) {
                UpstreamPool.this.onConnectFailed(kind, detail);
            }
        });
    }

    // ------------------------------------------------------------------ what comes of it

    private void onConnected(H1Connection connection) {
        connecting--;
        if (closed) {
            connection.close();
            return;
        }
        open.add(connection);
        share.opened(connection.channel());
        loop.flushes().begin();
        serveOrKeep(connection, false);
        loop.flushes().end();
        told();
    }

    private void onConnectFailed(FailureKind kind, String detail) {
        connecting--;
        warmNotBeforeNanos = loop.nanoTime() + WARM_BACKOFF_NANOS;
        Waiter failed = waiters.size() > connecting ? waiters.pollFirst() : null;
        if (failed != null) {
            share.waiters().release();
        }
        publishWaiters();
        share.releasePermit(loop.index());
        told();
        if (failed != null) {
            failed.requester.onNoStream(kind, detail);
        }
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
        if (!closed && waiters.size() > connecting) {
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
        H1Connection oldest = idle.pollFirst();
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
        if (closed) {
            connection.close();
            return;
        }
        Waiter first = waiters.peekFirst();
        if (share.shouldYield(loop.index(), first != null, first == null ? 0 : first.sinceNanos)) {
            connection.close();
            return;
        }
        serveOrKeep(connection, true);
    }

    /** @param connection an open one that is not among the idle */
    private void serveOrKeep(H1Connection connection, boolean reused) {
        Waiter next = waiters.pollFirst();
        if (next != null) {
            share.waiters().release();
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

    /** {@code connection}, which had been connected, is closed: its permit is free. */
    void onClosed(H1Connection connection) {
        open.remove(connection);
        share.closed(connection.channel());
        idle.remove(connection);
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
        List<H1Connection> expired = new ArrayList<>();
        for (H1Connection connection : idle) {
            if (idleNanos == 0 || expired.size() >= surplus || now - connection.idleSinceNanos() < idleNanos) {
                break;
            }
            expired.add(connection);
        }
        expired.forEach(H1Connection::close);
        if (now - warmNotBeforeNanos >= 0) {
            keepWarm();
        }
    }

    private void keepWarm() {
        int wanted = share.key().pool().warmPerLoop();
        while (!closed && open.size() + connecting < wanted && share.tryAcquirePermit()) {
            connect();
        }
    }

    /** Closes every connection and fails who waits. What is under way on a connection fails with it. */
    void close() {
        assert loop.isHere();
        closed = true;
        for (Waiter waiter = waiters.pollFirst(); waiter != null; waiter = waiters.pollFirst()) {
            share.waiters().release();
            publishWaiters();
            waiter.requester.onNoStream(FailureKind.DRAINING, "shutting down");
        }
        publishWaiters();
        List.copyOf(open).forEach(H1Connection::close);
    }

    /** Connections opening or open. */
    int size() {
        return open.size() + connecting;
    }

    int activeCount() {
        return open.size() - idle.size();
    }

    int idleCount() {
        return idle.size();
    }

    int waiterCount() {
        return waiters.size();
    }

    private void publishConnections() {
        share.publishConnections(loop.index(), idle.size(), open.size() - idle.size());
    }

    private void publishWaiters() {
        Waiter oldest = waiters.size() > connecting ? waiters.peekFirst() : null;
        share.publishWaiter(loop.index(), oldest != null, oldest == null ? 0 : oldest.sinceNanos);
    }
}
