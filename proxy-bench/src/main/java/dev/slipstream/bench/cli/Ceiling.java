package dev.slipstream.bench.cli;

import dev.slipstream.bench.load.LoadPlan;
import dev.slipstream.bench.load.LoadReport;
import dev.slipstream.bench.load.LoadRun;
import dev.slipstream.bench.load.LoadTarget;
import dev.slipstream.bench.load.Scenario;
import dev.slipstream.bench.upstream.Distribution;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much a simulated provider can answer on this machine: a closed loop in the same process asks it as much as it can. What it
 * reached is its ceiling where its loops were busy all the time; where they were not, the generator was the limit, and the
 * processor time of the loops tells how far they could have gone.
 */
final class Ceiling {
    private static final int CONCURRENCY = 64;

    private final SimulatedProviderOptions options;
    private final @Nullable Path authority;
    private final Duration warmUp;
    private final Duration length;

    /** Without the options' delays and faults. */
    Ceiling(SimulatedProviderOptions options, @Nullable Path authority) {
        this(options, authority, Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    Ceiling(SimulatedProviderOptions options, @Nullable Path authority, Duration warmUp, Duration length) {
        this.options = options.withAddress("127.0.0.1", 0)
                .withPace(Distribution.of(0), Distribution.of(0))
                .withErrors(500, 0)
                .withFaults(List.of());
        this.authority = authority;
        this.warmUp = warmUp;
        this.length = length;
    }

    /** A line for whole answers and one for streams. */
    String measure() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(options)) {
            return measure(provider, Scenario.CHAT) + measure(provider, Scenario.STREAM);
        }
    }

    private String measure(SimulatedProvider provider, Scenario scenario) throws IOException {
        LoadTarget target = LoadTarget.of(provider.openAiBaseUrl(), "sim-large")
                .withKey(options.requiredKey())
                .withAuthority(authority)
                .withHttp2(isHttp2());
        run(target, scenario, warmUp);
        long requests = provider.counters().requests();
        long chunks = provider.counters().chunks();
        long cpu = provider.load().cpuNanos();
        // From the first request to the last: to open the connections took its time too.
        double seconds = run(target, scenario, length).seconds();
        double cpuSeconds = (provider.load().cpuNanos() - cpu) / 1e9;
        requests = provider.counters().requests() - requests;
        chunks = provider.counters().chunks() - chunks;
        return String.format(
                Locale.ROOT,
                "%s: %.0f requests/s, %.0f chunks/s, loops busy %.2f; by their processor time at most %.0f requests/s,"
                        + " %.0f chunks/s%n",
                scenario.name().toLowerCase(Locale.ROOT),
                requests / seconds,
                chunks / seconds,
                Math.min(1, cpuSeconds / (seconds * options.loops())),
                requests / cpuSeconds * options.loops(),
                chunks / cpuSeconds * options.loops());
    }

    private boolean isHttp2() {
        return options.wire().protocols().get(0) == ProviderWire.Protocol.HTTP_2;
    }

    private static LoadReport run(LoadTarget target, Scenario scenario, Duration length) throws IOException {
        return LoadRun.run(target, LoadPlan.closed(CONCURRENCY, length).withScenario(scenario));
    }
}
