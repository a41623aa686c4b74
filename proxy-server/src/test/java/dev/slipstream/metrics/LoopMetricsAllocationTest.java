package dev.slipstream.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.Dialect;
import dev.slipstream.failure.FailureKind;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class LoopMetricsAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String[] MODELS = new String[50];

    static {
        for (int i = 0; i < MODELS.length; i++) {
            MODELS[i] = "model-" + i;
        }
    }

    @Test
    void callsAllocateNothingOnceTheirSeriesExist() {
        Metrics metrics = new Metrics();
        LoopMetrics loop = metrics.forLoop(0);
        // Both sets of histograms, and everything the JVM links at a first call.
        for (int round = 0; round < 3; round++) {
            oneOfEach(loop, 500);
            metrics.collect();
        }

        // What the JVM gives up of its compiled code meanwhile may allocate once; a call that allocates does it each
        // time.
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < 10 && leastBytes > 0; round++) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long nothing =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            oneOfEach(loop, 2000);
            long allocated =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            leastBytes = Math.min(leastBytes, allocated - nothing);
        }

        assertEquals(0, leastBytes);
    }

    @Test
    void aLoopWithAllItsSeriesStaysBelowAMebibyte() {
        Metrics metrics = new Metrics();
        LoopMetrics loop = metrics.forLoop(0);
        oneOfEach(loop, 1);
        metrics.collect();

        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        LoopMetrics second = metrics.forLoop(1);
        oneOfEach(second, 1);
        metrics.collect();
        oneOfEach(second, 1);
        long allocatedBytes =
                THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertTrue(allocatedBytes < 1 << 20, allocatedBytes + " bytes");
    }

    private static void oneOfEach(LoopMetrics loop, int rounds) {
        for (int i = 0; i < rounds; i++) {
            for (Stage stage : STAGES) {
                loop.stage(stage, i * 37L);
            }
            String model = MODELS[i % MODELS.length];
            loop.request(i * 1_000_003L);
            loop.firstToken(i * 500_009L);
            loop.tokenGap(i * 10_007L);
            loop.requestDone(model, "zai", Dialect.OPENAI, 200 + i % 5);
            loop.requestDone(null, null, Dialect.ANTHROPIC, 401);
            loop.failure(FailureKind.INVALID_JSON);
            loop.attempt("zai", AttemptOutcome.OK);
            loop.tokens("zai", model, "output", i);
            loop.usageUnknown("zai");
            loop.upstreamAcquired(true);
            loop.loopLag(i);
        }
        loop.tick();
    }

    private static final Stage[] STAGES = Stage.values();
}
