package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipstream.bench.load.LoadTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * Streams that are opened evenly and then held; one loop reads them all. Opened from several addresses of 127.0.0.0/8, so that
 * ports do not run out.
 */
final class HoldRun implements AutoCloseable {
    /**
     * What became of the streams.
     *
     * @param streaming those that have events and are open
     * @param stalled of all: at some time an event was missing for longer than allowed
     * @param ended at the provider's last event
     * @param events with content, of all streams
     * @param failures how often each
     */
    record Counts(int streaming, int stalled, int ended, long events, Map<String, Integer> failures) {
        int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private static final int STREAMS_PER_ADDRESS = 5000;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final long LOOK_MILLIS = 250;
    private static final long MAX_GAP_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;
    private static final long TASK_SECONDS = 30;
    private static final long END_SECONDS = 5;

    private final LoadTransport transport;
    private final InetSocketAddress address;
    private final ByteBuf request;
    private final long limitNanos;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final List<HeldClient> clients = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private Histogram gaps = new Histogram(1, MAX_GAP_NANOS, DIGITS);
    private long events;

    /**
     * @param address of the proxy
     * @param key sent as {@code authorization: Bearer}
     * @param model that requests ask for
     * @param directives for the simulated provider
     * @param limitNanos between two events of a stream; beyond it the stream counts as stalled
     */
    HoldRun(
            LoadTransport transport,
            InetSocketAddress address,
            String key,
            String model,
            String directives,
            long limitNanos) {
        this.transport = transport;
        this.address = address;
        this.limitNanos = limitNanos;
        this.group = transport.group(1);
        this.loop = group.next();
        String body = "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[["
                + directives + "]]\"}]}";
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:" + address.getPort()
                + "\r\nauthorization: Bearer " + key + "\r\ncontent-type: application/json\r\ncontent-length: "
                + body.length() + "\r\n\r\n";
        this.request = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer((head + body).getBytes(US_ASCII)));
        loop.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    byte[] scratch() {
        return scratch;
    }

    long limitNanos() {
        return limitNanos;
    }

    void onFirst() {
        events++;
    }

    void onGap(long nanos) {
        events++;
        gaps.recordValue(Math.min(MAX_GAP_NANOS, nanos));
    }

    private void look() {
        long now = System.nanoTime();
        for (HeldClient client : clients) {
            client.look(now, limitNanos);
        }
    }

    /**
     * Opens streams evenly; returns when each of them has an event, has failed, or {@code graceSeconds} have passed behind the last.
     *
     * @return how many have their first event
     */
    int open(int streams, double perSecond, long graceSeconds) throws IOException {
        long from = System.nanoTime();
        for (int i = 0; i < streams; i++) {
            StreamPause.until(from + Math.round(i / perSecond * 1e9));
            int number = i;
            onLoop(run -> run.connect(number));
        }
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(graceSeconds);
        while (onLoop(run -> run.count(client -> client.isStreaming() || client.isEnded() || client.failure() != null))
                        < streams
                && System.nanoTime() - limit < 0) {
            StreamPause.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        return onLoop(run -> run.count(client -> client.isStreaming() || client.isEnded()));
    }

    private int connect(int number) {
        HeldClient client = new HeldClient(this, request);
        clients.add(client);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(client);
                    }
                });
        if (transport.isEpoll()) {
            // The port is chosen when the other end is known: each address then has all of them for each other end.
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        ChannelFuture connecting =
                bootstrap.connect(address, new InetSocketAddress("127.0.0." + (1 + number / STREAMS_PER_ADDRESS), 0));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                client.fail(String.valueOf(done.cause().getMessage()));
            }
        });
        channels.add(connecting.channel());
        return number;
    }

    private int count(Predicate<HeldClient> which) {
        return (int) clients.stream().filter(which).count();
    }

    /** What there is now. */
    Counts counts() throws IOException {
        return onLoop(run -> {
            Map<String, Integer> failures = new TreeMap<>();
            for (HeldClient client : run.clients) {
                if (client.failure() != null) {
                    failures.merge(client.failure(), 1, Integer::sum);
                }
            }
            return new Counts(
                    run.count(HeldClient::isStreaming),
                    run.count(HeldClient::isStalled),
                    run.count(HeldClient::isEnded),
                    run.events,
                    failures);
        });
    }

    /** Between two events of a stream, in nanoseconds, since the last call. */
    Histogram takeGaps() throws IOException {
        return onLoop(run -> {
            Histogram taken = run.gaps;
            run.gaps = new Histogram(1, MAX_GAP_NANOS, DIGITS);
            return taken;
        });
    }

    /** Whatever touches the clients does so on their loop. */
    private <T> T onLoop(Function<HoldRun, T> what) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(what.apply(this));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(TASK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the clients' loop does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Leaves all streams. */
    @Override
    public void close() {
        group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
