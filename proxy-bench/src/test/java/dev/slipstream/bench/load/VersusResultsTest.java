package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Legs beside each other")
class VersusResultsTest {
    private static final LoadTarget TARGET = LoadTarget.of("http://127.0.0.1:1/v1", "m");

    private final VersusResults results = new VersusResults();

    /** Every request took as long. */
    private void run(String leg, long micros, int requests, long latenessMicros) {
        LoadResults run = new LoadResults();
        for (int i = 0; i < requests; i++) {
            run.record(Metric.TOTAL, micros * 1000);
        }
        run.record(Metric.LATENESS, latenessMicros * 1000);
        run.count(Outcome.OK, requests);
        results.add(leg, new LoadReport(TARGET, LoadPlan.open(1000, Duration.ofSeconds(1)), run, 0, 1));
    }

    private void round(long warm, long proxied, long beside) {
        run(VersusResults.WARM, warm, 1000, 10);
        run(VersusResults.PROXY, proxied, 1000, 10);
        run(VersusResults.BESIDE, beside, 1000, 10);
    }

    private VersusResults.Added added(double of) {
        VersusResults.Added added = results.added(VersusResults.PROXY, Metric.TOTAL, of);
        assertNotNull(added);
        return added;
    }

    @Test
    @DisplayName("differ by the median of the rounds' differences")
    void median() {
        round(100, 110, 120);
        round(200, 215, 220);
        round(100, 190, 120);
        assertEquals(15, added(0.5).medianMicros(), 0.3);
        assertEquals(10, added(0.5).least(), 0.3);
        assertEquals(90, added(0.5).most(), 0.3);
        assertEquals(3, added(0.5).rounds());
    }

    @Test
    @DisplayName("leave out rounds in which either was late")
    void refusedRounds() {
        round(100, 110, 120);
        run(VersusResults.WARM, 100, 1000, 5000);
        run(VersusResults.PROXY, 900, 1000, 10);
        assertEquals(1, added(0.5).rounds());
        assertEquals(10, added(0.5).medianMicros(), 0.3);
        assertTrue(results.table().contains("| direct-warm | 1 of 2 |"), results::table);
    }

    @Test
    @DisplayName("are pooled where a round alone has too few samples, and untold where all have")
    void pooled() {
        for (int i = 0; i < 10; i++) {
            round(100, 110, 120);
        }
        assertEquals(0, added(0.999).rounds());
        assertEquals(10, added(0.999).medianMicros(), 0.3);
        assertNull(results.added(VersusResults.PROXY, Metric.TOTAL, 0.9999));
    }

    @Test
    @DisplayName("meet the target, or miss it by either part, or show nothing")
    void verdicts() {
        assertEquals(List.of("not shown", "not shown", "not shown"), verdicts(results));
        round(100, 115, 120);
        assertEquals(List.of("met", "met", "met"), verdicts(results));
        assertEquals(
                "T3,added p50 beside nginx,0.75,x,<= 1.2,met\n",
                results.judged().get(1).csv());

        VersusResultsTest slow = new VersusResultsTest();
        slow.round(100, 125, 130);
        assertEquals("missed", verdicts(slow.results).get(0));
        VersusResultsTest slowerThanNginx = new VersusResultsTest();
        slowerThanNginx.round(100, 115, 110);
        assertEquals("missed", verdicts(slowerThanNginx.results).get(1));
        VersusResultsTest alone = new VersusResultsTest();
        alone.run(VersusResults.WARM, 100, 1000, 10);
        alone.run(VersusResults.PROXY, 115, 1000, 10);
        assertEquals(List.of("met", "not shown", "not shown"), verdicts(alone.results));
    }

    private static List<String> verdicts(VersusResults of) {
        return of.judged().stream().map(VersusResults.Judged::verdict).toList();
    }
}
