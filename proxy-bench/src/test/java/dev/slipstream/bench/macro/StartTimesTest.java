package dev.slipstream.bench.macro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Starts that are timed. */
@DisplayName("The times of starts")
final class StartTimesTest {
    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static StartLeg mock(int port, String... more) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String line = "mock " + port + " ANY=thing " + java + " -XX:TieredStopAtLevel=1 -cp " + classPath
                + " dev.slipstream.bench.cli.BenchMain mock --listen 127.0.0.1:" + port;
        return StartLeg.parse(line + " " + String.join(" ", more), "sk-any");
    }

    @Test
    @DisplayName("are told of a program that answers, which is gone behind it")
    void timed() throws IOException {
        int port = freePort();
        StartLeg leg = mock(port);
        // Twice: the second needs the port that the first has given back.
        for (int i = 0; i < 2; i++) {
            StartLeg.Times times = leg.start();
            assertTrue(times.listensNanos() > 0 && times.answeredNanos() > times.listensNanos(), times.toString());
        }
        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, again.getLocalPort());
        }
    }

    @Test
    @DisplayName("are not told where it answers something else, or ends")
    void refused() throws IOException {
        StartLeg other = mock(freePort(), "--key", "sk-another");
        String unauthorized =
                String.valueOf(assertThrows(IOException.class, other::start).getMessage());
        assertTrue(unauthorized.contains("401"), unauthorized);
        StartLeg ends = mock(freePort(), "--no-such-option");
        String ended =
                String.valueOf(assertThrows(IOException.class, ends::start).getMessage());
        assertTrue(ended.contains("ended with 2"), ended);
    }

    @Test
    @DisplayName("are of a program that is given as name, port, variables and command")
    void parsed() {
        StartLeg leg = StartLeg.parse("edge 8080 A=b C=-d,-e scripts/slipstream serve --config=x", "k");
        assertEquals("edge", leg.name());
        assertEquals(8080, leg.port());
        assertEquals(Map.of("A", "b", "C", "-d -e"), leg.environment());
        assertEquals(List.of("scripts/slipstream", "serve", "--config=x"), leg.command());
        for (String wrong : List.of("", "a", "a b c", "a 80", "a 80 B=c")) {
            assertThrows(IllegalArgumentException.class, () -> StartLeg.parse(wrong, "k"), wrong);
        }
    }

    @Test
    @DisplayName("are medians, with the least and the most")
    void table() {
        StartResults results = new StartResults();
        for (int i : new int[] {30, 10, 20}) {
            results.add(i, "one", new StartLeg.Times(i * 500_000L, i * 1_000_000L));
        }
        results.add(1, "two", new StartLeg.Times(1_000_000, 2_000_000));
        results.add(2, "two", new StartLeg.Times(3_000_000, 4_000_000));
        assertTrue(results.table().contains("| one | 10.0 | 20.0 | 10.0 to 30.0 | 3 |"), results.table());
        assertTrue(results.table().contains("| two | 2.0 | 3.0 | 2.0 to 4.0 | 2 |"), results.table());
        assertEquals("30,one,15.0,30.0", results.csv().lines().toList().get(1));
        assertFalse(results.csv().contains(",,"));
    }
}
