package dev.slipstream.limit;

import java.util.function.LongSupplier;

/**
 * Whether direct memory is short: then no request is taken on and nothing more is held, so that what is under way can
 * end. A request that is refused costs a few hundred bytes; an allocation that fails costs a connection. Any thread.
 */
public final class MemoryGate {
    /** Never shut. */
    public static final MemoryGate OPEN = new MemoryGate(() -> 0, Long.MAX_VALUE);

    private final LongSupplier usedBytes;
    private final long shutAtBytes;

    /**
     * @param usedBytes direct memory that has been taken from the system; asked once per request and per held piece
     * @param shutAtBytes from so much on the gate is shut
     */
    public MemoryGate(LongSupplier usedBytes, long shutAtBytes) {
        this.usedBytes = usedBytes;
        this.shutAtBytes = shutAtBytes;
    }

    public boolean isShut() {
        return usedBytes.getAsLong() >= shutAtBytes;
    }
}
