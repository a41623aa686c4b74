package dev.slipstream.bench.macro;

import java.io.IOException;
import java.io.PrintWriter;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench start}: from the start of a process to its first answer. The part of scripts/bench-start that measures. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts each program in turn, again and again, and asks it from the first moment on until it answers a",
            "chat request with 200. The time counts from before the process is made. Each is ended before the next.",
            "scripts/bench-start says which programs."
        })
public final class StartTimes implements Callable<Integer> {
    private static final int MOST_ROUNDS = 1000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", description = "of each program; default: ${DEFAULT-VALUE}")
    private int rounds = 11;

    @Option(names = "--key", paramLabel = "KEY", description = "that the request carries; default: none")
    private String key = "none";

    @Option(names = "--raw", paramLabel = "FILE", description = "one line for each start, CSV")
    private @Nullable Path raw;

    @Parameters(
            paramLabel = "PROGRAM",
            arity = "1..*",
            description =
                    "'NAME PORT [VARIABLE=VALUE…] COMMAND…', split at blanks (a comma in a value becomes one); the port of 127.0.0.1")
    private List<String> programs = List.of();

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException("--rounds is 1 to " + MOST_ROUNDS);
        }
        PrintWriter out = spec.commandLine().getOut();
        List<StartLeg> legs = new ArrayList<>();
        for (String program : programs) {
            legs.add(StartLeg.parse(program, key));
        }
        StartResults results = new StartResults();
        for (StartLeg leg : legs) {
            // Not counted: it reads what is on the disk, and warms this JVM up.
            leg.start();
        }
        for (int round = 1; round <= rounds; round++) {
            for (StartLeg leg : legs) {
                results.add(round, leg.name(), leg.start());
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
