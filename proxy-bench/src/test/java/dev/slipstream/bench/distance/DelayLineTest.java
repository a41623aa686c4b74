package dev.slipstream.bench.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DelayLineTest {
    private static final long DELAY = 20_000_000L;

    @Test
    void aPacketIsDueExactlyOneDelayAfterItCame() {
        DelayLine line = new DelayLine(4, DELAY);
        line.add(100, 1_000);
        assertFalse(line.isDue(1_000 + DELAY - 1));
        assertEquals(1, line.nanosUntilDue(1_000 + DELAY - 1));
        assertTrue(line.isDue(1_000 + DELAY));
        assertEquals(0, line.nanosUntilDue(1_000 + DELAY));
        assertEquals(0, line.nanosUntilDue(1_000 + DELAY + 5));
        assertEquals(1_000 + DELAY, line.headDueNanos());
    }

    @Test
    void theWaitOfOneDoesNotDelayTheNext() {
        DelayLine line = new DelayLine(4, DELAY);
        line.add(1, 0);
        line.add(2, 7);
        line.remove();
        assertFalse(line.isDue(DELAY + 6));
        assertTrue(line.isDue(DELAY + 7));
        assertEquals(2, line.headBytes());
    }

    @Test
    void nothingIsDueWhenItIsEmpty() {
        DelayLine line = new DelayLine(1, 0);
        assertTrue(line.isEmpty());
        assertFalse(line.isDue(Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, line.nanosUntilDue(0));
        assertThrows(IllegalStateException.class, line::remove);
        assertThrows(IllegalStateException.class, line::headSlot);
    }

    @Test
    void whatComesWhileItIsFullHasToWaitOutside() {
        DelayLine line = new DelayLine(2, DELAY);
        line.add(1, 0);
        line.add(2, 0);
        assertTrue(line.isFull());
        assertThrows(IllegalStateException.class, line::freeSlot);
        assertThrows(IllegalStateException.class, () -> line.add(3, 0));
        line.remove();
        assertFalse(line.isFull());
        line.add(3, 0);
        assertEquals(2, line.size());
    }

    /** {@link System#nanoTime()} may pass the end of its range. */
    @Test
    void timesMayWrap() {
        DelayLine line = new DelayLine(2, DELAY);
        long late = Long.MAX_VALUE - 5;
        line.add(1, late);
        assertFalse(line.isDue(late + 10));
        assertFalse(line.isDue(late + DELAY - 1));
        assertTrue(line.isDue(late + DELAY));
    }

    @Test
    void packetsKeepTheirOrderLengthAndSlotOverManyRounds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DelayLine line = new DelayLine(7, 50);
        ArrayDeque<int[]> expected = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(20);
            while (line.isDue(now)) {
                int[] first = expected.remove();
                assertEquals(first[0], line.headBytes(), "seed " + seed);
                assertEquals(first[1], line.headSlot(), "seed " + seed);
                line.remove();
            }
            if (!line.isFull()) {
                int slot = line.freeSlot();
                assertTrue(expected.stream().noneMatch(e -> e[1] == slot), "a slot in use; seed " + seed);
                line.add(i, now);
                expected.add(new int[] {i, slot});
            }
        }
        assertEquals(expected.size(), line.size());
    }
}
