package dev.slipstream.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How many clients the process has descriptors for. Each client takes one, and the provider's connection that serves it
 * another. A part is kept for what must work all the same: the admin listener, names, log files, classes not loaded yet.
 *
 * @param maxDescriptors what the system lets the process have; {@link #UNKNOWN} where it does not say
 * @param openDescriptors what the process has open before its first client
 */
record DescriptorBudget(long maxDescriptors, long openDescriptors) {
    static final long UNKNOWN = Long.MAX_VALUE;

    /** What is kept, where there is that much; else a quarter of what is free. */
    static final int RESERVED = 64;

    /** Opened behind the count: listeners, an access log, what the admin listener holds spare. */
    private static final int LATER = 16;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final String NAME = "Max open files";

    /** Of this process now. Reads {@code /proc}, so never on a loop; elsewhere than on Linux nothing is known. */
    static DescriptorBudget ofProcess() {
        try (Stream<Path> open = Files.list(OPEN)) {
            for (String line : Files.readAllLines(LIMITS, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(NAME)) {
                    String soft = line.substring(NAME.length()).strip().split("\\s+")[0];
                    return new DescriptorBudget(
                            soft.equals("unlimited") ? UNKNOWN : Long.parseLong(soft), open.count());
                }
            }
        } catch (IOException | NumberFormatException notLinux) {
            // Nothing is known, and nothing bounded: accepting pauses where there is none left.
        }
        return new DescriptorBudget(UNKNOWN, 0);
    }

    /**
     * How many clients may be connected.
     *
     * @param configured {@code limits.connections}; 0 = no limit
     * @param upstreams connections to providers that there may be at most
     * @return {@code configured}, or the smaller number that there are descriptors for: at least 1
     */
    int clients(int configured, long upstreams) {
        if (maxDescriptors == UNKNOWN) {
            return configured;
        }
        long left = Math.max(0, maxDescriptors - openDescriptors - LATER);
        long free = left - Math.min(RESERVED, left / 4);
        // A client under way holds two. What the pools cannot take, clients may.
        long clients = Math.max(1, Math.max(free / 2, free - upstreams));
        return configured > 0 && configured <= clients ? configured : (int) Math.min(Integer.MAX_VALUE, clients);
    }
}
