package dev.slipstream.bench.macro;

import dev.slipstream.boot.Slipstream;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the process holds: the proxy, the provider and the clients.
 *
 * @param rssBytes 0 where there is no {@code /proc}
 * @param heapBytes used; behind a collection where it was asked for
 * @param directBytes taken by the proxy for its buffers
 * @param descriptors less both ends of the proxy's connections to the provider, which it keeps on purpose; 0 where there
 *     is no {@code /proc}
 */
record StormFigures(long rssBytes, long heapBytes, long directBytes, long descriptors) {
    static StormFigures of(Slipstream proxy) {
        return new StormFigures(
                residentBytes(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ((PooledByteBufAllocator) proxy.allocator()).metric().usedDirectMemory(),
                descriptors(proxy));
    }

    /** Collects garbage first. */
    static StormFigures atRest(Slipstream proxy) {
        System.gc();
        return of(proxy);
    }

    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException noProc) {
            return 0;
        }
        return 0;
    }

    private static long descriptors(Slipstream proxy) {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length - 2L * proxy.upstreamConnections();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "rss %.1f MiB, heap %.1f MiB, direct %.1f MiB, descriptors %d",
                rssBytes / 1048576.0,
                heapBytes / 1048576.0,
                directBytes / 1048576.0,
                descriptors);
    }
}
