package dev.slipstream.bench.macro;

import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench shared-streams}: a thousand event streams over two connections to the provider, and a few clients that stall. */
@Command(
        name = "shared-streams",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Paced event streams through a proxy of one loop, first on their own, then beside a few streams that come as",
            "fast as they are taken and whose clients read nothing; when all others are complete, those are read to their",
            "end. Over HTTP/2 two connections to the provider carry all; over HTTP/1.1 each stream has one. Fails if a stream",
            "is not complete, if there are more connections, or if more than 320 KiB are held for a client that stalls. The same",
            "without a proxy shows what the provider and the clients add, which are of this process.",
            "scripts/bench-shared-streams pins both."
        })
public final class SharedStreams implements Callable<Integer> {
    private static final int HTTP2_CONNECTIONS = 2;
    /**
     * For each client that stalls: the window of an HTTP/2 stream, four times limits.stream_buffer of 64 KiB (HTTP/1.1: the
     * queue and a read, which is less), and 64 KiB for what stands between the pieces and is counted with each.
     */
    private static final int HELD_BYTES = (4 + 1) * 64 * 1024;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--before",
            paramLabel = "COMMAND",
            split = " ",
            description = "stands before the proxy's own command, such as 'taskset -c 0'")
    private List<String> before = List.of();

    @Option(names = "--streams", paramLabel = "N", description = "even; default: ${DEFAULT-VALUE}")
    private int streams = 1000;

    @Option(names = "--stalled", paramLabel = "N", description = "of them; default: ${DEFAULT-VALUE}")
    private int stalled = 10;

    @Option(names = "--gap-millis", paramLabel = "MS", description = "between two events; default: ${DEFAULT-VALUE}")
    private int gapMillis = 100;

    @Option(names = "--events", paramLabel = "N", description = "of a paced stream; default: ${DEFAULT-VALUE}")
    private int events = 150;

    @Option(
            names = "--quiet-millis",
            paramLabel = "MS",
            description = "before clients stall; default: ${DEFAULT-VALUE}")
    private int quietMillis = 6000;

    @Option(
            names = "--stalled-bytes",
            paramLabel = "N",
            description = "of each stream that stalls, more than sockets and proxy take; default: ${DEFAULT-VALUE}")
    private long stalledBytes = 12_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "behind one of warm-up; default: ${DEFAULT-VALUE}")
    private int rounds = 3;

    @Option(names = "--raw", paramLabel = "FILE", description = "one line for each stream and part of a round, CSV")
    private @Nullable Path raw;

    /** One way from the clients to the provider. */
    private record Way(
            String name,
            SimulatedProvider provider,
            @Nullable ProxyProcess proxy,
            StreamRun run) {}

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (stalled < 1 || streams < 2 * stalled || streams % 2 != 0 || gapMillis < 1 || rounds < 1) {
            throw new IllegalArgumentException("a figure is too small, or an odd number of streams");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("runs on: " + System.getProperty("java.vm.name") + " " + Runtime.version());
        var results = new StreamResults();
        List<Way> ways = new ArrayList<>();
        Path authority = Files.createTempFile("shared-streams-ca", ".pem");
        try (TestCertificates certificates = TestCertificates.create()) {
            Files.writeString(authority, certificates.authority().certificatePem());
            open(ways, certificates, authority);
            for (int round = 0; round <= rounds; round++) {
                for (Way way : ways) {
                    out.println((round == 0 ? "warm-up" : "round " + round + " of " + rounds) + ": " + way.name());
                    out.flush();
                    StreamRun.Leg leg = way.run().leg();
                    if (way.proxy() != null && !way.name().equals(ProviderKind.H1.label())) {
                        atMost(HTTP2_CONNECTIONS, way);
                    }
                    long held = leg.held().last();
                    if (held > (long) stalled * HELD_BYTES) {
                        throw new IOException(way.name() + ": " + held + " bytes held for clients that stall");
                    }
                    if (round > 0) {
                        results.add(round, way.name(), leg);
                    }
                }
            }
        } finally {
            for (Way way : ways) {
                if (way.proxy() != null) {
                    way.proxy().close();
                }
                way.provider().close();
            }
            Files.deleteIfExists(authority);
        }
        out.print(results.tables());
        out.flush();
        if (raw != null) {
            Files.writeString(raw, results.csv(), StandardCharsets.US_ASCII);
        }
        return 0;
    }

    private void open(List<Way> ways, TestCertificates certificates, Path authority) throws IOException {
        var plan = new StreamRun.Plan(streams, stalled, gapMillis, events, quietMillis, stalledBytes);
        for (ProviderKind kind : ProviderKind.values()) {
            SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults()
                    .withWire(kind.wire(certificates.server()).withMaxStreams(streams / HTTP2_CONNECTIONS)));
            if (kind == ProviderKind.H1) {
                var direct = new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port());
                ways.add(new Way("direct", provider, null, new StreamRun(plan, direct, null)));
            }
            ProxyProcess proxy = ProxyProcess.start(yaml(kind, provider, authority), before);
            ways.add(new Way(kind.label(), provider, proxy, new StreamRun(plan, proxy.api(), proxy)));
        }
    }

    private String yaml(ProviderKind kind, SimulatedProvider provider, Path authority) {
        return """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                runtime: { loops: 1 }
                pool: { warm: 0, max_connections: %d, max_streams: %d }
                limits: { connections: %d, connections_per_address: 0 }
                timeouts: { client_write: 2m }
                providers:
                  upstream: %s
                models: [ { name: m, targets: [ { provider: upstream } ] } ]
                """.formatted(
                        kind == ProviderKind.H1 ? streams : HTTP2_CONNECTIONS,
                        streams / HTTP2_CONNECTIONS,
                        2 * streams,
                        kind.yaml(provider.openAiBaseUrl(), authority));
    }

    private static void atMost(int connections, Way way) throws IOException {
        long open = way.provider().counters().openConnections();
        if (open > connections) {
            throw new IOException(way.name() + ": " + open + " connections to the provider");
        }
    }
}
