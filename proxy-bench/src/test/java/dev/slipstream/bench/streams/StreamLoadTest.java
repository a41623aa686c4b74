package dev.slipstream.bench.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("Provider and clients of one loop")
class StreamLoadTest {
    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static StreamLoad load() throws IOException {
        return new StreamLoad(LoadTransport.AUTO, 0, "m", "k");
    }

    @Test
    @DisplayName("send paced streams, and read them whole")
    void paced() throws IOException {
        try (StreamLoad load = load()) {
            StreamLoad.Plan plan = new StreamLoad.Plan(7, 20, 1_000_000, 20_000_000);
            StreamLoad.Leg leg = load.run(at(load.provider().port()), plan);
            assertEquals(7 * 20, leg.events());
            assertEquals(7 * 18, leg.ways().getTotalCount());
            assertEquals(7 * 18, leg.gaps().getTotalCount());
            // 19 gaps, of which the first is as short as the stream's phase.
            assertTrue(leg.seconds() >= 0.018, "took " + leg.seconds());
        }
    }

    @Test
    @DisplayName(
            "send the next event when the last was received, until the time is over, on connection after connection")
    void clocked() throws IOException {
        try (StreamLoad load = load()) {
            for (int i = 0; i < 2; i++) {
                StreamLoad.Leg leg = load.run(at(load.provider().port()), StreamLoad.Plan.clocked(3, 0.1));
                assertTrue(leg.events() >= 3 * 2, leg.events() + " events");
                assertTrue(leg.reads() >= leg.events(), "an event on its way for each stream, and no more");
                assertTrue(leg.seconds() >= 0.1);
            }
        }
    }

    @Test
    @DisplayName("fail where the answer is another than what the provider sent")
    void another() throws IOException {
        try (StreamLoad load = load();
                SimulatedProvider other = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            StreamLoad.Plan plan = new StreamLoad.Plan(1, 4, 1_000_000, 4_000_000);
            assertThrows(IOException.class, () -> load.run(at(other.port()), plan));
        }
    }

    @Test
    @DisplayName("are a command, which writes a line for each leg, histograms and a plot")
    void command(@TempDir Path folder) throws IOException {
        StringWriter err = new StringWriter();
        CommandLine commandLine = new CommandLine(new StreamCosts());
        commandLine.setErr(new PrintWriter(err, true));
        int code = commandLine.execute(
                "--provider-port=0",
                "--streams=4",
                "--rate=400",
                "--seconds=0.1",
                "--most-seconds=0.1",
                "--delay-rate=400",
                "--delay-seconds=0.1",
                "--first-rate=100",
                "--first-seconds=0.5",
                "--max-lateness=1000",
                "--rounds=2",
                "--warmup=0.4",
                "--out=" + folder);
        assertEquals(0, code, err.toString());
        List<String> lines = Files.readAllLines(folder.resolve("raw.csv"), UTF_8);
        assertEquals(1 + 2 * 3, lines.size());
        int columns = lines.get(0).split(",", -1).length;
        for (String line : lines) {
            assertEquals(columns, line.split(",", -1).length, line);
        }
        String[] first = lines.get(3).split(",", -1);
        assertEquals("first", first[2]);
        assertEquals("50", first[3]);
        assertTrue(Double.parseDouble(first[14]) > 0, lines.get(3));
        assertTrue(Files.size(folder.resolve("direct-way.hgrm")) > 0);
        assertTrue(Files.readString(folder.resolve("first-token.svg")).contains("polyline"));
    }

    @Test
    @DisplayName("read the garbage of Slipstream's loops from its metrics")
    void allocation() throws IOException {
        String metrics =
                "# TYPE slipstream_loop_allocated_bytes gauge\nslipstream_loop_allocated_bytes{loop=\"0\"} 1.5e3\n"
                        + "slipstream_loop_allocated_bytes{loop=\"1\"} 10\nother{loop=\"1\"} 7\n";
        assertEquals(1510, LoopAllocation.parse(metrics));
        assertThrows(IOException.class, () -> LoopAllocation.parse("other 1\n"));
    }
}
