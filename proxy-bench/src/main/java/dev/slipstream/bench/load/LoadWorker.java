package dev.slipstream.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One loop's share of a run: its connections, the requests that are due, and what became of them. All but the constructor and
 * the futures is confined to the loop.
 *
 * <p><b>Bounds.</b> Connections, requests on each and those that wait for one are bounded by the plan; every request ends by
 * the plan's timeout, and with the last of them the share ends.
 */
final class LoadWorker {
    static final int CONNECT_MILLIS = 10_000;

    private static final int SCRATCH_BYTES = 16 * 1024;
    private static final long SWEEP_MILLIS = 50;
    private static final long RECONNECT_MILLIS = 100;

    private final LoadPlan plan;
    private final LoadTarget target;
    private final LoadRequests requests;
    private final @Nullable ClientTls tls;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final int index;
    private final int connectionLimit;
    private final LoadArrivals arrivals;
    /** Of all workers: one overran, so nobody goes on. */
    private final AtomicBoolean stopped;

    private final LoadResults results = new LoadResults();
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final ArrayDeque<LoadConnection> withRoom = new ArrayDeque<>();
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ArrayDeque<LoadCall> spare = new ArrayDeque<>();
    private final LongQueue waiting;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<LoadResults> ended = new CompletableFuture<>();
    private final Runnable tick = this::onTick;

    private int opening;
    private int underWay;
    private boolean running;
    private long startNanos;
    private @Nullable Throwable failure;
    private @Nullable ScheduledFuture<?> sweep;

    LoadWorker(
            LoadPlan plan,
            LoadTarget target,
            LoadRequests requests,
            @Nullable ClientTls tls,
            EventLoop loop,
            InetSocketAddress address,
            int index,
            AtomicBoolean stopped) {
        this.plan = plan;
        this.target = target;
        this.requests = requests;
        this.tls = tls;
        this.loop = loop;
        this.address = address;
        this.index = index;
        this.stopped = stopped;
        this.connectionLimit = share(plan.connections());
        this.arrivals = new LoadArrivals(plan, index);
        this.waiting = new LongQueue(
                plan.pace() instanceof Pace.Closed closed ? share(closed.concurrency()) : share(plan.queue()));
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(plan.transport().channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }

    /** Of a figure of the plan, so that the shares of all workers are the whole. */
    private int share(int whole) {
        return whole / plan.loops() + (index < whole % plan.loops() ? 1 : 0);
    }

    /** Opens the connections of a warm run. Completes when all stand, or with why the first did not. */
    CompletableFuture<Void> open() {
        loop.execute(() -> {
            if (plan.cold()) {
                opened.complete(null);
                return;
            }
            opening = connectionLimit;
            for (int i = 0; i < connectionLimit; i++) {
                connect(null);
            }
        });
        return opened;
    }

    /** Begins at a time; completes when all requests have ended. Only behind {@link #open}. */
    CompletableFuture<LoadResults> run(long startNanos) {
        loop.execute(() -> {
            this.startNanos = startNanos;
            running = true;
            sweep = loop.scheduleAtFixedRate(this::onSweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
            schedule(startNanos);
        });
        return ended;
    }

    LoadResults results() {
        return results;
    }

    /** For whoever looks into bytes, for the duration of a call. */
    byte[] scratch() {
        return scratch;
    }

    boolean isCold() {
        return plan.cold();
    }

    LoadRequests.Encoded encoded(LoadCall call) {
        return requests.of(call.kind());
    }

    /** Remembers why something went wrong: the first reason is told where no connection comes about. */
    void onFailure(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private void schedule(long atNanos) {
        loop.schedule(tick, Math.max(0, atNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void onTick() {
        if (stopped.get()) {
            stop();
            return;
        }
        if (plan.pace() instanceof Pace.Closed closed) {
            int concurrency = share(closed.concurrency());
            for (int i = 0; i < concurrency && running; i++) {
                nextOfClosed();
            }
            return;
        }
        // What falls due while others are sent is sent too, before the next wait.
        while (running && arrivals.hasNext(0)) {
            long now = System.nanoTime();
            long due = startNanos + arrivals.nextNanos(now - startNanos);
            if (due - now > 0) {
                schedule(due);
                return;
            }
            long ticket = arrivals.take(0);
            if (arrivals.isMeasured(ticket)) {
                results.record(Metric.LATENESS, now - due);
            }
            take(ticket, now);
        }
        endIfDone();
    }

    private void nextOfClosed() {
        long now = System.nanoTime();
        if (running && arrivals.hasNext(now - startNanos)) {
            take(arrivals.take(now - startNanos), now);
        } else {
            endIfDone();
        }
    }

    /** The request is due; sends it, or lets it wait for a connection. */
    private void take(long ticket, long nowNanos) {
        LoadConnection connection = nextWithRoom();
        if (connection != null) {
            send(connection, ticket, nowNanos);
        } else if (plan.cold() && connections.size() < connectionLimit) {
            underWay++;
            connect(call(ticket, nowNanos));
        } else if (!waiting.add(ticket)) {
            results.onOverrun();
            notSent(ticket);
            stopped.set(true);
            stop();
        }
    }

    private void stop() {
        running = false;
        while (!waiting.isEmpty()) {
            notSent(waiting.poll());
        }
        endIfDone();
    }

    private void notSent(long ticket) {
        if (arrivals.isMeasured(ticket)) {
            results.count(Outcome.NOT_SENT, 1);
        }
    }

    private @Nullable LoadConnection nextWithRoom() {
        for (LoadConnection next = withRoom.poll(); next != null; next = withRoom.poll()) {
            next.setListed(false);
            if (next.hasRoom()) {
                return next;
            }
        }
        return null;
    }

    private void send(LoadConnection connection, long ticket, long nowNanos) {
        underWay++;
        connection.send(call(ticket, nowNanos));
        // At the end of the list: all take turns.
        list(connection);
    }

    private LoadCall call(long ticket, long nowNanos) {
        LoadCall call = spare.poll();
        if (call == null) {
            call = new LoadCall();
        }
        RequestKind kind = plan.scenario().kind(plan.seed(), arrivals.number(ticket));
        call.begin(kind, arrivals.isMeasured(ticket), dueNanos(ticket), nowNanos);
        return call;
    }

    private long dueNanos(long ticket) {
        return startNanos + arrivals.dueNanos(ticket);
    }

    private void list(LoadConnection connection) {
        if (!connection.isListed() && connection.hasRoom()) {
            connection.setListed(true);
            withRoom.add(connection);
        }
    }

    /** A connection stands. */
    void onReady(LoadConnection connection) {
        LoadCall first = connection.takeFirst();
        if (first == null || first.isMeasured()) {
            results.record(Metric.CONNECT, System.nanoTime() - connection.openedNanos());
        }
        if (first != null) {
            connection.send(first);
            return;
        }
        if (opening > 0 && --opening == 0) {
            opened.complete(null);
        }
        onRoom(connection);
    }

    /** A connection can take a request, or one more. */
    void onRoom(LoadConnection connection) {
        while (!waiting.isEmpty() && connection.hasRoom()) {
            long now = System.nanoTime();
            long ticket = waiting.poll();
            if (dueNanos(ticket) + plan.timeout().toNanos() - now < 0) {
                expire(ticket);
            } else {
                send(connection, ticket, now);
            }
        }
        list(connection);
    }

    private void expire(long ticket) {
        if (arrivals.isMeasured(ticket)) {
            results.count(Outcome.TIMED_OUT, 1);
        }
        onEnded();
    }

    /** The call has ended, whatever way; it is not the connection's any more. */
    void onDone(LoadCall call, Outcome outcome, long nowNanos) {
        underWay--;
        if (call.isMeasured()) {
            results.add(call, outcome, encoded(call).size(), nowNanos);
        }
        spare.add(call);
        onEnded();
    }

    private void onEnded() {
        if (plan.pace() instanceof Pace.Closed && running) {
            nextOfClosed();
        } else {
            endIfDone();
        }
    }

    /** A connection has ended; all its calls have too. */
    void onGone(LoadConnection connection, boolean wasReady) {
        connections.remove(connection);
        if (!opened.isDone()) {
            opened.completeExceptionally(
                    failure == null ? new IllegalStateException("the connection was closed") : failure);
            return;
        }
        if (!running || ended.isDone()) {
            return;
        }
        if (plan.cold()) {
            openForWaiting();
        } else {
            results.onReconnect();
            loop.schedule(() -> connect(null), wasReady ? 0 : RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void openForWaiting() {
        while (!waiting.isEmpty() && connections.size() < connectionLimit) {
            underWay++;
            connect(call(waiting.poll(), System.nanoTime()));
        }
    }

    /** @param first the call a cold connection is for */
    private void connect(@Nullable LoadCall first) {
        if (ended.isDone()) {
            return;
        }
        LoadConnection connection = target.http2()
                ? new MultiplexedConnection(this, target.isSecure(), plan.cold() ? 1 : plan.streams())
                : new Http1Connection(this, target.isSecure());
        connection.setOpenedNanos(System.nanoTime());
        if (first != null) {
            connection.setFirst(first);
        }
        connections.add(connection);
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        if (tls != null) {
                            pipeline.addLast(tls.handler(channel.alloc()));
                        }
                        pipeline.addLast(connection.handler());
                        if (connection instanceof MultiplexedConnection multiplexed) {
                            pipeline.addLast(multiplexed.tail());
                        }
                    }
                })
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        onFailure(connected.cause());
                        connection.onConnectFailed();
                    }
                });
    }

    private void onSweep() {
        long before = System.nanoTime() - plan.timeout().toNanos();
        for (LoadConnection connection : new ArrayList<>(connections)) {
            connection.timeOut(before);
        }
        while (!waiting.isEmpty() && dueNanos(waiting.peek()) - before < 0) {
            expire(waiting.poll());
        }
        if (stopped.get() && running) {
            stop();
        }
    }

    private void endIfDone() {
        boolean more = running && arrivals.hasNext(System.nanoTime() - startNanos);
        if (more || underWay > 0 || !waiting.isEmpty() || ended.isDone()) {
            return;
        }
        running = false;
        if (sweep != null) {
            sweep.cancel(false);
        }
        ended.complete(results);
        for (LoadConnection connection : new ArrayList<>(connections)) {
            connection.close();
        }
    }
}
