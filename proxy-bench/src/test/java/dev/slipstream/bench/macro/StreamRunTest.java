package dev.slipstream.bench.macro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Without a proxy: does the load see what it is to see? */
class StreamRunTest {
    private static final long MORE_THAN_SOCKETS_TAKE = 12_000_000;

    @Test
    void pacedStreamsAreCompleteWhileOthersStallAndThoseAreReadInTheEnd() throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            StreamRun.Leg leg = leg(provider, MORE_THAN_SOCKETS_TAKE);
            assertEquals(18, leg.paced().size());
            for (NeighbourRun.Arrivals stream : leg.paced()) {
                assertEquals(30, stream.cameNanos().length);
                for (int i = 0; i < 30; i++) {
                    assertTrue(stream.cameNanos()[i] > stream.writtenNanos()[i]);
                }
            }
            assertTrue(leg.stalledRead() > 2 * MORE_THAN_SOCKETS_TAKE);
        }
    }

    @Test
    void anAnswerThatIsNoStreamIsAFailure() throws IOException {
        try (SimulatedProvider provider =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withErrors(500, 1))) {
            assertThrows(IOException.class, () -> leg(provider, MORE_THAN_SOCKETS_TAKE));
        }
    }

    private static StreamRun.Leg leg(SimulatedProvider provider, long stalledBytes) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.port());
        return new StreamRun(new StreamRun.Plan(20, 2, 10, 30, 50, stalledBytes), address, null).leg();
    }
}
