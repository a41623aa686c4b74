package dev.slipstream.transform;

import dev.slipstream.limit.ByteBudget;

/**
 * What one stream holds back on the heap. Up to {@value #FREE_BYTES} bytes are every stream's own; what goes beyond is
 * charged to a budget that all streams share, so that providers which never end anything cannot use the heap up.
 */
final class HeapCharge {
    private static final int FREE_BYTES = 16 * 1024;

    private final ByteBudget budget;
    private long bytes;
    private long chargedBytes;

    HeapCharge(ByteBudget budget) {
        this.budget = budget;
    }

    /** {@code more} bytes are held, or fewer where it is negative; false, and nothing changed, where the budget is used up. */
    boolean add(long more) {
        long charge = Math.max(0, bytes + more - FREE_BYTES);
        if (charge > chargedBytes) {
            if (!budget.tryReserve(charge - chargedBytes)) {
                return false;
            }
        } else if (charge < chargedBytes) {
            budget.release(chargedBytes - charge);
        }
        chargedBytes = charge;
        bytes += more;
        return true;
    }

    /** Nothing is held any more. Idempotent. */
    void release() {
        add(-bytes);
    }
}
