package dev.slipstream.bench.streams;

import dev.slipstream.bench.load.LoadTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** Provider and clients on one event loop, and legs through whatever stands between them. One leg at a time. */
final class StreamLoad implements AutoCloseable {
    /**
     * What the streams of a leg are like.
     *
     * @param events of each; 0 where they are clocked
     * @param gapNanos between two of them; 0: clocked, that is, a stream's next event is sent when the client has the last
     * @param nanos how long clocked streams go on; paced ones go on for {@code events} gaps
     */
    record Plan(int streams, int events, long gapNanos, long nanos) {
        /** @param perSecond events of all streams together */
        static Plan paced(int streams, double perSecond, double seconds) {
            long gap = Math.round(streams / perSecond * 1e9);
            int events = (int) Math.max(4, Math.round(perSecond / streams * seconds));
            return new Plan(streams, events, gap, gap * events);
        }

        static Plan clocked(int streams, double seconds) {
            return new Plan(streams, 0, 0, Math.round(seconds * 1e9));
        }

        boolean isClocked() {
            return gapNanos == 0;
        }
    }

    /** What a leg saw. Written on the loop, read when all its streams have ended. Times in nanoseconds. */
    static final class Leg {
        private final Plan plan;
        private final Histogram ways = new Histogram(1, MAX_NANOS, DIGITS);
        private final Histogram gaps = new Histogram(1, MAX_NANOS, DIGITS);
        private long startNanos;
        private long reads;
        private long events;
        private double seconds;

        Leg(Plan plan) {
            this.plan = plan;
        }

        Plan plan() {
            return plan;
        }

        /** From when an event was written to when its last byte was read. */
        Histogram ways() {
            return ways;
        }

        /** Of two events of a stream one behind the other: the difference between their gap as sent and as received. */
        Histogram gaps() {
            return gaps;
        }

        /** Relayed and verified; those without content, one of each stream, are not counted. */
        long events() {
            return events;
        }

        /** Of the clients' sockets: fewer than events where several came in one. */
        long reads() {
            return reads;
        }

        double seconds() {
            return seconds;
        }

        void onEvent(long wayNanos, long gapNanos) {
            ways.recordValue(Math.max(0, Math.min(MAX_NANOS, wayNanos)));
            gaps.recordValue(Math.min(MAX_NANOS, gapNanos));
        }

        void onRead() {
            reads++;
        }

        boolean isOver(long nowNanos) {
            return nowNanos - startNanos >= plan.nanos();
        }
    }

    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final int CONNECT_MILLIS = 10_000;
    /** Beyond what a leg takes if all goes well. */
    private static final long GRACE_SECONDS = 20;

    private static final long END_SECONDS = 5;

    private final LoadTransport transport;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final EventProvider provider;
    private final String model;
    private final String key;
    private final byte[] scratch = new byte[SCRATCH_BYTES];

    /**
     * Starts the provider.
     *
     * @param port of the provider on 127.0.0.1; 0: any free one
     * @param model that requests ask for
     * @param key that they carry
     */
    StreamLoad(LoadTransport transport, int port, String model, String key) throws IOException {
        this.transport = transport;
        this.model = model;
        this.key = key;
        this.group = transport.group(1);
        this.loop = group.next();
        try {
            this.provider = EventProvider.start(loop, transport, port);
        } catch (IOException e) {
            end();
            throw e;
        }
    }

    EventProvider provider() {
        return provider;
    }

    String model() {
        return model;
    }

    String key() {
        return key;
    }

    /** For whoever looks into bytes, for the duration of a call on the loop. */
    byte[] scratch() {
        return scratch;
    }

    /**
     * Opens the connections, then asks for all streams, and returns when the last has ended.
     *
     * @throws IOException if one of them was not whole, or did not end in its time
     */
    Leg run(InetSocketAddress address, Plan plan) throws IOException {
        Leg leg = new Leg(plan);
        List<Channel> channels = new ArrayList<>();
        List<EventClient> clients = new ArrayList<>();
        try {
            for (int id = 0; id < plan.streams(); id++) {
                EventClient client = new EventClient(this, leg, id, address.getHostString() + ":" + address.getPort());
                clients.add(client);
                channels.add(connect(address, client));
            }
            await(clients.stream().map(EventClient::connected).toList(), GRACE_SECONDS);
            leg.startNanos = System.nanoTime();
            loop.execute(() -> clients.forEach(EventClient::ask));
            await(
                    clients.stream().map(EventClient::ended).toList(),
                    TimeUnit.NANOSECONDS.toSeconds(plan.nanos()) * 2 + GRACE_SECONDS);
            leg.seconds = (System.nanoTime() - leg.startNanos) / 1e9;
            leg.events = clients.stream().mapToLong(EventClient::events).sum();
            return leg;
        } finally {
            for (Channel channel : channels) {
                channel.close().awaitUninterruptibly();
            }
        }
    }

    private Channel connect(InetSocketAddress address, EventClient client) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                client.fail(String.valueOf(done.cause()));
            }
        });
        return connecting.channel();
    }

    private static void await(List<CompletableFuture<EventClient>> all, long seconds) throws IOException {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("a stream failed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            long missing = all.stream().filter(each -> !each.isDone()).count();
            throw new IOException(missing + " streams of " + all.size() + " are not done after " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void end() {
        group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Override
    public void close() {
        provider.close();
        end();
    }
}
