package dev.slipstream.config;

/**
 * What is logged.
 *
 * @param level trace, debug, info, warn or error
 * @param access off, stderr, or a file's path
 */
public record LogConfig(String level, String access) {}
