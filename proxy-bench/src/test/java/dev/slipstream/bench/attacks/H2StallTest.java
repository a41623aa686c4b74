package dev.slipstream.bench.attacks;

import static dev.slipstream.bench.rawh2.RawFrame.CANCEL;
import static dev.slipstream.bench.rawh2.RawFrame.ENHANCE_YOUR_CALM;
import static dev.slipstream.bench.rawh2.RawFrame.INITIAL_WINDOW_SIZE;
import static dev.slipstream.bench.rawh2.RawFrame.INTERNAL_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.NO_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawH2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Windows that stay shut, and requests that stay unfinished: one stream's end, and not its neighbours'. */
class H2StallTest {
    private static final int KIB = 1024;
    private static final long DRIP_NANOS = 40_000_000;
    private static final Lane.Settings SHORT = new Lane.Settings(
            Lane.Settings.USUAL.limits(),
            "header: 500ms, client_body: 700ms, client_idle: 600ms, client_write: 500ms, linger: 100ms, connect: 2s,"
                    + " first_byte: 60s, between_bytes: 60s",
            "");

    private final List<H2Case> cases = new ArrayList<>();
    private final Map<String, Recorder.Script> scripts = new HashMap<>();
    private final AtomicLong written = new AtomicLong();

    private void scripts() {
        String piece = Raw.chunk("data: " + "x".repeat(60_000) + "\n\n");
        scripts.put("endless", Scripts.repeats(Scripts.SSE_HEAD, piece, 1 << 20, "0\r\n\r\n", written));
        scripts.put(
                "endless-json",
                Scripts.repeats(
                        Scripts.JSON_HEAD + "content-length: 999999999999\r\n\r\n",
                        "x".repeat(60_000),
                        1 << 20,
                        "",
                        written));
        scripts.put("small", Scripts.says(Scripts.json("{\"pad\":\"" + "z".repeat(1_500) + "\"}")));
        scripts.put("twenty-thousand", Scripts.says(Scripts.json("x".repeat(20_000))));
    }

    /** A good request on the same connection, its window opened by hand. */
    private static void servedWithCredit(H2Client client, int stream) throws IOException {
        String marker = client.post(stream);
        client.send(RawFrame.windowUpdate(stream, 60_000));
        assertEquals("{\"marker\":\"" + marker + "\"}", client.await(stream).body(), client::told);
    }

    /** Sends these from a thread of its own until the test is over with the stream. */
    private static AtomicBoolean drip(H2Client client, RawFrame... frames) {
        AtomicBoolean over = new AtomicBoolean();
        Thread sender = new Thread(
                () -> {
                    while (!over.get() && client.send(frames)) {
                        LockSupport.parkNanos(DRIP_NANOS);
                    }
                },
                "drip");
        sender.setDaemon(true);
        sender.start();
        return over;
    }

    private static H2Case stalls(String name) {
        return H2Case.of(name)
                .resets(CANCEL, INTERNAL_ERROR, ENHANCE_YOUR_CALM)
                .either()
                .up(Case.Up.ANYTHING);
    }

    @TestFactory
    Stream<DynamicTest> windows() {
        scripts();
        for (String script : List.of("endless", "endless-json", "small")) {
            cases.add(stalls("window-shut-for-ever-" + script)
                    .settings(INITIAL_WINDOW_SIZE, 0)
                    .send(H2Raw.scripted(1, script))
                    .step((client, lane) -> {
                        servedWithCredit(client, 3);
                        assertTrue(client.await(1).isReset(), client::told);
                        servedWithCredit(client, 5);
                    }));
        }
        // Frames are no bytes: credit for the connection moves nothing of a stream whose window is shut.
        cases.add(stalls("window-shut-and-credit-for-the-connection")
                .settings(INITIAL_WINDOW_SIZE, 0)
                .step((client, lane) -> {
                    client.send(H2Raw.scripted(1, "endless"));
                    AtomicBoolean over = drip(client, RawFrame.windowUpdate(0, 1));
                    assertTrue(client.await(1).isReset(), client::told);
                    over.set(true);
                    servedWithCredit(client, 3);
                }));
        cases.add(H2Case.of("window-opened-slowly")
                .settings(INITIAL_WINDOW_SIZE, 0)
                .step((client, lane) -> {
                    client.starve(1);
                    client.send(H2Raw.scripted(1, "twenty-thousand"));
                    AtomicBoolean over = drip(client, RawFrame.windowUpdate(1, 400));
                    // 50 times, and longer than a stream may stall.
                    assertEquals(20_000, client.await(1).body().length(), client::told);
                    over.set(true);
                    servedWithCredit(client, 3);
                })
                .answers(200)
                .up(Case.Up.ANYTHING));
        cases.add(stalls("connection-window-used-up")
                .step((client, lane) -> {
                    client.keepSilent();
                    client.send(H2Raw.scripted(1, "endless"));
                    client.readUntil(() -> client.answer(1).isOver() || client.isGoingAway());
                })
                .goesAway(ENHANCE_YOUR_CALM, INTERNAL_ERROR, NO_ERROR)
                .orSilentEnd());
        cases.add(stalls("nobody-reads-the-socket")
                .settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)
                .receiveBytes(16 * KIB)
                .about(0)
                .step((client, lane) -> {
                    client.send(RawFrame.windowUpdate(0, Integer.MAX_VALUE - 65_535));
                    client.send(H2Raw.scripted(1, "endless"));
                    Lane.until("it is given up", () -> lane.proxy().clientConnections() == 1);
                    client.readToEnd();
                })
                .goesAway(ENHANCE_YOUR_CALM, INTERNAL_ERROR, NO_ERROR)
                .orSilentEnd());
        cases.add(stalls("many-streams-stall")
                .settings(INITIAL_WINDOW_SIZE, 0)
                .about(0)
                .step((client, lane) -> {
                    for (int i = 0; i < 50; i++) {
                        client.send(H2Raw.scripted(2 * i + 1, i % 2 == 0 ? "endless" : "small"));
                    }
                    for (int i = 0; i < 50; i++) {
                        assertTrue(client.await(2 * i + 1).isReset(), client::told);
                    }
                    assertFalse(client.isGoingAway(), client::told);
                    servedWithCredit(client, 201);
                }));
        return H2Lane.run(cases, SHORT, scripts);
    }

    @TestFactory
    Stream<DynamicTest> requests() {
        scripts();
        cases.add(H2Case.of("no-preface").ungreeted().about(0).orSilentEnd().closes());
        cases.add(H2Case.of("half-a-preface")
                .ungreeted()
                .bytes(Arrays.copyOf(RawH2.preface(), 10))
                .about(0)
                .closes());
        cases.add(H2Case.of("preface-and-silence")
                .ungreeted()
                .bytes(RawH2.preface())
                .about(0)
                .goesAway(NO_ERROR, RawFrame.PROTOCOL_ERROR, RawFrame.SETTINGS_TIMEOUT)
                .orSilentEnd()
                .closes());
        cases.add(H2Case.of("greeting-and-silence").about(0).goesAway(NO_ERROR).closes());
        cases.add(H2Case.of("idle-behind-an-answer")
                .send(H2Raw.post(1))
                .answers(200)
                .goesAway(NO_ERROR)
                .closes()
                .up(Case.Up.COMPLETE));
        cases.add(H2Case.of("head-stalls")
                .send(RawFrame.openHeaders(1, false, H2Raw.head().bytes()))
                .about(0)
                .goesAway(NO_ERROR, RawFrame.PROTOCOL_ERROR, ENHANCE_YOUR_CALM)
                .orSilentEnd()
                .closes());
        cases.add(H2Case.of("frame-stalls")
                .bytes(new RawFrame(RawFrame.HEADERS, 5, 1, new byte[10]).encodeDeclaring(1_000))
                .about(0)
                .goesAway(NO_ERROR, RawFrame.PROTOCOL_ERROR, ENHANCE_YOUR_CALM)
                .orSilentEnd()
                .closes());
        body("body-never", "", "");
        body("body-stalls", "{\"model\":\"alias\",\"pad\":\"", "");
        body("body-stalls-routed", "{\"model\":\"alias\",\"pad\":\"" + "x".repeat(12_000), "");
        body("body-drips", "{\"model\":\"alias\",\"pad\":\"", "x");
        return H2Lane.run(cases, SHORT, scripts);
    }

    /** 408 on its stream; the one beside it is served meanwhile, and the connection afterwards. */
    private void body(String name, String begin, String drip) {
        cases.add(H2Case.of(name)
                .step((client, lane) -> {
                    client.send(H2Raw.open(1), RawFrame.data(1, false, begin));
                    AtomicBoolean over =
                            drip.isEmpty() ? new AtomicBoolean() : drip(client, RawFrame.data(1, false, drip));
                    assertEquals(
                            "{\"marker\":\"" + client.post(3) + "\"}",
                            client.await(3).body(),
                            client::told);
                    client.await(1);
                    over.set(true);
                    assertEquals(
                            "{\"marker\":\"" + client.post(5) + "\"}",
                            client.await(5).body(),
                            client::told);
                })
                .answers(408)
                .word("request_timeout")
                .up(Case.Up.ANYTHING)
                .check((client, seen) ->
                        assertEquals(2, seen.stream().filter(Message::complete).count(), seen::toString)));
    }

    /** What a stalled stream takes from the provider is bounded, and twenty neighbours on its connection complete. */
    @Test
    void aStalledStreamHoldsLittleAndNobodyUp() throws Exception {
        scripts();
        try (H2Lane lane = new H2Lane(H2Lane.USUAL, scripts)) {
            try (H2Client client = lane.connect(0).greet()) {
                client.starve(1);
                client.send(H2Raw.scripted(1, "endless"));
                client.readUntil(() -> client.answer(1).body().length() == 65_535);
                for (int i = 0; i < 20; i++) {
                    String marker = client.post(2 * i + 3);
                    assertEquals(
                            "{\"marker\":\"" + marker + "\"}",
                            client.await(2 * i + 3).body(),
                            client::told);
                }
                assertFalse(client.answer(1).isOver(), client::told);
                assertEquals(65_535, client.answer(1).body().length());
                // The mark of the queue, the read that crossed it, and their framing.
                assertTrue(
                        lane.proxy().bufferedBytes() <= 256 * KIB,
                        () -> "held: " + lane.proxy().bufferedBytes());
                assertTrue(lane.usedBytes() < H2Lane.BOUND_BYTES, () -> "direct memory of " + lane.usedBytes());
                long taken = written.get();
                // The sockets' buffers between the provider and the proxy, no more.
                assertTrue(taken < 16L * KIB * KIB, () -> "taken of the provider: " + taken);
                // It goes on where it was.
                client.send(RawFrame.windowUpdate(1, 1 << 20));
                client.readUntil(() -> client.answer(1).body().length() == 65_535 + (1 << 20));
                client.send(RawFrame.rst(1, CANCEL));
                client.roundTrip();
            }
            lane.settle();
            lane.upstream().takeRequests();
            lane.harmless(Case.Up.ANYTHING);
        }
    }
}
