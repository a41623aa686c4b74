package dev.slipstream.cli;

import dev.slipstream.boot.DirectMemory;
import dev.slipstream.config.SlipstreamConfig;

/** How much direct memory the process may take, where the launcher leaves that to it. */
public final class MemoryLimit {
    /** The launcher's: MiB of direct memory that the process may have at most. Without it no limit is set here. */
    private static final String MOST_MIB = "slipstream.directMemoryMiB";

    /** Netty's: its limit in bytes, read once, when its classes are initialised. */
    private static final String NETTY_LIMIT = "io.netty.maxDirectMemory";

    private static final long MIB = 1024 * 1024;

    private MemoryLimit() {}

    /**
     * Sets Netty's limit to the sum of the configuration's bounds ({@link DirectMemory#boundBytes}), or to what the launcher
     * allows at most where that is less, or where there is no sum. Does nothing where the launcher allows nothing, or
     * somebody has set a limit by hand. Must be called before a class of Netty is initialised.
     *
     * @param extraBytes beside the proxy's, in the same process
     */
    public static void apply(SlipstreamConfig config, long extraBytes) {
        Long mostMib = Long.getLong(MOST_MIB);
        if (mostMib == null || mostMib <= 0 || System.getProperty(NETTY_LIMIT) != null) {
            return;
        }
        long bound = DirectMemory.boundBytes(config, config.runtime().loopCount());
        long most = mostMib * MIB;
        long limit = bound == DirectMemory.UNBOUNDED ? most : Math.min(bound + extraBytes, most);
        System.setProperty(NETTY_LIMIT, Long.toString(limit));
    }
}
