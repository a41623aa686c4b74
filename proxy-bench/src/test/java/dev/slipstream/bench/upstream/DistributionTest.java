package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A distribution")
class DistributionTest {
    private static final int DRAWS = 100_000;
    /** A right distribution fails once in 16,000 seeds; this one is fixed. */
    private static final double DEVIATIONS = 4;

    private static long[] drawn(Distribution distribution) {
        SplittableRandom random = new SplittableRandom(11);
        long[] drawn = new long[DRAWS];
        Arrays.setAll(drawn, i -> distribution.draw(random));
        return drawn;
    }

    @ParameterizedTest
    @CsvSource({
        "uniform:10ms-30ms, 0.5, 20",
        "uniform:10ms-30ms, 0.9, 28",
        "normal:20ms:5ms, 0.5, 20",
        "normal:20ms:5ms, 0.841344746, 25",
        "normal:20ms:5ms, 0.022750132, 10",
        "lognormal:200ms:0.5, 0.5, 200",
        "lognormal:200ms:0.5, 0.841344746, 329.744254",
        "lognormal:200ms:0.5, 0.158655254, 121.306132",
        "lognormal:200ms:p99=900ms, 0.5, 200",
        "lognormal:200ms:p99=900ms, 0.99, 900",
        "exponential:20ms, 0.632120559, 20",
        "exponential:20ms, 0.95, 59.914645"
    })
    @DisplayName("has its percentiles where they belong, within the error of sampling")
    void percentiles(String text, double share, double millis) {
        double nanos = millis * 1e6;
        long below = Arrays.stream(drawn(Distribution.ofDelays(text)))
                .filter(each -> each <= nanos)
                .count();
        double error = Math.sqrt(share * (1 - share) / DRAWS);
        assertEquals(share, below / (double) DRAWS, DEVIATIONS * error, text);
    }

    @Test
    @DisplayName("is the same always where it is one figure, whatever its unit")
    void constant() {
        SplittableRandom random = new SplittableRandom(1);
        assertEquals(20_000_000, Distribution.ofDelays("20").draw(random));
        assertEquals(20_000_000, Distribution.ofDelays("20ms").draw(random));
        assertEquals(1_500, Distribution.ofDelays("1.5us").draw(random));
        assertEquals(2_000_000_000L, Distribution.ofDelays("2s").draw(random));
        assertEquals(60_000_000_000L, Distribution.ofDelays("1m").draw(random));
        assertEquals(3_600_000_000_000L, Distribution.ofDelays("1h").draw(random));
        assertEquals(0, Distribution.ofDelays("0").draw(random));
        assertEquals(64, Distribution.ofCounts("64").draw(random));
    }

    @Test
    @DisplayName("never leaves its range")
    void range() {
        long least = Arrays.stream(drawn(Distribution.ofDelays("normal:1ms:5ms")))
                .min()
                .orElseThrow();
        assertEquals(0, least);
        long most = Arrays.stream(drawn(Distribution.ofCounts("lognormal:1000:9")))
                .max()
                .orElseThrow();
        assertEquals(1_000_000_000, most);
        long[] uniform = drawn(Distribution.ofCounts("uniform:3-5"));
        assertTrue(Arrays.stream(uniform).allMatch(each -> each >= 3 && each <= 5));
    }

    @Test
    @DisplayName("draws the same from the same seed")
    void seeded() {
        Distribution distribution = Distribution.ofDelays("lognormal:200ms:0.5");
        assertEquals(distribution.draw(new SplittableRandom(3)), distribution.draw(new SplittableRandom(3)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "-1",
                "2h",
                "NaN",
                "uniform:5",
                "uniform:30-10",
                "uniform:-1-5",
                "normal:5",
                "normal:5:x",
                "lognormal:5",
                "lognormal:0:0.5",
                "lognormal:5:p99=4",
                "lognormal:5:-1",
                "exponential:",
                "pareto:1:2",
                "lognormal:1:0.5:2"
            })
    @DisplayName("says what it is not")
    void wrong(String text) {
        assertThrows(IllegalArgumentException.class, () -> Distribution.ofDelays(text));
        assertThrows(IllegalArgumentException.class, () -> Distribution.ofCounts(text));
    }
}
