package dev.slipstream.config;

import org.jspecify.annotations.Nullable;

/**
 * The API listener.
 *
 * @param tls null: clients speak without TLS
 */
public record ListenConfig(HostPort address, @Nullable ListenTls tls) {}
