package dev.slipstream.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The {@code process_*} and {@code jvm_*} metrics, by the names that Prometheus' own clients use. */
final class ProcessSnapshots {
    private final List<MetricSnapshot> snapshots;

    private ProcessSnapshots(List<MetricSnapshot> snapshots) {
        this.snapshots = snapshots;
    }

    /** Adds them to {@code snapshots}. */
    static void addTo(List<MetricSnapshot> snapshots) {
        ProcessSnapshots adding = new ProcessSnapshots(snapshots);
        adding.addProcess();
        adding.addMemory();
        adding.addBufferPools();
        adding.addCollectors();
        adding.addThreads();
    }

    private void addProcess() {
        long cpuNanos = ProcessFigures.cpuNanos();
        if (cpuNanos >= 0) {
            counter("process_cpu_seconds", "User and system CPU time", cpuNanos / 1e9);
        }
        ProcessFigures.Memory memory = ProcessFigures.memory();
        gaugeIfKnown("process_resident_memory_bytes", "Resident memory", memory.residentBytes());
        gaugeIfKnown("process_virtual_memory_bytes", "Virtual memory", memory.virtualBytes());
        gaugeIfKnown("process_open_fds", "Open file descriptors", ProcessFigures.openFileDescriptors());
        gaugeIfKnown("process_max_fds", "Limit of open file descriptors", ProcessFigures.maxFileDescriptors());
        gauge(
                "process_start_time_seconds",
                "Start of the process since the epoch",
                List.of(point(ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3, Labels.EMPTY)));
    }

    private void addMemory() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        MemoryUsage heap = memory.getHeapMemoryUsage();
        MemoryUsage nonHeap = memory.getNonHeapMemoryUsage();
        areas("jvm_memory_used_bytes", "Used memory", heap, nonHeap, MemoryUsage::getUsed);
        areas("jvm_memory_committed_bytes", "Committed memory", heap, nonHeap, MemoryUsage::getCommitted);
        areas("jvm_memory_max_bytes", "Limit of memory, -1 if there is none", heap, nonHeap, MemoryUsage::getMax);
    }

    private void addBufferPools() {
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        pools("jvm_buffer_pool_used_bytes", "Used bytes of a buffer pool", pools, BufferPoolMXBean::getMemoryUsed);
        pools("jvm_buffer_pool_capacity_bytes", "Bytes of a pool", pools, BufferPoolMXBean::getTotalCapacity);
        pools("jvm_buffer_pool_used_buffers", "Buffers of a pool", pools, BufferPoolMXBean::getCount);
    }

    private void addCollectors() {
        SummarySnapshot.Builder collections =
                SummarySnapshot.builder().name("jvm_gc_collection_seconds").help("Time spent by a garbage collector");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections.dataPoint(SummaryDataPointSnapshot.builder()
                    .labels(Labels.of("gc", collector.getName()))
                    .count(Math.max(0, collector.getCollectionCount()))
                    .sum(Math.max(0, collector.getCollectionTime()) / 1e3)
                    .build());
        }
        snapshots.add(collections.build());
    }

    private void addThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        gaugeIfKnown("jvm_threads_current", "Live threads", threads.getThreadCount());
        gaugeIfKnown("jvm_threads_daemon", "Live daemon threads", threads.getDaemonThreadCount());
        gaugeIfKnown("jvm_threads_peak", "Most threads that lived at once", threads.getPeakThreadCount());
        counter("jvm_threads_started", "Threads started", (double) threads.getTotalStartedThreadCount());
    }

    private void counter(String name, String help, double value) {
        snapshots.add(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build());
    }

    private void gaugeIfKnown(String name, String help, long value) {
        if (value >= 0) {
            gauge(name, help, List.of(point((double) value, Labels.EMPTY)));
        }
    }

    private void areas(
            String name, String help, MemoryUsage heap, MemoryUsage nonHeap, ToLongFunction<MemoryUsage> figure) {
        gauge(
                name,
                help,
                List.of(
                        point((double) figure.applyAsLong(heap), Labels.of("area", "heap")),
                        point((double) figure.applyAsLong(nonHeap), Labels.of("area", "nonheap"))));
    }

    private void pools(
            String name, String help, List<BufferPoolMXBean> pools, ToLongFunction<BufferPoolMXBean> figure) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>(pools.size());
        for (BufferPoolMXBean pool : pools) {
            points.add(point((double) figure.applyAsLong(pool), Labels.of("pool", pool.getName())));
        }
        gauge(name, help, points);
    }

    private void gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(gauge::dataPoint);
        snapshots.add(gauge.build());
    }

    private static GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
