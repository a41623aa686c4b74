package dev.slipstream.exchange;

import io.netty.buffer.ByteBuf;

/** What is done for an exchange behind its stages; dispatch's side of it. Kept with the exchange and reused. */
public interface ExchangeWork {
    /** The next bytes of the request's body. Consumes {@code data}. */
    void onBody(ByteBuf data);

    /** The request's body is complete. */
    void onBodyEnd();

    /** The client reads again, or has stopped to. */
    void onClientWritability(boolean writable);

    /**
     * The process ends before the answer does: the client is told, by an answer or by how its stream ends. The exchange
     * is closed when this returns.
     */
    void endForDrain();

    /** Nobody waits for the answer any more: cancels what is under way. Idempotent; calls nobody back. */
    void cancel();

    /** The exchange is not kept for another request: gives back what is kept from one to the next, timers above all. */
    default void retire() {}
}
