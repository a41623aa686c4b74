package dev.slipstream.config;

/**
 * How the process runs.
 *
 * @param loops event loops; 0: as many as there are processors
 * @param warmUp whether the process warms itself after the ready line
 */
public record RuntimeConfig(int loops, TransportKind transport, boolean warmUp) {
    /** Event loops that there will be. */
    public int loopCount() {
        return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
    }
}
