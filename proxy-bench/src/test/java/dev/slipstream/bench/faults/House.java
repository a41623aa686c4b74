package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A proxy under test, and the audit of what it holds. */
final class House {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private House() {}

    /** Starts a proxy on free ports, its models all at the provider at {@code baseUrl}; {@code sections} is YAML. */
    static Slipstream start(String baseUrl, String sections) {
        String yaml = """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                providers:
                  one: { base_url: "%s/v1", dialect: openai }
                  two: { base_url: "%s", dialect: anthropic }
                models:
                  - name: "*"
                    targets: [ { provider: one }, { provider: two } ]
                """.formatted(baseUrl, baseUrl) + sections;
        return start(yaml);
    }

    /** Starts a proxy with this configuration. */
    static Slipstream start(String yaml) {
        LoadResult result = ConfigLoader.fromText("test.yaml", yaml, Map.of(), Overrides.none());
        if (!(result instanceof LoadResult.Loaded loaded)) {
            throw new AssertionError(result.toString());
        }
        try {
            return Slipstream.start(loaded.config());
        } catch (StartFailedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until nothing of any request is left. */
    static void awaitQuiet(Slipstream proxy) {
        until("no request is in flight", () -> proxy.inFlight() == 0);
        until("no exchange is open", () -> proxy.exchangesInUse() == 0);
        until("no connection to a provider is busy", () -> proxy.busyUpstreamConnections() == 0);
        until("nothing is buffered", () -> proxy.bufferedBytes() == 0);
    }

    /** Closes the proxy and sees that each of its buffers came back. */
    static void closeAndAudit(Slipstream proxy) {
        proxy.close();
        assertEquals(0, activeAllocations(proxy), "buffers that never came back");
        assertEquals(0, proxy.inFlight());
        assertEquals(0, proxy.clientConnections());
        assertEquals(0, proxy.bufferedBytes());
    }

    static long activeAllocations(Slipstream proxy) {
        return ((PooledByteBufAllocator) proxy.allocator())
                .metric().directArenas().stream()
                        .mapToLong(PoolArenaMetric::numActiveAllocations)
                        .sum();
    }

    /** Memory the proxy has taken for its buffers. */
    static long usedBytes(Slipstream proxy) {
        return ((PooledByteBufAllocator) proxy.allocator()).metric().usedDirectMemory();
    }

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
