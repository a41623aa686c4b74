package dev.slipstream.ingress;

import dev.slipstream.config.TimeoutsConfig;
import dev.slipstream.exchange.ClientStream;
import dev.slipstream.exchange.CloseReason;
import dev.slipstream.exchange.ConfigSnapshot;
import dev.slipstream.exchange.Exchange;
import dev.slipstream.exchange.ExchangePool;
import dev.slipstream.exchange.ExchangeWork;
import dev.slipstream.exchange.LocalReply;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.loop.Deadline;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request a client is sending, from its first byte to the close of its exchange, whatever the protocol: owner of the
 * exchange, source of its messages, and keeper of the deadlines of what the client still owes. The ingress says what
 * came; this class does what follows from it. One request at a time, reused for the next: HTTP/1.1 has one per
 * connection, HTTP/2 one per stream. Confined to the loop.
 *
 * <p>A method that tells the pipeline something may come back with the exchange closed.
 */
final class ClientRequest implements Deadline.Owner {
    /** How much of the request has come. */
    enum Phase {
        /** There is none. */
        NONE,
        /** Its head is incomplete. */
        HEAD,
        /** The head was told, the body is incomplete. */
        BODY,
        /** The body is complete; its end has not been told. */
        RECEIVED,
        /** It was told to its end; its answer is awaited. */
        TOLD
    }

    private static final Logger LOG = LoggerFactory.getLogger(ClientRequest.class);

    private final ClientSocket socket;
    private final ExchangePool exchanges;
    private final Deadline deadline;
    private final UploadPace pace = new UploadPace();
    private Phase phase = Phase.NONE;
    private @Nullable Exchange exchange;
    private boolean broken;

    ClientRequest(ClientSocket socket, ExchangePool exchanges) {
        this.socket = socket;
        this.exchanges = exchanges;
        this.deadline = new Deadline(socket.loop().timers(), this);
    }

    Phase phase() {
        return phase;
    }

    /** Lent; null in {@link Phase#NONE}. */
    @Nullable
    Exchange exchange() {
        return exchange;
    }

    private Exchange here() {
        Exchange here = exchange;
        if (here == null) {
            throw new IllegalStateException("no request");
        }
        return here;
    }

    /** Whether the request is here to its end, so that the answer leaves nothing unread. */
    boolean isComplete() {
        return (phase == Phase.RECEIVED || phase == Phase.TOLD) && !broken;
    }

    /** Whether the rest of the request is not to be read: it makes no sense, is too late, or met a bug. */
    boolean isBroken() {
        return broken;
    }

    boolean isPaused() {
        Exchange here = exchange;
        return here != null && here.isPaused();
    }

    // ------------------------------------------------------------------ what came

    /** The first byte: from here its time runs, {@code timeouts.header} for the head. Gives back its exchange, lent. */
    Exchange open(ClientStream client) {
        assert phase == Phase.NONE;
        Exchange opened = exchanges.acquire(client);
        exchange = opened;
        phase = Phase.HEAD;
        broken = false;
        deadline.after(opened.stages().startNanos(), socket.timeouts().headerNanos());
        return opened;
    }

    /**
     * The head is complete, in the exchange's {@link Exchange#requestHead()}: pins the configuration and tells the head.
     *
     * @param declaredBodyBytes the body's declared length, -1 where none is
     * @param hasBody whether anything of the body is still to come
     */
    void onHead(long declaredBodyBytes, boolean hasBody) {
        Exchange here = here();
        phase = hasBody ? Phase.BODY : Phase.RECEIVED;
        ConfigSnapshot config = socket.current().snapshot();
        here.onHead(config, declaredBodyBytes);
        TimeoutsConfig timeouts = config.config().timeouts();
        long now = here.stages().markNanos();
        pace.start(now, timeouts.clientBodyNanos(), timeouts.clientMinRateBytesPerSecond());
        awaitBody(here, now);
        socket.tell(this, here.headMessage());
    }

    /** Tells the next bytes of the body. Consumes {@code data}. */
    void onData(ByteBuf data) {
        Exchange here = here();
        here.addReceivedBodyBytes(data.readableBytes());
        socket.tell(this, here.dataMessage().of(data));
    }

    /** The body is complete, but for bytes that are being told. */
    void onReceived() {
        phase = Phase.RECEIVED;
    }

    /**
     * Tells the end, where the body is complete and nobody has it paused.
     *
     * @return whether the end was told just now
     */
    boolean tellEnd() {
        if (phase != Phase.RECEIVED || isPaused()) {
            return false;
        }
        phase = Phase.TOLD;
        deadline.clear();
        socket.tell(this, here().endMessage());
        return true;
    }

    /** The pauses of the exchange have become none, or ceased to be none. */
    void onPauseChanged() {
        long now = socket.loop().nanoTime();
        if (isPaused()) {
            pace.pause(now);
        } else {
            pace.resume(now);
        }
    }

    // ------------------------------------------------------------------ how it ends

    /** There is no head that could be read, and it is answered all the same. */
    void refuseHead(FailureKind kind, String message) {
        Exchange here = here();
        broken = true;
        here.onUnreadableHead(socket.current().snapshot());
        LocalReply.fail(here, kind, message);
    }

    /** The body cannot be read on: whatever it had begun is stopped before it is complete. */
    void refuseBody(FailureKind kind, String message) {
        Exchange here = here();
        broken = true;
        ExchangeWork work = here.work();
        if (work != null) {
            work.cancel();
        }
        if (here.isAnswered()) {
            here.failed(kind);
            here.client().abort();
        } else {
            LocalReply.fail(here, kind, message);
        }
    }

    /** There was no memory for it: counted as what it is; its connection is about to end. */
    void failForMemory() {
        Exchange here = exchange;
        if (here != null) {
            here.failed(FailureKind.OVERLOADED);
        }
    }

    /**
     * A bug: its request gets an answer if it has none yet.
     *
     * @return whether it got one
     */
    boolean failInside() {
        Exchange here = exchange;
        if (here == null || here.isAnswered()) {
            return false;
        }
        broken = true;
        try {
            ExchangeWork work = here.work();
            if (work != null) {
                work.cancel();
            }
            here.onFailedInside(socket.current().snapshot());
            LocalReply.fail(here, FailureKind.INTERNAL, "The proxy failed. The failure has been logged.");
            return true;
        } catch (RuntimeException again) {
            LOG.error("and once more while it was answered", again);
            return false;
        }
    }

    /**
     * The process ends, and does not wait any longer.
     *
     * @return false where there is no request that could be answered
     */
    boolean endForDrain() {
        Exchange here = exchange;
        if (here == null || phase == Phase.HEAD) {
            return false;
        }
        ExchangeWork work = here.isRouted() ? here.work() : null;
        if (work != null) {
            work.endForDrain();
        } else {
            LocalReply.fail(here, FailureKind.DRAINING, "The proxy is shutting down.");
        }
        return true;
    }

    /** The client takes bytes again, or has stopped to. */
    void onWritability(boolean writable) {
        Exchange here = exchange;
        ExchangeWork work = here == null ? null : here.work();
        if (work != null) {
            work.onClientWritability(writable);
        }
    }

    /** The client is gone, or wants no answer any more. */
    void onClientLeft() {
        Exchange here = exchange;
        if (here != null) {
            here.failed(FailureKind.CLIENT_LEFT);
        }
        close(CloseReason.CLIENT_LEFT);
    }

    /** No request will follow. */
    void retire() {
        deadline.close();
    }

    /** Closes the exchange, if there is one. The next request may be opened. */
    void close(CloseReason reason) {
        Exchange here = exchange;
        exchange = null;
        phase = Phase.NONE;
        deadline.clear();
        if (here != null) {
            here.close(reason);
        }
    }

    // ------------------------------------------------------------------ what the client owes

    /** @return false where the body is too late */
    private boolean awaitBody(Exchange here, long nowNanos) {
        long left = pace.nanosLeft(nowNanos, here.receivedBodyBytes());
        if (left >= UploadPace.FOREVER) {
            deadline.clear();
        } else if (left > 0) {
            deadline.set(nowNanos + left);
        }
        return left > 0;
    }

    @Override
    public void onDeadline(Deadline passed, long nowNanos) {
        switch (phase) {
            case HEAD -> refuseHead(FailureKind.REQUEST_TIMEOUT, "The request's head did not come in time.");
            case BODY -> {
                Exchange here = here();
                if (!awaitBody(here, nowNanos)) {
                    onBodyTimeout(here);
                }
            }
            // A body that is here waits for others, not for its client.
            case NONE, RECEIVED, TOLD -> {}
        }
    }

    private void onBodyTimeout(Exchange here) {
        if (here.isPaused()) {
            // It is not the client that was slow: its body was not read for somebody else's sake.
            refuseBody(FailureKind.UPSTREAM_TIMEOUT, "The provider did not take the request in time.");
        } else {
            refuseBody(FailureKind.REQUEST_TIMEOUT, "The request's body did not come in time.");
        }
    }
}
