package dev.slipstream.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.upstream.LocalProvider.Chances;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many requests on many loops over few connections, where everything that can go wrong does, now and then. */
class PoolStressTest {
    private static final int REQUESTS = 4000;

    @Tag("jdk25")
    @ParameterizedTest(name = "{0} loops, {1} connections, {2} warm")
    @CsvSource({"1,1,0", "1,3,1", "2,1,0", "4,1,0", "4,2,1", "4,3,0", "4,16,1"})
    void noPermitLeaksAndEveryRequestEndsOnce(int loops, int max, int warm) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        LocalProvider provider = new LocalProvider(seed, new Chances(300, 200, 500, 300, 200));
        try (PoolHouse house = new PoolHouse(loops, PoolHouse.pool(max, warm, 0), provider)) {
            List<TestRequest> requests = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int loop = random.nextInt(loops);
                UpstreamPool pool = house.pool(loop);
                TestRequest request = new TestRequest();
                requests.add(request);
                boolean fresh = random.nextInt(20) == 0;
                house.on(loop, () -> {
                    if (fresh) {
                        pool.acquireFresh(request);
                    } else {
                        pool.acquire(request);
                    }
                });
                if (random.nextInt(10) == 0) {
                    house.on(loop, () -> request.giveUp(pool));
                }
                if (random.nextInt(100) == 0) {
                    house.on(loop, pool::tick);
                }
                if (random.nextInt(500) == 0) {
                    provider.closeAll();
                }
                // Now and then everything comes to rest, so that the next begins with idle connections everywhere.
                if (random.nextInt(400) == 0) {
                    awaitEnds(requests, house);
                }
            }
            awaitEnds(requests, house);
            for (TestRequest request : requests) {
                assertEquals(1, request.ends.get());
            }
            assertTrue(provider.mostConnections.get() <= max, () -> "at most " + provider.mostConnections);
            assertEquals(0, house.waiters());
            assertEquals(0, house.share.waiters().used());
            PoolHouse.until(
                    "permits, pools and provider agree",
                    () -> house.share.connections() == house.size()
                            && house.share.connections() == provider.connections.get());
            house.closePools();
            PoolHouse.until("no permit is held", () -> house.share.connections() == 0);
            PoolHouse.until("no connection is open", () -> provider.connections.get() == 0 && house.size() == 0);
            assertEquals(0, house.share.idleConnections());
            assertEquals(0, house.share.activeConnections());
        }
    }

    private static void awaitEnds(List<TestRequest> requests, PoolHouse house) {
        try {
            PoolHouse.until("every request has ended", () -> requests.stream().allMatch(each -> each.ends.get() > 0));
        } catch (AssertionError e) {
            long open = requests.stream().filter(each -> each.ends.get() == 0).count();
            throw new AssertionError(
                    open + " requests never ended; waiters " + house.waiters() + ", connections "
                            + house.share.connections() + ", idle " + house.share.idleConnections(),
                    e);
        }
    }
}
