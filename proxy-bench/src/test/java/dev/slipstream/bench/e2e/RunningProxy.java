package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Proxies in this process, and what must hold behind every test: nothing is under way, no byte is held; and once a
 * proxy is closed its buffers and threads are gone, and no buffer was lost. To be registered as a static field; a
 * proxy that a test starts is closed behind that test, others behind the class.
 */
public final class RunningProxy implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** Loops and transport of proxies whose configuration does not say. */
    private static final String RUNTIME = "runtime: { loops: 2 }\n";

    private final List<Slipstream> running = new CopyOnWriteArrayList<>();
    private int startedBefore;

    /**
     * Starts one on free ports.
     *
     * @param yaml the configuration; listen, admin and runtime are added where they are absent
     */
    public Slipstream start(String yaml) {
        String text = with(yaml, "listen:", "listen: { address: \"127.0.0.1:0\" }\n")
                + with(yaml, "admin:", "admin: { address: \"127.0.0.1:0\" }\n")
                + with(yaml, "runtime:", RUNTIME)
                + yaml;
        LoadResult result = ConfigLoader.fromText("test", text, Map.of(), Overrides.none());
        if (!(result instanceof LoadResult.Loaded loaded)) {
            throw new AssertionError(result + " of\n" + text);
        }
        try {
            Slipstream proxy = Slipstream.start(loaded.config());
            running.add(proxy);
            return proxy;
        } catch (StartFailedException e) {
            throw new AssertionError(e);
        }
    }

    private static String with(String yaml, String key, String line) {
        return yaml.startsWith(key) || yaml.contains("\n" + key) ? "" : line;
    }

    /** {@code http://HOST:PORT} of its API. */
    public static String url(Slipstream proxy) {
        return "http://127.0.0.1:" + proxy.apiAddress().getPort();
    }

    /** As {@link #url}, of one that speaks TLS. */
    public static String tlsUrl(Slipstream proxy) {
        return "https://127.0.0.1:" + proxy.apiAddress().getPort();
    }

    /** {@code http://HOST:PORT} of its admin endpoints. */
    public static String adminUrl(Slipstream proxy) {
        return "http://127.0.0.1:" + proxy.adminAddress().getPort();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        startedBefore = running.size();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        running.forEach(RunningProxy::awaitQuiet);
        while (running.size() > startedBefore) {
            closeLast();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        while (!running.isEmpty()) {
            closeLast();
        }
        Await.until(
                () -> "these threads end: " + proxyThreads(),
                () -> proxyThreads().isEmpty());
        assertEquals(List.of(), LeakReports.take(), "lost buffers");
    }

    /** Ends one well, and audits it. Waits, no longer than {@code timeouts.drain} and a moment. */
    public void drain(Slipstream proxy) {
        if (!running.remove(proxy)) {
            throw new IllegalArgumentException("it does not run");
        }
        proxy.drain();
        awaitBuffersBack(proxy);
    }

    private void closeLast() {
        Slipstream proxy = running.remove(running.size() - 1);
        proxy.close();
        awaitBuffersBack(proxy);
    }

    private static void awaitBuffersBack(Slipstream proxy) {
        PooledByteBufAllocator allocator = (PooledByteBufAllocator) proxy.allocator();
        Await.until(
                () -> activeAllocations(allocator) + " buffers are given back: " + allocator.metric(),
                () -> activeAllocations(allocator) == 0);
    }

    /** Nothing under way, nothing held; the end of a request reaches the client before it is booked. */
    static void awaitQuiet(Slipstream proxy) {
        Await.until(
                () -> "this is all 0: " + figures(proxy), () -> figures(proxy).isQuiet());
    }

    private static Figures figures(Slipstream proxy) {
        return new Figures(
                proxy.exchangesInUse(), proxy.busyUpstreamConnections(), proxy.inFlight(), proxy.bufferedBytes());
    }

    private record Figures(int exchanges, int busyUpstreamConnections, int inFlight, long bufferedBytes) {
        boolean isQuiet() {
            return exchanges == 0 && busyUpstreamConnections == 0 && inFlight == 0 && bufferedBytes == 0;
        }
    }

    private static long activeAllocations(PooledByteBufAllocator allocator) {
        return Stream.concat(allocator.metric().directArenas().stream(), allocator.metric().heapArenas().stream())
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    private static List<String> proxyThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("slipstream-"))
                .sorted()
                .toList();
    }
}
