package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Clients that leave, and the proxy's own end. */
class LeaveTest {
    private static final long CANCEL_NANOS = 2_000_000_000L;
    private static final String EVENT = "data: {\"a\":1}\n\n";
    private static final Map<String, Recorder.Script> SCRIPTS = Map.of(
            "silent", Scripts.stalls(""),
            "half-head", Scripts.stalls("HTTP/1.1 200 OK\r\nx"),
            "streams", Scripts.stalls(Scripts.SSE_HEAD + Raw.chunk(EVENT)),
            "half-json", Scripts.stalls(Scripts.JSON_HEAD + "content-length: 100\r\n\r\n{"));

    private interface Leaving {
        void leave(RawClient client) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> clients() {
        Map<String, Leaving> ways =
                Map.of("fin", RawClient::halfClose, "rst", RawClient::reset, "close", RawClient::leave);
        List<Case> cases = new ArrayList<>();
        ways.forEach((way, leaving) -> {
            for (String script : SCRIPTS.keySet()) {
                cases.add(leaves(
                        script + "-" + way, Raw.post(Raw.BODY, "x-client-request-id: " + script), true, leaving));
            }
            String large = Raw.large(60_000, true);
            String half = Raw.head(Raw.CHAT, "content-length: " + large.length()) + large.substring(0, 30_000);
            cases.add(leaves("routed-upload-" + way, half, true, leaving));
            cases.add(leaves("held-upload-" + way, half.substring(0, 1_000), false, leaving));
            cases.add(leaves("head-" + way, Raw.CHAT + "\r\nx: y", false, leaving));
            cases.add(leaves("nothing-" + way, "", false, leaving));
            cases.add(leaves("idle-" + way, "\r\n", false, leaving));
            cases.add(leaves(
                    "pipelined-" + way,
                    Raw.post(Raw.BODY, "x-client-request-id: silent").repeat(20),
                    true,
                    leaving));
        });
        return Table.run(cases, 4, Lane.Settings.USUAL, SCRIPTS);
    }

    private static Case leaves(String name, String bytes, boolean reachesTheProvider, Leaving leaving) {
        return Case.of(name).answers(0).mayBreakOff().up(Case.Up.AT_MOST_ONE).watch((client, lane) -> {
            client.send(bytes);
            Lane.until("it is a connection", () -> lane.proxy().clientConnections() == 1);
            if (reachesTheProvider) {
                Lane.until("it is under way", () -> !lane.upstream().isQuiet());
            }
            long start = System.nanoTime();
            leaving.leave(client);
            lane.settle();
            long taken = System.nanoTime() - start;
            assertTrue(taken < CANCEL_NANOS, () -> "given up after " + taken + " ns");
        });
    }

    @Test
    void aDrainLetsWhatIsUnderWayEndAndTakesNothingNew() throws Exception {
        AtomicBoolean seen = new AtomicBoolean();
        Recorder.Script slow = (request, socket, out) -> {
            out.write(Raw.bytes(Scripts.SSE_HEAD + Raw.chunk(EVENT)));
            // Until the test has seen that nobody new is let in.
            Lane.until("the drain is seen", seen::get);
            out.write(Raw.bytes(Raw.chunk("data: [DONE]\n\n") + "0\r\n\r\n"));
            return true;
        };
        try (Lane lane = new Lane(Lane.Settings.USUAL, Map.of("slow", slow));
                RawClient client = lane.connect(0);
                RawClient idle = lane.connect(0)) {
            idle.send(Raw.post(Raw.BODY));
            assertTrue(idle.readOne());
            client.send(Raw.post(Raw.BODY, "x-client-request-id: slow"));
            assertTrue(client.waitsFor(RawClient.TIMEOUT_MILLIS));
            Thread drain = new Thread(lane.proxy()::drain, "drain");
            drain.start();
            idle.readToEnd();
            assertEquals(RawClient.End.CLOSED, idle.end(), "idle ones are closed");
            seen.set(true);
            client.readToEnd();
            assertEquals(EVENT + "data: [DONE]\n\n", client.finals().get(0).body());
            assertEquals(RawClient.End.CLOSED, client.end());
            drain.join(10_000);
            assertTrue(!drain.isAlive(), "drained");
        }
    }
}
