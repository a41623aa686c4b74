package dev.slipstream.bench.cli;

import dev.slipstream.bench.distance.DistanceCalls;
import dev.slipstream.bench.distance.DistanceLink;
import dev.slipstream.bench.load.Load;
import dev.slipstream.bench.load.VersusDirect;
import dev.slipstream.bench.macro.FirstRequests;
import dev.slipstream.bench.macro.Neighbours;
import dev.slipstream.bench.macro.Storm;
import dev.slipstream.bench.macro.Streams;
import dev.slipstream.bench.trend.Trends;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: says which benches there are. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            Bench.Micro.class,
            Load.class,
            VersusDirect.class,
            Storm.class,
            Neighbours.class,
            FirstRequests.class,
            Streams.class,
            DistanceLink.class,
            DistanceCalls.class,
            Trends.class
        },
        description = "Measurements: 'bench micro [ARGS…]' runs the micro benchmarks with JMH's own arguments,"
                + " 'bench load' sends requests at a fixed rate or a fixed concurrency,"
                + " 'bench vs-direct' is the part of scripts/bench-vs-direct that sends,"
                + " 'bench storm' puts a whole proxy under mixed clients, 'bench neighbours' one bursty stream beside"
                + " others, 'bench streams' a thousand of them over two connections, 'bench first-request' what a process takes"
                + " for its first ones, 'bench distance-link' and 'bench distance-calls' are the parts of scripts/bench-distance,"
                + " 'bench trend' is the part of scripts/soak that reckons.")
final class Bench implements Callable<Integer> {
    /** Written by JMH's annotation processor wherever there is a benchmark. */
    private static final String BENCHMARK_LIST = "META-INF/BenchmarkList";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine()
                    .getOut()
                    .println(
                            "benches: micro (see 'bench micro -l'), load, vs-direct, storm, neighbours, streams, first-request (see 'bench load --help'), distance"
                                    + " (see 'scripts/bench-distance --help'), trend");
        }
        return 0;
    }

    /** Everything behind the name is JMH's, its options too. */
    @Command(name = "micro", description = "Micro benchmarks (JMH); -l lists them, -h shows JMH's options.")
    static final class Micro implements Callable<Integer> {
        @Parameters(paramLabel = "ARGS")
        private List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            if (ClassLoader.getSystemResource(BENCHMARK_LIST) == null) {
                throw new IOException("no micro benchmarks in this build");
            }
            org.openjdk.jmh.Main.main(arguments.toArray(new String[0]));
            return 0;
        }

        List<String> arguments() {
            return arguments;
        }
    }
}
