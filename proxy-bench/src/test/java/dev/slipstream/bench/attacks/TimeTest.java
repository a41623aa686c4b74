package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Clients that take their time, and clients that send too much. */
class TimeTest {
    private static final int DRIP_MILLIS = 15;
    private static final int DRIPS = 400;
    private static final Lane.Settings SHORT = new Lane.Settings(
            Lane.Settings.USUAL.limits(),
            "header: 500ms, client_body: 700ms, client_idle: 600ms, client_write: 500ms, linger: 100ms, connect: 2s,"
                    + " first_byte: 8s, between_bytes: 8s",
            "");

    private final List<Case> cases = new ArrayList<>();
    private final Map<String, Recorder.Script> scripts = new HashMap<>();

    private void late(String name, String begins, String drips) {
        cases.add(Case.of(name, 408)
                .word("request_timeout")
                .send(begins)
                .step(client -> client.drip(drips, DRIP_MILLIS, DRIPS))
                .closes()
                .up(Case.Up.AT_MOST_INCOMPLETE));
    }

    private void stalls(String name, String begins) {
        cases.add(
                Case.of(name, 408).word("request_timeout").send(begins).closes().up(Case.Up.AT_MOST_INCOMPLETE));
    }

    @TestFactory
    Stream<DynamicTest> slowRequests() {
        cases.add(Case.of("no-byte").answers(0).closes());
        cases.add(Case.answered("keep-alive-idle", Raw.post(Raw.BODY), 200)
                .up(Case.Up.COMPLETE)
                .closes());
        String begun = Raw.CHAT + "\r\n" + Raw.HOST + "\r\n";
        late("header-drip", begun, "x");
        late("header-lines-for-ever", begun, "x: y\r\n");
        late("start-line-drip", "POST /", "x");
        stalls("header-stall", begun);
        stalls("empty-line-stall", "\r\n");
        String length = Raw.head(Raw.CHAT, "content-length: 100000");
        String opened = "{\"model\":\"alias\",\"pad\":\"";
        stalls("body-never", length);
        stalls("body-stall", length + opened);
        stalls("body-stall-routed", length + opened + "x".repeat(20_000) + "\",\"b\":\"");
        stalls("body-stall-last-byte", Raw.head(Raw.CHAT, "content-length: " + (Raw.BODY.length() + 1)) + Raw.BODY);
        late("body-drip", length + opened, "x");
        late("body-drip-routed", length + opened + "x".repeat(20_000) + "\",\"b\":\"", "y");
        String chunked = Raw.head(Raw.CHAT, "transfer-encoding: chunked") + Raw.chunk(opened);
        late("chunk-drip", chunked, "1\r\nx\r\n");
        stalls("chunk-size-stall", chunked + "1");
        late("chunk-extension-drip", chunked + "1", ";a");
        late(
                "trailer-drip",
                Raw.head(Raw.CHAT, "transfer-encoding: chunked") + Raw.chunk(Raw.BODY) + "0\r\n",
                "x: y\r\n");
        cases.add(Case.of("expect-and-never-send", 408)
                .send(Raw.head(Raw.CHAT, "content-length: 100", "expect: 100-continue"))
                .step(RawClient::readOne)
                .closes()
                .check((client, seen) ->
                        assertEquals(100, client.answers().get(0).status())));
        // Behind an answer given early, the rest of the body has the linger and no more.
        cases.add(Case.of("drained-body-stalls", 401)
                .send(Raw.bare(Raw.CHAT, Raw.HOST, Raw.JSON, "content-length: 1000") + "{")
                .closes());
        return Table.run(cases, 6, SHORT, scripts);
    }

    /** How much of an endless answer was taken off the provider, and that the request is given up. */
    @TestFactory
    Stream<DynamicTest> slowReaders() {
        AtomicLong written = new AtomicLong();
        String piece = Raw.chunk("data: " + "x".repeat(60_000) + "\n\n");
        scripts.put("endless", Scripts.repeats(Scripts.SSE_HEAD, piece, 1 << 20, "0\r\n\r\n", written));
        cases.add(reading("no-reader-of-events", "endless", 1));
        scripts.put(
                "endless-json",
                Scripts.repeats(
                        Scripts.JSON_HEAD + "content-length: 999999999999\r\n\r\n",
                        "x".repeat(60_000),
                        1 << 20,
                        "",
                        written));
        cases.add(reading("no-reader-of-json", "endless-json", 1));
        // The byte that fills the queue is an answer's last one, so the next one finds it full.
        String body = "{\"pad\":\"" + "z".repeat(1_500) + "\"}";
        scripts.put("small", Scripts.says(Scripts.json(body)));
        cases.add(reading("no-reader-of-pipelined-answers", "small", 6_000)
                .check((client, seen) ->
                        assertTrue(seen.size() < 5_500, "answers pile up for nobody: " + seen.size())));
        // It ends with a failure while its reader sleeps.
        scripts.put(
                "breaks-off",
                Scripts.resetsWhileWriting(
                        Scripts.JSON_HEAD + "content-length: 999999999999\r\n\r\n", "x".repeat(60_000), 250));
        cases.add(reading("no-reader-of-a-broken-answer", "breaks-off", 1));
        String slow = "data: " + "x".repeat(30_000) + "\n\n";
        scripts.put("three-megabytes", Scripts.repeats(Scripts.SSE_HEAD, Raw.chunk(slow), 100, "0\r\n\r\n", written));
        cases.add(Case.answered("slow-reader", Raw.post(Raw.BODY, "x-client-request-id: three-megabytes"), 200)
                .receiveBuffer(16 * 1024)
                .step(client -> client.readSlowly(12_000, 1_500_000_000L))
                .up(Case.Up.COMPLETE)
                .check((client, seen) -> assertEquals(
                        100L * slow.length(), client.finals().get(0).body().length())));
        return Table.run(cases, 5, SHORT, scripts);
    }

    private static Case reading(String name, String script, int times) {
        String request = Raw.post(Raw.BODY, "x-client-request-id: " + script);
        return Case.of(name)
                .receiveBuffer(16 * 1024)
                .watch((client, lane) -> {
                    // In another thread: the proxy stops reading too.
                    Thread sender = new Thread(() -> client.send(request.repeat(times)), "sender");
                    sender.setDaemon(true);
                    sender.start();
                    Lane.until("there is a connection", () -> lane.proxy().clientConnections() == 1);
                    Lane.until("it is given up", () -> lane.proxy().clientConnections() == 0);
                })
                .answers(0)
                .up(Case.Up.ANYTHING);
    }

    @TestFactory
    Stream<DynamicTest> volume() {
        cases.add(Case.refused("declared-10-tb", Raw.head(Raw.CHAT, "content-length: 10000000000000"), 413)
                .word("request_too_large"));
        cases.add(Case.refused("declared-one-too-many", Raw.head(Raw.CHAT, "content-length: " + ((4 << 20) + 1)), 413));
        String piece = Raw.chunk("x".repeat(65_536));
        cases.add(Case.of("real-body-over-the-limit", 413)
                .word("request_too_large")
                .send(Raw.head(Raw.CHAT, "transfer-encoding: chunked") + Raw.chunk("{\"model\":\"alias\",\"p\":\""))
                .step(client -> client.drip(piece, 1, 200))
                .closes()
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(Case.of("no-model-within-held-body", 413)
                .word("request_too_large")
                .send(Raw.head(Raw.CHAT, "transfer-encoding: chunked") + Raw.chunk("{\"p\":\""))
                .step(client -> client.drip(piece, 1, 200))
                .closes());
        for (int i = 0; i < 100; i++) {
            String key = "authorization: Bearer sk-slip-wrong-" + i;
            cases.add(Case.refused(
                    "wrong-key-" + i, Raw.bare(Raw.CHAT, Raw.HOST, Raw.JSON, key, "content-length: 3000000"), 401));
        }
        return Table.run(cases, 4, Lane.Settings.USUAL, scripts);
    }

    @Test
    void aMillionKeysTakeTheirShareOfTime() throws Exception {
        Lane.Settings large = new Lane.Settings("body: 32MiB, held_body: 32MiB", Lane.Settings.USUAL.timeouts(), "");
        try (Lane lane = new Lane(large, Map.of())) {
            lane.harmless();
            keys(lane, 100_000);
            long few = keys(lane, 100_000);
            long many = keys(lane, 1_000_000);
            // Ten times the keys: linear, with room for a busy machine.
            assertTrue(many < 60 * few + 2_000_000_000L, () -> few + " ns, then " + many + " ns");
        }
    }

    private static long keys(Lane lane, int count) throws IOException {
        StringBuilder body = new StringBuilder("{\"model\":\"alias\",\"marker\":\"" + Raw.MARK + "\"");
        for (int i = 0; i < count; i++) {
            body.append(",\"k").append(i).append("\":").append(i);
        }
        long start = System.nanoTime();
        lane.run(Case.served("keys", Raw.post(body.append('}').toString())));
        return System.nanoTime() - start;
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndTheAdminAnswers() throws Exception {
        limited("connections: 5");
    }

    @Test
    void connectionsOfOneAddressBeyondItsLimitAreClosed() throws Exception {
        limited("connections_per_address: 5");
    }

    private static void limited(String limit) throws Exception {
        try (Lane lane = new Lane(new Lane.Settings(limit, Lane.Settings.USUAL.timeouts(), ""), Map.of())) {
            List<RawClient> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawClient client = lane.connect(0);
                open.add(client);
                client.send(Raw.post(Raw.BODY));
                assertTrue(client.readOne());
            }
            for (int i = 0; i < 20; i++) {
                try (RawClient client = lane.connect(0)) {
                    client.send(Raw.post(Raw.BODY));
                    assertFalse(client.readOne(), "answered beyond the limit");
                    assertTrue(client.end() != RawClient.End.OPEN, "left open beyond the limit");
                }
            }
            assertTrue(lane.admin("/health").startsWith("HTTP/1.1 200"));
            open.get(0).leave();
            Lane.until("there is room again", () -> lane.proxy().clientConnections() < 5);
            try (RawClient client = lane.connect(0)) {
                client.send(Raw.post(Raw.BODY));
                assertTrue(client.readOne());
            }
            for (RawClient client : open) {
                client.leave();
            }
            lane.upstream().takeRequests();
            // The count by address goes down when the loop is done with a connection.
            LockSupport.parkNanos(1_000_000);
            lane.settle();
            lane.harmless();
        }
    }
}
