package dev.slipstream.config;

/**
 * What is refused, and what is held. Sizes in bytes; 0 = no limit where the field's comment says so.
 * All figures are per process and exact.
 *
 * @param headerBytes a request or response head, start line included
 * @param targetBytes a request target
 * @param headerFields fields of a head
 * @param bodyBytes a request body; 0 = no limit
 * @param jsonDepth nesting of a request body
 * @param scanFirstBytes bodies up to this size are scanned whole before a provider is asked for anything
 * @param heldBodyBytes what is held of one body whose model has not come yet
 * @param heldTotalBytes what is held of all such bodies together
 * @param replayBytes what is kept of one body so that it can be sent again
 * @param replayTotalBytes what is kept of all bodies together for that
 * @param streamBufferBytes bytes queued for a slow reader before the other side is paused
 * @param connections client connections; 0 = no limit
 * @param connectionsPerAddress client connections from one address; 0 = no limit
 * @param inFlight requests between their head and their end; 0 = no limit
 */
public record LimitsConfig(
        int headerBytes,
        int targetBytes,
        int headerFields,
        long bodyBytes,
        int jsonDepth,
        int scanFirstBytes,
        long heldBodyBytes,
        long heldTotalBytes,
        long replayBytes,
        long replayTotalBytes,
        int streamBufferBytes,
        int connections,
        int connectionsPerAddress,
        int inFlight) {}
