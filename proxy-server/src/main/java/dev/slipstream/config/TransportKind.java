package dev.slipstream.config;

/** What moves the bytes; {@link #AUTO} takes epoll where it loads, else nio. */
public enum TransportKind {
    AUTO,
    EPOLL,
    IO_URING,
    NIO
}
