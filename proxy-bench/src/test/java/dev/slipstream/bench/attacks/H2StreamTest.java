package dev.slipstream.bench.attacks;

import static dev.slipstream.bench.rawh2.RawFrame.CANCEL;
import static dev.slipstream.bench.rawh2.RawFrame.FLOW_CONTROL_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.PROTOCOL_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.STREAM_CLOSED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Streams out of order: lengths that are not so, frames behind the end, trailers, resets, and clients that leave. */
class H2StreamTest {
    private static final long CANCEL_NANOS = 2_000_000_000L;
    private static final String EVENT = "data: {\"a\":1}\n\n";
    private static final int LENGTH = Raw.BODY.length();
    /** Beyond {@code scan_first}: it is on its way to the provider before its end is here. */
    private static final String LARGE = Raw.large(60_000, true);

    private final List<H2Case> cases = new ArrayList<>();

    private static RawFrame data(boolean end, String text) {
        return RawFrame.data(1, end, text);
    }

    /** A body in frames of 10,000 bytes. */
    private static RawFrame[] pieces(String body, boolean end) {
        List<RawFrame> frames = new ArrayList<>();
        for (int at = 0; at < body.length(); at += 10_000) {
            int to = Math.min(body.length(), at + 10_000);
            frames.add(data(end && to == body.length(), body.substring(at, to)));
        }
        return frames.toArray(RawFrame[]::new);
    }

    private static RawFrame[] upload(String body, boolean end, String... more) {
        return H2Raw.joined(new RawFrame[] {H2Raw.open(1, more)}, pieces(body, end));
    }

    private void wrongLength(String name, RawFrame... frames) {
        cases.add(H2Case.malformed("length-" + name, frames).up(Case.Up.AT_MOST_INCOMPLETE));
    }

    @TestFactory
    Stream<DynamicTest> lengths() {
        String length = "content-length";
        for (String value : List.of("+5", "-1", "", "0x5", "5 5", "5, 5", "5,6", "abc", "5;", "1.0", "1_0", "\u00b2")) {
            wrongLength("'" + value + "'", H2Raw.post(1, length, value));
        }
        for (String value : List.of("9223372036854775808", "18446744073709551621", "9".repeat(400))) {
            cases.add(H2Case.malformed("length-" + value.length() + "-digits", H2Raw.post(1, length, value))
                    .answers(413));
        }
        wrongLength("twice", H2Raw.post(1, length, "" + LENGTH, length, "" + (LENGTH + 1)));
        wrongLength("twice-reversed", H2Raw.post(1, length, "" + (LENGTH + 1), length, "" + LENGTH));
        wrongLength("less-declared", H2Raw.post(1, length, "" + (LENGTH - 1)));
        wrongLength("more-declared", H2Raw.post(1, length, "" + (LENGTH + 1)));
        wrongLength("0-declared", H2Raw.post(1, length, "0"));
        wrongLength(
                "declared-and-no-body",
                RawFrame.headers(1, true, H2Raw.head(length, "" + LENGTH).bytes()));
        wrongLength("less-declared-of-much", upload(LARGE, true, length, "" + (LARGE.length() - 1)));
        wrongLength("more-declared-of-much", upload(LARGE, true, length, "" + (LARGE.length() + 1)));
        wrongLength("less-declared-before-the-end", upload(LARGE, false, length, "" + (LARGE.length() - 10)));
        // What would be the body of HTTP/1.1 and a request behind it.
        wrongLength(
                "smuggled",
                H2Raw.frames(
                        1,
                        H2Raw.head(length, "" + LENGTH),
                        Raw.BODY + Raw.post(Raw.BODY).replace("/v1/chat", "/smuggled")));
        wrongLength(
                "more-declared-then-trailers",
                H2Raw.joined(
                        upload(Raw.BODY, false, length, "" + (LENGTH + 1)),
                        RawFrame.headers(
                                1, true, new RawHeaderBlock().field("x", "y").bytes())));
        cases.add(H2Case.served("length-declared", H2Raw.post(1, length, "" + LENGTH)));
        cases.add(H2Case.served("length-of-much", upload(LARGE, true, length, "" + LARGE.length())));
        cases.add(H2Case.served("length-not-declared", upload(LARGE, true)));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    private static RawFrame trailing(String... fields) {
        return RawFrame.headers(1, true, new RawHeaderBlock().fields(fields).bytes());
    }

    @TestFactory
    Stream<DynamicTest> trailers() {
        RawFrame[] open = upload(Raw.BODY, false);
        cases.add(H2Case.served("trailers", H2Raw.joined(open, trailing("x-checksum", "evil")))
                .check((client, seen) -> assertFalse(seen.toString().contains("evil"))));
        cases.add(H2Case.served(
                        "trailers-of-a-head",
                        H2Raw.joined(
                                open, trailing("authorization", "Bearer evil", "content-length", "3", "host", "evil")))
                .answers(400)
                .resets(PROTOCOL_ERROR)
                .check((client, seen) -> assertFalse(seen.toString().contains("evil"))));
        cases.add(H2Case.served("trailers-empty", H2Raw.joined(open, trailing())));
        for (RawFrame bad : new RawFrame[] {
            trailing(":path", "/evil"),
            trailing(":status", "200"),
            trailing("X-Upper", "y"),
            trailing("x", "a\r\nb"),
            trailing("connection", "close"),
            trailing("transfer-encoding", "chunked"),
        }) {
            cases.add(H2Case.malformed("trailers-bad-" + cases.size(), H2Raw.joined(open, bad))
                    .up(Case.Up.AT_MOST_INCOMPLETE));
        }
        cases.add(H2Case.malformed(
                        "trailers-without-the-end",
                        H2Raw.joined(
                                open,
                                RawFrame.headers(
                                        1,
                                        false,
                                        new RawHeaderBlock().field("x", "y").bytes()),
                                data(true, "")))
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.malformed(
                        "second-head",
                        H2Raw.joined(
                                open, RawFrame.headers(1, true, H2Raw.head().bytes())))
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.of("trailers-over-limit")
                .send(open)
                .send(H2FrameTest.inFrames(
                        1,
                        true,
                        new RawHeaderBlock().field("x", "y".repeat(200_000)).bytes()))
                .answers(400, 431)
                .resets(PROTOCOL_ERROR, RawFrame.ENHANCE_YOUR_CALM)
                .goesAway(PROTOCOL_ERROR, RawFrame.ENHANCE_YOUR_CALM)
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.malformed("trailers-bad-of-much", H2Raw.joined(upload(LARGE, false), trailing(":path", "/x")))
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.served("trailers-of-much", H2Raw.joined(upload(LARGE, false), trailing("x", "y"))));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> behindTheEnd() {
        RawFrame[] whole = H2Raw.post(1);
        for (RawFrame more : new RawFrame[] {
            data(true, "x"),
            data(false, "x"),
            trailing("x", "y"),
            RawFrame.headers(1, true, H2Raw.head().bytes()),
        }) {
            // Half-closed: a stream error (§5.1), which may be treated as one of the connection (§5.4.2).
            cases.add(H2Case.of("behind-the-end-" + cases.size())
                    .send(H2Raw.joined(whole, more))
                    .answers(200)
                    .resets(STREAM_CLOSED)
                    .goesAway(STREAM_CLOSED)
                    .up(Case.Up.AT_MOST_ONE));
            cases.add(H2Case.of("behind-the-end-of-a-stream-" + cases.size())
                    .send(H2Raw.scripted(1, "events"))
                    .step((client, lane) ->
                            client.readUntil(() -> client.answer(1).isBegun()))
                    .send(more)
                    .resets(STREAM_CLOSED)
                    .goesAway(STREAM_CLOSED)
                    .up(Case.Up.AT_MOST_ONE));
            cases.add(H2Case.of("behind-its-own-reset-" + cases.size())
                    .send(H2Raw.joined(new RawFrame[] {H2Raw.open(1)}, RawFrame.rst(1, CANCEL), more))
                    .step((client, lane) -> client.roundTrip())
                    .about(0)
                    .goesAway(STREAM_CLOSED, PROTOCOL_ERROR)
                    .either());
            // Those are under way when it is told of the reset: they are let be (§5.1).
            cases.add(H2Case.of("behind-our-reset-" + cases.size())
                    .send(H2Raw.frames(1, H2Raw.head("X-BAD", "x")))
                    .step((client, lane) -> client.await(1))
                    .send(more)
                    .step((client, lane) -> client.roundTrip())
                    .answers(400)
                    .resets(PROTOCOL_ERROR)
                    .goesAway(STREAM_CLOSED)
                    .either());
        }
        // An upload in full flow when its answer comes: the rest is let be, however often that happens.
        cases.add(H2Case.of("much-behind-our-reset")
                .step((client, lane) -> {
                    byte[] head = H2Raw.pseudo()
                            .field("content-type", "application/json")
                            .bytes();
                    for (int stream = 1; stream < 20; stream += 2) {
                        client.send(RawFrame.headers(stream, false, head), RawFrame.data(stream, false, "{"));
                        H2Answer answer = client.answer(stream);
                        assertTrue(client.readUntil(answer::isReset), client::told);
                        assertEquals(401, answer.status(), answer::toString);
                        for (int i = 0; i < 60; i++) {
                            client.send(RawFrame.data(stream, i == 59, LARGE.substring(0, 10_000)));
                        }
                        client.roundTrip();
                    }
                    assertTrue(client.credit() >= 10 * 60 * 10_000 / 2, "the connection's credit: " + client.credit());
                })
                .about(0)
                .keeps());
        cases.add(H2Case.of("body-reset-in-one-read")
                .send(H2Raw.joined(upload(LARGE, true), RawFrame.rst(1, CANCEL)))
                .step((client, lane) -> client.roundTrip())
                .about(0)
                .keeps()
                .up(Case.Up.AT_MOST_ONE));
        cases.add(H2Case.of("reset-twice")
                .send(H2Raw.joined(whole, RawFrame.rst(1, CANCEL), RawFrame.rst(1, CANCEL)))
                .step((client, lane) -> client.roundTrip())
                .about(0)
                .keeps()
                .up(Case.Up.AT_MOST_ONE));
        cases.add(H2Case.of("credit-behind-the-end")
                .send(whole)
                .step((client, lane) -> {
                    client.await(1);
                    client.send(RawFrame.windowUpdate(1, 10), RawFrame.rst(1, CANCEL), RawFrame.priority(1, 0, 1));
                })
                .isServed());
        cases.add(H2Case.of("window-by-0")
                .send(H2Raw.joined(H2Raw.scripted(1, "events"), RawFrame.windowUpdate(1, 0)))
                .resets(PROTOCOL_ERROR)
                .keeps()
                .up(Case.Up.AT_MOST_ONE));
        cases.add(H2Case.of("window-beyond")
                .send(H2Raw.joined(H2Raw.scripted(1, "events"), RawFrame.windowUpdate(1, Integer.MAX_VALUE)))
                .resets(FLOW_CONTROL_ERROR)
                .keeps()
                .up(Case.Up.AT_MOST_ONE));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of("events", Scripts.stalls(Scripts.SSE_HEAD + Raw.chunk(EVENT))));
    }

    /** A provider that reads nothing of the body until the test is over: no credit comes for it. */
    private static Recorder.Script unread(AtomicBoolean over) {
        return new Recorder.Script() {
            @Override
            public boolean isEarly() {
                return true;
            }

            @Override
            public boolean answer(Message request, Socket socket, OutputStream out) {
                Lane.until("the test has seen it", over::get);
                return false;
            }
        };
    }

    @TestFactory
    Stream<DynamicTest> uploads() {
        AtomicBoolean over = new AtomicBoolean();
        cases.add(H2Case.of("beyond-its-window")
                .step((client, lane) -> {
                    int window = client.setting(RawFrame.INITIAL_WINDOW_SIZE, 65_535);
                    client.send(
                            H2Raw.open(1, "x-client-request-id", "unread"),
                            data(false, Raw.large(100, true).replace("x\"}", "x")));
                    byte[] piece = "x".repeat(10_000).getBytes(ISO_8859_1);
                    // The provider's socket takes some megabytes; then credit ends, and this goes on.
                    for (long sent = 0;
                            sent < 64L * 1024 * 1024 && !client.answer(1).isOver();
                            sent += 40L * 10_000) {
                        RawFrame frame = RawFrame.data(1, false, piece);
                        RawFrame[] some = new RawFrame[40];
                        Arrays.fill(some, frame);
                        if (!client.send(some) || !client.roundTrip() || client.isGoingAway()) {
                            break;
                        }
                        assertTrue(lane.proxy().bufferedBytes() < (4L << 20) + 4L * window, "held");
                    }
                    over.set(true);
                })
                .answers(413)
                .resets(FLOW_CONTROL_ERROR)
                .goesAway(FLOW_CONTROL_ERROR)
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.of("early-answer")
                .send(H2Raw.open(1, "x-client-request-id", "early"))
                .send(pieces(LARGE, false))
                .answers(429)
                .keeps()
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(H2Case.of("early-refusal")
                .send(RawFrame.headers(
                        1,
                        false,
                        H2Raw.pseudo().field("content-type", "application/json").bytes()))
                .send(pieces(LARGE, false))
                .answers(401)
                .keeps());
        String json = "{\"error\":{}}";
        String early = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\ncontent-length: "
                + json.length() + "\r\n\r\n" + json;
        Lane.Settings large = new Lane.Settings(
                H2Lane.USUAL.limits().replace("body: 4MiB", "body: 256MiB"), H2Lane.USUAL.timeouts(), "");
        return H2Lane.run(cases, large, Map.of("unread", unread(over), "early", Scripts.early(early)));
    }

    private interface Leaving {
        void leave(H2Client client) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> clientsThatLeave() {
        Map<String, Leaving> ways = Map.of(
                "fin",
                H2Client::halfClose,
                "rst",
                H2Client::reset,
                "close",
                H2Client::leave,
                "goaway",
                client -> {
                    client.send(RawFrame.goAway(0, RawFrame.NO_ERROR, "bye"));
                    client.leave();
                },
                "rst-stream",
                client -> {
                    for (int stream = 1; stream < 10; stream += 2) {
                        client.send(RawFrame.rst(stream, CANCEL));
                    }
                    client.roundTrip();
                    client.leave();
                });
        ways.forEach((way, leaving) -> {
            for (String script : List.of("silent", "half-head", "events", "half-json")) {
                cases.add(leaves(script + "-" + way, leaving, script, false));
            }
            cases.add(leaves("uploads-" + way, leaving, "silent", true));
        });
        // Said to be leaving, it still gets what it asked for.
        cases.add(H2Case.of("goaway-and-waits")
                .send(H2Raw.joined(H2Raw.post(1), RawFrame.goAway(0, RawFrame.NO_ERROR, "bye")))
                .answers(200)
                .goesAway(RawFrame.NO_ERROR)
                .up(Case.Up.COMPLETE));
        return H2Lane.run(
                cases,
                H2Lane.USUAL,
                Map.of(
                        "silent",
                        Scripts.stalls(""),
                        "half-head",
                        Scripts.stalls("HTTP/1.1 200 OK\r\nx"),
                        "events",
                        Scripts.stalls(Scripts.SSE_HEAD + Raw.chunk(EVENT)),
                        "half-json",
                        Scripts.stalls(Scripts.JSON_HEAD + "content-length: 100\r\n\r\n{")));
    }

    /** With five requests under way; all of them are given up, in time. */
    private static H2Case leaves(String name, Leaving leaving, String script, boolean amidUpload) {
        return H2Case.of("leaves-" + name)
                .about(0)
                .orSilentEnd()
                .up(Case.Up.ANYTHING)
                .step((client, lane) -> {
                    for (int stream = 1; stream < 10; stream += 2) {
                        if (amidUpload) {
                            client.send(
                                    RawFrame.headers(stream, false, H2Raw.head().bytes()));
                            client.send(RawFrame.data(stream, false, LARGE.substring(0, 12_000)));
                        } else {
                            client.send(H2Raw.scripted(stream, script));
                        }
                    }
                    Lane.until("it is under way", () -> lane.upstream().busy() == 1 + 5);
                    long start = System.nanoTime();
                    leaving.leave(client);
                    lane.settle();
                    long taken = System.nanoTime() - start;
                    assertTrue(taken < CANCEL_NANOS, () -> "given up after " + taken + " ns");
                    assertEquals(1, lane.proxy().inFlight());
                });
    }
}
