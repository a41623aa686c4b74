package dev.slipstream.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The table of stages")
class StageTableTest {
    private static String metrics(int count, double sum) {
        return """
                # TYPE slipstream_stage_seconds summary
                slipstream_stage_seconds{stage="auth",quantile="0.5"} 1.5E-6
                slipstream_stage_seconds{stage="auth",quantile="0.99"} 4.0E-6
                slipstream_stage_seconds_sum{stage="auth"} %s
                slipstream_stage_seconds_count{stage="auth"} %d
                slipstream_stage_seconds{stage="cache",quantile="0.5"} NaN
                slipstream_stage_seconds_sum{stage="cache"} 0
                slipstream_stage_seconds_count{stage="cache"} 0
                slipstream_request_seconds{quantile="0.5"} 1.2E-4
                slipstream_request_seconds_sum 1
                slipstream_request_seconds_count %d
                slipstream_first_token_seconds_count 7
                """.formatted(sum, count, count);
    }

    @Test
    @DisplayName("has counts and means of the legs alone, and percentiles of the last window")
    void means() {
        StageTable table = new StageTable(URI.create("http://127.0.0.1:1"));
        table.add(StageTable.parse(metrics(1000, 5)), StageTable.parse(metrics(1100, 5.0002)));
        table.add(StageTable.parse(metrics(5000, 9)), StageTable.parse(metrics(5100, 9.0004)));
        List<String> lines = table.table().lines().toList();
        assertEquals("| auth | 200 | 3.00 | 1.5 | – | 4.0 | – |", lines.get(2));
        assertTrue(lines.get(3).startsWith("| request, first byte to last | 200 | 0.00 | 120.0 |"), lines.get(3));
        assertEquals(4, lines.size());
    }
}
