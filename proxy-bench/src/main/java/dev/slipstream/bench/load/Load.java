package dev.slipstream.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench load}: one run of the load generator. Exit code 1 where no percentile can be told. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends requests at a fixed rate, whatever becomes of them (open loop, --rate), and counts each one's time from",
            "when it was due; or keeps a number of them under way (closed loop, --concurrency). Tells no percentile",
            "that the run cannot bear: see proxy-bench/BENCHMARKING.md."
        },
        footer = {"", "Exit codes: 0; 1: bad input, no connection, overrun, or the rate could not be kept; 2 usage."})
public final class Load implements Callable<Integer> {
    private static final int EXIT_NOT_TOLD = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "what stands before /chat/completions (openai) or /v1/messages (anthropic)")
    private URI url = URI.create("");

    @Option(
            names = "--http",
            paramLabel = "VERSION",
            description = "1.1 or 2 (plaintext: by prior knowledge); default: ${DEFAULT-VALUE}")
    private String http = "1.1";

    @Mixin
    private TargetOptions target = new TargetOptions();

    @ArgGroup(multiplicity = "1")
    private PaceOptions pace = new PaceOptions();

    /** One of the two. */
    static final class PaceOptions {
        @Option(names = "--rate", required = true, paramLabel = "N", description = "open loop: requests a second")
        private double rate;

        @Option(
                names = "--concurrency",
                required = true,
                paramLabel = "N",
                description = "closed loop: requests that are always under way")
        private int concurrency;
    }

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "chat, stream, models or mixed (5 : 4 : 1); default: chat")
    private Scenario scenario = Scenario.CHAT;

    @Option(names = "--seconds", paramLabel = "S", description = "that are recorded; default: ${DEFAULT-VALUE}")
    private double seconds = 10;

    @Option(names = "--warmup", paramLabel = "S", description = "before them, not recorded; default: ${DEFAULT-VALUE}")
    private double warmUp = 2;

    @Option(
            names = "--ramp",
            paramLabel = "S",
            description = "of an open loop: the rate grows evenly from nothing in the first of them, warm-up included;"
                    + " default: ${DEFAULT-VALUE}")
    private double ramp;

    @Option(names = "--requests", paramLabel = "N", description = "recorded at most; default: no such limit")
    private long requests;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "users, each with one request at a time (HTTP/1.1); default: 32; in a closed loop as many as"
                    + " it needs")
    private int connections;

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "requests at a time on an HTTP/2 connection; default: ${DEFAULT-VALUE}")
    private int streams = LoadPlan.DEFAULT_STREAMS;

    @Option(names = "--cold", description = "a new connection for each request, with a full TLS handshake")
    private boolean cold;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "requests that may wait for a connection; one more is an overrun and ends the run; default:"
                    + " ${DEFAULT-VALUE}")
    private int queue = LoadPlan.DEFAULT_QUEUE;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "from when a request is due to the end of its answer; default: 30")
    private double timeout = LoadPlan.DEFAULT_TIMEOUT.toSeconds();

    @Option(
            names = "--max-lateness",
            paramLabel = "MS",
            description =
                    "no percentile is told where the generator came later to one request in a hundred; default: 1")
    private double maxLatenessMillis = LoadPlan.DEFAULT_MAX_LATENESS.toMillis();

    @Option(names = "--loops", paramLabel = "N", description = "threads; default: ${DEFAULT-VALUE}")
    private int loops = 1;

    @Option(names = "--transport", paramLabel = "NAME", description = "auto, epoll or nio; default: auto")
    private LoadTransport transport = LoadTransport.AUTO;

    @Option(names = "--seed", paramLabel = "N", description = "of what is random; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--csv", description = "print lines for scripts instead of the table")
    private boolean csv;

    @Option(names = "--json", description = "print one object for scripts instead of the table")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write histograms (.hlog, .hgrm), table, JSON and a plot of percentiles there")
    private @Nullable Path out;

    @Option(names = "--name", paramLabel = "NAME", description = "of those files; default: ${DEFAULT-VALUE}")
    private String name = "load";

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        LoadReport report = LoadRun.run(target.target(url, isHttp2(http)), plan());
        PrintWriter to = spec.commandLine().getOut();
        if (csv) {
            to.print(LoadFiles.csvHead() + LoadFiles.csv(name, report));
        } else if (json) {
            to.print(LoadFiles.json(report));
        } else {
            to.print(report.table());
        }
        to.flush();
        if (out != null) {
            LoadFiles.histograms(out, name, report.results());
            Files.writeString(out.resolve(name + ".md"), report.table());
            Files.writeString(out.resolve(name + ".json"), LoadFiles.json(report));
            PercentilePlot plot = new PercentilePlot(name + ": " + target.target(url, isHttp2(http)));
            plot.add(Metric.TOTAL.text(), report.results(), Metric.TOTAL, report.refusal());
            plot.add(Metric.SERVICE.text(), report.results(), Metric.SERVICE, report.refusal());
            Files.writeString(out.resolve(name + ".svg"), plot.svg());
        }
        return report.refusal() == null ? 0 : EXIT_NOT_TOLD;
    }

    /** @throws IllegalArgumentException if it is neither */
    static boolean isHttp2(String version) {
        return switch (version) {
            case "1.1" -> false;
            case "2" -> true;
            default -> throw new IllegalArgumentException("'" + version + "' is no version: write 1.1 or 2");
        };
    }

    private LoadPlan plan() {
        boolean closed = pace.concurrency != 0;
        LoadPlan plan = closed
                ? LoadPlan.closed(pace.concurrency, seconds(seconds))
                : LoadPlan.open(pace.rate, seconds(seconds));
        if (ramp > 0) {
            plan = plan.withRamp(seconds(ramp));
        }
        int enough = closed && isHttp2(http) && !cold
                ? Math.max(loops, (pace.concurrency + streams - 1) / streams)
                : plan.connections();
        return plan.withLength(seconds(warmUp), seconds(seconds), requests)
                .withConnections(connections == 0 ? enough : connections, streams, queue, cold)
                .withLimits(seconds(timeout), seconds(maxLatenessMillis / 1e3))
                .withScenario(scenario)
                .withLoops(loops, transport)
                .withSeed(seed);
    }

    static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
