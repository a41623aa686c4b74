package dev.slipstream.bench.macro;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench neighbours}: what one bursty stream does to the streams beside it. */
@Command(
        name = "neighbours",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Streams of one event every few milliseconds through a proxy on loopback that runs already, first on their",
            "own and then beside one stream that goes as fast as it can. The provider and all clients are threads of",
            "this process. The same without the proxy shows what of the gaps is theirs. scripts/bench-neighbours starts",
            "all that is needed."
        })
public final class Neighbours implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--proxy-port", required = true, paramLabel = "PORT", description = "of the proxy's API")
    private int proxyPort;

    @Option(
            names = "--provider-port",
            required = true,
            paramLabel = "PORT",
            description = "where the proxy looks for its provider, and this process listens")
    private int providerPort;

    @Option(names = "--neighbours", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int neighbours = 20;

    @Option(names = "--gap-millis", paramLabel = "MS", description = "between two events; default: ${DEFAULT-VALUE}")
    private int gapMillis = 5;

    @Option(names = "--burst-bytes", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private long burstBytes = 1_000_000_000L;

    @Option(names = "--event-bytes", paramLabel = "N", description = "of the burst; default: ${DEFAULT-VALUE}")
    private int eventBytes = 16 * 1024;

    @Option(names = "--quiet-millis", paramLabel = "MS", description = "before a burst; default: ${DEFAULT-VALUE}")
    private int quietMillis = 2000;

    @Option(names = "--rounds", paramLabel = "N", description = "behind one of warm-up; default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--raw", paramLabel = "FILE", description = "one line for each neighbour and part of a round, CSV")
    private @Nullable Path raw;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (neighbours < 1 || gapMillis < 1 || burstBytes < 1 || eventBytes < 16 || quietMillis < 1 || rounds < 1) {
            throw new IllegalArgumentException("a figure is too small");
        }
        PrintWriter out = spec.commandLine().getOut();
        var plan = new NeighbourRun.Plan(neighbours, gapMillis, burstBytes, eventBytes, quietMillis);
        var results = new NeighbourResults();
        try (BurstProvider provider = new BurstProvider(providerPort)) {
            var direct = new NeighbourRun(plan, new InetSocketAddress(InetAddress.getLoopbackAddress(), providerPort));
            var proxied = new NeighbourRun(plan, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort));
            for (int round = 0; round <= rounds; round++) {
                out.println(round == 0 ? "warm-up" : "round " + round + " of " + rounds);
                out.flush();
                NeighbourRun.Leg without = direct.leg(provider);
                NeighbourRun.Leg with = proxied.leg(provider);
                if (round > 0) {
                    results.add(round, "direct", without);
                    results.add(round, "proxy", with);
                }
            }
        }
        out.print(results.table());
        out.flush();
        if (raw != null) {
            Files.writeString(raw, results.csv(), StandardCharsets.US_ASCII);
        }
        return 0;
    }
}
