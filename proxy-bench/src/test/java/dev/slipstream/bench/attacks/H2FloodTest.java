package dev.slipstream.bench.attacks;

import static dev.slipstream.bench.rawh2.RawFrame.ENHANCE_YOUR_CALM;
import static dev.slipstream.bench.rawh2.RawFrame.PROTOCOL_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Much of what costs its sender nothing: it ends the connection that it comes on, early, and nothing else. */
class H2FloodTest {
    /** Of either side's RST_STREAM, in 30 s. */
    private static final int MAX_RESETS = 200;

    private static final int RESETS = 400;
    private static final int FRAMES = 50_000;
    private static final int MAX_FRAME = 16_384;
    private static final Map<String, Recorder.Script> SCRIPTS = Map.of("silent", Scripts.stalls(""));

    private final List<H2Case> cases = new ArrayList<>();

    /** Behind it there is a GOAWAY and the end, and long before it is over. */
    private H2Case flood(String name, int times, H2Client.Blocks blocks) {
        H2Case made = H2Case.of(name)
                .step((client, lane) -> assertTrue(client.flood(times, blocks), "all of it was taken"))
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM)
                .closes();
        cases.add(made);
        return made;
    }

    private H2Case flood(String name, RawFrame frame) {
        byte[] bytes = frame.encode();
        return flood(name, FRAMES, i -> bytes);
    }

    @TestFactory
    Stream<DynamicTest> resets() {
        flood(
                        "rapid-reset",
                        RESETS,
                        i -> RawFrame.encode(
                                H2Raw.joined(H2Raw.post(2 * i + 1), RawFrame.rst(2 * i + 1, RawFrame.CANCEL))))
                .up(Case.Up.ANYTHING)
                .check((client, seen) -> assertTrue(seen.size() <= MAX_RESETS + 1, () -> "calls: " + seen.size()));
        flood(
                "rapid-reset-of-heads",
                RESETS,
                i -> RawFrame.encode(H2Raw.open(2 * i + 1), RawFrame.rst(2 * i + 1, RawFrame.CANCEL)));
        cases.add(H2Case.of("resets-within-the-limit")
                .step((client, lane) -> {
                    for (int i = 0; i < MAX_RESETS / 2; i++) {
                        client.send(H2Raw.joined(H2Raw.post(2 * i + 1), RawFrame.rst(2 * i + 1, RawFrame.CANCEL)));
                    }
                    client.roundTrip();
                })
                .about(0)
                .keeps()
                .up(Case.Up.ANYTHING));
        cases.add(H2Case.of("reset-under-way")
                .step((client, lane) -> {
                    int stream = 1;
                    for (int round = 0; round < RESETS / 5 && !client.isGoingAway(); round++) {
                        int first = stream;
                        for (; stream < first + 10; stream += 2) {
                            client.send(H2Raw.scripted(stream, "silent"));
                        }
                        if (!client.roundTrip()) {
                            break;
                        }
                        Lane.until("they are under way", () -> lane.upstream().busy() == 1 + 5);
                        for (int each = first; each < stream; each += 2) {
                            client.send(RawFrame.rst(each, RawFrame.CANCEL));
                        }
                        // Each is given up at the provider too before the next ones come.
                        Lane.until("they are given up", () -> lane.upstream().busy() == 1);
                        assertTrue(stream <= 2 * (MAX_RESETS + 10), "resets without end: " + stream / 2);
                        client.roundTrip();
                    }
                    assertTrue(client.isGoingAway(), client::told);
                })
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM)
                .closes()
                .up(Case.Up.ANYTHING));
        return H2Lane.run(cases, H2Lane.USUAL, SCRIPTS);
    }

    /** What makes the proxy reset streams. Where it answers them instead, it may go on: no call is made for them. */
    private void madeYouReset(String name, Case.Up up, H2Client.Blocks blocks) {
        cases.add(H2Case.of("made-to-reset-by-" + name)
                .step((client, lane) -> {
                    boolean ended = client.flood(RESETS, blocks);
                    assertTrue(client.resets() <= MAX_RESETS + 1, () -> "resets: " + client.resets());
                    assertTrue(ended || client.resets() < 2, () -> "went on behind " + client.resets());
                })
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM)
                .either()
                .up(up));
    }

    @TestFactory
    Stream<DynamicTest> madeToReset() {
        madeYouReset("window-by-0", Case.Up.NOTHING, i -> {
            int stream = 2 * i + 1;
            return RawFrame.encode(H2Raw.open(stream), RawFrame.windowUpdate(stream, 0));
        });
        madeYouReset("window-by-0-under-way", Case.Up.ANYTHING, i -> {
            int stream = 2 * i + 1;
            return RawFrame.encode(H2Raw.joined(H2Raw.scripted(stream, "silent"), RawFrame.windowUpdate(stream, 0)));
        });
        madeYouReset("window-beyond", Case.Up.NOTHING, i -> {
            int stream = 2 * i + 1;
            return RawFrame.encode(H2Raw.open(stream), RawFrame.windowUpdate(stream, Integer.MAX_VALUE));
        });
        madeYouReset(
                "wrong-length", Case.Up.NOTHING, i -> RawFrame.encode(H2Raw.post(2 * i + 1, "content-length", "1")));
        madeYouReset("bad-name", Case.Up.NOTHING, i -> RawFrame.encode(H2Raw.post(2 * i + 1, "X-BAD", "1")));
        madeYouReset("second-head", Case.Up.NOTHING, i -> {
            int stream = 2 * i + 1;
            return RawFrame.encode(H2Raw.open(stream), H2Raw.open(stream));
        });
        // What comes behind a reset of ours is discarded, but not for ever.
        cases.add(H2Case.of("made-to-discard")
                .step((client, lane) -> {
                    client.send(H2Raw.frames(1, H2Raw.head("X-BAD", "x")));
                    byte[] late = RawFrame.data(1, false, "").encode();
                    assertTrue(client.flood(late, FRAMES), "all of it was taken");
                })
                .resets(PROTOCOL_ERROR)
                .goesAway(ENHANCE_YOUR_CALM)
                .closes());
        // These may be errors of the connection from the first on.
        cases.add(H2Case.of("made-to-reset-by-data-behind-the-end")
                .step((client, lane) -> assertTrue(client.flood(RESETS, i -> {
                    int stream = 2 * i + 1;
                    return RawFrame.encode(
                            H2Raw.joined(H2Raw.scripted(stream, "silent"), RawFrame.data(stream, true, "x")));
                })))
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM, RawFrame.STREAM_CLOSED)
                .closes()
                .up(Case.Up.ANYTHING));
        cases.add(H2Case.of("made-to-reset-by-priority-on-itself")
                .step((client, lane) -> client.flood(RESETS, i -> {
                    int stream = 2 * i + 1;
                    return RawFrame.encode(H2Raw.open(stream), RawFrame.priority(stream, stream, 1));
                }))
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM, PROTOCOL_ERROR)
                .either());
        return H2Lane.run(cases, H2Lane.USUAL, SCRIPTS);
    }

    @TestFactory
    Stream<DynamicTest> headerBlocks() {
        RawFrame open = RawFrame.openHeaders(1, false, H2Raw.head().bytes());
        byte[] byteOfAHead =
                RawFrame.continuation(1, false, new byte[] {(byte) 0x90}).encode();
        byte[] empty = RawFrame.continuation(1, false, new byte[0]).encode();
        flood("continuations-of-a-byte", FRAMES, i -> i == 0 ? open.encode() : byteOfAHead)
                .goesAway(PROTOCOL_ERROR);
        flood("continuations-of-nothing", FRAMES, i -> i == 0 ? open.encode() : empty);
        byte[] fields =
                repeated(new RawHeaderBlock().field("x", "y".repeat(1_000)).bytes(), 16);
        byte[] large = RawFrame.continuation(1, false, fields).encode();
        flood("continuations-of-fields", 1_000, i -> i == 0 ? open.encode() : large)
                .goesAway(PROTOCOL_ERROR);
        // Not an end in sight of one value: nothing can be decoded before it is here.
        byte[] value = RawFrame.continuation(1, false, repeated(new byte[] {'y'}, MAX_FRAME))
                .encode();
        byte[] begun = RawFrame.openHeaders(
                        1, false, H2Raw.head().lying(1, "x", 100_000_000, "").bytes())
                .encode();
        flood("continuations-of-a-value", 1_000, i -> i == 0 ? begun : value).goesAway(PROTOCOL_ERROR);
        bomb("bomb-of-large-references", "y".repeat(3_900), 4_000);
        bomb("bomb-of-tiny-references", "", 16_000);
        bomb("bomb-of-few-tiny-references", "", 300);
        cases.add(bombOnManyStreams());
        return H2Lane.run(cases, H2Lane.USUAL, SCRIPTS);
    }

    private static byte[] repeated(byte[] part, int times) {
        byte[] all = new byte[part.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        return all;
    }

    /** One entry of the table, referred to again and again; as a cookie's crumb too. */
    private void bomb(String name, String value, int references) {
        for (String field : List.of("a", "cookie")) {
            byte[] block = H2Raw.head().incremental(field, value).bytes();
            byte[] all = Arrays.copyOf(block, block.length + references);
            Arrays.fill(all, block.length, all.length, (byte) (0x80 | 62));
            cases.add(H2Case.of(name + "-" + field)
                    .send(H2FrameTest.inFrames(1, false, all))
                    .send(RawFrame.data(1, true, Raw.BODY))
                    .answers(431)
                    .resets(PROTOCOL_ERROR, ENHANCE_YOUR_CALM)
                    .goesAway(PROTOCOL_ERROR, ENHANCE_YOUR_CALM));
        }
    }

    /** The window is shut, so that no answer leaves: what waits is bounded all the same. */
    private static H2Case bombOnManyStreams() {
        return H2Case.of("bomb-on-many-streams-with-the-window-shut")
                .settings(RawFrame.INITIAL_WINDOW_SIZE, 0)
                .step((client, lane) -> {
                    RawHeaderBlock put = H2Raw.head().incremental("a", "y".repeat(200));
                    client.flood(90, i -> {
                        RawHeaderBlock head = i == 0 ? put : H2Raw.head();
                        for (int j = 0; j < 45; j++) {
                            head.indexed(62);
                        }
                        return RawFrame.encode(H2Raw.frames(2 * i + 1, head));
                    });
                    assertTrue(lane.usedBytes() < H2Lane.BOUND_BYTES, () -> "direct memory of " + lane.usedBytes());
                    // Each keeps what it may have to send again, by the memory that this keeps.
                    assertTrue(
                            lane.proxy().bufferedBytes() < 90 * 64 * 1024,
                            () -> "buffered: " + lane.proxy().bufferedBytes());
                })
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM)
                .either()
                .up(Case.Up.ANYTHING);
    }

    @TestFactory
    Stream<DynamicTest> smallFrames() {
        flood("settings", RawFrame.settings());
        flood(
                "settings-of-the-table",
                RawFrame.settings(RawFrame.HEADER_TABLE_SIZE, 0, RawFrame.HEADER_TABLE_SIZE, 4096));
        flood("pings", RawFrame.ping(7));
        flood("priorities", RawFrame.priority(3, 0, 1));
        flood(
                "priorities-of-many-streams",
                FRAMES,
                i -> RawFrame.priority(2 * i + 1, 0, 1).encode());
        flood("window-updates", RawFrame.windowUpdate(0, 1));
        byte[] credit = RawFrame.windowUpdate(1, 1).encode();
        flood("window-updates-of-a-stream", FRAMES, i -> i == 0 ? RawFrame.encode(H2Raw.scripted(1, "silent")) : credit)
                .up(Case.Up.AT_MOST_ONE);
        byte[] empty = RawFrame.data(1, false, "").encode();
        flood("empty-data", FRAMES, i -> i == 0 ? H2Raw.open(1).encode() : empty);
        byte[] padding = new byte[256];
        padding[0] = (byte) 255;
        byte[] padded = new RawFrame(RawFrame.DATA, RawFrame.PADDED, 1, padding).encode();
        flood("data-of-padding", 200, i -> i == 0 ? H2Raw.open(1).encode() : padded);
        for (RawFrame each : new RawFrame[] {RawFrame.ping(7), RawFrame.settings()}) {
            cases.add(unread(each));
        }
        return H2Lane.run(cases, H2Lane.USUAL, SCRIPTS);
    }

    /** What is to be acknowledged, from a client that does not read the acknowledgements. */
    private static H2Case unread(RawFrame frame) {
        byte[] block = repeated(frame.encode(), 4_000);
        return H2Case.of("unread-" + frame.type())
                .receiveBytes(16 * 1024)
                .step((client, lane) -> {
                    Thread sender = new Thread(
                            () -> {
                                for (int i = 0; i < 1_000 && client.send(block); i++) {
                                    // Until the connection ends.
                                }
                            },
                            "sender");
                    sender.setDaemon(true);
                    sender.start();
                    Lane.until("it is given up", () -> lane.proxy().clientConnections() == 1);
                    assertTrue(lane.usedBytes() < H2Lane.BOUND_BYTES, () -> "direct memory of " + lane.usedBytes());
                })
                .about(0)
                .goesAway(ENHANCE_YOUR_CALM)
                .orSilentEnd()
                .closes();
    }

    /** A place in flight is free when the call for it has ended, and not before. */
    @Test
    void inFlightHoldsOverResets() throws Exception {
        int places = 6;
        Lane.Settings few =
                new Lane.Settings(H2Lane.USUAL.limits() + ", in_flight: " + places, H2Lane.USUAL.timeouts(), "");
        try (H2Lane lane = new H2Lane(few, SCRIPTS)) {
            try (H2Client client = lane.connect(0).greet()) {
                int stream = 1;
                for (int round = 0; round < 15; round++) {
                    int first = stream;
                    for (; stream < first + 20; stream += 2) {
                        client.send(H2Raw.scripted(stream, "silent"));
                    }
                    client.roundTrip();
                    assertEquals(places, lane.proxy().inFlight());
                    // The neighbour has one place; five of ten are served, the others told so.
                    int last = stream;
                    client.readUntil(() -> {
                        int refused = 0;
                        for (int each = first; each < last; each += 2) {
                            refused += client.answer(each).isOver() ? 1 : 0;
                        }
                        return refused == 10 - (places - 1);
                    });
                    for (int each = first; each < stream; each += 2) {
                        H2Answer answer = client.answer(each);
                        if (answer.isOver()) {
                            assertEquals(503, answer.status(), answer::toString);
                            assertEquals("overloaded", answer.field("x-slipstream-error"));
                        } else {
                            client.send(RawFrame.rst(each, RawFrame.CANCEL));
                        }
                    }
                    client.roundTrip();
                    assertTrue(lane.proxy().busyUpstreamConnections() <= places, "calls beyond the cap");
                    Lane.until("they are given up", () -> lane.upstream().busy() == 1);
                    assertEquals(1, lane.proxy().inFlight());
                }
            }
            lane.settle();
            lane.upstream().takeRequests();
            lane.harmless(Case.Up.ANYTHING);
        }
    }
}
