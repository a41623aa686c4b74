package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.load.LoadTransport;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("Streams that are held")
class HoldRunTest {
    private static final long DEADLINE_SECONDS = 20;

    private static HoldRun run(SimulatedProvider provider, String directives, long limitMillis) {
        return new HoldRun(
                LoadTransport.AUTO,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port()),
                "k",
                "m",
                directives,
                TimeUnit.MILLISECONDS.toNanos(limitMillis));
    }

    private static HoldRun.Counts await(HoldRun run, Predicate<HoldRun.Counts> wanted) throws IOException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        HoldRun.Counts counts = run.counts();
        while (!wanted.test(counts) && System.nanoTime() - limit < 0) {
            StreamPause.seconds(0.02);
            counts = run.counts();
        }
        assertTrue(wanted.test(counts), counts.toString());
        return counts;
    }

    @Test
    @DisplayName("get their events, and none of them stalls or ends")
    void held() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                HoldRun run = run(provider, "gap=20 tokens=100000", 10_000)) {
            assertEquals(30, run.open(30, 1000, DEADLINE_SECONDS));
            HoldRun.Counts counts = await(run, now -> now.events() >= 30 * 5);
            assertEquals(30, counts.streaming());
            assertEquals(0, counts.stalled());
            assertEquals(0, counts.failed());
            assertTrue(run.takeGaps().getTotalCount() >= 30 * 4);
        }
    }

    @Test
    @DisplayName("count as stalled where an event is missing, and stay so")
    void stalled() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                HoldRun run = run(provider, "gap=1 tokens=1000 stall-after=5", 100)) {
            assertEquals(3, run.open(3, 1000, DEADLINE_SECONDS));
            await(run, counts -> counts.stalled() == 3);
        }
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                HoldRun run = run(provider, "gap=400 tokens=3", 200)) {
            assertEquals(3, run.open(3, 1000, DEADLINE_SECONDS));
            assertEquals(3, await(run, counts -> counts.ended() == 3).stalled());
        }
    }

    @Test
    @DisplayName("have failed where their connection ends early, or they were refused")
    void failed() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                HoldRun cut = run(provider, "gap=1 tokens=1000 close-after=5", 10_000);
                HoldRun refused = run(provider, "status=503", 10_000)) {
            cut.open(2, 1000, DEADLINE_SECONDS);
            assertEquals(
                    2, await(cut, counts -> counts.failed() == 2).failures().get("the connection ended"));
            assertEquals(0, refused.open(2, 1000, DEADLINE_SECONDS));
            assertEquals(2, refused.counts().failures().get("status 503"));
        }
    }

    @Test
    @DisplayName("are a command, which tells what it found and fails where a stream stalls")
    void command(@TempDir Path folder) throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            StringWriter out = new StringWriter();
            assertEquals(0, command(out, provider, folder, "--seconds=1"), out.toString());
            List<String> lines = out.toString().lines().toList();
            String[] names = lines.get(0).split(",", -1);
            String[] figures = lines.get(1).split(",", -1);
            assertEquals(names.length, figures.length);
            assertEquals(
                    List.of("hold", "10", "10", "10", "0", "0", "0"),
                    List.of(figures).subList(0, 7));
            assertEquals(
                    2, Files.readAllLines(folder.resolve("hold.csv"), UTF_8).size());
            String gaps = Files.readString(folder.resolve("hold.token_gap.hgrm"));
            double most = Double.parseDouble(gaps.replaceAll("(?s).*#\\[Max +=\\s+([0-9.]+),.*", "$1"));
            assertEquals(Double.parseDouble(figures[figures.length - 1]) * 1000, most, 100, "microseconds");
            assertEquals(1, command(out, provider, folder, "--seconds=4", "--directives=stall-after=3"));
        }
    }

    private static int command(StringWriter out, SimulatedProvider provider, Path folder, String... more) {
        CommandLine commandLine = new CommandLine(new HoldStreams());
        commandLine.setOut(new PrintWriter(out, true));
        String[] arguments = new String[more.length + 5];
        arguments[0] = "--port=" + provider.port();
        arguments[1] = "--streams=10";
        arguments[2] = "--gap-millis=100";
        arguments[3] = "--out=" + folder;
        arguments[4] = "--warmup-waves=1";
        System.arraycopy(more, 0, arguments, 5, more.length);
        return commandLine.execute(arguments);
    }
}
