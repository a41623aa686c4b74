package dev.slipstream.config;

/**
 * One place a model is to be had.
 *
 * @param provider a name of {@link SlipstreamConfig#providers()}
 * @param model what the provider calls it; empty: what the client called it (less a dialect suffix)
 */
public record TargetConfig(String provider, String model) {}
