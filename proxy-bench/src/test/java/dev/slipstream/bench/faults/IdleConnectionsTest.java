package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.bench.macro.IdleConnections;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that do nothing. The ten thousand are for {@code scripts/storm}. */
class IdleConnectionsTest {
    private static final int MANY = 2_000;
    private static final int FEW = 50;
    private static final int SOME = 500;

    @Test
    void thousandsAreHeldWithinTheLimitAndClosedBeyondItAndInTime() throws IOException {
        assumeTrue(new File("/proc/self/fd").exists(), "needs /proc and all of 127.0.0.0/8");
        assertEquals(List.of(), IdleConnections.run(MANY, new PrintWriter(System.out, true, UTF_8)));
    }

    @Test
    void anIdleConnectionHoldsNoBuffer() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy = House.start(provider.anthropicBaseUrl(), "runtime: { loops: 2 }\n");
            List<Client> clients = new ArrayList<>();
            try {
                open(proxy, clients, FEW);
                // The threads keep a few for their next reads; how many does not depend on the connections.
                long few = House.activeAllocations(proxy);
                open(proxy, clients, SOME);
                long some = House.activeAllocations(proxy);
                System.out.println("buffers with " + FEW + " idle connections " + few + ", with " + SOME + " " + some);
                assertTrue(some - few < (SOME - FEW) / 4, () -> "buffers: " + few + ", then " + some);
                assertTrue(proxy.clientConnections() == SOME, "closed too early to say");
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
            House.until("all have left", () -> proxy.clientConnections() == 0);
            House.closeAndAudit(proxy);
        }
    }

    /** Up to {@code count}, of which every other one was served once. */
    private static void open(Slipstream proxy, List<Client> clients, int count) throws IOException {
        while (clients.size() < count) {
            Client client = new Client(proxy.apiAddress());
            clients.add(client);
            if (clients.size() % 2 == 0) {
                assertEquals(200, client.chat("tokens=2").status());
            }
        }
        House.until("all are there", () -> proxy.clientConnections() == count);
        House.awaitQuiet(proxy);
    }
}
