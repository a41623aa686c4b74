package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * A proxy before a recording provider, a neighbour whose stream has to go on, and the cases of a table run through it one
 * after another. One thread.
 */
final class H2Lane implements AutoCloseable {
    /** Chunks of the allocator for all that is under way, whatever is sent. */
    static final long BOUND_BYTES = 16L << 20;

    static final Lane.Settings USUAL = new Lane.Settings(
            Lane.Settings.USUAL.limits(),
            "linger: 2s, connect: 2s, first_byte: 60s, between_bytes: 60s, client_write: 20s",
            "");

    private final Lane lane;
    private final Neighbour neighbour = new Neighbour();
    /** What the neighbour keeps busy. */
    private static final int ONE = 1;

    H2Lane(Lane.Settings settings, Map<String, Recorder.Script> scripts) throws IOException, StartFailedException {
        Map<String, Recorder.Script> all = new HashMap<>(scripts);
        all.put(Neighbour.SCRIPT, neighbour.script());
        lane = new Lane(settings, all);
        neighbour.start(connect(0));
        upstream().takeRequests();
    }

    /** The cases as tests, on one lane, or on a new one behind a case that failed. */
    static Stream<DynamicTest> run(List<H2Case> cases, Lane.Settings settings, Map<String, Recorder.Script> scripts) {
        Map<String, H2Case> byName = new HashMap<>();
        cases.forEach(each -> {
            if (byName.put(each.name, each) != null) {
                throw new IllegalStateException("twice: " + each.name);
            }
        });
        Slot slot = new Slot(settings, scripts);
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name, () -> slot.run(each)))
                .onClose(slot::close);
    }

    private static final class Slot {
        private final Lane.Settings settings;
        private final Map<String, Recorder.Script> scripts;
        private @Nullable H2Lane lane;

        Slot(Lane.Settings settings, Map<String, Recorder.Script> scripts) {
            this.settings = settings;
            this.scripts = scripts;
        }

        void run(H2Case next) throws IOException, StartFailedException {
            H2Lane here = lane;
            if (here == null) {
                here = new H2Lane(settings, scripts);
                lane = here;
            }
            try {
                here.run(next);
            } catch (Throwable e) {
                // What a failed case left behind is not the next one's fault.
                close();
                // Reports know a dynamic test by its number alone.
                throw new AssertionError(next.name + ": " + e.getMessage(), e);
            }
        }

        void close() {
            H2Lane here = lane;
            lane = null;
            if (here != null) {
                try {
                    here.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    Slipstream proxy() {
        return lane.proxy();
    }

    Recorder upstream() {
        return lane.upstream();
    }

    H2Client connect(int receiveBytes) throws IOException {
        return new H2Client(lane.proxy().apiAddress(), Lane.nextMarker(), receiveBytes);
    }

    /** Runs {@code what} and fails where anything came of it that its line does not allow. */
    void run(H2Case what) throws IOException {
        try (H2Client client = connect(what.receiveBytes)) {
            if (what.greets) {
                client.greet(what.settings);
            }
            for (H2Case.Step step : what.steps) {
                step.run(client, this);
            }
            if (what.about > 0) {
                client.readUntil(() -> client.answer(what.about).isOver() || client.isGoingAway());
            }
            String again = "";
            int next = 1_001;
            if (what.close == Case.Close.KEEPS && !client.isEnded()) {
                again = client.post(next);
                client.await(next);
            } else if (what.close == Case.Close.CLOSES || client.isGoingAway()) {
                client.readToEnd();
            }
            H2Verdict.onClient(what, client, upstream().port());
            H2Verdict.onNext(what, client, client.answer(next), again);
            client.leave();
            settle();
            H2Verdict.onUpstream(
                    what, client, again, upstream().takeRequests(), upstream().takeFaults());
        }
        neighbour.beat();
        harmless(what.up);
        long used = usedBytes();
        assertTrue(used < BOUND_BYTES, () -> "direct memory of " + used);
        assertEquals(0, Canary.ONE.touched(), "the canary port was touched");
    }

    /** Memory that the proxy has taken for its buffers. */
    long usedBytes() {
        return ((PooledByteBufAllocator) proxy().allocator()).metric().usedDirectMemory();
    }

    /**
     * A harmless request on a new connection gets its own answer.
     *
     * @param before what the provider may have seen of the case before: it may come to see some of that only now, for its
     *     connection can have been opened, used and given up before the provider accepted it
     */
    void harmless(Case.Up before) throws IOException {
        String marker;
        try (H2Client client = connect(0).greet()) {
            marker = client.post(1);
            H2Answer answer = client.await(1);
            assertEquals(200, answer.status(), () -> "a harmless request: " + client.told());
            assertEquals("{\"marker\":\"" + marker + "\"}", answer.body());
            assertEquals("", client.malformed());
        }
        settle();
        List<Message> seen = new ArrayList<>(upstream().takeRequests());
        boolean complete = before == Case.Up.ANYTHING || before == Case.Up.AT_MOST_ONE;
        if (complete || before == Case.Up.AT_MOST_INCOMPLETE) {
            seen.removeIf(request ->
                    (complete || !request.complete()) && !request.body().contains(marker));
        }
        assertEquals(1, seen.size(), () -> "the provider saw of a harmless request " + seen);
        assertEquals(List.of(), upstream().takeFaults());
    }

    /** Waits until nothing is under way on either side but the neighbour's stream. */
    void settle() {
        Slipstream proxy = proxy();
        Lane.until(
                "exchanges end",
                () -> proxy.clientConnections() == ONE && proxy.exchangesInUse() == ONE && proxy.inFlight() == ONE);
        Lane.until("streams are given back", () -> proxy.busyUpstreamConnections() == ONE);
        Lane.until("the provider is quiet", () -> upstream().busy() == ONE);
        assertEquals(0, proxy.bufferedBytes(), "body bytes held for nobody");
    }

    /** Every buffer of the proxy has come back by then. */
    @Override
    public void close() throws IOException {
        neighbour.close();
        PooledByteBufAllocator allocator = (PooledByteBufAllocator) proxy().allocator();
        lane.close();
        Lane.until(
                "buffers are given back",
                () -> allocator.metric().directArenas().stream()
                                .mapToLong(PoolArenaMetric::numActiveAllocations)
                                .sum()
                        == 0);
    }
}
