package dev.slipstream.admin;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;

/** The {@code system} object of the JSON metrics: the process and what it runs on. */
final class SystemJson {
    private SystemJson() {}

    static JsonMap system() {
        return new JsonMap()
                .with("cpu", cpu())
                .with("memory", memory())
                .with("disk", disk())
                .with("network", network())
                .with("threads", threads())
                .with("file_descriptors", fileDescriptors())
                .with("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
    }

    private static JsonMap cpu() {
        JsonMap cpu = new JsonMap()
                .with("cores", Runtime.getRuntime().availableProcessors())
                .withKnown("process_load", ProcessFigures.cpuLoad())
                .withKnown("load_average", ProcessFigures.loadAverage());
        long nanos = ProcessFigures.cpuNanos();
        return nanos < 0 ? cpu : cpu.with("process_seconds", nanos / 1e9);
    }

    private static JsonMap memory() {
        ProcessFigures.Memory process = ProcessFigures.memory();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage nonHeap = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        return new JsonMap()
                .withKnown("current_bytes", process.residentBytes())
                .withKnown("peak_bytes", process.residentPeakBytes())
                .with("heap_used_bytes", heap.getUsed())
                .with("heap_peak_bytes", heapPeakBytes())
                .with("heap_committed_bytes", heap.getCommitted())
                .withKnown("heap_max_bytes", heap.getMax())
                .with("nonheap_used_bytes", nonHeap.getUsed());
    }

    /** The peaks of the pools together: above the true peak where they were not at the same time. */
    private static long heapPeakBytes() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                bytes += pool.getPeakUsage().getUsed();
            }
        }
        return bytes;
    }

    private static JsonMap disk() {
        ProcessFigures.Disk disk = ProcessFigures.disk();
        return new JsonMap().withKnown("total_bytes", disk.totalBytes()).withKnown("usable_bytes", disk.usableBytes());
    }

    private static JsonMap network() {
        ProcessFigures.Network network = ProcessFigures.network();
        return new JsonMap()
                .withKnown("received_bytes", network.receivedBytes())
                .withKnown("sent_bytes", network.sentBytes());
    }

    private static JsonMap threads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return new JsonMap()
                .with("current", threads.getThreadCount())
                .with("peak", threads.getPeakThreadCount())
                .with("daemon", threads.getDaemonThreadCount());
    }

    private static JsonMap fileDescriptors() {
        return new JsonMap()
                .withKnown("open", ProcessFigures.openFileDescriptors())
                .withKnown("max", ProcessFigures.maxFileDescriptors());
    }
}
