package dev.slipstream.limit;

import dev.slipstream.config.LimitsConfig;

/**
 * The counts of one Slipstream that hold over all its loops, and over reloads.
 *
 * @param inFlight requests between their head and their end
 * @param connections client connections
 * @param heldBytes bodies that wait for their route or for a connection
 * @param replayBytes bodies that are kept so that they can be sent again
 * @param eventBytes events of answers that have not ended, as far as they are large: an eighth of the heap
 * @param memory whether direct memory is short
 */
public record Limits(
        ExactLimit inFlight,
        ExactLimit connections,
        ByteBudget heldBytes,
        ByteBudget replayBytes,
        ByteBudget eventBytes,
        MemoryGate memory) {
    /** Of limits that know nothing of the memory of their process. */
    public static Limits of(LimitsConfig config) {
        return of(config, config.connections(), MemoryGate.OPEN);
    }

    /** @param connections instead of the configured number; 0: no limit */
    public static Limits of(LimitsConfig config, int connections, MemoryGate memory) {
        return new Limits(
                new ExactLimit(config.inFlight()),
                new ExactLimit(connections),
                new ByteBudget(config.heldTotalBytes(), memory),
                new ByteBudget(config.replayTotalBytes(), memory),
                new ByteBudget(Runtime.getRuntime().maxMemory() / 8),
                memory);
    }

    /** Memory that held bodies take. */
    public long bufferedBytes() {
        return heldBytes.usedBytes() + replayBytes.usedBytes();
    }
}
