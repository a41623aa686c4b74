package dev.slipstream.exchange;

import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Loop;
import dev.slipstream.loop.OffLoop;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole held body of an exchange as a tree: a small one at once, a large one on a thread of the {@link OffLoop},
 * so that other requests of the loop are not held up. One per loop, whose exchanges take turns.
 */
public final class WholeBody {
    /** The most bytes that are read at once: a quarter of the heap, for a copy of them lies there while they are read. */
    public static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 4;

    /** So that the table of a document of nothing but values takes no more than an eighth of the heap while it grows. */
    public static final int MAX_VALUES =
            (int) Math.min(JsonTree.MAX_VALUES, Runtime.getRuntime().maxMemory() / 256);

    private static final Logger LOG = LoggerFactory.getLogger(WholeBody.class);

    /** What is made of a body. It may run on another thread, so it sees nothing of the exchange. */
    public interface Reading<T> {
        /**
         * @param body borrowed until this returns
         * @param status {@link JsonStatus#COMPLETE}, or why there is nothing to be read in {@code body}
         */
        T read(JsonTree body, JsonStatus status);

        /** The exchange, its loop, whoever took over from it: told on the loop. The exchange is open. */
        void done(Exchange exchange, T result);

        /** Nobody waits for {@code result} any more: gives back what it holds. Any thread. */
        void discard(T result);
    }

    private final JsonTree small = new JsonTree(MAX_VALUES);

    /**
     * Has {@code reading} read what is held of the body of {@code exchange}; it may be done when this returns.
     *
     * @param maxWaitNanos for the thread of large bodies; 0: no limit
     * @return false where too much work waits already: nothing will be read
     */
    public <T> boolean read(Exchange exchange, long maxWaitNanos, Reading<T> reading) {
        RequestBody body = exchange.body();
        OffLoop offLoop = exchange.loop().offLoop();
        if (offLoop != null && body.heldBytes() >= OffLoop.FROM_BYTES) {
            return submit(offLoop, exchange, body, maxWaitNanos, reading);
        }
        reading.done(exchange, readHere(body, reading));
        return true;
    }

    /**
     * What {@code reading} makes of what is held of the body of {@code exchange}, at once; it is not told that it is done.
     *
     * @return null where the body is so large that it would hold the loop up
     */
    public <T> @Nullable T readSmall(Exchange exchange, Reading<T> reading) {
        RequestBody body = exchange.body();
        if (body.heldBytes() >= OffLoop.FROM_BYTES) {
            return null;
        }
        return readHere(body, reading);
    }

    private <T> T readHere(RequestBody body, Reading<T> reading) {
        small.reset();
        body.copyTo(small);
        T result = reading.read(small, small.parse());
        small.reset();
        return result;
    }

    private static <T> boolean submit(
            OffLoop offLoop, Exchange exchange, RequestBody body, long maxWaitNanos, Reading<T> reading) {
        BodyLoan loan = body.lend();
        if (offLoop.submit(new Job<>(exchange, loan, Math.toIntExact(body.heldBytes()), maxWaitNanos, reading))) {
            return true;
        }
        loan.release();
        return false;
    }

    /** Runs off the loop first, then on it. One that has waited too long is not begun. */
    private static final class Job<T> implements Runnable {
        private final Exchange exchange;
        private final Loop loop;
        private final long generation;
        private final BodyLoan loan;
        private final int bytes;
        private final Reading<T> reading;
        private final long submittedNanos;
        private final long maxWaitNanos;
        private boolean ran;
        private @Nullable T result;
        private FailureKind failure = FailureKind.INTERNAL;

        Job(Exchange exchange, BodyLoan loan, int bytes, long maxWaitNanos, Reading<T> reading) {
            this.exchange = exchange;
            this.loop = exchange.loop();
            this.generation = exchange.generation();
            this.loan = loan;
            this.bytes = bytes;
            this.reading = reading;
            this.submittedNanos = loop.nanoTime();
            this.maxWaitNanos = maxWaitNanos;
        }

        @Override
        public void run() {
            if (ran) {
                finish();
                return;
            }
            ran = true;
            if (maxWaitNanos > 0 && loop.nanoTime() - submittedNanos > maxWaitNanos) {
                failure = FailureKind.OVERLOADED;
                loan.release();
            } else {
                try {
                    result = read();
                } catch (RuntimeException e) {
                    LOG.error("a body could not be read", e);
                }
            }
            try {
                loop.eventLoop().execute(this);
            } catch (RejectedExecutionException e) {
                // The process ends.
                discard();
            }
        }

        private T read() {
            JsonTree tree = new JsonTree(MAX_VALUES);
            try {
                tree.reserve(bytes);
                for (ByteBuf piece : loan.pieces()) {
                    tree.append(piece);
                    OffLoop.letLoopsRun();
                }
            } finally {
                loan.release();
            }
            return reading.read(tree, tree.parse());
        }

        private void finish() {
            T made = result;
            if (exchange.generation() != generation || !exchange.isOpen()) {
                discard();
            } else if (made != null) {
                reading.done(exchange, made);
            } else {
                LocalReply.fail(
                        exchange,
                        failure,
                        failure == FailureKind.OVERLOADED
                                ? "The request waited too long to be read. Try again later."
                                : "The proxy failed. The failure has been logged.");
            }
        }

        private void discard() {
            T made = result;
            if (made != null) {
                reading.discard(made);
            }
        }
    }
}
