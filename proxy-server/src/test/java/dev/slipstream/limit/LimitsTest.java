package dev.slipstream.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.KeyConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    private static void onFourThreads(Runnable task) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(task));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCountIsNeverAboveItsLimitAndReachesIt() throws Exception {
        ExactLimit limit = new ExactLimit(3);
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        onFourThreads(() -> {
            for (int i = 0; i < 50_000; i++) {
                if (limit.tryAcquire()) {
                    most.accumulateAndGet(held.incrementAndGet(), Math::max);
                    held.decrementAndGet();
                    limit.release();
                }
            }
        });
        assertTrue(most.get() <= 3);
        assertEquals(0, limit.used());
        for (int i = 0; i < 3; i++) {
            assertTrue(limit.tryAcquire());
        }
        assertFalse(limit.tryAcquire());
        assertEquals(3, limit.used());
        limit.release();
        assertTrue(limit.tryAcquire());
    }

    @Test
    void zeroIsNoLimitAndIsCountedAllTheSame() {
        ExactLimit limit = new ExactLimit(0);
        for (int i = 0; i < 100_000; i++) {
            assertTrue(limit.tryAcquire());
        }
        assertEquals(100_000, limit.used());
    }

    @Test
    void aBudgetTakesAllOrNothing() throws Exception {
        ByteBudget budget = new ByteBudget(100);
        assertTrue(budget.tryReserve(60));
        assertFalse(budget.tryReserve(41));
        assertFalse(budget.tryReserve(Long.MAX_VALUE));
        assertEquals(60, budget.usedBytes());
        assertTrue(budget.tryReserve(40));
        budget.release(100);
        onFourThreads(() -> {
            for (int i = 0; i < 50_000; i++) {
                if (budget.tryReserve(34)) {
                    assertTrue(budget.usedBytes() <= 100);
                    budget.release(34);
                }
            }
        });
        assertEquals(0, budget.usedBytes());
        ByteBudget unlimited = new ByteBudget(0);
        assertTrue(unlimited.tryReserve(1L << 50));
        assertEquals(1L << 50, unlimited.usedBytes());
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 100, 1000})
    void everyKeyIsFoundByItsHashAndNoOther(int count) {
        List<KeyConfig> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new KeyConfig("name" + i, HexFormat.of().formatHex(sha256("key" + i))));
        }
        KeyTable table = KeyTable.of(keys);
        assertFalse(table.isOpen());
        for (int i = 0; i < count; i++) {
            assertEquals(new Principal("name" + i), table.find(sha256("key" + i)));
            byte[] almost = sha256("key" + i);
            almost[31] ^= 1;
            assertNull(table.find(almost));
            assertNull(table.find(sha256("other" + i)));
        }
    }

    @Test
    void withoutKeysTheTableIsOpenAndFindsNobody() {
        KeyTable table = KeyTable.of(List.of());
        assertTrue(table.isOpen());
        assertNull(table.find(sha256("any")));
    }
}
