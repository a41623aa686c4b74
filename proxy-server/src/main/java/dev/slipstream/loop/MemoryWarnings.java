package dev.slipstream.loop;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that direct memory has run out, at most once in ten seconds: each time a connection was given up, and there may be
 * thousands. Confined to its loop.
 */
public final class MemoryWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWarnings.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long notBeforeNanos;
    private boolean said;

    MemoryWarnings() {}

    /** An allocation failed with {@code cause}, and what needed it is being given up. */
    public void exhausted(OutOfMemoryError cause, long nowNanos) {
        if (!said || nowNanos - notBeforeNanos >= 0) {
            said = true;
            notBeforeNanos = nowNanos + INTERVAL_NANOS;
            LOG.warn("direct memory is exhausted; what needed more of it is given up ({})", cause.toString());
        }
    }
}
