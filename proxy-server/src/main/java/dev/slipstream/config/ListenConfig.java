package dev.slipstream.config;

/** The API listener. */
public record ListenConfig(HostPort address) {}
