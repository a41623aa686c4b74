package dev.slipstream.exchange;

/** Whom an exchange tells of its end, once, whatever the end. */
public interface ExchangeLog {
    /** Keeps nothing. */
    ExchangeLog OFF = (exchange, reason) -> {};

    /**
     * {@code exchange} is about to be recycled; its times have stopped, its status is the one that is counted. On its
     * loop: copies what it wants, neither waits nor allocates.
     */
    void onEnd(Exchange exchange, CloseReason reason);
}
