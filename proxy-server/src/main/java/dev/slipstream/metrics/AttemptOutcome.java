package dev.slipstream.metrics;

import java.util.Locale;

/** How an attempt at a provider ended. */
public enum AttemptOutcome {
    /** A complete answer with a status below 400. */
    OK,
    /** A complete answer with a status of 400 or above. */
    ERROR_STATUS,
    /** No connection. */
    CONNECT_FAILED,
    /** No place in the pool in time. */
    POOL_TIMEOUT,
    /** The answer or its continuation did not come in time. */
    TIMEOUT,
    /** The connection ended before the answer did. */
    CLOSED,
    /** The provider broke HTTP. */
    PROTOCOL,
    /** Nobody wanted the answer any more. */
    CANCELLED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the {@code outcome} label. */
    public String label() {
        return label;
    }
}
