package dev.slipstream.bench.distance;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench distance-calls}: interleaved calls, straight and through a proxy, with and without idle time. */
@Command(
        name = "distance-calls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "In each round one call of every kind and size, one after another; before the round all are idle together.",
            "Without idle time each is made right behind another of its kind, which does not count: the round itself",
            "takes longer than it takes a connection to count as idle.",
            "Straight to the provider on new and on kept connections, and through the proxy from new and from kept",
            "ones. Model names are KIND-BYTES, so that the proxy can give each a provider of its own."
        })
public final class DistanceCalls implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--direct", paramLabel = "URL", required = true, description = "the provider, with its /v1")
    private URI direct = URI.create("");

    @Option(names = "--ca", paramLabel = "FILE", description = "authority of the provider's certificate")
    private @Nullable Path authority;

    @Option(names = "--proxy", paramLabel = "URL", description = "the proxy, with its /v1; default: direct calls alone")
    private @Nullable URI proxy;

    @Option(names = "--sizes", split = ",", paramLabel = "BYTES", description = "of bodies; default: 1024,204800")
    private List<Integer> sizes = List.of(1024, 204_800);

    @Option(names = "--warm-up", paramLabel = "N", description = "rounds that do not count; default: ${DEFAULT-VALUE}")
    private int warmUp = 20;

    @Option(names = "--rounds", paramLabel = "N", description = "without idle time; default: ${DEFAULT-VALUE}")
    private int rounds = 20;

    @Option(names = "--idle-seconds", paramLabel = "S", description = "idle time; default: ${DEFAULT-VALUE}")
    private int idleSeconds = 60;

    @Option(names = "--idle-rounds", paramLabel = "N", description = "with idle time; default: ${DEFAULT-VALUE}")
    private int idleRounds = 4;

    @Option(
            names = "--ping-millis",
            paramLabel = "MS",
            description = "adds a kept direct connection that carries a small request this often while it is idle")
    private int pingMillis;

    @Option(names = "--setting", paramLabel = "WORD", description = "the first column of what is written")
    private String setting = "default";

    @Option(names = "--csv", paramLabel = "FILE", description = "raw data are appended here")
    private @Nullable Path csv;

    private final List<CallRecord> records = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (warmUp < 1 || rounds < 0 || idleRounds < 0 || idleSeconds < 0 || pingMillis < 0 || sizes.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--warm-up must be 1 or more, everything else 0 or more, and a size be given");
        }
        PrintWriter err = spec.commandLine().getErr();
        List<Lane> lanes = lanes();
        try {
            for (int i = 0; i < warmUp; i++) {
                round(lanes, i, null);
            }
            err.println(setting + ": warm after " + warmUp + " rounds");
            for (int i = 0; i < rounds; i++) {
                round(lanes, i, 0);
            }
            for (int i = 0; i < idleRounds; i++) {
                err.println(setting + ": idle for " + idleSeconds + " s, round " + (i + 1) + " of " + idleRounds);
                err.flush();
                idle(lanes);
                round(lanes, i, idleSeconds);
            }
        } finally {
            // What was measured until it failed is worth having.
            write();
            for (Lane lane : lanes) {
                lane.close();
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        new CallTable(records).lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private List<Lane> lanes() {
        CallTarget straight = new CallTarget(direct, authority);
        CallTarget through = proxy == null ? null : new CallTarget(proxy, null);
        List<Lane> lanes = new ArrayList<>();
        for (int size : sizes) {
            for (CallKind kind : CallKind.values()) {
                CallTarget target = kind.isDirect() ? straight : through;
                if (target != null && (kind != CallKind.DIRECT_PINGED || pingMillis > 0)) {
                    lanes.add(new Lane(kind, target, size));
                }
            }
        }
        return lanes;
    }

    /** @param idleBefore null: the calls are not recorded */
    private void round(List<Lane> lanes, int round, @Nullable Integer idleBefore) throws IOException {
        for (int i = 0; i < lanes.size(); i++) {
            // Each round begins with another one.
            Lane lane = lanes.get((i + round) % lanes.size());
            if (idleBefore != null && idleBefore == 0) {
                lane.call();
            } else if (lane.kind() == CallKind.DIRECT_PINGED) {
                pingIfDue(lane);
            }
            CallTimes times = lane.call();
            if (idleBefore != null) {
                records.add(new CallRecord(setting, idleBefore, round, lane.kind(), lane.bodyBytes(), times));
            }
        }
    }

    private void idle(List<Lane> lanes) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(idleSeconds);
        long pause = TimeUnit.MILLISECONDS.toNanos(pingMillis > 0 ? pingMillis : 1000L);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, pause));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            for (Lane lane : lanes) {
                if (lane.kind() == CallKind.DIRECT_PINGED) {
                    pingIfDue(lane);
                }
            }
        }
    }

    private void pingIfDue(Lane lane) throws IOException {
        if (lane.quietNanos(System.nanoTime()) >= TimeUnit.MILLISECONDS.toNanos(pingMillis)) {
            lane.ping();
        }
    }

    private void write() throws IOException {
        if (csv == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        if (!Files.exists(csv)) {
            lines.add(CallRecord.CSV_HEAD);
        }
        records.forEach(record -> lines.add(record.csv()));
        Files.write(csv, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
