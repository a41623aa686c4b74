package dev.slipstream.bench.macro;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench storm}: mixed clients against a proxy in this process. Exits with 1 if anything was wrong. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Good, slow, leaving, malformed and flooding clients at one proxy, with a simulated provider behind it;",
            "all in one process and on the loopback. Fails if a good client did not get every byte of its answer, if",
            "anything of a request was left over, or if memory or descriptors grew behind the warm-up."
        })
public final class Storm implements Callable<Integer> {
    private static final int LEAST_SECONDS = 4;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int seconds = 600;

    @Option(names = "--seed", paramLabel = "N", description = "of what the clients do; default: from the clock")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (seconds < LEAST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--seconds must be at least " + LEAST_SECONDS);
        }
        StormPlan plan = StormPlan.of(Duration.ofSeconds(seconds), seed == null ? System.nanoTime() : seed);
        return StormRun.run(plan, spec.commandLine().getOut()).isEmpty() ? 0 : 1;
    }
}
