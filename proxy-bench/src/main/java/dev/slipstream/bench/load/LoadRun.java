package dev.slipstream.bench.load;

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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Runs a plan against a target: opens the connections, sends what is due, and says what became of it. */
public final class LoadRun {
    /** From the last connection to the first request, so that all loops begin together. */
    private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Beyond all that the plan allows, a run has failed. */
    private static final long GRACE_SECONDS = 15;

    private static final long END_SECONDS = 5;

    private LoadRun() {}

    /**
     * Blocks until the last request has ended.
     *
     * @throws IOException if the connections of a warm run do not come about within 15 s, or the run does not end in
     *     its time
     * @throws IllegalArgumentException if the transport does not load
     */
    public static LoadReport run(LoadTarget target, LoadPlan plan) throws IOException {
        return run(target, plan, plan.transport().group(plan.loops()));
    }

    /** On loops of the caller's, of the plan's transport; ends them. */
    static LoadReport run(LoadTarget target, LoadPlan plan, EventLoopGroup loops) throws IOException {
        try {
            InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
            if (address.isUnresolved()) {
                throw new IOException("unknown host: " + target.host());
            }
            try (ClientTls tls =
                            target.isSecure() ? new ClientTls(target, plan.cold(), LoadWorker.CONNECT_MILLIS) : null;
                    LoadRequests requests = new LoadRequests(target, plan.seed())) {
                try {
                    return run(target, plan, address, loops, tls, requests);
                } finally {
                    // Before what its channels hold on to is released.
                    end(loops);
                }
            }
        } finally {
            end(loops);
        }
    }

    private static void end(EventLoopGroup loops) {
        loops.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static LoadReport run(
            LoadTarget target,
            LoadPlan plan,
            InetSocketAddress address,
            EventLoopGroup loops,
            @Nullable ClientTls tls,
            LoadRequests requests)
            throws IOException {
        AtomicBoolean stopped = new AtomicBoolean();
        List<LoadWorker> workers = new ArrayList<>();
        for (int i = 0; i < plan.loops(); i++) {
            EventLoop loop = loops.next();
            workers.add(new LoadWorker(plan, target, requests, tls, loop, address, i, stopped));
        }
        List<CompletableFuture<Void>> opened =
                workers.stream().map(LoadWorker::open).toList();
        await(CompletableFuture.allOf(opened.toArray(CompletableFuture<?>[]::new)), GRACE_SECONDS, target);
        long start = System.nanoTime() + LEAD_NANOS;
        List<CompletableFuture<LoadResults>> ended =
                workers.stream().map(worker -> worker.run(start)).toList();
        long limit = plan.warmUp().plus(plan.length()).plus(plan.timeout()).toSeconds() + GRACE_SECONDS;
        await(CompletableFuture.allOf(ended.toArray(CompletableFuture<?>[]::new)), limit, target);
        double seconds = (System.nanoTime() - start) / 1e9;
        LoadResults all = new LoadResults();
        ended.forEach(each -> all.add(each.join()));
        return new LoadReport(target, plan, all, start, seconds);
    }

    private static void await(CompletableFuture<Void> what, long seconds, LoadTarget target) throws IOException {
        try {
            what.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("no connection to " + target + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(target + ": not done within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
