package dev.slipstream.bench.trend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("The growth of a figure")
class TrendTest {
    /** One sample every five seconds. */
    private static Series series(int samples, IntToDoubleFunction value) {
        double[] seconds = new double[samples];
        double[] values = new double[samples];
        Arrays.setAll(seconds, i -> 5.0 * i);
        Arrays.setAll(values, value);
        return new Series("rss_bytes", seconds, values);
    }

    private static Trend trend(Series series, double from) {
        @Nullable Trend trend = Trend.of(series, from);
        assertNotNull(trend);
        return trend;
    }

    @Test
    @DisplayName("is that of a straight line, without an error")
    void straight() {
        // 1,000 bytes in five seconds are 0.72 MB an hour.
        Trend trend = trend(series(100, i -> 50e6 + 1000.0 * i), 0);
        assertEquals(0.72, trend.perHour(), 1e-9);
        assertEquals(0, trend.standardError(), 1e-6);
        assertEquals(50, trend.at(0), 1e-9);
        assertEquals(50.099, trend.at(495), 1e-9);
    }

    @Test
    @DisplayName("leaves out what was before the warm-up's end")
    void warmUp() {
        Series jump = series(100, i -> i < 50 ? 10e6 : 60e6);
        assertTrue(trend(jump, 0).perHour() > 100);
        Trend behind = trend(jump, 250);
        assertEquals(0, behind.perHour(), 1e-9);
        assertEquals(50, behind.samples());
        assertNull(Trend.of(jump, 455.1));
        assertNull(Trend.of(new Series("x", new double[20], new double[20]), 0));
    }

    /** How often the true slope lies within twice the error, over many series with noise that has a memory. */
    private static double covered(double memory) {
        int within = 0;
        int runs = 400;
        SplittableRandom random = new SplittableRandom(9);
        for (int run = 0; run < runs; run++) {
            double[] noise = new double[200];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextGaussian() + (i == 0 ? 0 : memory * noise[i - 1]);
            }
            Trend trend = trend(series(noise.length, i -> 50e6 + 1000.0 * i + 1e5 * noise[i]), 0);
            within += Math.abs(trend.perHour() - 0.72) < 2 * trend.standardError() ? 1 : 0;
        }
        return within / (double) runs;
    }

    @Test
    @DisplayName("is within twice its error in nineteen of twenty runs, where neighbours are alike too")
    void error() {
        assertEquals(0.95, covered(0), 0.04);
        // The textbook's error would hold in six of ten here.
        assertEquals(0.95, covered(0.7), 0.06);
    }

    @Test
    @DisplayName("is told as a table, as CSV and as a plot, from a file with gaps and a broken last line")
    void command(@TempDir Path folder) throws Exception {
        StringBuilder file = new StringBuilder("seconds,rss_bytes,heap_after_gc_bytes,descriptors\n");
        for (int i = 0; i < 60; i++) {
            file.append(i * 5).append(',').append(60_000_000 + i * 1000).append(',');
            file.append(i % 12 == 0 ? "9000000" : "").append(",40\n");
        }
        Path samples = Files.writeString(folder.resolve("samples.csv"), file + "300,6");
        Path plot = folder.resolve("plot.svg");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Trends());
        command.setOut(new PrintWriter(out, true));
        assertEquals(
                0, command.execute(samples.toString(), "--from", "50", "--plot", plot.toString(), "--title", "a < b"));
        assertTrue(out.toString().contains("| rss, MB | 50 | 60.01 | 60.06 | +0.720 | 0.000 |"), out::toString);
        assertTrue(out.toString().contains("| heap after gc, MB | 5 | – | – | – | – |"), out::toString);
        assertTrue(out.toString().contains("| descriptors | 50 | 40.00 | 40.00 | +0.000 | 0.000 |"), out::toString);
        assertEquals(0, command.execute(samples.toString(), "--csv"));
        assertTrue(out.toString().contains("\nrss_bytes,MB,60,0.7200,0.0000\n"), out::toString);
        String svg = Files.readString(plot);
        assertEquals(
                "svg",
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(plot.toFile())
                        .getDocumentElement()
                        .getTagName());
        assertTrue(svg.contains("a &lt; b") && svg.contains("rss, MB: +0.720 ± 0.000 per hour"), svg);
        assertTrue(svg.contains("heap after gc, MB (too few samples for a line)"), svg);
        assertEquals(3, svg.split("<polyline", -1).length - 1);
        // 50 of 295 seconds, in a panel that is 746 wide.
        assertTrue(svg.contains("width=\"126.4\" height=\"170\" fill=\"#eeeeee\""), svg);
    }

    @Test
    @DisplayName("is refused of a file that is none")
    void wrong(@TempDir Path folder) throws IOException {
        Path samples = Files.writeString(folder.resolve("samples.csv"), "seconds,x\n1,two\n");
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Trends()).setErr(new PrintWriter(err, true));
        assertEquals(1, command.execute(samples.toString()));
        assertTrue(err.toString().contains("1,two"), err::toString);
        assertEquals(List.of(), Series.read(Files.writeString(samples, "seconds\n1\n")));
    }
}
