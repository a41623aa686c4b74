package dev.slipstream.boot;

import dev.slipstream.accesslog.AccessLog;
import dev.slipstream.limit.Limits;
import dev.slipstream.metrics.Metrics;
import dev.slipstream.route.Provider;
import dev.slipstream.upstream.SharedPools;
import java.util.Collection;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The figures that others keep, under the names users see. */
final class Gauges {
    private static final String CONNECTIONS = "slipstream_upstream_connections";
    private static final String CONNECTIONS_HELP = "Open connections to a provider.";

    private Gauges() {}

    /** What a loop's thread has allocated; on any thread, once the loop runs. */
    static void registerLoop(Metrics metrics, int loop, long threadId) {
        metrics.gauge(
                "slipstream_loop_allocated_bytes",
                "Heap bytes that a loop's thread has allocated since it started.",
                "loop",
                Integer.toString(loop),
                () -> ThreadAllocation.bytesOf(threadId));
    }

    /** Summed up when they are asked for: keeping them costs the loops nothing. */
    static void registerMemory(Metrics metrics, LongSupplier bufferedBytes, MemoryWatch memory) {
        metrics.gauge(
                "slipstream_buffered_bytes", "Held bodies, and bytes queued for clients and providers.", bufferedBytes);
        metrics.gauge("slipstream_direct_memory_bytes", "Direct memory taken from the system.", memory::usedBytes);
        metrics.gauge(
                "slipstream_direct_memory_limit_bytes",
                "Direct memory that may be taken; new requests are refused from an eighth below.",
                memory::limitBytes);
    }

    static void registerAccessLog(Metrics metrics, AccessLog log) {
        metrics.counter(
                "slipstream_access_log_dropped_total",
                "Lines of the access log that were dropped because its writer could not follow",
                log::dropped);
        metrics.counter(
                "slipstream_access_log_errors_total",
                "How often the access log could not be written or opened",
                log::writeErrors);
    }

    static void register(
            Metrics metrics,
            Limits limits,
            SharedPools pools,
            Collection<Provider> providers,
            IntSupplier clientConnections) {
        metrics.gauge(
                "slipstream_in_flight",
                "Requests between their head and their end.",
                () -> limits.inFlight().used());
        metrics.gauge("slipstream_client_connections", "Open client connections.", clientConnections::getAsInt);
        metrics.gauge(
                "slipstream_client_connections_limit",
                "Client connections there may be: limits.connections, or what the descriptors allow.",
                () -> limits.connections().limit());
        for (Provider provider : providers) {
            String name = provider.name();
            metrics.gauge(
                    CONNECTIONS,
                    CONNECTIONS_HELP,
                    "provider",
                    name,
                    "state",
                    "idle",
                    () -> pools.idleConnections(provider));
            metrics.gauge(
                    CONNECTIONS,
                    CONNECTIONS_HELP,
                    "provider",
                    name,
                    "state",
                    "active",
                    () -> pools.activeConnections(provider));
            metrics.gauge(
                    "slipstream_pool_waiters",
                    "Requests that wait for a connection.",
                    "provider",
                    name,
                    () -> pools.waiters(provider));
        }
    }
}
