package dev.slipstream.bench.cli;

import dev.slipstream.bench.distance.DistanceCalls;
import dev.slipstream.bench.distance.DistanceLink;
import dev.slipstream.bench.load.Load;
import dev.slipstream.bench.load.VersusDirect;
import dev.slipstream.bench.macro.FirstRequests;
import dev.slipstream.bench.macro.Neighbours;
import dev.slipstream.bench.macro.SharedStreams;
import dev.slipstream.bench.macro.StartTimes;
import dev.slipstream.bench.macro.Storm;
import dev.slipstream.bench.report.Report;
import dev.slipstream.bench.streams.HoldStreams;
import dev.slipstream.bench.streams.StreamCosts;
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
            StreamCosts.class,
            HoldStreams.class,
            SharedStreams.class,
            StartTimes.class,
            DistanceLink.class,
            DistanceCalls.class,
            Report.class,
            Trends.class
        },
        description = "Measurements: what the scripts that measure stand on. 'bench COMMAND --help' tells of each;"
                + " 'bench micro [ARGS…]' takes JMH's own arguments.")
final class Bench implements Callable<Integer> {
    /** Written by JMH's annotation processor wherever there is a benchmark. */
    private static final String BENCHMARK_LIST = "META-INF/BenchmarkList";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec != null) {
            String names = String.join(", ", spec.subcommands().keySet());
            spec.commandLine().getOut().println("benches: " + names + " (see 'bench NAME --help')");
        }
        return 0;
    }

    /** Everything behind the name is JMH's, its options too; what is allocated is told unless another profiler is named. */
    @Command(
            name = "micro",
            description =
                    "Micro benchmarks (JMH), with -prof gc unless you name a profiler; -l lists them, -h shows JMH's options.")
    static final class Micro implements Callable<Integer> {
        private static final String PROFILER = "-prof";

        @Parameters(paramLabel = "ARGS")
        private List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            if (ClassLoader.getSystemResource(BENCHMARK_LIST) == null) {
                throw new IOException("no micro benchmarks in this build");
            }
            org.openjdk.jmh.Main.main(arguments().toArray(new String[0]));
            return 0;
        }

        /** As given, and a profiler where none was. */
        List<String> arguments() {
            List<String> all = new ArrayList<>(arguments);
            if (arguments.stream().noneMatch(each -> each.startsWith(PROFILER))) {
                all.add(PROFILER);
                all.add("gc");
            }
            return all;
        }
    }
}
