package dev.slipstream.config;

/** What a setting's text means, and so how it is read, checked and shown. */
enum Kind {
    TEXT,
    /** Text that no message, log line or page ever shows. */
    SECRET,
    /** {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}; read as nanoseconds. */
    DURATION,
    /** {@code 512B}, {@code 64KiB}, {@code 2MiB}, {@code 1GiB}; read as bytes. */
    SIZE,
    /** A whole number. */
    COUNT,
    /** A whole number, or {@code auto}, which reads as 0. */
    COUNT_OR_AUTO,
    BOOLEAN,
    /** One of a few words. */
    CHOICE,
    /** {@code HOST:PORT} to listen on. */
    ADDRESS,
    /** A provider's base URL; not shown in messages, for people put credentials there. */
    URL
}
