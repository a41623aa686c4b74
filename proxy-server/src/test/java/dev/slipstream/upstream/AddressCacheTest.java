package dev.slipstream.upstream;

import static dev.slipstream.upstream.PoolHouse.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressCacheTest {
    private final AtomicLong nowNanos = new AtomicLong(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private volatile AddressCache.Resolver resolver = host -> List.of(ip(1));
    private final AddressCache cache = new AddressCache(
            new DefaultThreadFactory("test-dns", true),
            host -> {
                lookups.incrementAndGet();
                return resolver.resolve(host);
            },
            nowNanos::get);

    @AfterEach
    void close() {
        cache.close();
    }

    private static InetAddress ip(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private List<InetAddress> resolve(String host) throws InterruptedException {
        LinkedBlockingQueue<List<InetAddress>> found = new LinkedBlockingQueue<>();
        cache.resolve(host, found::add);
        List<InetAddress> addresses = found.poll(10, TimeUnit.SECONDS);
        if (addresses == null) {
            throw new AssertionError("never told");
        }
        return addresses;
    }

    private void pass(long seconds) {
        nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void anAddressIsNeverLookedUp() throws Exception {
        assertEquals(List.of(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7})), resolve("192.0.2.7"));
        assertEquals(
                List.of(InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})),
                resolve("::1"));
        assertEquals(0, lookups.get());
    }

    @Test
    void anAnswerServesForItsTimeAndServesOnWhileItIsLookedUpAnew() throws Exception {
        assertEquals(List.of(ip(1)), resolve("name"));
        resolver = host -> List.of(ip(2));
        pass(29);
        assertEquals(List.of(ip(1)), resolve("name"));
        assertEquals(1, lookups.get());
        pass(2);
        CountDownLatch blocked = new CountDownLatch(1);
        resolver = host -> {
            await(blocked);
            return List.of(ip(2));
        };
        for (int i = 0; i < 50; i++) {
            assertEquals(List.of(ip(1)), resolve("name"), "the old one, at once");
        }
        blocked.countDown();
        until("the new one is known", () -> {
            try {
                return resolve("name").equals(List.of(ip(2)));
            } catch (InterruptedException | UnknownHostException e) {
                throw new AssertionError(e);
            }
        });
        assertEquals(2, lookups.get(), "one look-up, however many asked");
    }

    @Test
    void aStaleAnswerOutlivesFailuresButNotForever() throws Exception {
        assertEquals(List.of(ip(1)), resolve("name"));
        resolver = host -> {
            throw new UnknownHostException(host);
        };
        pass(300);
        assertEquals(List.of(ip(1)), resolve("name"));
        pass(301);
        assertEquals(List.of(), resolve("name"));
        resolver = host -> List.of(ip(3));
        until("it is found again", () -> {
            try {
                return resolve("name").equals(List.of(ip(3)));
            } catch (InterruptedException | UnknownHostException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whateverTheResolverThrowsEverybodyIsTold() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        resolver = host -> {
            await(blocked);
            throw new IllegalArgumentException("a name no resolver likes");
        };
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 1000; i++) {
            cache.resolve("name", found -> {
                assertTrue(found.isEmpty());
                told.incrementAndGet();
            });
        }
        blocked.countDown();
        until("all are told", () -> told.get() == 1000);
        assertEquals(1, lookups.get());
    }

    @Test
    void namesBeyondTheQueueAreToldAtOnce() {
        CountDownLatch blocked = new CountDownLatch(1);
        resolver = host -> {
            await(blocked);
            return List.of(ip(1));
        };
        AtomicInteger found = new AtomicInteger();
        AtomicInteger none = new AtomicInteger();
        for (int i = 0; i < 400; i++) {
            cache.resolve("name" + i, addresses -> (addresses.isEmpty() ? none : found).incrementAndGet());
        }
        assertEquals(400 - 256 - 2, none.get());
        blocked.countDown();
        until("the rest is told", () -> found.get() == 258);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
