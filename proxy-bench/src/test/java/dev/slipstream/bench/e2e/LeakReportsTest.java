package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The look for lost buffers")
class LeakReportsTest {
    @Test
    @DisplayName("finds one that is lost on purpose, and is done with it then")
    void finds() {
        LeakReports.take();
        lose();
        List<String> reports = LeakReports.take();
        assertEquals(1, reports.size(), reports.toString());
        assertTrue(reports.get(0).contains("LeakReportsTest"), reports.toString());
        assertEquals(List.of(), LeakReports.take());
    }

    @SuppressWarnings("CheckReturnValue") // to lose it is what it is for
    private static void lose() {
        UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
    }
}
