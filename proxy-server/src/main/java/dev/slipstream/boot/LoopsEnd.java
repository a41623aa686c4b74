package dev.slipstream.boot;

import dev.slipstream.loop.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a group of loops, no longer than a bound: what does not end in time is named, and left to the process's. */
final class LoopsEnd {
    private static final Logger LOG = LoggerFactory.getLogger(LoopsEnd.class);
    private static final long LIMIT_MILLIS = 10_000;
    private static final long POLL_MILLIS = 1;

    private LoopsEnd() {}

    /**
     * Ends the group and waits for it; never on a loop. The loops' sockets have been told to close.
     *
     * @param loops those of its loops that hold sockets
     */
    static void await(EventLoopGroup group, List<EventLoop> loops, Transport transport) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        boolean interrupted = false;
        try {
            for (EventLoop loop : loops) {
                while (socketsInHand(loop, transport, deadline) > 0) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        Future<?> end = group.shutdownGracefully(0, LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        if (!end.awaitUninterruptibly(LIMIT_MILLIS)) {
            LOG.warn("event loops did not end within {} ms", LIMIT_MILLIS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int socketsInHand(EventLoop loop, Transport transport, long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        Future<Integer> count = loop.submit(transport::socketsInHand);
        if (left > 0 && count.await(left, TimeUnit.NANOSECONDS) && count.isSuccess()) {
            return count.getNow();
        }
        LOG.warn("sockets of an event loop did not close within {} ms", LIMIT_MILLIS);
        return 0;
    }
}
