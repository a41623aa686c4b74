package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A server that answers its n-th request after the n-th delay of a list, stalls once if it is told to, and writes down when each
 * request came and was answered.
 *
 * <p>Its one loop may serve the generator too. Then nothing comes between an answer that is sent
 * and its reading but what keeps the loop from running. How late the loop was is written down too, by beats. What was written
 * down may be read once all requests have ended.
 */
final class KnownDelays implements AutoCloseable {
    private static final byte[] ANSWER = "{\"object\":\"chat.completion\"}".getBytes(US_ASCII);
    private static final int MAX_REQUEST_BYTES = 1 << 20;
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_BEATS = 60_000;

    private final long[] delaysNanos;
    private final int stallAt;
    private final long stallNanos;
    private final long[] cameNanos;
    private final long[] answeredNanos;
    private final EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("known-delays", true));
    private final Channel listener;
    private volatile int requests;
    private long stallEndNanos;
    private boolean stalled;
    private final long[] beatsNanos = new long[MAX_BEATS];
    private volatile int beats;
    private final long firstBeatNanos;

    /**
     * @param delaysMillis repeated from the beginning when they are used up
     * @param stallAt the number of the request from which on nothing is answered for {@code stallMillis}; less than 0: none
     */
    KnownDelays(long[] delaysMillis, int maxRequests, int stallAt, long stallMillis) {
        this.delaysNanos =
                Arrays.stream(delaysMillis).map(TimeUnit.MILLISECONDS::toNanos).toArray();
        this.stallAt = stallAt;
        this.stallNanos = TimeUnit.MILLISECONDS.toNanos(stallMillis);
        this.cameNanos = new long[maxRequests];
        this.answeredNanos = new long[maxRequests];
        this.listener = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                                .addLast(new Answers());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        firstBeatNanos = System.nanoTime() + BEAT_NANOS;
        loop.next().scheduleAtFixedRate(this::beat, BEAT_NANOS, BEAT_NANOS, TimeUnit.NANOSECONDS);
    }

    /** A beat that was late is made up for, so that a time of lateness counts by its length. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // its loop alone writes
    private void beat() {
        if (beats < MAX_BEATS) {
            beatsNanos[beats] = System.nanoTime() - firstBeatNanos - beats * BEAT_NANOS;
            beats++;
        }
    }

    /** By how much the loop itself was late in all but {@code 1 - of} of the time, from the given request on. */
    long latenessNanos(int firstRequest, double of) {
        int from = (int) Math.max(0, (cameNanos[firstRequest] - firstBeatNanos) / BEAT_NANOS);
        long[] sorted = Arrays.copyOfRange(beatsNanos, Math.min(from, beats - 1), beats);
        Arrays.sort(sorted);
        return sorted[(int) (of * sorted.length)];
    }

    String baseUrl() {
        return "http://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort() + "/v1";
    }

    /** For a generator of {@link LoadTransport#NIO} with one loop. */
    EventLoopGroup loop() {
        return loop;
    }

    int requests() {
        return requests;
    }

    long cameNanos(int request) {
        return cameNanos[request];
    }

    long answeredNanos(int request) {
        return answeredNanos[request];
    }

    /** What each request took here from the given one on, in order of size. */
    double[] sortedServiceNanos(int first) {
        double[] service = new double[requests - first];
        Arrays.setAll(service, i -> answeredNanos[first + i] - cameNanos[first + i]);
        Arrays.sort(service);
        return service;
    }

    /**
     * What each request took from when it was due, from the given one on, in order of size; for an open loop, whose requests come
     * in the order in which they were due.
     */
    double[] sortedNanosSinceDue(int first, long startNanos, double gapNanos) {
        double[] taken = new double[requests - first];
        Arrays.setAll(taken, i -> answeredNanos[first + i] - startNanos - (first + i) * gapNanos);
        Arrays.sort(taken);
        return taken;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // its loop alone writes
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            long now = System.nanoTime();
            int number = requests++;
            cameNanos[number] = now;
            if (number == stallAt) {
                stalled = true;
                stallEndNanos = now + stallNanos;
            }
            long delay = delaysNanos[number % delaysNanos.length];
            if (stalled && stallEndNanos - now > 0) {
                delay += stallEndNanos - now;
            }
            if (delay == 0) {
                answer(ctx, number);
            } else {
                ctx.executor().schedule(() -> answer(ctx, number), delay, TimeUnit.NANOSECONDS);
            }
        }

        private void answer(ChannelHandlerContext ctx, int number) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(ANSWER));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, ANSWER.length);
            answeredNanos[number] = System.nanoTime();
            ctx.writeAndFlush(response);
        }
    }
}
