package dev.slipstream.bench.attacks;

import static dev.slipstream.bench.rawh2.RawFrame.COMPRESSION_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.FLOW_CONTROL_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.FRAME_SIZE_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.PROTOCOL_ERROR;
import static dev.slipstream.bench.rawh2.RawFrame.STREAM_CLOSED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawH2;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Frames, header blocks, settings and prefaces that are wrong, and odd ones that are not (RFC 9113 §3 to §6, RFC 7541). */
class H2FrameTest {
    private static final int MAX_FRAME = 16_384;
    private static final byte[] NONE = {};

    private final List<H2Case> cases = new ArrayList<>();

    private void error(String name, int code, RawFrame... frames) {
        cases.add(H2Case.connectionError(name, code, frames));
    }

    /** A header block as frames of the size that every peer takes. */
    static RawFrame[] inFrames(int stream, boolean endStream, byte[] block) {
        List<RawFrame> frames = new ArrayList<>();
        for (int at = 0; at == 0 || at < block.length; at += MAX_FRAME) {
            boolean last = at + MAX_FRAME >= block.length;
            byte[] part = Arrays.copyOfRange(block, at, Math.min(block.length, at + MAX_FRAME));
            RawFrame first =
                    last ? RawFrame.headers(stream, endStream, part) : RawFrame.openHeaders(stream, endStream, part);
            frames.add(at == 0 ? first : RawFrame.continuation(stream, last, part));
        }
        return frames.toArray(RawFrame[]::new);
    }

    @TestFactory
    Stream<DynamicTest> frames() {
        byte[] head = H2Raw.head().bytes();
        RawFrame open = RawFrame.headers(1, false, head);
        error("headers-on-0", PROTOCOL_ERROR, RawFrame.headers(0, true, head));
        error("data-on-0", PROTOCOL_ERROR, RawFrame.data(0, true, "x"));
        error("data-on-idle", PROTOCOL_ERROR, RawFrame.data(1, true, "x"));
        error("rst-on-idle", PROTOCOL_ERROR, RawFrame.rst(1, RawFrame.CANCEL));
        error("rst-on-0", PROTOCOL_ERROR, RawFrame.rst(0, RawFrame.CANCEL));
        error("window-update-on-idle", PROTOCOL_ERROR, RawFrame.windowUpdate(1, 1));
        error("priority-on-0", PROTOCOL_ERROR, RawFrame.priority(0, 1, 1));
        error("settings-on-stream", PROTOCOL_ERROR, new RawFrame(RawFrame.SETTINGS, 0, 1, NONE));
        error("ping-on-stream", PROTOCOL_ERROR, new RawFrame(RawFrame.PING, 0, 1, new byte[8]));
        error("goaway-on-stream", PROTOCOL_ERROR, new RawFrame(RawFrame.GOAWAY, 0, 1, new byte[8]));
        error("push-promise", PROTOCOL_ERROR, open, RawFrame.pushPromise(1, 2, head));
        error("continuation-alone", PROTOCOL_ERROR, RawFrame.continuation(1, true, head));
        error(
                "continuation-behind-the-end",
                PROTOCOL_ERROR,
                RawFrame.headers(1, false, head),
                RawFrame.continuation(1, true, NONE));
        error(
                "continuation-of-another",
                PROTOCOL_ERROR,
                RawFrame.openHeaders(1, false, head),
                RawFrame.continuation(3, true, NONE));
        for (RawFrame between : List.of(
                RawFrame.data(1, true, Raw.BODY),
                RawFrame.ping(1),
                RawFrame.settings(),
                RawFrame.headers(3, true, head),
                RawFrame.priority(1, 0, 1),
                new RawFrame(0xbe, 0, 1, NONE))) {
            error(
                    "between-continuations-" + between.type(),
                    PROTOCOL_ERROR,
                    RawFrame.openHeaders(1, false, head),
                    between,
                    RawFrame.continuation(1, true, NONE));
        }
        error("data-padding-beyond", PROTOCOL_ERROR, open, new RawFrame(RawFrame.DATA, RawFrame.PADDED, 1, new byte[] {
            5, 1, 2, 3, 4
        }));
        error(
                "headers-padding-beyond",
                PROTOCOL_ERROR,
                new RawFrame(
                        RawFrame.HEADERS, RawFrame.PADDED | RawFrame.END_HEADERS, 1, new byte[] {(byte) 200, 1, 2}));
        error("ping-of-7", FRAME_SIZE_ERROR, new RawFrame(RawFrame.PING, 0, 0, new byte[7]));
        error("ping-of-9", FRAME_SIZE_ERROR, new RawFrame(RawFrame.PING, 0, 0, new byte[9]));
        error("settings-of-5", FRAME_SIZE_ERROR, new RawFrame(RawFrame.SETTINGS, 0, 0, new byte[5]));
        error("settings-ack-of-6", FRAME_SIZE_ERROR, new RawFrame(RawFrame.SETTINGS, RawFrame.ACK, 0, new byte[6]));
        error("window-update-of-3", FRAME_SIZE_ERROR, new RawFrame(RawFrame.WINDOW_UPDATE, 0, 0, new byte[3]));
        error("rst-of-3", FRAME_SIZE_ERROR, open, new RawFrame(RawFrame.RST_STREAM, 0, 1, new byte[3]));
        error("goaway-of-7", FRAME_SIZE_ERROR, new RawFrame(RawFrame.GOAWAY, 0, 0, new byte[7]));
        error("headers-too-large", FRAME_SIZE_ERROR, new RawFrame(RawFrame.HEADERS, 4, 1, new byte[MAX_FRAME + 1]));
        error("unknown-too-large", FRAME_SIZE_ERROR, new RawFrame(0xbe, 0, 0, new byte[MAX_FRAME + 1]));
        cases.add(H2Case.of("length-of-16-mib")
                .bytes(new RawFrame(RawFrame.DATA, 0, 1, NONE).encodeDeclaring(0xffffff))
                .about(0)
                .goesAway(FRAME_SIZE_ERROR)
                .closes());
        // A stream's or the connection's error, as the receiver likes (§4.2, §6.3).
        cases.add(H2Case.of("data-too-large")
                .send(open, new RawFrame(RawFrame.DATA, 1, 1, new byte[MAX_FRAME + 1]))
                .resets(FRAME_SIZE_ERROR)
                .goesAway(FRAME_SIZE_ERROR));
        cases.add(H2Case.of("priority-of-4")
                .send(open, new RawFrame(RawFrame.PRIORITY, 0, 1, new byte[4]))
                .resets(FRAME_SIZE_ERROR)
                .goesAway(FRAME_SIZE_ERROR));
        odd(head, open);
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    /** Served all the same. */
    private void odd(byte[] head, RawFrame open) {
        RawFrame body = RawFrame.data(1, true, Raw.BODY);
        cases.add(H2Case.served(
                "unknown-frames",
                new RawFrame(0xbe, 0xff, 0, new byte[100]),
                open,
                new RawFrame(0xbf, 0xff, 1, new byte[100]),
                body));
        cases.add(H2Case.served(
                "unknown-flags",
                new RawFrame(RawFrame.PING, 0xfe, 0, new byte[8]),
                open.withFlags(open.flags() | 0xd2),
                body.withFlags(body.flags() | 0xf6)));
        cases.add(H2Case.served("reserved-bit", new RawFrame(RawFrame.HEADERS, 4, 0x80000001, head), body));
        byte[] padded = new byte[1 + head.length + 9];
        padded[0] = 9;
        System.arraycopy(head, 0, padded, 1, head.length);
        cases.add(
                H2Case.served("padded-headers", new RawFrame(RawFrame.HEADERS, 4 | RawFrame.PADDED, 1, padded), body));
        byte[] text = Raw.bytes("\3" + Raw.BODY + "\0\0\0");
        cases.add(H2Case.served("padded-data", open, new RawFrame(RawFrame.DATA, 1 | RawFrame.PADDED, 1, text)));
        byte[] prioritised = new byte[5 + head.length];
        prioritised[4] = 16;
        System.arraycopy(head, 0, prioritised, 5, head.length);
        cases.add(H2Case.served(
                "headers-with-priority",
                new RawFrame(RawFrame.HEADERS, 4 | RawFrame.PRIORITY_FLAG, 1, prioritised),
                body));
        cases.add(H2Case.served("priority-of-idle", RawFrame.priority(7, 0, 1), open, body));
        cases.add(H2Case.served(
                "empty-data-before-the-end", open, RawFrame.data(1, false, Raw.BODY), RawFrame.data(1, true, "")));
        cases.add(H2Case.of("byte-by-byte")
                .step((client, lane) -> {
                    String all = new String(RawFrame.encode(open, body), ISO_8859_1).replace(Raw.MARK, client.marker());
                    for (byte each : Raw.bytes(all)) {
                        client.send(new byte[] {each});
                    }
                })
                .isServed());
        // A block in as many pieces as it may have: the flood is in H2FloodTest.
        cases.add(H2Case.served(
                "head-in-pieces",
                RawFrame.openHeaders(1, false, Arrays.copyOf(head, 10)),
                RawFrame.continuation(1, false, Arrays.copyOfRange(head, 10, 11)),
                RawFrame.continuation(1, false, NONE),
                RawFrame.continuation(1, true, Arrays.copyOfRange(head, 11, head.length)),
                body));
        // A stream may not depend on itself (RFC 7540 §5.3.1); RFC 9113 lets that be ignored.
        cases.add(H2Case.served("priority-on-itself", open, RawFrame.priority(1, 1, 1), body)
                .resets(PROTOCOL_ERROR)
                .goesAway(PROTOCOL_ERROR)
                .either()
                .up(Case.Up.AT_MOST_ONE));
    }

    @TestFactory
    Stream<DynamicTest> streamIds() {
        error("even", PROTOCOL_ERROR, H2Raw.post(2));
        // What is below the highest number is closed by that, or was before (§5.1.1).
        RawFrame head = RawFrame.headers(3, true, H2Raw.head().bytes());
        cases.add(H2Case.of("decreasing")
                .send(H2Raw.scripted(5, "silent"))
                .send(head)
                .about(3)
                .goesAway(PROTOCOL_ERROR)
                .closes()
                .up(Case.Up.AT_MOST_ONE));
        cases.add(H2Case.of("used-again")
                .send(H2Raw.post(3))
                .step((client, lane) -> {
                    assertEquals(200, client.await(3).status(), client::told);
                    client.send(head);
                    client.readUntil(() -> client.answer(3).isReset() || client.isGoingAway());
                })
                .about(3)
                .answers(200)
                .goesAway(STREAM_CLOSED)
                .closes()
                .up(Case.Up.AT_MOST_ONE));
        cases.add(H2Case.of("one-beyond-the-most")
                .step((client, lane) -> {
                    int most = client.setting(RawFrame.MAX_CONCURRENT_STREAMS, 0);
                    assertTrue(most > 0 && most <= 1_000, () -> "concurrent streams: " + most);
                    for (int i = 0; i < most; i++) {
                        client.send(H2Raw.scripted(2 * i + 1, "silent"));
                    }
                    int refused = 2 * most + 1;
                    client.send(H2Raw.post(refused));
                    assertEquals(RawFrame.REFUSED_STREAM, client.await(refused).resetCode(), client::told);
                    for (int i = 0; i < most; i++) {
                        assertTrue(!client.answer(2 * i + 1).isOver(), client::told);
                    }
                    // One ends, and there is room again.
                    client.send(RawFrame.rst(1, RawFrame.CANCEL));
                    String marker = client.post(refused + 2);
                    assertEquals(
                            "{\"marker\":\"" + marker + "\"}",
                            client.await(refused + 2).body(),
                            client::told);
                })
                .about(0)
                .either()
                .up(Case.Up.ANYTHING));
        cases.add(H2Case.of("the-highest")
                .send(H2Raw.post(Integer.MAX_VALUE))
                .about(Integer.MAX_VALUE)
                .answers(200)
                .up(Case.Up.COMPLETE));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of("silent", Scripts.stalls("")));
    }

    @TestFactory
    Stream<DynamicTest> headerBlocks() {
        RawHeaderBlock[] bad = {
            H2Raw.head().indexed(0),
            H2Raw.head().indexed(200),
            H2Raw.head().field(200, "x"),
            // Huffman: padding that is not all ones, padding of a whole byte, and the end-of-string symbol (§5.2).
            H2Raw.head().raw((byte) 0, (byte) 1, (byte) 'x', (byte) 0x81, (byte) 0),
            H2Raw.head().raw((byte) 0, (byte) 1, (byte) 'x', (byte) 0x82, (byte) 0x07, (byte) 0xff),
            H2Raw.head().raw((byte) 0, (byte) 1, (byte) 'x', (byte) 0x84, (byte) -1, (byte) -1, (byte) -1, (byte) -1),
            // An integer without an end in sight, and one beyond 32 bits.
            H2Raw.head().raw((byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f),
            H2Raw.head().raw((byte) 0, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f),
            // Cut off.
            H2Raw.head().raw((byte) 0),
            H2Raw.head().raw((byte) 0, (byte) 5, (byte) 'x'),
            H2Raw.head().lying(1, "x", 100, "y"),
            H2Raw.head().lying(100_000, "x", 1, "y"),
            H2Raw.head().raw((byte) 0x7f),
            // The table's size: more than was allowed, and amid a block.
            new RawHeaderBlock().tableSize(1 << 20),
            H2Raw.head().tableSize(0),
        };
        String[] names = {
            "index-0",
            "index-beyond",
            "name-index-beyond",
            "huffman-padding",
            "huffman-padding-of-a-byte",
            "huffman-eos",
            "integer-endless",
            "length-beyond-int",
            "cut-name",
            "cut-in-name",
            "cut-value",
            "name-beyond-block",
            "cut-integer",
            "table-size-beyond",
            "table-size-amid",
        };
        for (int i = 0; i < bad.length; i++) {
            error(names[i], COMPRESSION_ERROR, RawFrame.headers(1, true, bad[i].bytes()));
        }
        byte[] withUpdates = new RawHeaderBlock()
                .tableSize(0)
                .tableSize(4_096)
                .raw(H2Raw.head().bytes())
                .bytes();
        cases.add(H2Case.served(
                "table-size-flips", RawFrame.headers(1, false, withUpdates), RawFrame.data(1, true, Raw.BODY)));
        cases.add(H2Case.of("table-of-the-connection")
                .step((client, lane) -> {
                    client.send(RawFrame.headers(
                            1, true, H2Raw.head().incremental("x-put", "y").bytes()));
                    assertEquals(400, client.await(1).status());
                    client.send(H2Raw.frames(3, H2Raw.head().indexed(62)));
                })
                .about(3)
                .isServed());
        // A head that is refused has changed the table all the same (RFC 9113 §4.3).
        cases.add(H2Case.of("table-behind-a-malformed-head")
                .step((client, lane) -> {
                    client.send(RawFrame.headers(
                            1,
                            true,
                            H2Raw.head("X-BAD", "x")
                                    .incremental("user-agent", "put")
                                    .bytes()));
                    client.await(1);
                    client.send(H2Raw.frames(3, H2Raw.head().indexed(62)));
                })
                .about(3)
                .isServed()
                .check((client, seen) -> assertEquals("put", seen.get(0).field("user-agent"))));
        cases.add(H2Case.of("table-behind-too-large-a-head")
                .step((client, lane) -> {
                    byte[] block = H2Raw.head("x", "y".repeat(14_000))
                            .fields("z", "y".repeat(5_000))
                            .incremental("user-agent", "put")
                            .bytes();
                    client.send(inFrames(1, true, block));
                    client.readUntil(() -> client.answer(1).isOver() || client.isGoingAway());
                    client.send(H2Raw.frames(3, H2Raw.head().indexed(62)));
                })
                .about(3)
                .answers(200)
                .goesAway(PROTOCOL_ERROR, RawFrame.ENHANCE_YOUR_CALM)
                .up(Case.Up.COMPLETE));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> settings() {
        error("max-frame-size-below", PROTOCOL_ERROR, RawFrame.settings(RawFrame.MAX_FRAME_SIZE, 16_383));
        error("max-frame-size-above", PROTOCOL_ERROR, RawFrame.settings(RawFrame.MAX_FRAME_SIZE, 1 << 24));
        error("enable-push-2", PROTOCOL_ERROR, RawFrame.settings(RawFrame.ENABLE_PUSH, 2));
        error(
                "initial-window-2-31",
                FLOW_CONTROL_ERROR,
                RawFrame.settings(RawFrame.INITIAL_WINDOW_SIZE, Integer.MIN_VALUE));
        error("connection-window-beyond", FLOW_CONTROL_ERROR, RawFrame.windowUpdate(0, Integer.MAX_VALUE));
        error("connection-window-by-0", PROTOCOL_ERROR, RawFrame.windowUpdate(0, 0));
        cases.add(H2Case.of("initial-window-makes-a-stream-overflow")
                .settings(RawFrame.INITIAL_WINDOW_SIZE, 1)
                .send(H2Raw.scripted(1, "silent"))
                .send(
                        RawFrame.windowUpdate(1, Integer.MAX_VALUE - 1),
                        RawFrame.settings(RawFrame.INITIAL_WINDOW_SIZE, 100))
                .about(0)
                .goesAway(FLOW_CONTROL_ERROR)
                .closes()
                .up(Case.Up.AT_MOST_ONE));
        for (int tiny : new int[] {0, 1, 100}) {
            cases.add(H2Case.served("max-header-list-size-" + tiny, H2Raw.post(1))
                    .settings(RawFrame.MAX_HEADER_LIST_SIZE, tiny));
        }
        cases.add(H2Case.served("no-table", H2Raw.post(1)).settings(RawFrame.HEADER_TABLE_SIZE, 0));
        cases.add(H2Case.served("huge-table", H2Raw.post(1)).settings(RawFrame.HEADER_TABLE_SIZE, -1));
        cases.add(H2Case.served("no-concurrent-streams", H2Raw.post(1)).settings(RawFrame.MAX_CONCURRENT_STREAMS, 0));
        cases.add(H2Case.served("largest-frames", H2Raw.post(1)).settings(RawFrame.MAX_FRAME_SIZE, (1 << 24) - 1));
        cases.add(H2Case.served("unknown-setting", H2Raw.post(1)).settings(0xbeef, 7, 0, 7));
        cases.add(H2Case.of("table-flips")
                .step((client, lane) -> {
                    for (int i = 0; i < 30; i++) {
                        int size = i % 3 == 0 ? 0 : i % 3 == 1 ? 4_096 : 100_000;
                        client.send(RawFrame.settings(RawFrame.HEADER_TABLE_SIZE, size));
                        String marker = client.post(2 * i + 1);
                        H2Answer answer = client.await(2 * i + 1);
                        assertEquals("{\"marker\":\"" + marker + "\"}", answer.body(), client::told);
                    }
                    assertEquals(31, client.settingsAcks());
                })
                .about(0)
                .keeps()
                .up(Case.Up.ANYTHING));
        cases.add(H2Case.of("window-opened-by-settings")
                .settings(RawFrame.INITIAL_WINDOW_SIZE, 0)
                .send(H2Raw.post(1))
                .step((client, lane) -> {
                    client.readUntil(() -> client.answer(1).isBegun());
                    assertEquals("", client.answer(1).body());
                    client.send(RawFrame.settings(RawFrame.INITIAL_WINDOW_SIZE, 65_535));
                })
                .isServed());
        // 1,000 bytes are allowed and on their way; then the window is made smaller than what was used of it.
        cases.add(H2Case.of("window-below-zero")
                .settings(RawFrame.INITIAL_WINDOW_SIZE, 1_000)
                .step((client, lane) -> {
                    client.keepSilent();
                    client.send(H2Raw.scripted(1, "two-thousand"));
                    client.readUntil(() -> client.answer(1).body().length() == 1_000);
                    client.send(RawFrame.settings(RawFrame.INITIAL_WINDOW_SIZE, 0), RawFrame.windowUpdate(1, 1_000));
                    client.roundTrip();
                    assertEquals(1_000, client.answer(1).body().length(), "a window of 0");
                    client.send(RawFrame.windowUpdate(1, 1_000));
                    assertEquals(2_000, client.await(1).body().length());
                    client.send(RawFrame.settings(RawFrame.INITIAL_WINDOW_SIZE, 65_535));
                })
                .isServed());
        return H2Lane.run(
                cases,
                H2Lane.USUAL,
                Map.of("silent", Scripts.stalls(""), "two-thousand", Scripts.says(Scripts.json("x".repeat(2_000)))));
    }

    @TestFactory
    Stream<DynamicTest> prefaces() {
        byte[] preface = RawH2.preface();
        byte[] settings = RawFrame.settings().encode();
        String[][] wrong = {
            {"no-sm", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"},
            {"no-sm-end", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX"},
            {"version", "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"},
            {"lower-case", "pri * http/2.0\r\n\r\nsm\r\n\r\n"},
            {"path", "PRI / HTTP/2.0\r\n\r\nSM\r\n\r\n"},
            {"lf", "PRI * HTTP/2.0\n\nSM\n\n"},
            {"request-behind", "PRI * HTTP/2.0\r\nhost: slip.test\r\n\r\n" + Raw.post(Raw.BODY)},
            {"twice", new String(preface, ISO_8859_1).repeat(2)},
        };
        for (String[] each : wrong) {
            cases.add(H2Case.of("preface-" + each[0])
                    .ungreeted()
                    .bytes(Raw.bytes(each[1]))
                    .step((client, lane) -> client.send(H2Raw.post(1)))
                    .about(0)
                    .goesAway(PROTOCOL_ERROR)
                    .orSilentEnd()
                    .closes());
        }
        for (RawFrame[] first : new RawFrame[][] {
            H2Raw.post(1),
            {RawFrame.ping(1)},
            {RawFrame.settingsAck()},
            {RawFrame.windowUpdate(0, 1)},
            {new RawFrame(0xbe, 0, 0, NONE)},
        }) {
            cases.add(H2Case.of("settings-not-first-" + first[0].type() + "-" + first[0].flags())
                    .ungreeted()
                    .bytes(preface)
                    .send(first)
                    .about(0)
                    .goesAway(PROTOCOL_ERROR)
                    .orSilentEnd()
                    .closes());
        }
        cases.add(H2Case.of("preface-byte-by-byte")
                .ungreeted()
                .step((client, lane) -> {
                    for (byte each : preface) {
                        client.send(new byte[] {each});
                    }
                    client.send(settings);
                })
                .send(H2Raw.post(1))
                .isServed());
        // All at once, before anything was heard of the proxy (§3.4).
        cases.add(H2Case.of("request-with-the-preface")
                .ungreeted()
                .step((client, lane) -> client.send(concat(preface, settings, RawFrame.encode(H2Raw.post(1)))))
                .isServed());
        // A preface is none in the middle of HTTP/1.1.
        cases.add(H2Case.of("preface-behind-a-request")
                .ungreeted()
                .bytes(Raw.bytes(Raw.post(Raw.BODY)))
                .bytes(preface)
                .bytes(settings)
                .about(0)
                .closes()
                .up(Case.Up.AT_MOST_ONE));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
