package dev.slipstream.limit;

import dev.slipstream.config.LimitsConfig;

/**
 * The counts of one Slipstream that hold over all its loops, and over reloads.
 *
 * @param inFlight requests between their head and their end
 * @param connections client connections
 * @param heldBytes bodies that wait for their route or for a connection
 * @param replayBytes bodies that are kept so that they can be sent again
 */
public record Limits(ExactLimit inFlight, ExactLimit connections, ByteBudget heldBytes, ByteBudget replayBytes) {
    public static Limits of(LimitsConfig config) {
        return of(config, config.connections());
    }

    /** @param connections instead of the configured number; 0: no limit */
    public static Limits of(LimitsConfig config, int connections) {
        return new Limits(
                new ExactLimit(config.inFlight()),
                new ExactLimit(connections),
                new ByteBudget(config.heldTotalBytes()),
                new ByteBudget(config.replayTotalBytes()));
    }

    /** Body bytes held in memory. */
    public long bufferedBytes() {
        return heldBytes.usedBytes() + replayBytes.usedBytes();
    }
}
