package dev.slipstream.upstream;

/**
 * What every connection to a provider keeps to.
 *
 * @param headerBytes the most a response head may have
 * @param headerFields the most fields it may have
 */
public record ConnectionSettings(int headerBytes, int headerFields) {}
