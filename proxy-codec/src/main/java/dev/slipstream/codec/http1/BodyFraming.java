package dev.slipstream.codec.http1;

/** How the body behind a head is delimited (RFC 9112 §6.3). */
public enum BodyFraming {
    NONE,
    LENGTH,
    CHUNKED,
    /** Responses only: the body ends with the connection. */
    UNTIL_CLOSE
}
