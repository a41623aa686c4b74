package dev.slipstream.bench.load;

import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a worker. It tells the worker when it can take requests ({@link LoadWorker#onRoom}), what became of each
 * ({@link LoadWorker#onDone}), and, once, that it is gone ({@link LoadWorker#onGone}). Confined to its loop.
 */
abstract class LoadConnection {
    /** In the worker's list of those with room. */
    private boolean listed;

    private @Nullable LoadCall first;
    private long openedNanos;

    /** What is added to the channel behind TLS. */
    abstract ChannelHandler handler();

    /** Whether {@link #send} may be called. */
    abstract boolean hasRoom();

    /** Takes the call on: exactly one {@link LoadWorker#onDone} follows, later or now. */
    abstract void send(LoadCall call);

    /** Ends calls that were due before, as {@link Outcome#TIMED_OUT}. */
    abstract void timeOut(long dueBeforeNanos);

    /** No connection came about; there is no channel. */
    abstract void onConnectFailed();

    abstract void close();

    boolean isListed() {
        return listed;
    }

    void setListed(boolean listed) {
        this.listed = listed;
    }

    /** The call that a cold connection was opened for; taken by it once, when it is ready. Null: none. */
    @Nullable
    LoadCall takeFirst() {
        LoadCall call = first;
        first = null;
        return call;
    }

    void setFirst(LoadCall call) {
        this.first = call;
    }

    @Nullable
    LoadCall first() {
        return first;
    }

    long openedNanos() {
        return openedNanos;
    }

    void setOpenedNanos(long nanos) {
        this.openedNanos = nanos;
    }
}
