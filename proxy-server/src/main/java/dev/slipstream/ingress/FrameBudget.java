package dev.slipstream.ingress;

/**
 * How many frames of a kind that costs us work and moves nothing a client may send: an allowance, which grows with time
 * and with what the connection is good for. So a flood ends, and a busy connection of many users does not. Confined to
 * its connection.
 */
final class FrameBudget {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int allowance;
    private final int most;
    private final int perSecond;
    private long left;
    private long filledNanos;

    /**
     * @param allowance what may be spent at once at the beginning, and what time alone fills up to
     * @param most what may be saved up
     * @param perSecond what each second gives back
     */
    FrameBudget(int allowance, int most, int perSecond, long nowNanos) {
        this.allowance = allowance;
        this.most = most;
        this.perSecond = perSecond;
        this.left = allowance;
        this.filledNanos = nowNanos;
    }

    /** The connection did some good. */
    void earn(int frames) {
        left = Math.min(most, left + frames);
    }

    /** @return false where it is spent */
    boolean spend(int frames, long nowNanos) {
        if (left < allowance) {
            long seconds = (nowNanos - filledNanos) / NANOS_PER_SECOND;
            if (seconds > 0) {
                filledNanos += seconds * NANOS_PER_SECOND;
                left = Math.min(allowance, left + seconds * perSecond);
            }
        } else {
            filledNanos = nowNanos;
        }
        left -= frames;
        return left >= 0;
    }
}
