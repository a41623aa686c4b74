package dev.slipstream.bench.distance;

import dev.slipstream.cli.Launch;
import dev.slipstream.cli.Signals;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench distance-link}: joins two network namespaces until a signal. */
@Command(
        name = "distance-link",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Joins two network namespaces by TUN devices and holds every packet back for a constant time.",
            "Needs Linux and root. Runs until a signal; then it tells what passed, and the devices are gone."
        })
public final class DistanceLink implements Callable<Integer> {
    /** Where the rights are missing; the same as that of scripts/bench-edge. */
    static final int EXIT_SKIPPED = 77;

    private static final double MAX_DELAY_MILLIS = 10_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--near", paramLabel = "NAMESPACE", required = true, description = "has 198.18.0.1")
    private String near = "";

    @Option(
            names = "--far",
            paramLabel = "NAMESPACE",
            required = true,
            description = "has 198.18.0.2 and those behind it")
    private String far = "";

    @Option(names = "--far-addresses", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int farAddresses = 1;

    @Option(
            names = "--one-way-millis",
            paramLabel = "MS",
            description = "delay of each direction, to the microsecond; default: ${DEFAULT-VALUE}")
    private double oneWayMillis = 20;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by its command line");
        }
        if (!(oneWayMillis >= 0 && oneWayMillis <= MAX_DELAY_MILLIS)) {
            throw new ParameterException(spec.commandLine(), "--one-way-millis must be 0 to 10000");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        String obstacle = TunDevice.obstacle();
        if (!obstacle.isEmpty()) {
            err.println("bench distance-link: skipped: " + obstacle);
            return EXIT_SKIPPED;
        }
        Signals signals = Signals.listen();
        long oneWayNanos = TimeUnit.MICROSECONDS.toNanos(Math.round(oneWayMillis * 1000));
        DelayedLink link = DelayedLink.open(near, far, oneWayNanos, farAddresses);
        out.println("link ready near=" + DelayedLink.NEAR_ADDRESS + " far=" + DelayedLink.farAddress(0));
        out.flush();
        return Launch.untilSignal(signals, () -> {}, () -> {}, () -> {
            link.close();
            out.println("near to far: " + link.outward());
            out.println("far to near: " + link.homeward());
            IOException failure = link.failure();
            if (failure != null) {
                err.println("bench distance-link: " + failure.getMessage());
            }
            out.flush();
            err.flush();
        });
    }
}
