package dev.slipstream.bench.e2e;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A leak detector that remembers what it reported, for the tests to fail by. Netty makes it, by the name in {@code
 * io.netty.customResourceLeakDetector}, which the module's pom sets for its tests.
 */
public final class LeakReports<T> extends ResourceLeakDetector<T> {
    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    /** As Netty calls it. */
    public LeakReports(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    /** As Netty looks for it. */
    public LeakReports(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval);
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        REPORTS.add(resourceType + records);
        if (!records.contains(LeakReportsTest.class.getSimpleName())) {
            // The one that is lost on purpose must not look like a find in the output.
            super.reportTracedLeak(resourceType, records);
        }
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        REPORTS.add(resourceType);
        super.reportUntracedLeak(resourceType);
    }

    /** Has lost buffers noticed, and returns what was reported since the last call. */
    public static List<String> take() {
        // Twice: what the first round found may be enqueued by then, the second round's canary comes behind it.
        collect();
        collect();
        // The detector looks at what was collected when it is asked to track the next buffer.
        ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
        allocator.directBuffer(1).release();
        List<String> reports = List.copyOf(REPORTS);
        REPORTS.clear();
        return reports;
    }

    private static void collect() {
        ReferenceQueue<Object> enqueued = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), enqueued);
        System.gc();
        Await.until("the collector ran", () -> enqueued.poll() == canary);
    }
}
