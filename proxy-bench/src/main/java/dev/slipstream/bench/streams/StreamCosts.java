package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.bench.load.LoadFiles;
import dev.slipstream.bench.load.LoadPlan;
import dev.slipstream.bench.load.LoadReport;
import dev.slipstream.bench.load.LoadResults;
import dev.slipstream.bench.load.LoadRun;
import dev.slipstream.bench.load.LoadTarget;
import dev.slipstream.bench.load.LoadTransport;
import dev.slipstream.bench.load.Metric;
import dev.slipstream.bench.load.Outcome;
import dev.slipstream.bench.load.PercentilePlot;
import dev.slipstream.bench.load.Quantile;
import dev.slipstream.bench.load.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench streams}: what a relayed event costs, and how late it is, without a proxy and through several. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "The part of scripts/bench-streams that is provider and clients: streams of 240-byte events, every byte of which",
            "is verified, straight to the provider and through each proxy in turn. Four legs of each in a round: paced events",
            "at a high rate (CPU time), events that are sent when the last was received (the most there can be), paced",
            "events at a moderate rate (delay and gap), and an open loop of short streams (first token). The proxies are",
            "the script's."
        })
public final class StreamCosts implements Callable<Integer> {
    private static final String DIRECT = "direct";
    private static final double NANOS_PER_MICRO = 1e3;
    private static final int TICKS_PER_HALF = 5;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--provider-port",
            required = true,
            paramLabel = "PORT",
            description = "of 127.0.0.1, where the proxies look for their provider; 0: any free one")
    private int providerPort;

    @Option(
            names = "--proxy",
            paramLabel = "NAME=PORT:PID[+PID…][:ADMIN]",
            description = "listens on this port of 127.0.0.1; its processes; Slipstream's admin port. More than once")
    private List<String> proxies = List.of();

    @Option(names = "--key", paramLabel = "KEY", description = "that the proxies want")
    private String key = "none";

    @Option(names = "--model", paramLabel = "NAME", description = "that requests ask for; default: ${DEFAULT-VALUE}")
    private String model = "chat-model";

    @Option(names = "--streams", paramLabel = "N", description = "at a time; default: ${DEFAULT-VALUE}")
    private int streams = 80;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "events a second, of all streams together, where CPU time is counted; default: ${DEFAULT-VALUE}")
    private double rate = 60_000;

    @Option(names = "--seconds", paramLabel = "S", description = "of such a leg; default: ${DEFAULT-VALUE}")
    private double seconds = 6;

    @Option(
            names = "--most-seconds",
            paramLabel = "S",
            description = "of a leg without a pace; default: ${DEFAULT-VALUE}")
    private double mostSeconds = 3;

    @Option(
            names = "--delay-rate",
            paramLabel = "N",
            description =
                    "events a second, of all streams together, where delays are looked at; default: ${DEFAULT-VALUE}")
    private double delayRate = 5000;

    @Option(names = "--delay-seconds", paramLabel = "S", description = "of such a leg; default: ${DEFAULT-VALUE}")
    private double delaySeconds = 4;

    @Option(names = "--first-rate", paramLabel = "N", description = "requests a second; default: ${DEFAULT-VALUE}")
    private double firstRate = 400;

    @Option(names = "--first-seconds", paramLabel = "S", description = "of such a leg; default: ${DEFAULT-VALUE}")
    private double firstSeconds = 6;

    @Option(names = "--rounds", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--warmup", paramLabel = "S", description = "through each proxy; default: ${DEFAULT-VALUE}")
    private double warmUp = 15;

    @Option(
            names = "--max-lateness",
            paramLabel = "MS",
            description = "no percentile of the first token is told where the generator came later to one request in a"
                    + " hundred; default: ${DEFAULT-VALUE}")
    private double maxLatenessMillis = 3;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "for raw.csv, histograms and the plot")
    private Path out = Path.of("");

    /** One way from the clients to the provider, and what all its legs came to. */
    private record Way(
            String name,
            InetSocketAddress address,
            ProxyWatch watch,
            @Nullable LoopAllocation allocation,
            Histogram ways,
            Histogram gaps,
            LoadResults first) {
        boolean isDirect() {
            return name.equals(DIRECT);
        }
    }

    /** Processor time and garbage since it was made. */
    private static final class Meter {
        private final Way way;
        private final long fromNanos = System.nanoTime();
        private final long ownNanos = ProxyWatch.ownCpuNanos();
        private final long proxyNanos;
        private final double allocated;

        Meter(Way way) throws IOException {
            this.way = way;
            this.proxyNanos = way.watch().cpuNanos();
            this.allocated = way.allocation() == null ? 0 : way.allocation().bytes();
        }

        /** Three columns: µs of the proxy and bytes of its loops' garbage for each event, share of a core of this process. */
        String columns(long events) throws IOException {
            double cpu = (way.watch().cpuNanos() - proxyNanos) / NANOS_PER_MICRO / events;
            double load = (double) (ProxyWatch.ownCpuNanos() - ownNanos) / (System.nanoTime() - fromNanos);
            String heap = way.allocation() == null
                    ? ""
                    : String.format(Locale.ROOT, "%.2f", (way.allocation().bytes() - allocated) / events);
            return String.format(
                    Locale.ROOT,
                    "%s,%s,%.2f",
                    way.isDirect() ? "" : String.format(Locale.ROOT, "%.3f", cpu),
                    heap,
                    load);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (streams < 1 || rounds < 1 || rate <= 0 || delayRate <= 0 || firstRate <= 0) {
            throw new IllegalArgumentException("a figure is too small");
        }
        PrintWriter progress = spec.commandLine().getErr();
        Files.createDirectories(out);
        List<Way> ways;
        try (StreamLoad load = new StreamLoad(LoadTransport.AUTO, providerPort, model, key);
                PrintWriter raw = new PrintWriter(Files.newBufferedWriter(out.resolve("raw.csv"), UTF_8))) {
            ways = ways(load.provider().port());
            progress.println("warming up");
            for (Way way : ways) {
                load.run(way.address(), StreamLoad.Plan.paced(streams, rate, warmUp / 2));
                load.run(way.address(), StreamLoad.Plan.clocked(streams, warmUp / 4));
                LoadRun.run(target(way), firstTokens(warmUp / 4));
            }
            raw.println(
                    "round,leg,kind,events,seconds,per_second,reads,cpu_us_per_event,loop_heap_bytes_per_event,load_share,"
                            + "way_p50_us,way_p99_us,gap_p50_us,gap_p99_us,first_p50_us,first_p99_us,lateness_p99_us,failed,refused");
            for (int round = 1; round <= rounds; round++) {
                progress.println("round " + round + " of " + rounds);
                for (Way way : ways) {
                    if (!way.isDirect()) {
                        raw.println(round + leg(load, way, "paced", StreamLoad.Plan.paced(streams, rate, seconds)));
                    }
                }
                for (Way way : ways) {
                    raw.println(round + leg(load, way, "most", StreamLoad.Plan.clocked(streams, mostSeconds)));
                }
                for (Way way : ways) {
                    raw.println(
                            round + leg(load, way, "delay", StreamLoad.Plan.paced(streams, delayRate, delaySeconds)));
                }
                for (Way way : ways) {
                    raw.println(round + first(way));
                }
                raw.flush();
            }
            if (raw.checkError()) {
                throw new IOException("cannot write " + out.resolve("raw.csv"));
            }
        }
        files(ways);
        return 0;
    }

    private List<Way> ways(int providerPort) {
        List<Way> ways = new ArrayList<>();
        ways.add(way(DIRECT, providerPort, "", ""));
        for (String proxy : proxies) {
            int is = proxy.indexOf('=');
            String[] parts = proxy.substring(is + 1).split(":", -1);
            if (is < 1 || parts.length < 2 || parts.length > 3) {
                throw new IllegalArgumentException(proxy + " is no NAME=PORT:PID[+PID…][:ADMIN]");
            }
            ways.add(way(
                    proxy.substring(0, is), Integer.parseInt(parts[0]), parts[1], parts.length > 2 ? parts[2] : ""));
        }
        return ways;
    }

    private static Way way(String name, int port, String pids, String admin) {
        return new Way(
                name,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                ProxyWatch.of(pids),
                admin.isEmpty() ? null : new LoopAllocation(URI.create("http://127.0.0.1:" + admin)),
                new Histogram(3),
                new Histogram(3),
                new LoadResults());
    }

    private String leg(StreamLoad load, Way way, String kind, StreamLoad.Plan plan) throws IOException {
        Meter meter = new Meter(way);
        StreamLoad.Leg leg = load.run(way.address(), plan);
        String costs = meter.columns(leg.events());
        if (kind.equals("delay")) {
            way.ways().add(leg.ways());
            way.gaps().add(leg.gaps());
        }
        return String.format(
                Locale.ROOT,
                ",%s,%s,%d,%.3f,%.0f,%d,%s,%s,%s,%s,%s,,,,0,",
                way.name(),
                kind,
                leg.events(),
                leg.seconds(),
                leg.events() / leg.seconds(),
                leg.reads(),
                costs,
                micros(leg.ways(), 50),
                micros(leg.ways(), 99),
                micros(leg.gaps(), 50),
                micros(leg.gaps(), 99));
    }

    private String first(Way way) throws IOException {
        LoadReport report = LoadRun.run(target(way), firstTokens(firstSeconds));
        LoadResults results = report.results();
        Quantile.Refusal refusal = report.refusal();
        if (refusal == null) {
            way.first().add(results);
        }
        return String.format(
                Locale.ROOT,
                ",%s,first,%d,%.3f,%.0f,,,,,,,,,%s,%s,%.1f,%d,%s",
                way.name(),
                results.requests(),
                report.seconds(),
                results.requests() / report.seconds(),
                micros(report.quantile(Metric.FIRST_TOKEN, 0.5)),
                micros(report.quantile(Metric.FIRST_TOKEN, 0.99)),
                report.latenessNanos() / NANOS_PER_MICRO,
                results.requests() - results.count(Outcome.OK),
                refusal == null ? "" : refusal.name().toLowerCase(Locale.ROOT));
    }

    private LoadTarget target(Way way) {
        return LoadTarget.of("http://127.0.0.1:" + way.address().getPort() + "/v1", model)
                .withKey(key)
                .withBody(LoadTarget.DEFAULT_BODY_BYTES, LoadTarget.DEFAULT_MAX_TOKENS, "events=8 gap-nanos=2000000");
    }

    private LoadPlan firstTokens(double length) {
        return LoadPlan.open(firstRate, nanos(length))
                .withScenario(Scenario.STREAM)
                .withLength(nanos(0.5), nanos(length), 0)
                .withLimits(LoadPlan.DEFAULT_TIMEOUT, nanos(maxLatenessMillis / 1e3));
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static String micros(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0
                ? ""
                : String.format(Locale.ROOT, "%.2f", nanos.getValueAtPercentile(percentile) / NANOS_PER_MICRO);
    }

    private static String micros(Quantile quantile) {
        return quantile.isTold() ? String.format(Locale.ROOT, "%.2f", quantile.nanos() / NANOS_PER_MICRO) : "";
    }

    private void files(List<Way> ways) throws IOException {
        PercentilePlot plot = new PercentilePlot("First token of a stream, from when its request was due");
        for (Way way : ways) {
            LoadFiles.histograms(out, way.name() + "-first", way.first());
            plot.add(way.name(), way.first(), Metric.FIRST_TOKEN, null);
            distribution(way.name() + "-way.hgrm", way.ways());
            distribution(way.name() + "-gap.hgrm", way.gaps());
        }
        Files.writeString(out.resolve("first-token.svg"), plot.svg());
    }

    private void distribution(String name, Histogram nanos) throws IOException {
        try (PrintStream to = new PrintStream(Files.newOutputStream(out.resolve(name)), false, UTF_8)) {
            nanos.outputPercentileDistribution(to, TICKS_PER_HALF, NANOS_PER_MICRO);
        }
    }
}
