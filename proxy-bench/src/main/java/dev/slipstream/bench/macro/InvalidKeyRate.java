package dev.slipstream.bench.macro;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast invalid keys are refused, and what a refusal costs: {@value #CONNECTIONS} connections, closed loop, one event
 * loop of the proxy and one thread of the load. The CPU time is that of the proxy's loop alone.
 */
final class InvalidKeyRate {
    static final int CONNECTIONS = 64;
    private static final int ROUNDS = 3;
    private static final String HEAD = "POST /v1/chat/completions HTTP/1.1\r\nhost: proxy\r\nauthorization: Bearer "
            + "sk-slip-storm-0123456789abcdef00\r\ncontent-type: application/json\r\n";

    private final PrintWriter out;
    private final long roundNanos;

    private InvalidKeyRate(PrintWriter out, long roundNanos) {
        this.out = out;
        this.roundNanos = roundNanos;
    }

    /**
     * Warms up for a round of each kind, measures, and prints.
     *
     * @param roundSeconds of each kind, {@value #ROUNDS} times
     * @return what was wrong; empty if nothing was
     */
    static List<String> run(int roundSeconds, PrintWriter out) throws IOException {
        return new InvalidKeyRate(out, TimeUnit.SECONDS.toNanos(roundSeconds)).run();
    }

    private static Map<String, String> kinds() {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(960) + "\"}]}";
        String large = HEAD + "content-length: " + FloodingClient.LARGE_BYTES + "\r\n\r\n";
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("no body, kept", HEAD.replace("POST /v1/chat/completions", "GET /v1/models") + "\r\n");
        kinds.put("body of 1 KB, kept", HEAD + "content-length: " + body.length() + "\r\n\r\n" + body);
        kinds.put("8 MiB declared, none sent, a connection each", large);
        kinds.put("8 MiB declared, 16 KiB sent, a connection each", large + "x".repeat(16 * 1024));
        return kinds;
    }

    private List<String> run() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Slipstream proxy = StormProxy.start(provider, 1)) {
            long wrong = 0;
            for (int round = 0; round <= ROUNDS; round++) {
                for (Map.Entry<String, String> kind : kinds().entrySet()) {
                    wrong += measure(proxy, kind.getKey(), kind.getValue(), round);
                }
            }
            if (wrong > 0) {
                return List.of(wrong + " invalid keys were not answered with 401");
            }
            long asked = provider.counters().requests();
            return asked == 0 ? List.of() : List.of("the provider was asked " + asked + " times");
        }
    }

    private long measure(Slipstream proxy, String kind, String request, int round) {
        try (RefusalLoad load = new RefusalLoad(proxy.apiAddress(), request)) {
            load.start(CONNECTIONS);
            long cpu = loopCpuNanos();
            long refused = load.refused();
            long start = System.nanoTime();
            while (System.nanoTime() - start < roundNanos) {
                LockSupport.parkNanos(roundNanos - (System.nanoTime() - start));
            }
            refused = load.refused() - refused;
            cpu = loopCpuNanos() - cpu;
            double seconds = (System.nanoTime() - start) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "invalid keys, %s: %s: %.0f refusals/s, %.1f us of the loop's CPU each (%d refusals, %d otherwise)%n",
                    round == 0 ? "warm-up" : "round " + round,
                    kind,
                    refused / seconds,
                    refused == 0 ? 0 : cpu / 1e3 / refused,
                    refused,
                    load.otherwise());
            out.flush();
            return load.otherwise() + (refused == 0 ? 1 : 0);
        }
    }

    /** CPU time of the proxy's event loops since their start. */
    static long loopCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("slipstream-loop-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }
}
