package dev.slipstream.ingress;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {
    private static final long START = Long.MAX_VALUE - 5;
    private final FrameBudget budget = new FrameBudget(10, 30, 2, START);

    private static long seconds(long count) {
        return START + TimeUnit.SECONDS.toNanos(count);
    }

    private boolean spendOnes(int count, long nowNanos) {
        boolean allowed = true;
        for (int i = 0; i < count; i++) {
            allowed = budget.spend(1, nowNanos);
        }
        return allowed;
    }

    @Test
    void aFloodSpendsIt() {
        assertTrue(spendOnes(10, START));
        assertFalse(budget.spend(1, START));
    }

    @Test
    void timeFillsItUpToTheAllowanceAndNoFurther() {
        assertTrue(spendOnes(10, START));
        assertTrue(spendOnes(4, seconds(2)));
        assertTrue(spendOnes(10, seconds(1000)));
        assertFalse(budget.spend(1, seconds(1000)));
    }

    @Test
    void timeThatPassedWhileItWasFullCountsForNothing() {
        assertTrue(spendOnes(10, seconds(100)));
        assertFalse(budget.spend(1, seconds(100)));
    }

    @Test
    void whatTheConnectionIsGoodForIsSavedUpToALimit() {
        budget.earn(1_000_000);
        assertTrue(spendOnes(30, START));
        assertFalse(budget.spend(1, START));
    }
}
