package dev.slipstream.admin;

import dev.slipstream.metrics.ProviderHealth;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the health endpoints say beyond one word. A check that warns makes the whole {@code degraded}, never down. */
final class HealthJson {
    private static final double HEAP_WARN_SHARE = 0.95;
    private static final long DISK_WARN_BYTES = 100L << 20;
    private static final double FILE_DESCRIPTORS_WARN_SHARE = 0.9;
    private static final String OK = "ok";
    private static final String WARN = "warn";
    private static final String DEGRADED = "degraded";

    private HealthJson() {}

    static JsonMap detailed(AdminEndpoints endpoints) {
        JsonMap checks = new JsonMap()
                .with("memory", memory())
                .with("disk", disk())
                .with("file_descriptors", fileDescriptors())
                .with("providers", providerCheck(endpoints.providers().get()));
        boolean fine = checks.values().stream()
                .allMatch(check -> check instanceof JsonMap map && OK.equals(map.get("status")));
        String status = endpoints.draining().getAsBoolean() ? "draining" : fine ? OK : DEGRADED;
        return new JsonMap()
                .with("status", status)
                .with("version", endpoints.version())
                .with("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3)
                .with("checks", checks);
    }

    static JsonMap providers(List<ProviderHealth> providers) {
        List<JsonMap> list = new ArrayList<>(providers.size());
        for (ProviderHealth provider : providers) {
            JsonMap one = new JsonMap()
                    .with("name", provider.name())
                    .with("dialect", provider.dialect().name().toLowerCase(Locale.ROOT))
                    .with("status", provider.status().word())
                    .with(
                            "connections",
                            new JsonMap()
                                    .with("active", provider.connectionsActive())
                                    .with("idle", provider.connectionsIdle()))
                    .with("waiters", provider.waiters())
                    .with("last_failure", provider.lastFailure())
                    .with("last_failure_detail", provider.lastFailureDetail());
            list.add(one.with(
                    "last_failure_epoch_millis",
                    provider.lastFailureEpochMillis() == 0 ? null : provider.lastFailureEpochMillis()));
        }
        return new JsonMap()
                .with("status", failing(providers) == 0 ? OK : DEGRADED)
                .with("providers", list);
    }

    private static JsonMap memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        ProcessFigures.Memory process = ProcessFigures.memory();
        boolean fine = heap.getMax() < 0 || heap.getUsed() < heap.getMax() * HEAP_WARN_SHARE;
        return check(fine)
                .with("heap_used_bytes", heap.getUsed())
                .withKnown("heap_max_bytes", heap.getMax())
                .withKnown("resident_bytes", process.residentBytes())
                .withKnown("resident_peak_bytes", process.residentPeakBytes());
    }

    private static JsonMap disk() {
        ProcessFigures.Disk disk = ProcessFigures.disk();
        boolean fine = disk.usableBytes() < 0 || disk.usableBytes() >= DISK_WARN_BYTES;
        return check(fine).withKnown("usable_bytes", disk.usableBytes()).withKnown("total_bytes", disk.totalBytes());
    }

    private static JsonMap fileDescriptors() {
        long open = ProcessFigures.openFileDescriptors();
        long max = ProcessFigures.maxFileDescriptors();
        boolean fine = open < 0 || max <= 0 || open < max * FILE_DESCRIPTORS_WARN_SHARE;
        return check(fine).withKnown("open", open).withKnown("max", max);
    }

    private static JsonMap providerCheck(List<ProviderHealth> providers) {
        int failing = failing(providers);
        return check(failing == 0).with("configured", providers.size()).with("failing", failing);
    }

    private static int failing(List<ProviderHealth> providers) {
        int failing = 0;
        for (ProviderHealth provider : providers) {
            if (provider.status() == ProviderHealth.Status.FAILING) {
                failing++;
            }
        }
        return failing;
    }

    private static JsonMap check(boolean fine) {
        return new JsonMap().with("status", fine ? OK : WARN);
    }
}
