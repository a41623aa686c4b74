package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipstream.bench.load.LoadTransport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench hold-streams}: many paced streams through a proxy, held open; what they take, and whether one stalls. */
@Command(
        name = "hold-streams",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "The part of scripts/bench-streams --hold that is the clients: opens streams evenly, holds them, and looks whether",
            "an event is missing, and at the proxy's memory before and while they are held. The proxy and a simulated",
            "provider (bench mock) are the script's."
        },
        footer = {"", "Exit codes: 0; 1: bad input, or a stream was not opened, ended early, or stalled; 2 usage."})
public final class HoldStreams implements Callable<Integer> {
    private static final int EXIT_NOT_HELD = 1;
    /** Few at a time: what they leave behind is in the memory before, and so taken off what the held ones are charged with. */
    private static final int WARM_UP_STREAMS = 100;

    private static final String WARM_UP_DIRECTIVES = "tokens=20 gap=10";
    private static final long GRACE_SECONDS = 20;
    /** For connections to be closed and pools to forget them. */
    private static final double SETTLE_SECONDS = 3;

    /** What stalls is said when an event is missing for longer than this beyond its gap. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final double NANOS_PER_MILLI = 1e6;
    /** What a report takes the figures of such a file for. */
    private static final double NANOS_PER_MICRO = 1e3;

    private static final int TICKS_PER_HALF = 5;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "of the proxy, on 127.0.0.1")
    private int port;

    @Option(
            names = "--pids",
            paramLabel = "PID[+PID…]",
            description = "the proxy's processes; default: none is looked at")
    private String pids = "";

    @Option(names = "--key", paramLabel = "KEY", description = "that the proxy wants")
    private String key = "none";

    @Option(names = "--model", paramLabel = "NAME", description = "that requests ask for; default: ${DEFAULT-VALUE}")
    private String model = "chat-model";

    @Option(names = "--streams", required = true, paramLabel = "N", description = "to be held")
    private int streams;

    @Option(names = "--open-rate", paramLabel = "N", description = "streams opened a second; default: ${DEFAULT-VALUE}")
    private double openRate = 1000;

    @Option(names = "--gap-millis", paramLabel = "MS", description = "between two events; default: ${DEFAULT-VALUE}")
    private int gapMillis = 1000;

    @Option(names = "--seconds", paramLabel = "S", description = "that they are held; default: ${DEFAULT-VALUE}")
    private int seconds = 60;

    @Option(
            names = "--warmup-waves",
            paramLabel = "N",
            description = "of 100 short streams each, before memory is looked at; default: ${DEFAULT-VALUE}")
    private int warmUpWaves = 20;

    @Option(names = "--directives", paramLabel = "TEXT", description = "more of them for the provider")
    private String directives = "";

    @Option(names = "--name", paramLabel = "NAME", description = "of the files; default: ${DEFAULT-VALUE}")
    private String name = "hold";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "for NAME.csv, a line each second, gaps, and NAME-classes.csv, live objects by class")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (streams < 1 || openRate <= 0 || gapMillis < 1 || seconds < 1) {
            throw new IllegalArgumentException("a figure is too small");
        }
        PrintWriter say = spec.commandLine().getErr();
        Files.createDirectories(out);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ProxyWatch watch = ProxyWatch.of(pids);
        say.println("warming up");
        warmUp(address);
        boolean collected = watch.collectGarbage();
        long before = watch.residentKib();
        Optional<ClassHistogram> classesBefore = watch.classes();
        double openSeconds = streams / openRate;
        // They outlast the run: none of them ends by itself.
        long tokens = Math.round((openSeconds + seconds + 2 * GRACE_SECONDS) * 1000 / gapMillis) + 100;
        String asked = "stamp gap=" + gapMillis + " tokens=" + tokens + (directives.isEmpty() ? "" : " " + directives);
        long limit = TimeUnit.MILLISECONDS.toNanos(gapMillis) + STALL_NANOS;
        say.println("opening " + streams + " streams");
        try (HoldRun run = new HoldRun(LoadTransport.AUTO, address, key, model, asked, limit)) {
            int opened = run.open(streams, openRate, GRACE_SECONDS);
            long begun = watch.residentKib();
            long descriptors = watch.descriptors();
            run.takeGaps();
            say.println("holding " + opened + " for " + seconds + " s");
            double[] usage = hold(run, watch);
            HoldRun.Counts counts = run.counts();
            long end = watch.residentKib();
            // Behind the counts: what stalls for a collection that was asked for has not stalled.
            watch.collectGarbage();
            long held = watch.residentKib();
            Optional<ClassHistogram> classesHeld = watch.classes();
            if (classesBefore.isPresent() && classesHeld.isPresent() && opened > 0) {
                classesHeld.get().writeGrowth(classesBefore.get(), opened, out.resolve(name + "-classes.csv"));
            }
            Histogram gaps = run.takeGaps();
            try (PrintStream to =
                    new PrintStream(Files.newOutputStream(out.resolve(name + ".token_gap.hgrm")), false, UTF_8)) {
                gaps.outputPercentileDistribution(to, TICKS_PER_HALF, NANOS_PER_MICRO);
            }
            PrintWriter result = spec.commandLine().getOut();
            result.println(
                    "name,streams,opened,held,stalled,ended,failed,events,rss_before_kib,rss_begun_kib,rss_end_kib,"
                            + "rss_held_kib,bytes_per_stream,collected,descriptors,cpu_share,load_share,gap_p50_ms,gap_p99_ms,gap_max_ms");
            result.println(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%s,%s,%d,%.3f,%.3f,%.1f,%.1f,%.1f",
                    name,
                    streams,
                    opened,
                    counts.streaming(),
                    counts.stalled(),
                    counts.ended(),
                    counts.failed(),
                    counts.events(),
                    before,
                    begun,
                    end,
                    held,
                    opened == 0 ? "" : Long.toString((held - before) * 1024 / opened),
                    collected ? "yes" : "no",
                    descriptors,
                    usage[0],
                    usage[1],
                    gaps.getValueAtPercentile(50) / NANOS_PER_MILLI,
                    gaps.getValueAtPercentile(99) / NANOS_PER_MILLI,
                    gaps.getMaxValue() / NANOS_PER_MILLI));
            result.flush();
            counts.failures().forEach((what, times) -> say.println(times + " times: " + what));
            return counts.streaming() == streams && counts.stalled() == 0 ? 0 : EXIT_NOT_HELD;
        }
    }

    /** Short streams, so that what is compiled, loaded and allocated once is there before memory is looked at. */
    private void warmUp(InetSocketAddress address) throws IOException {
        int count = Math.min(streams, WARM_UP_STREAMS);
        for (int wave = 0; wave < warmUpWaves; wave++) {
            try (HoldRun run = new HoldRun(
                    LoadTransport.AUTO,
                    address,
                    key,
                    model,
                    WARM_UP_DIRECTIVES,
                    TimeUnit.SECONDS.toNanos(GRACE_SECONDS))) {
                int opened = run.open(count, openRate, GRACE_SECONDS);
                long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
                while (run.counts().ended() < opened && System.nanoTime() - limit < 0) {
                    StreamPause.seconds(0.1);
                }
                HoldRun.Counts counts = run.counts();
                if (counts.ended() < count) {
                    throw new IOException(
                            "of " + count + " streams " + counts.ended() + " came to their end: " + counts.failures());
                }
            }
        }
        StreamPause.seconds(SETTLE_SECONDS);
    }

    /** A line each second. Returns shares of a core: the proxy's, and of this process. */
    private double[] hold(HoldRun run, ProxyWatch watch) throws IOException {
        long from = System.nanoTime();
        long cpu = watch.cpuNanos();
        long own = ProxyWatch.ownCpuNanos();
        try (PrintWriter series = new PrintWriter(Files.newBufferedWriter(out.resolve(name + ".csv"), UTF_8))) {
            series.println("second,streaming,stalled,failed,events,rss_kib,cpu_s");
            for (int second = 1; second <= seconds; second++) {
                StreamPause.until(from + TimeUnit.SECONDS.toNanos(second));
                HoldRun.Counts counts = run.counts();
                series.println(String.format(
                        Locale.ROOT,
                        "%d,%d,%d,%d,%d,%d,%.2f",
                        second,
                        counts.streaming(),
                        counts.stalled(),
                        counts.failed(),
                        counts.events(),
                        watch.residentKib(),
                        (watch.cpuNanos() - cpu) / 1e9));
            }
        }
        double nanos = System.nanoTime() - from;
        return new double[] {(watch.cpuNanos() - cpu) / nanos, (ProxyWatch.ownCpuNanos() - own) / nanos};
    }
}
