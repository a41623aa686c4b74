package dev.slipstream.bench.streams;

import dev.slipstream.bench.load.LoadTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A provider of {@link StampedEvent}s over HTTP/1.1, as cheap as it can be: every event is a chunk and a write of its own. What
 * it does stands in double square brackets in a request's body: {@code [[events=N gap-nanos=G]]} is N events, one every so often,
 * the first with the head; {@code [[await=ID]]} is an event with the head, and each further one when {@link #next} says so, until
 * {@link #finish}.
 *
 * <p>Confined to its loop, {@link #start} and {@link #close} excepted. What is late by more than a gap is not made up for.
 */
final class EventProvider implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int MAX_REQUEST_BYTES = 1024 * 1024;
    /** Timers below it would cost the core more than the events. */
    private static final long LEAST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final EventLoop loop;
    private final Channel listener;
    private final PriorityQueue<EventStream> paced =
            new PriorityQueue<>(Comparator.comparingLong(EventStream::dueNanos));
    private final ArrayDeque<EventStream> dueNow = new ArrayDeque<>();
    private final IntObjectMap<EventStream> awaiting = new IntObjectHashMap<>();
    private final Runnable tick = this::onTick;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private boolean inTick;
    private int streams;

    private EventProvider(EventLoop loop, LoadTransport transport, int port) throws IOException {
        this.loop = loop;
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer())
                .bind(InetAddress.getLoopbackAddress(), port)
                .awaitUninterruptibly();
        this.listener = bound.channel();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on port " + port + ": " + bound.cause().getMessage(), bound.cause());
        }
    }

    /**
     * Listens on loopback.
     *
     * @param transport of the loop
     * @param port 0: any free one
     */
    static EventProvider start(EventLoop loop, LoadTransport transport, int port) throws IOException {
        return new EventProvider(loop, transport, port);
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Where in its first gap a stream's second event falls, 0 to 1: so that events of many streams do not come all at once. */
    double nextPhase() {
        double golden = streams++ * 0.6180339887498949;
        return golden - Math.floor(golden);
    }

    /** The stream will be asked for its next event when it is due. */
    void add(EventStream stream) {
        paced.add(stream);
        if (!inTick) {
            setTimer(stream.dueNanos());
        }
    }

    void add(int id, EventStream stream) {
        awaiting.put(id, stream);
    }

    /** The client has the last event of the stream {@code id}: it gets another. */
    void next(int id) {
        EventStream stream = awaiting.get(id);
        if (stream != null) {
            stream.next();
        }
    }

    /** The stream {@code id} ends. */
    void finish(int id) {
        EventStream stream = awaiting.remove(id);
        if (stream != null) {
            stream.end();
        }
    }

    private void onTick() {
        timer = null;
        inTick = true;
        long now = System.nanoTime();
        for (EventStream first = paced.peek(); first != null && first.dueNanos() - now <= 0; first = paced.peek()) {
            dueNow.add(first);
            paced.poll();
        }
        // None has two turns in one tick: reading has its turn in between.
        for (EventStream stream = dueNow.poll(); stream != null; stream = dueNow.poll()) {
            stream.next();
        }
        inTick = false;
        EventStream first = paced.peek();
        if (first != null) {
            setTimer(first.dueNanos());
        }
    }

    private void setTimer(long dueNanos) {
        if (timer != null) {
            if (dueNanos - timerNanos >= 0) {
                return;
            }
            timer.cancel(false);
        }
        timerNanos = dueNanos;
        timer = loop.schedule(tick, Math.max(LEAST_WAIT_NANOS, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
    }

    /** The value of {@code name=} in a text; -1: it is not there. */
    static long value(String text, String name) {
        int at = text.indexOf(name + "=");
        if (at < 0) {
            return -1;
        }
        long value = 0;
        for (int i = at + name.length() + 1; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    /** What stands in the last double square brackets; null: there are none. */
    static @Nullable String directives(String body) {
        int from = body.lastIndexOf("[[");
        int to = body.indexOf("]]", Math.max(0, from));
        return from < 0 || to < 0 ? null : body.substring(from + 2, to);
    }

    private final class Initializer extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(
                            new HttpRequestDecoder(),
                            new HttpObjectAggregator(MAX_REQUEST_BYTES),
                            new EventStream(EventProvider.this));
        }
    }
}
