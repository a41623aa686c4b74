package dev.slipstream.config;

/**
 * Deadlines in nanoseconds; 0 = off.
 *
 * @param headerNanos from the first byte of a head (or the accept) to its end
 * @param clientBodyNanos from the end of the head to the end of the body
 * @param clientMinRateBytesPerSecond the slowest upload allowed, after its first 10 s
 * @param clientIdleNanos between two requests of a connection
 * @param clientWriteNanos without the client taking a byte that waits for it
 * @param connectNanos all addresses of a provider together, TLS included
 * @param poolWaitNanos for a connection of a full pool
 * @param firstByteNanos from the request's end to the head of the answer
 * @param betweenBytesNanos between two reads of an answer
 * @param totalNanos the whole exchange
 * @param drainNanos for what is under way when the process ends
 * @param lingerNanos for a client to read an early answer
 * @param pingNanos how often the waiting client of a stream is told that the provider still works
 */
public record TimeoutsConfig(
        long headerNanos,
        long clientBodyNanos,
        long clientMinRateBytesPerSecond,
        long clientIdleNanos,
        long clientWriteNanos,
        long tlsHandshakeNanos,
        long connectNanos,
        long poolWaitNanos,
        long firstByteNanos,
        long betweenBytesNanos,
        long totalNanos,
        long drainNanos,
        long lingerNanos,
        long pingNanos) {}
