package dev.slipstream.ingress;

import java.util.concurrent.TimeUnit;

/**
 * How long a client may still take over a body: {@code timeouts.client_body} in all, and never behind {@code
 * timeouts.client_min_rate} by more than {@link #GRACE_NANOS}. So every second must have been earned by that many bytes,
 * and a body that drips ends soon, while one that stops for a moment does not. Time in which we did not read does not
 * count against the rate. Times are of the loop's clock; confined to it.
 */
final class UploadPace {
    /** What each upload has for nothing. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** No limit; and where it bounds what was earned, so much that sums do not overflow. */
    static final long FOREVER = Long.MAX_VALUE / 4;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long startNanos;
    private long totalNanos;
    private long bytesPerSecond;
    private long pausedNanos;
    private long pausedSinceNanos;
    private boolean paused;

    /** A body begins. {@code totalNanos} and {@code bytesPerSecond}: 0 = off. */
    void start(long nowNanos, long totalNanos, long bytesPerSecond) {
        this.startNanos = nowNanos;
        this.totalNanos = totalNanos;
        this.bytesPerSecond = bytesPerSecond;
        pausedNanos = 0;
        paused = false;
    }

    /** Nobody reads the client's bytes from here on. */
    void pause(long nowNanos) {
        if (!paused) {
            paused = true;
            pausedSinceNanos = nowNanos;
        }
    }

    void resume(long nowNanos) {
        if (paused) {
            paused = false;
            pausedNanos += nowNanos - pausedSinceNanos;
        }
    }

    /**
     * The time until the body is too late if no further byte comes; 0 or less where it is; {@link #FOREVER} without a
     * limit.
     */
    long nanosLeft(long nowNanos, long receivedBytes) {
        long taken = nowNanos - startNanos;
        long left = totalNanos == 0 ? FOREVER : totalNanos - taken;
        if (bytesPerSecond == 0) {
            return left;
        }
        long earned = Math.min(FOREVER, TimeUnit.SECONDS.toNanos(receivedBytes / bytesPerSecond));
        long ahead = GRACE_NANOS + pausedNanos + earned - taken;
        if (paused) {
            ahead = Math.max(ahead + nowNanos - pausedSinceNanos, LOOK_AGAIN_NANOS);
        }
        return Math.min(left, ahead);
    }
}
