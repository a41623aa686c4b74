package dev.slipstream.upstream;

import static dev.slipstream.upstream.PoolHouse.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.config.PoolConfig;
import dev.slipstream.failure.FailureKind;
import dev.slipstream.upstream.LocalProvider.Chances;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {
    private final LocalProvider provider = new LocalProvider(1, Chances.NONE);

    private static TestRequest acquire(PoolHouse house, int loop) {
        TestRequest request = new TestRequest();
        UpstreamPool pool = house.pool(loop);
        house.on(loop, () -> pool.acquire(request));
        return request;
    }

    private static void awaitEnd(TestRequest request) {
        until("the request has ended", () -> request.ends.get() > 0);
        assertEquals(1, request.ends.get());
    }

    /** Lets {@code loop} have {@code count} idle connections. */
    private void fill(PoolHouse house, int loop, int count) {
        provider.holdsAnswers = true;
        List<TestRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(acquire(house, loop));
        }
        until("all are at the provider", () -> provider.heldCount() == count);
        provider.holdsAnswers = false;
        provider.answerHeld();
        requests.forEach(UpstreamPoolTest::awaitEnd);
        until("they are idle", () -> house.ask(loop, house.pool(loop)::idleCount) == count);
    }

    @Test
    void oneRequestAfterAnotherUsesOneConnection() {
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(8, 0, 0), provider)) {
            for (int i = 0; i < 20; i++) {
                TestRequest request = acquire(house, 0);
                awaitEnd(request);
                assertEquals(i > 0, request.reused);
            }
            assertEquals(1, provider.connects.get());
        }
    }

    @Test
    void aConnectionThatWasPausedAtItsLastByteReadsTheNextAnswer() {
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(1, 0, 0), provider)) {
            TestRequest slow = new TestRequest();
            slow.pausesAtData = true;
            house.on(0, () -> house.pool(0).acquire(slow));
            awaitEnd(slow);
            TestRequest next = acquire(house, 0);
            awaitEnd(next);
            assertTrue(next.reused);
        }
    }

    @Test
    void twoWaitersOfALoopGetTwoIdleConnectionsOfAnother() {
        try (PoolHouse house = new PoolHouse(2, PoolHouse.pool(2, 0, 0), provider)) {
            fill(house, 0, 2);
            provider.holdsAnswers = true;
            UpstreamPool pool = house.pool(1);
            TestRequest first = new TestRequest();
            TestRequest second = new TestRequest();
            // Both ask before the other loop has closed anything.
            house.on(1, () -> {
                pool.acquire(first);
                pool.acquire(second);
            });
            until("both have a connection", () -> first.given && second.given);
            provider.answerHeld();
            until("both are answered", () -> {
                provider.answerHeld();
                return first.ends.get() + second.ends.get() == 2;
            });
        }
    }

    @Test
    void anIdleConnectionIsFoundWhereverItIs() {
        try (PoolHouse house = new PoolHouse(3, PoolHouse.pool(3, 0, 0), provider)) {
            fill(house, 0, 2);
            fill(house, 1, 1);
            provider.holdsAnswers = true;
            CountDownLatch blocked = new CountDownLatch(1);
            UpstreamPool busy = house.pool(0);
            TestRequest one = new TestRequest();
            TestRequest two = new TestRequest();
            // What loop 0 puts on view is gone before it hears that loop 2 wants it.
            house.on(0, () -> {
                awaitLatch(blocked);
                busy.acquire(one);
                busy.acquire(two);
            });
            TestRequest asking = acquire(house, 2);
            house.ask(2, () -> 0);
            blocked.countDown();
            until("it has loop 1's", () -> asking.given);
            assertTrue(one.given && two.given);
            until("all are answered", () -> {
                provider.answerHeld();
                return one.ends.get() + two.ends.get() + asking.ends.get() == 3;
            });
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PoolHouse.LIMIT_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theBoundOfWaitersIsExact() {
        provider.holdsAnswers = true;
        try (PoolHouse house = new PoolHouse(2, PoolHouse.pool(1, 0, 5), provider)) {
            TestRequest first = acquire(house, 0);
            until("one is at the provider", () -> provider.heldCount() == 1);
            List<TestRequest> others = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                others.add(acquire(house, i % 2));
            }
            until(
                    "the rest is refused",
                    () -> others.stream().filter(each -> each.ends.get() > 0).count() == 4);
            assertEquals(5, house.share.waiters().used());
            for (TestRequest each : others) {
                if (each.ends.get() > 0) {
                    assertEquals(FailureKind.OVERLOADED, each.failure);
                }
            }
            until("all are served", () -> {
                provider.answerHeld();
                return first.ends.get() == 1 && others.stream().allMatch(each -> each.ends.get() == 1);
            });
            assertEquals(1, provider.mostConnections.get());
            assertEquals(0, house.share.waiters().used());
        }
    }

    @Test
    void waitersAreServedInOrder() {
        provider.holdsAnswers = true;
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(1, 0, 0), provider)) {
            List<TestRequest> requests = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                requests.add(acquire(house, 0));
            }
            for (int i = 0; i < 6; i++) {
                until("one is at the provider", () -> provider.heldCount() == 1);
                for (int j = 0; j < 6; j++) {
                    assertEquals(j <= i, requests.get(j).given);
                }
                provider.answerOne();
                awaitEnd(requests.get(i));
            }
        }
    }

    @Test
    void everyWaiterOfADeadProviderIsTold() {
        provider.refuses = true;
        try (PoolHouse house = new PoolHouse(2, PoolHouse.pool(2, 1, 0), provider)) {
            List<TestRequest> requests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                requests.add(acquire(house, i % 2));
            }
            for (TestRequest each : requests) {
                awaitEnd(each);
                assertEquals(FailureKind.UPSTREAM_UNREACHABLE, each.failure);
            }
            until("no permit is held", () -> house.share.connections() == 0);
            provider.refuses = false;
            TestRequest after = acquire(house, 0);
            awaitEnd(after);
            assertTrue(after.failure == null);
        }
    }

    @Test
    void aPermitThatComesToALoopWithoutWaitersGoesBack() {
        provider.holdsAnswers = true;
        try (PoolHouse house = new PoolHouse(2, PoolHouse.pool(1, 0, 0), provider)) {
            TestRequest first = acquire(house, 0);
            until("one is at the provider", () -> provider.heldCount() == 1);
            TestRequest waiting = acquire(house, 1);
            house.ask(1, () -> 0);
            CountDownLatch blocked = new CountDownLatch(1);
            house.on(1, () -> {
                awaitLatch(blocked);
                waiting.giveUp(house.pool(1));
            });
            provider.answerHeld();
            awaitEnd(first);
            until("the connection was given up", () -> provider.connections.get() == 0);
            blocked.countDown();
            until("the permit is back", () -> house.share.connections() == 0);
            provider.holdsAnswers = false;
            awaitEnd(acquire(house, 0));
        }
    }

    @Test
    void closingWhileAConnectionOpensGivesItsPermitBack() {
        LocalProvider slow = new LocalProvider(1, new Chances(0, 0, 0, 0, 400_000));
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(4, 2, 0), slow)) {
            TestRequest request = acquire(house, 0);
            house.ask(0, () -> 0);
            house.closePools();
            awaitEnd(request);
            assertEquals(FailureKind.DRAINING, request.failure);
            until("no permit is held", () -> house.share.connections() == 0 && slow.connections.get() == 0);
            TestRequest late = acquire(house, 0);
            awaitEnd(late);
            assertEquals(FailureKind.DRAINING, late.failure);
        }
    }

    @Test
    void aFreshOneIsOpenedBesideIdleOnesAlsoWhereNoPermitIsLeft() {
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(2, 0, 0), provider)) {
            fill(house, 0, 2);
            int before = provider.connects.get();
            TestRequest request = new TestRequest();
            house.on(0, () -> house.pool(0).acquireFresh(request));
            awaitEnd(request);
            assertFalse(request.reused);
            assertTrue(request.failure == null);
            assertEquals(before + 1, provider.connects.get());
            assertEquals(2, provider.mostConnections.get());
        }
    }

    @Test
    void warmConnectionsAreOpenedKeptAndReplaced() {
        PoolConfig config = new PoolConfig(8, 2, 1, 0, 100);
        try (PoolHouse house = new PoolHouse(2, config, provider)) {
            CountDownLatch warm = new CountDownLatch(2);
            house.on(0, () -> house.pool(0).warmUp(warm::countDown));
            house.on(1, () -> house.pool(1).warmUp(warm::countDown));
            awaitLatch(warm);
            assertEquals(4, provider.connections.get());
            fill(house, 0, 5);
            house.on(0, house.pool(0)::tick);
            until("the surplus has gone", () -> provider.connections.get() == 4);
            assertEquals(2, house.ask(0, house.pool(0)::idleCount));
            provider.closeAll();
            until("all are gone", () -> house.size() == 0);
            house.on(0, house.pool(0)::tick);
            house.on(1, house.pool(1)::tick);
            until("they are replaced", () -> provider.connections.get() == 4 && house.share.idleConnections() == 4);
        }
    }

    @Test
    void warmingUpEndsAlsoWhereNobodyAnswers() {
        provider.refuses = true;
        try (PoolHouse house = new PoolHouse(1, PoolHouse.pool(8, 3, 0), provider)) {
            CountDownLatch warm = new CountDownLatch(1);
            house.on(0, () -> house.pool(0).warmUp(warm::countDown));
            awaitLatch(warm);
            assertEquals(0, house.share.connections());
            int before = provider.connects.get();
            house.on(0, house.pool(0)::tick);
            assertEquals(0, house.ask(0, house.pool(0)::size));
            assertEquals(before, provider.connects.get(), "not asked again at once");
        }
    }
}
