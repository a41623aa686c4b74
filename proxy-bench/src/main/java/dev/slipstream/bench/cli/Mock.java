package dev.slipstream.bench.cli;

import dev.slipstream.bench.upstream.Distribution;
import dev.slipstream.bench.upstream.Fault;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.RecordedExchanges;
import dev.slipstream.bench.upstream.ReplayDelivery;
import dev.slipstream.bench.upstream.ReplayProvider;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.cli.Signals;
import dev.slipstream.config.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mock}: a provider to point a proxy or a client at. Prints one line when it is open, and one at its end. */
@Command(
        name = "mock",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A simulated provider in both dialects, or one that repeats recorded exchanges.",
        footer = {
            "",
            "One request is changed by directives in its last user message or model name, such as",
            "[[status=429 retry-after=1]] [[delay=50ms gap=5ms tokens=100]] [[tool]] [[close-after=3]]",
            "[[error-event-after=2]] [[truncate]], or by header fields such as x-sim-status: 429.",
            "DELAY and NUMBER: 20ms, uniform:10ms-30ms, normal:20ms:5ms, lognormal:200ms:0.5 (median, sigma),",
            "lognormal:200ms:p99=900ms, exponential:20ms; here and in directives.",
            "GET /sim/counters tells what it did and how busy its loops were; so does its last line."
        })
final class Mock implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "default: 127.0.0.1:9090; port 0 takes any free one")
    private HostPort listen = new HostPort("127.0.0.1", 9090);

    @Option(
            names = "--first-token-delay",
            paramLabel = "DELAY",
            converter = Figures.Delays.class,
            description = "from the request to the head of its answer; default: 0")
    private Distribution firstTokenDelay = Distribution.of(0);

    @Option(
            names = "--token-gap",
            paramLabel = "DELAY",
            converter = Figures.Delays.class,
            description = "between two tokens of a stream; default: 0")
    private Distribution tokenGap = Distribution.of(0);

    @Option(
            names = "--tokens",
            paramLabel = "NUMBER",
            converter = Figures.Counts.class,
            description = "tokens of an answer; default: 16")
    private Distribution tokens = Distribution.of(16);

    @Option(names = "--token-bytes", paramLabel = "N", description = "bytes of a token; default: words as they come")
    private int tokenBytes;

    @Option(names = "--error-rate", paramLabel = "RATE", description = "share of failing requests, 0 to 1; default: 0")
    private double errorRate;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "status of failing requests; default: ${DEFAULT-VALUE}")
    private int status = 500;

    @Option(
            names = "--fault",
            paramLabel = "NAME:SHARE",
            converter = Figures.Faults.class,
            description =
                    "what happens to a share of the requests, by chance; may be given several times: 429, 529, any"
                            + " 400 to 599, 5xx, error-body, close, cut, reset, stall, error-event, truncate, refuse, trickle,"
                            + " or a directive such as delay=5s")
    private List<Fault> faults = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "of all chance; default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--loops", paramLabel = "N", description = "event loops; default: ${DEFAULT-VALUE}")
    private int loops = 1;

    @Option(names = "--key", paramLabel = "KEY", description = "the key that requests must carry; default: none")
    private String key = "";

    @Option(
            names = "--http",
            paramLabel = "VERSION",
            converter = HttpVersions.class,
            description = "1.1, 2 (plaintext: by prior knowledge) or auto (TLS: both, by ALPN; plaintext: 1.1);"
                    + " default: auto")
    private HttpVersions.Choice http = HttpVersions.Choice.AUTO;

    @Option(names = "--tls", description = "speak TLS; its authority's certificate is told in the ready line")
    private boolean tls;

    @Option(
            names = "--tls-folder",
            paramLabel = "FOLDER",
            description = "keep the certificates here for the next start (ca.pem, server.pem, server.key); implies"
                    + " --tls; default: new ones, gone at the end")
    private @Nullable Path tlsFolder;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            description = "concurrent requests of an HTTP/2 connection; default: ${DEFAULT-VALUE}")
    private int maxStreams = ProviderWire.DEFAULT_MAX_STREAMS;

    @Option(names = "--replay", paramLabel = "FILE", description = "repeat the exchanges of this file (JSON lines)")
    private @Nullable Path replay;

    @Option(
            names = "--delivery",
            paramLabel = "HOW",
            description = "of repeated bodies: whole, events or bytes; default: events")
    private ReplayDelivery delivery = ReplayDelivery.EVENTS;

    @Option(
            names = "--measure-ceiling",
            description = "tell how many requests and chunks a second it can answer here, and end; about ten seconds")
    private boolean measureCeiling;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        Signals signals = Signals.listen();
        PrintWriter out = spec.commandLine().getOut();
        try (MockTls certificates = tls || tlsFolder != null ? MockTls.open(tlsFolder) : MockTls.off()) {
            ProviderWire wire = http.wire(certificates.server()).withMaxStreams(maxStreams);
            if (measureCeiling) {
                out.print(new Ceiling(options().withWire(wire), certificates.authorityFile()).measure());
                out.flush();
                return 0;
            }
            if (replay == null) {
                SimulatedProvider provider = SimulatedProvider.start(options().withWire(wire));
                String urls = urls(provider.openAiBaseUrl(), provider.anthropicBaseUrl());
                return run(signals, provider, urls + certificates.told(), provider::toString, out);
            } else {
                ReplayProvider provider = ReplayProvider.start(
                        listen.host(), listen.port(), wire, RecordedExchanges.load(replay), delivery);
                String urls = urls(provider.openAiBaseUrl(), provider.anthropicBaseUrl());
                return run(signals, provider, urls + certificates.told(), provider::toString, out);
            }
        }
    }

    SimulatedProviderOptions options() {
        return SimulatedProviderOptions.defaults()
                .withAddress(listen.host(), listen.port())
                .withLoops(loops)
                .withPace(firstTokenDelay, tokenGap)
                .withTokens(tokens, tokenBytes)
                .withErrors(status, errorRate)
                .withFaults(faults)
                .withSeed(seed)
                .withRequiredKey(key);
    }

    private static String urls(String openAi, String anthropic) {
        return "base_url(openai)=" + openAi + " base_url(anthropic)=" + anthropic;
    }

    private static int run(
            Signals signals, AutoCloseable provider, String told, Supplier<String> counters, PrintWriter out) {
        out.println("mock ready " + told);
        out.flush();
        int code = UntilSignal.close(signals, provider);
        out.println("mock ended " + counters.get());
        out.flush();
        return code;
    }
}
