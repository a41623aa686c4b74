package dev.slipstream.bench.macro;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench storm}: mixed clients, floods and idlers against a proxy. Exits with 1 if anything was wrong. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Puts a proxy, with a simulated provider behind it and all on the loopback, through these phases:",
            "  idle     many connections that do nothing, within the limits and beyond; what one of them holds",
            "  keys     how fast invalid keys are refused, and what a refusal costs",
            "  timing   whether the time of a refusal tells how much of a key was right (prints, judges not)",
            "  mixed    good, slow, leaving, malformed and flooding clients together.",
            "Fails if a good client did not get every byte of its answer, if anything of a request was left over,",
            "or if memory or descriptors grew behind the warm-up."
        })
public final class Storm implements Callable<Integer> {
    private static final int LEAST_SECONDS = 4;
    private static final int LEAST_IDLE = 100;

    /** What there is to do, in its order. */
    enum Phase {
        IDLE,
        KEYS,
        TIMING,
        MIXED
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            split = ",",
            description = "only these, several by commas; default: all")
    private List<String> phases = new ArrayList<>();

    @Option(names = "--seconds", paramLabel = "N", description = "of the mixed storm; default: ${DEFAULT-VALUE}")
    private int seconds = 600;

    @Option(
            names = "--key-seconds",
            paramLabel = "N",
            description = "of each kind of invalid key in each of four rounds, the first a warm-up;"
                    + " default: ${DEFAULT-VALUE}")
    private int keySeconds = 5;

    @Option(names = "--idle", paramLabel = "N", description = "idle connections; default: ${DEFAULT-VALUE}")
    private int idle = 10_000;

    @Option(names = "--seed", paramLabel = "N", description = "of what the clients do; default: from the clock")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        check(spec, "--seconds must be at least " + LEAST_SECONDS, seconds >= LEAST_SECONDS);
        check(spec, "--key-seconds must be at least 1", keySeconds >= 1);
        check(spec, "--idle must be at least " + LEAST_IDLE, idle >= LEAST_IDLE);
        long from = seed == null ? System.nanoTime() : seed;
        List<String> complaints = new ArrayList<>();
        for (Phase phase : chosen(spec)) {
            switch (phase) {
                case IDLE -> complaints.addAll(IdleConnections.run(idle, out));
                case KEYS -> complaints.addAll(InvalidKeyRate.run(keySeconds, out));
                case TIMING -> KeyTiming.run(from, out);
                case MIXED -> complaints.addAll(StormRun.run(StormPlan.of(Duration.ofSeconds(seconds), from), out));
            }
        }
        if (!complaints.isEmpty()) {
            out.println("WRONG: " + complaints);
            out.flush();
        }
        return complaints.isEmpty() ? 0 : 1;
    }

    private List<Phase> chosen(CommandSpec spec) {
        List<Phase> chosen = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            if (phases.isEmpty() || phases.contains(phase.name().toLowerCase(Locale.ROOT))) {
                chosen.add(phase);
            }
        }
        check(spec, "there is no such phase among " + phases, phases.isEmpty() || chosen.size() == phases.size());
        return chosen;
    }

    private static void check(CommandSpec spec, String complaint, boolean fine) {
        if (!fine) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }
}
