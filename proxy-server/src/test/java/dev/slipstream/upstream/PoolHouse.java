package dev.slipstream.upstream;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.PoolConfig;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.NanoClock;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.route.ConnectionKey;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Pools of a provider without sockets, on real event loops that share its bounds. */
final class PoolHouse implements AutoCloseable {
    static final int LIMIT_SECONDS = 20;

    final PoolShare share;
    final LocalProvider provider;
    private final DefaultEventLoopGroup group;
    private final List<UpstreamPool> pools = new ArrayList<>();

    PoolHouse(int loops, PoolConfig config, LocalProvider provider) {
        ConnectionKey key = new ConnectionKey(
                new HostPort("provider", 1), null, HttpVersionChoice.AUTO, config, TimeUnit.SECONDS.toNanos(3), 0);
        this.provider = provider;
        this.share = new PoolShare(key, loops);
        this.group = new DefaultEventLoopGroup(loops);
        Metrics metrics = new Metrics();
        int index = 0;
        for (EventExecutor each : group) {
            Loop loop = new Loop(
                    index, (EventLoop) each, NanoClock.SYSTEM, PooledByteBufAllocator.DEFAULT, metrics.forLoop(index));
            pools.add(new UpstreamPool(loop, share, provider, new ConnectionSettings(8192, 100, 65_535)));
            index++;
        }
    }

    static PoolConfig pool(int max, int warm, int waiters) {
        return new PoolConfig(max, warm, TimeUnit.SECONDS.toNanos(60), waiters, 100);
    }

    UpstreamPool pool(int loop) {
        return pools.get(loop);
    }

    /** Runs {@code task} on loop {@code loop}, and does not wait for it. */
    void on(int loop, Runnable task) {
        pools.get(loop).loop().eventLoop().execute(task);
    }

    /** Runs {@code task} on loop {@code loop} and gives back what it came to. */
    <T> T ask(int loop, Callable<T> task) {
        try {
            return pools.get(loop).loop().eventLoop().submit(task).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Connections opening or open, as the pools themselves count them. */
    int size() {
        int sum = 0;
        for (int i = 0; i < pools.size(); i++) {
            UpstreamPool pool = pools.get(i);
            sum += ask(i, pool::size);
        }
        return sum;
    }

    int waiters() {
        int sum = 0;
        for (int i = 0; i < pools.size(); i++) {
            UpstreamPool pool = pools.get(i);
            sum += ask(i, pool::waiterCount);
        }
        return sum;
    }

    void closePools() {
        for (int i = 0; i < pools.size(); i++) {
            UpstreamPool pool = pools.get(i);
            ask(i, () -> {
                pool.close();
                return 0;
            });
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    @Override
    public void close() {
        closePools();
        provider.close();
        group.shutdownGracefully(0, LIMIT_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
