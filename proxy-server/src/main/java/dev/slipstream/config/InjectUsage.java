package dev.slipstream.config;

/** Whether a provider is asked for usage that the client did not ask for. */
public enum InjectUsage {
    /** Where a request is translated anyway. */
    AUTO,
    /** In each request for a stream. */
    ON,
    /** Nowhere, whatever the provider understands. */
    OFF
}
