package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "own and then beside one stream that goes as fast as it can, or beside large conversations. The provider",
            "and all clients are threads of this process. The same without the proxy shows what of the gaps is theirs. scripts/bench-neighbours starts",
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

    @Option(
            names = "--conversation-bytes",
            split = ",",
            paramLabel = "N",
            description = {
                "instead of the burst: conversations of so many bytes with images, one behind the other, passed through",
                "and translated; several sizes, by commas"
            })
    private List<Integer> conversationBytes = List.of();

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
        Map<String, NeighbourRun> legs = legs(plan);
        try (BurstProvider provider = new BurstProvider(providerPort)) {
            for (int round = 0; round <= rounds; round++) {
                out.println(round == 0 ? "warm-up" : "round " + round + " of " + rounds);
                out.flush();
                for (Map.Entry<String, NeighbourRun> leg : legs.entrySet()) {
                    NeighbourRun.Leg seen = leg.getValue().leg(provider);
                    if (round > 0) {
                        results.add(round, leg.getKey(), seen);
                    }
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

    /** In the order in which they take turns. */
    private Map<String, NeighbourRun> legs(NeighbourRun.Plan plan) {
        var provider = new InetSocketAddress(InetAddress.getLoopbackAddress(), providerPort);
        var proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort);
        Map<String, NeighbourRun> legs = new LinkedHashMap<>();
        if (conversationBytes.isEmpty()) {
            legs.put("direct", new NeighbourRun(plan, provider));
            legs.put("proxy", new NeighbourRun(plan, proxy));
        }
        for (int bytes : conversationBytes) {
            Conversation chat = new Conversation(Dialect.OPENAI, bytes);
            legs.put("direct " + bytes, new NeighbourRun(plan, provider, chat));
            legs.put("passed through " + bytes, new NeighbourRun(plan, proxy, chat));
            legs.put("translated " + bytes, new NeighbourRun(plan, proxy, new Conversation(Dialect.ANTHROPIC, bytes)));
        }
        return legs;
    }
}
