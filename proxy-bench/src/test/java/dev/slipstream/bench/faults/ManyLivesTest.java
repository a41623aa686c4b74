package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ManyLivesTest {
    private static final int LIVES = 100;

    /** Of the provider and of what is being closed; a mebibyte of each proxy would be many times that. */
    private static final long LEFT_BYTES = 32L << 20;

    @Test
    @Tag("jdk25")
    @Timeout(40)
    void nothingIsLeftOfAHundredPairsOfProxies() throws Exception {
        Assumptions.assumeTrue(new File("/proc/self/fd").isDirectory(), "there is no /proc here");
        List<WeakReference<Slipstream>> all = new ArrayList<>();
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            // What Netty keeps for the JVM's life is made by the first.
            live(provider, 1, all);
            live(provider, 1, all);
            int descriptors = descriptors();
            long memory = directBytes();
            live(provider, LIVES, all);
            House.until(
                    "the provider has no connection", () -> provider.counters().openConnections() == 0);
            House.until("no socket is left", () -> descriptors() <= descriptors);
            House.until("no thread is left", () -> threads().isEmpty());
            House.until("their memory is given back", () -> {
                System.gc();
                return directBytes() <= memory + LEFT_BYTES;
            });
        }
        House.until("no proxy is reachable", () -> {
            System.gc();
            return all.stream().allMatch(each -> each.get() == null);
        });
    }

    private static void live(SimulatedProvider provider, int lives, List<WeakReference<Slipstream>> all)
            throws Exception {
        for (int life = 0; life < lives; life++) {
            // By name, so that the look-up's threads are begun too; now and then the other transport.
            String url = "http://localhost:" + provider.port();
            String sections = "runtime: { loops: 1, transport: " + (life % 4 == 3 ? "nio" : "auto") + " }\n";
            Slipstream one = House.start(url, sections);
            Slipstream two = House.start(url, sections);
            all.add(new WeakReference<>(one));
            all.add(new WeakReference<>(two));
            if (life % 2 == 0) {
                try (Client first = new Client(one.apiAddress());
                        Client second = new Client(two.apiAddress())) {
                    assertEquals(200, first.chat("tokens=2").status());
                    assertEquals(200, second.chat("tokens=2").status());
                    if (life % 10 == 0) {
                        // Closed in the middle of a request.
                        first.send("/v1/chat/completions", Client.chat("delay=60s", true));
                        House.until("it is under way", () -> one.inFlight() == 1);
                        House.closeAndAudit(one);
                        assertEquals(0, one.inFlight());
                    }
                }
            }
            House.closeAndAudit(one);
            House.closeAndAudit(two);
            one.close();
        }
    }

    /** Direct memory of the process, whichever way Netty takes it here. */
    private static long directBytes() {
        long ofJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(each -> each.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Math.max(ofJdk, 0) + Math.max(PlatformDependent.usedDirectMemory(), 0);
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("slipstream"))
                .toList();
    }
}
