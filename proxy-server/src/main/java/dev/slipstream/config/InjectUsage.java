package dev.slipstream.config;

/** Whether a provider is asked for usage that the client did not ask for. */
public enum InjectUsage {
    AUTO,
    ON,
    OFF
}
