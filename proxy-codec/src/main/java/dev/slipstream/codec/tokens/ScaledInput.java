package dev.slipstream.codec.tokens;

/**
 * The input tokens of one answer as the client sees them: disjoint parts that add up to the total, which is scaled first.
 * The last part that is not 0 is the rest. What is not 0 does not become 0: where the total is scaled to fewer tokens than
 * there are parts, it is as many as parts. Reused.
 */
public final class ScaledInput {
    private long total;
    private long cacheRead;
    private long cacheWrite;
    private long fresh;

    /** Scales the parts, none of which is negative, nor their sum beyond 18 digits. */
    public void set(TokenScale scale, long cacheRead, long cacheWrite, long fresh) {
        set(scale, cacheRead, cacheWrite, fresh, 1);
    }

    /** @param leastWrite what {@code cacheWrite} is not scaled below where it is not 0, for it has parts of its own */
    void set(TokenScale scale, long cacheRead, long cacheWrite, long fresh, int leastWrite) {
        long leastFresh = fresh > 0 ? 1 : 0;
        long leastBehindRead = (cacheWrite > 0 ? leastWrite : 0) + leastFresh;
        long least = leastBehindRead + (cacheRead > 0 ? 1 : 0);
        total = Math.max(least, scale.scaled(cacheRead + cacheWrite + fresh));
        this.cacheRead =
                cacheWrite == 0 && fresh == 0 ? total : Math.min(scale.scaled(cacheRead), total - leastBehindRead);
        long left = total - this.cacheRead;
        if (cacheWrite == 0) {
            this.cacheWrite = 0;
        } else if (fresh == 0) {
            this.cacheWrite = left;
        } else {
            this.cacheWrite = Math.min(Math.max(leastWrite, scale.scaled(cacheWrite)), left - leastFresh);
        }
        this.fresh = left - this.cacheWrite;
    }

    /** All input tokens. */
    public long total() {
        return total;
    }

    /** Those that were read from a cache. */
    public long cacheRead() {
        return cacheRead;
    }

    /** Those that were written to a cache. */
    public long cacheWrite() {
        return cacheWrite;
    }

    /** Those that were neither. */
    public long fresh() {
        return fresh;
    }
}
