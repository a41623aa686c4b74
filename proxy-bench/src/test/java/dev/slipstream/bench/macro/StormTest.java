package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormTest {
    private static final long MIB = 1024 * 1024;

    /** The heap of a test's JVM grows as it likes; what a collection leaves of it does not. */
    private static final StormPlan.Bounds BOUNDS = new StormPlan.Bounds(512 * MIB, 32 * MIB, 32 * MIB, 8);

    @Test
    void halfAMinuteOfStormWrongsNoGoodClientAndLeavesNothing() throws IOException {
        StormPlan plan = StormPlan.of(Duration.ofSeconds(30), System.nanoTime()).withBounds(BOUNDS);
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        assertEquals(List.of(), StormRun.run(plan, out));
    }
}
