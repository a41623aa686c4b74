package dev.slipstream.bench.macro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Without a proxy: are conversations sent whole and answered while the neighbours' events come? */
class NeighbourRunTest {
    private static final int BYTES = 1_000_000;

    @Test
    void conversationsAreAnsweredBesideThePacedStreams() throws IOException {
        try (BurstProvider provider = new BurstProvider(0)) {
            Conversation conversation = new Conversation(Dialect.OPENAI, BYTES);
            assertTrue(conversation.bytes() > BYTES && conversation.bytes() < BYTES + 10_000);
            NeighbourRun.Leg leg = run(provider.port(), conversation).leg(provider);
            assertEquals(3, leg.neighbours().size());
            assertTrue(leg.burstBytes() >= conversation.bytes());
            assertEquals(0, leg.burstBytes() % conversation.bytes());
            for (NeighbourRun.Arrivals stream : leg.neighbours()) {
                assertTrue(stream.cameNanos().length > 1);
            }
        }
    }

    @Test
    void aConversationThatIsRefusedIsAFailure() throws IOException {
        try (SimulatedProvider provider =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withErrors(500, 1))) {
            var run = run(provider.port(), new Conversation(Dialect.ANTHROPIC, BYTES));
            try (BurstProvider unused = new BurstProvider(0)) {
                assertThrows(IOException.class, () -> run.leg(unused));
            }
        }
    }

    private static NeighbourRun run(int port, Conversation conversation) {
        var plan = new NeighbourRun.Plan(3, 2, 1, 16, 50);
        return new NeighbourRun(plan, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), conversation);
    }
}
