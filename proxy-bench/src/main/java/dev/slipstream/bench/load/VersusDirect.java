package dev.slipstream.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench vs-direct}: the same load straight to a provider, cold and warm, and through a proxy. */
@Command(
        name = "vs-direct",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "The part of scripts/bench-vs-direct that sends requests: the same open loop straight to the provider, on",
            "new connections and on kept ones, and through the proxy, in turn. The processes are the script's."
        })
public final class VersusDirect implements Callable<Integer> {
    private static final int EXIT_MISSED = 1;
    private static final int MAX_FEW = 20;
    /** Cold connections that may be under way at a time. */
    private static final int COLD_CONNECTIONS = 64;
    /** Of English text, on the safe side. */
    private static final int BYTES_PER_TOKEN = 3;

    private static final Duration FEW_LIMIT = Duration.ofMinutes(2);

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--direct", required = true, paramLabel = "URL", description = "the provider's base URL")
    private URI direct = URI.create("");

    @Option(names = "--direct-http", paramLabel = "VERSION", description = "1.1 or 2; default: ${DEFAULT-VALUE}")
    private String directHttp = "1.1";

    @Option(names = "--proxied", required = true, paramLabel = "URL", description = "the proxy's base URL")
    private URI proxied = URI.create("");

    @Option(names = "--proxy-key", paramLabel = "KEY", description = "that the proxies want")
    private String proxyKey = "";

    @Option(names = "--admin", paramLabel = "URL", description = "of the proxy's admin listener; default: no stages")
    private @Nullable URI admin;

    @Option(names = "--nginx", paramLabel = "URL", description = "another proxy before the same provider")
    private @Nullable URI nginx;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--scenario", paramLabel = "NAME", description = "chat, stream, models or mixed; default: chat")
    private Scenario scenario = Scenario.CHAT;

    @Option(names = "--rate", paramLabel = "N", description = "requests a second; default: ${DEFAULT-VALUE}")
    private double rate = 2000;

    @Option(names = "--cold-rate", paramLabel = "N", description = "on new connections; default: ${DEFAULT-VALUE}")
    private double coldRate = 50;

    @Option(names = "--connections", paramLabel = "N", description = "of the warm legs; default: ${DEFAULT-VALUE}")
    private int connections = LoadPlan.DEFAULT_CONNECTIONS;

    @Option(names = "--rounds", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "of each leg in a round; default: ${DEFAULT-VALUE}")
    private double seconds = 10;

    @Option(names = "--warmup", paramLabel = "S", description = "of each warm leg, once; default: ${DEFAULT-VALUE}")
    private double warmUp = 15;

    @Option(
            names = "--lead",
            paramLabel = "S",
            description = "of each leg before it is recorded; default: ${DEFAULT-VALUE}")
    private double lead = 1;

    @Option(
            names = "--max-lateness",
            paramLabel = "MS",
            description = "a run whose generator came later to one request in a hundred does not count; default: 1")
    private double maxLatenessMillis = LoadPlan.DEFAULT_MAX_LATENESS.toMillis();

    @Option(
            names = "--few",
            paramLabel = "N",
            description = "no load at all: N requests on each leg, one at a time, in turn; for providers that cost")
    private int few;

    @Option(
            names = "--usd-per-million",
            paramLabel = "USD",
            description = "price of a million tokens, for the cost cap of --few; default: ${DEFAULT-VALUE}")
    private double usdPerMillion = 30;

    @Option(names = "--seed", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private long seed = 1;

    @Option(names = "--check", description = "exit code 1 where T3 of the targets is missed, or not shown")
    private boolean check;

    @Option(names = "--out", paramLabel = "DIR", description = "for raw data, table and plot")
    private @Nullable Path out;

    /** One way to the provider. */
    private record Leg(String name, LoadTarget target, boolean cold) {}

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (rounds < 1 || few < 0 || few > MAX_FEW) {
            throw new IllegalArgumentException("rounds must be at least 1, and few within 0 to " + MAX_FEW);
        }
        if (check && few > 0) {
            throw new IllegalArgumentException("--check wants a load; --few is none");
        }
        PrintWriter to = spec.commandLine().getOut();
        List<Leg> legs = legs();
        if (few > 0) {
            tell(to, costCap(legs.size()));
            return few(legs, to);
        }
        VersusResults results = new VersusResults();
        StageTable stages = admin == null ? null : new StageTable(admin);
        for (Leg leg : legs) {
            if (!leg.cold() && warmUp > 0) {
                tell(to, "warming up: " + leg.name());
                LoadRun.run(leg.target(), plan(leg, Load.seconds(warmUp), 0));
            }
        }
        // Each leg has its place in the results, whoever is first in the rounds.
        for (int round = 0; round < rounds; round++) {
            tell(to, "round " + (round + 1) + " of " + rounds);
            for (int turn = 0; turn < legs.size(); turn++) {
                Leg leg = legs.get((round + turn) % legs.size());
                boolean staged = stages != null && leg.name().equals(VersusResults.PROXY);
                StageTable.Reading before = staged && stages != null ? stages.read() : null;
                results.add(leg.name(), LoadRun.run(leg.target(), plan(leg, Load.seconds(seconds), round)));
                if (stages != null && before != null) {
                    stages.add(before, stages.read());
                }
            }
        }
        List<VersusResults.Judged> judged = results.judged();
        StringBuilder told = new StringBuilder(results.table());
        if (stages != null) {
            told.append('\n').append(stages.table());
        }
        told.append('\n');
        judged.forEach(each -> told.append(each.told()));
        to.print(told);
        to.flush();
        if (out != null) {
            write(out, results, told.toString(), judged);
        }
        return check && !judged.stream().allMatch(VersusResults.Judged::met) ? EXIT_MISSED : 0;
    }

    private static void tell(PrintWriter to, String what) {
        to.println(what);
        to.flush();
    }

    private List<Leg> legs() {
        LoadTarget straight = target.target(direct, Load.isHttp2(directHttp));
        LoadTarget through = target.target(proxied, false).withKey(proxyKey);
        List<Leg> legs = new ArrayList<>();
        legs.add(new Leg(VersusResults.COLD, straight, true));
        legs.add(new Leg(VersusResults.WARM, straight, false));
        legs.add(new Leg(VersusResults.PROXY, through, false));
        if (nginx != null) {
            legs.add(new Leg(VersusResults.BESIDE, target.target(nginx, false).withKey(proxyKey), false));
        }
        return legs;
    }

    private LoadPlan plan(Leg leg, Duration length, int round) {
        LoadPlan plan = LoadPlan.open(leg.cold() ? coldRate : rate, length)
                .withScenario(scenario)
                .withLength(Load.seconds(lead), length, 0)
                .withLimits(LoadPlan.DEFAULT_TIMEOUT, Load.seconds(maxLatenessMillis / 1e3))
                .withSeed(seed + round);
        int count = leg.cold() ? COLD_CONNECTIONS : connections;
        return plan.withConnections(count, LoadPlan.DEFAULT_STREAMS, LoadPlan.DEFAULT_QUEUE, leg.cold());
    }

    private String costCap(int legs) {
        int requests = legs * few;
        long tokens = (long) requests * (target.bodyBytes() / BYTES_PER_TOKEN + target.maxTokens());
        return String.format(
                Locale.ROOT,
                "cost cap: %d requests, at most %d tokens of input and output together; at %.2f USD a million that is"
                        + " at most %.4f USD",
                requests,
                tokens,
                usdPerMillion,
                tokens * usdPerMillion / 1e6);
    }

    /** A handful: each time is told as it is, for there is no percentile in a handful. */
    private int few(List<Leg> legs, PrintWriter to) throws IOException {
        StringBuilder table = new StringBuilder("| ms, to the last byte | kind |");
        for (int i = 1; i <= few; i++) {
            table.append(' ').append(i).append(" |");
        }
        table.append("\n| --- | --- |").append(" --- |".repeat(few)).append('\n');
        List<StringBuilder> rows = new ArrayList<>();
        for (Leg leg : legs) {
            rows.add(new StringBuilder("| ")
                    .append(leg.name())
                    .append(" | ")
                    .append(scenario.label())
                    .append(" |"));
        }
        boolean failed = false;
        for (int round = 0; round < few; round++) {
            for (int i = 0; i < legs.size(); i++) {
                Leg leg = legs.get(i);
                LoadPlan plan = LoadPlan.closed(1, FEW_LIMIT)
                        .withScenario(scenario)
                        .withLength(Duration.ZERO, FEW_LIMIT, 1)
                        .withLimits(FEW_LIMIT, FEW_LIMIT)
                        .withConnections(1, 1, 1, leg.cold())
                        .withSeed(seed + round);
                LoadResults results = LoadRun.run(leg.target(), plan).results();
                boolean ok = results.count(Outcome.OK) == 1;
                failed |= !ok;
                rows.get(i)
                        .append(
                                ok
                                        ? String.format(
                                                Locale.ROOT,
                                                " %.1f |",
                                                results.histogram(Metric.TOTAL).getMaxValue() / 1e6)
                                        : " " + outcome(results) + " |");
            }
        }
        rows.forEach(row -> table.append(row).append('\n'));
        to.print(table);
        to.flush();
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve("result.md"), table);
        }
        return failed ? EXIT_MISSED : 0;
    }

    private static String outcome(LoadResults results) {
        for (Outcome outcome : Outcome.values()) {
            if (results.count(outcome) > 0) {
                return outcome.label();
            }
        }
        return "nothing";
    }

    private static void write(Path out, VersusResults results, String told, List<VersusResults.Judged> judged)
            throws IOException {
        Files.createDirectories(out);
        StringBuilder verdicts = new StringBuilder("target,what,figure,unit,bound,verdict\n");
        judged.forEach(each -> verdicts.append(each.csv()));
        Files.writeString(out.resolve("verdicts.csv"), verdicts);
        Files.writeString(out.resolve("result.md"), told);
        StringBuilder raw = new StringBuilder(LoadFiles.csvHead());
        PercentilePlot plot = new PercentilePlot("Latency from when a request was due, all rounds");
        for (String leg : results.names()) {
            List<LoadReport> reports = results.reports(leg);
            for (int round = 0; round < reports.size(); round++) {
                raw.append(LoadFiles.csv(leg + "." + (round + 1), reports.get(round)));
            }
            LoadResults pooled = results.pooled(leg);
            LoadFiles.histograms(out, leg, pooled);
            Quantile.Refusal refusal = results.refusal(leg);
            if (refusal == null) {
                plot.add(leg, pooled, Metric.TOTAL, null);
            } else {
                plot.add(leg, reports.get(0).results(), Metric.TOTAL, refusal);
            }
        }
        Files.writeString(out.resolve("raw.csv"), raw);
        Files.writeString(out.resolve("percentiles.svg"), plot.svg());
    }
}
