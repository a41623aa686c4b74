package dev.slipstream.bench.upstream;

/**
 * How a recorded body is cut into chunks; recordings do not tell how it was. Whole answers keep a
 * Content-Length, streams are chunked.
 */
public enum ReplayDelivery {
    /** In one piece. */
    WHOLE,
    /** A piece per event of a stream; other bodies in one piece. */
    EVENTS,
    /** A piece per byte: splits every line end, escape and character. */
    BYTES
}
