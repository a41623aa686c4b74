package dev.slipstream.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The report of a run")
class LoadReportTest {
    private static final LoadTarget TARGET = LoadTarget.of("http://127.0.0.1:1/v1", "m");

    /** Requests that took 1 ms, 2 ms and so on. */
    static LoadReport report(int answered, int failed, long latenessNanos) {
        LoadResults results = new LoadResults();
        for (int i = 1; i <= answered; i++) {
            results.record(Metric.TOTAL, i * 1_000_000L);
        }
        results.record(Metric.LATENESS, latenessNanos);
        results.count(Outcome.OK, answered);
        results.count(Outcome.SERVER_ERROR, failed);
        return new LoadReport(TARGET, LoadPlan.open(1000, Duration.ofSeconds(1)), results, 0, 1);
    }

    private static double millis(LoadReport report, double of) {
        return report.quantile(Metric.TOTAL, of).nanos() / 1e6;
    }

    private static Quantile.Refusal refused(LoadReport report, double of) {
        Quantile.Refusal refusal = report.quantile(Metric.TOTAL, of).refused();
        assertNotNull(refusal);
        return refusal;
    }

    @Test
    @DisplayName("tells no percentile that fewer than ten samples lie beyond")
    void tooFew() {
        assertEquals(20, Quantile.samplesNeeded(0.5));
        assertEquals(1000, Quantile.samplesNeeded(0.99));
        assertEquals(10_000, Quantile.samplesNeeded(0.999));
        assertEquals(Quantile.Refusal.TOO_FEW, refused(report(999, 0, 0), 0.99));
        assertEquals(990, millis(report(1000, 0, 0), 0.99), 1);
        assertEquals(Quantile.Refusal.TOO_FEW, refused(report(9_999, 0, 0), 0.999));
        assertTrue(report(10_000, 0, 0).quantile(Metric.TOTAL, 0.999).isTold());
        assertTrue(report(30, 0, 0).table().contains("| – |"));
    }

    @Test
    @DisplayName("counts a request that failed as one that took for ever")
    void failed() {
        LoadReport report = report(950, 50, 0);
        assertEquals(500, millis(report, 0.5), 1);
        assertEquals(900, millis(report, 0.9), 1);
        assertEquals(Quantile.Refusal.FAILED, refused(report, 0.99));
    }

    @Test
    @DisplayName("tells no percentile where the generator was later than it may be")
    void late() {
        long bound = LoadPlan.DEFAULT_MAX_LATENESS.toNanos();
        assertTrue(report(100, 0, bound - 1000).quantile(Metric.TOTAL, 0.5).isTold());
        assertEquals(Quantile.Refusal.LATE, refused(report(100, 0, bound * 11 / 10), 0.5));
    }

    @Test
    @DisplayName("is a table for people, CSV and JSON for scripts, and logs that HdrHistogram reads")
    void files(@TempDir Path folder) throws IOException {
        LoadReport report = report(100, 1, 5000);
        assertTrue(report.table().contains("requests: 101, ok 100, server_error 1"), report::table);
        String csv = LoadFiles.csvHead() + LoadFiles.csv("leg", report);
        assertEquals(
                "name,metric,samples,p50_us,p90_us,p95_us,p99_us,p99.9_us,max_us,requests,ok,refused",
                csv.lines().findFirst().orElseThrow());
        assertTrue(csv.contains("\nleg,total,100,"), csv);
        assertEquals(
                csv.lines().findFirst().orElseThrow().split(",", -1).length,
                csv.lines().skip(1).findFirst().orElseThrow().split(",", -1).length);
        String json = LoadFiles.json(report);
        assertTrue(json.contains("\"outcomes\":{\"ok\":100,\"server_error\":1}"), json);
        assertTrue(json.contains("\"p99_nanos\":null"), json);
        assertTrue(json.contains("\"total\":{\"samples\":100,\"p50_nanos\":5"), json);

        LoadFiles.histograms(folder, "run", report.results());
        try (HistogramLogReader log =
                new HistogramLogReader(folder.resolve("run.hlog").toFile())) {
            Histogram total = (Histogram) log.nextIntervalHistogram();
            assertEquals("total", total.getTag());
            assertEquals(report.results().histogram(Metric.TOTAL), total);
        }
        assertTrue(Files.readString(folder.resolve("run.total.hgrm"), UTF_8).contains("1/(1-Percentile)"));
    }
}
