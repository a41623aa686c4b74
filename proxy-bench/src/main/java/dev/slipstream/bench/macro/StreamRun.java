package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Many paced streams and a few that stall, through one address; one loop for all clients. */
final class StreamRun {
    /**
     * What is asked of a leg.
     *
     * @param stalled how many of the streams come as fast as they are taken and are not read for a while
     * @param events of each paced stream
     * @param stalledBytes of each stalled stream, about
     */
    record Plan(int streams, int stalled, int gapMillis, int events, int quietMillis, long stalledBytes) {}

    /**
     * What a leg saw; times by {@code System.nanoTime()}.
     *
     * @param stallNanos when the streams that stall were asked for
     * @param endNanos when the last paced stream was complete
     * @param held what the proxy held, looked at again and again while clients stalled
     * @param stalledRead bytes of the stalled streams, all of them read in the end
     */
    record Leg(
            long openNanos,
            long stallNanos,
            long endNanos,
            List<NeighbourRun.Arrivals> paced,
            Usage quiet,
            Usage stalling,
            Held held,
            long stalledRead) {}

    /** Share of a core: of the proxy, and of this process (provider and clients). */
    record Usage(double proxy, double load) {}

    /**
     * {@code slipstream_buffered_bytes}: the largest, all streams together; the last, when the stalled ones alone are left;
     * and before they came. Direct memory in use before and at its largest.
     */
    record Held(long largest, long last, long before, long directBefore, long directLargest) {}

    private static final int TOKEN_BYTES = 1000;
    private static final int RECEIVE_BYTES = 4096;
    private static final int CONNECT_MILLIS = 10_000;
    private static final long LIMIT_SECONDS = 120;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String BUFFERED = "slipstream_buffered_bytes";
    private static final String DIRECT = "slipstream_direct_memory_bytes";

    private final Plan plan;
    private final InetSocketAddress address;
    private final @Nullable ProxyProcess proxy;

    /** @param proxy whose memory and time are looked at; null: there is none */
    StreamRun(Plan plan, InetSocketAddress address, @Nullable ProxyProcess proxy) {
        this.plan = plan;
        this.address = address;
        this.proxy = proxy;
    }

    Leg leg() throws IOException {
        EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("stream-clients", true));
        try {
            return leg(loop);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a stream failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private Leg leg(EventLoopGroup loop)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        List<StreamClient> paced = new ArrayList<>();
        byte[] request = request("stamp gap=" + plan.gapMillis() + " tokens=" + plan.events());
        int count = plan.streams() - plan.stalled();
        long gapNanos = TimeUnit.MILLISECONDS.toNanos(plan.gapMillis());
        long from = System.nanoTime();
        for (int i = 0; i < count; i++) {
            StreamClient client = new StreamClient(request, false);
            open(loop, client, 0);
            paced.add(client);
            // Over ten gaps, so that their events do not come all at once.
            sleepUntil(from + 10 * gapNanos * i / count);
        }
        long open = System.nanoTime();
        long before = metric(BUFFERED);
        long directBefore = metric(DIRECT);
        Clock quiet = new Clock();
        sleepUntil(open + TimeUnit.MILLISECONDS.toNanos(plan.quietMillis()));
        Usage quietUsage = quiet.usage();
        long stall = System.nanoTime();
        Clock stalling = new Clock();
        List<StreamClient> stalled = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        byte[] fast = request("gap=0 token-bytes=" + TOKEN_BYTES + " tokens=" + plan.stalledBytes() / TOKEN_BYTES);
        for (int i = 0; i < plan.stalled(); i++) {
            StreamClient client = new StreamClient(fast, true);
            channels.add(open(loop, client, RECEIVE_BYTES));
            stalled.add(client);
        }
        CompletableFuture<Void> all = all(paced);
        long largest = 0;
        long last;
        long direct = 0;
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!all.isDone() && System.nanoTime() - limit < 0) {
            sleepUntil(System.nanoTime() + LOOK_NANOS);
            largest = Math.max(largest, metric(BUFFERED));
            direct = Math.max(direct, metric(DIRECT));
        }
        all.get(1, TimeUnit.SECONDS);
        long end = System.nanoTime();
        // Those that are complete hold nothing any more.
        last = metric(BUFFERED);
        Usage stallingUsage = stalling.usage();
        for (StreamClient client : stalled) {
            if (client.ended().isDone()) {
                throw new IOException("a stream that stalls has ended; it is too short");
            }
        }
        for (Channel channel : channels) {
            channel.config().setAutoRead(true);
        }
        all(stalled).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        long read = stalled.stream().mapToLong(StreamClient::bytes).sum();
        if (read < plan.stalledBytes() * plan.stalled()) {
            throw new IOException("the stalled streams came to " + read + " bytes alone");
        }
        return new Leg(
                open,
                stall,
                end,
                arrivals(paced),
                quietUsage,
                stallingUsage,
                new Held(largest, last, before, directBefore, direct),
                read);
    }

    /** Of the events that carry a time; each stream must have had all of them. */
    private List<NeighbourRun.Arrivals> arrivals(List<StreamClient> clients) throws IOException {
        List<NeighbourRun.Arrivals> all = new ArrayList<>();
        for (StreamClient client : clients) {
            NeighbourRun.Arrivals arrivals = client.arrivals().stamped();
            if (arrivals.cameNanos().length != plan.events()) {
                throw new IOException("a stream had " + arrivals.cameNanos().length + " events of " + plan.events());
            }
            all.add(arrivals);
        }
        return all;
    }

    private static CompletableFuture<Void> all(List<StreamClient> clients) {
        return CompletableFuture.allOf(clients.stream().map(StreamClient::ended).toArray(CompletableFuture<?>[]::new));
    }

    private Channel open(EventLoopGroup loop, StreamClient client, int receiveBytes) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                    }
                });
        if (receiveBytes > 0) {
            bootstrap
                    .option(ChannelOption.SO_RCVBUF, receiveBytes)
                    // One read at a time, so that it stops behind the head.
                    .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(receiveBytes));
        }
        return bootstrap
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        client.ended().completeExceptionally(connected.cause());
                    }
                })
                .channel();
    }

    private static byte[] request(String directives) {
        String body = "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[[" + directives
                + "]]\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n"
                        + "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(US_ASCII);
    }

    private long metric(String name) throws IOException {
        return proxy == null ? 0 : (long) proxy.metric(name);
    }

    static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Processor time since it was made. */
    private final class Clock {
        private final long from = System.nanoTime();
        private final long proxyNanos = proxyNanos();
        private final long loadNanos = loadNanos();

        Usage usage() {
            double nanos = System.nanoTime() - from;
            return new Usage((proxyNanos() - proxyNanos) / nanos, (loadNanos() - loadNanos) / nanos);
        }

        private long proxyNanos() {
            return proxy == null ? 0 : proxy.cpuNanos();
        }

        private long loadNanos() {
            return ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .map(Duration::toNanos)
                    .orElse(0L);
        }
    }
}
