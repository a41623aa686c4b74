package dev.slipstream.bench.distance;

/**
 * One call, in nanoseconds from its beginning: for a new connection before it is opened, else before the first byte of
 * the request is written.
 *
 * @param connectedNanos the connection is open; 0 where it was already
 * @param securedNanos the TLS handshake is done; 0 where it was already, or where there is none
 * @param firstByteNanos the first byte of the answer came
 * @param lastByteNanos the answer is complete
 */
record CallTimes(long connectedNanos, long securedNanos, long firstByteNanos, long lastByteNanos) {}
