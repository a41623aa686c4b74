package dev.slipstream.admin;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system knows of this process. Where it does not say ({@code /proc} is Linux's), a figure is
 * {@link #UNKNOWN} and whoever shows it leaves it out. Reads files: the admin loop only.
 */
final class ProcessFigures {
    static final long UNKNOWN = -1;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path NETWORK = Path.of("/proc/self/net/dev");

    /** The memory of the process: {@code /proc/self/status}, in bytes. */
    record Memory(long residentBytes, long residentPeakBytes, long virtualBytes) {}

    /** All interfaces of the host or container together but the loopback. */
    record Network(long receivedBytes, long sentBytes) {}

    /** The file system of the working directory. */
    record Disk(long totalBytes, long usableBytes) {}

    private ProcessFigures() {}

    static long cpuNanos() {
        OperatingSystemMXBean system = system();
        return system == null ? UNKNOWN : system.getProcessCpuTime();
    }

    /** Share of all cores that this process uses, 0 to 1; NaN if not known. */
    static double cpuLoad() {
        OperatingSystemMXBean system = system();
        return system == null || system.getProcessCpuLoad() < 0 ? Double.NaN : system.getProcessCpuLoad();
    }

    /** The load average of the last minute; NaN if not known. */
    static double loadAverage() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? Double.NaN : load;
    }

    static long openFileDescriptors() {
        try {
            return system() instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : UNKNOWN;
        } catch (InternalError noneLeftToLookWith) {
            return UNKNOWN;
        }
    }

    static long maxFileDescriptors() {
        return system() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : UNKNOWN;
    }

    static Memory memory() {
        List<String> lines = lines(STATUS);
        return new Memory(kibibytes(lines, "VmRSS:"), kibibytes(lines, "VmHWM:"), kibibytes(lines, "VmSize:"));
    }

    static Network network() {
        long receivedBytes = 0;
        long sentBytes = 0;
        boolean known = false;
        for (String line : lines(NETWORK)) {
            int colon = line.indexOf(':');
            if (colon < 0 || line.substring(0, colon).strip().equals("lo")) {
                continue;
            }
            // proc(5): bytes received are the first figure, bytes sent the ninth.
            String[] figures = line.substring(colon + 1).strip().split("\\s+");
            if (figures.length > 8) {
                receivedBytes += number(figures[0]);
                sentBytes += number(figures[8]);
                known = true;
            }
        }
        return known ? new Network(receivedBytes, sentBytes) : new Network(UNKNOWN, UNKNOWN);
    }

    static Disk disk() {
        try {
            FileStore store = Files.getFileStore(Path.of("").toAbsolutePath());
            return new Disk(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return new Disk(UNKNOWN, UNKNOWN);
        }
    }

    private static @Nullable OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system ? system : null;
    }

    private static long kibibytes(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return number(line.substring(name.length()).replace("kB", "").strip()) * 1024;
            }
        }
        return UNKNOWN;
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
