package dev.slipstream.codec.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseScannerTest {
    private final byte[] scratch = new byte[64];

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: a\n\n",
                "data:a\n\ndata:  b\n\n",
                "data: a\r\n\r\ndata: b\r\n\r\n",
                "data: a\r\rdata: b\r\r",
                "data: a\n\r\ndata: b\r\n\ndata: c\r\r\ndata: d\n\r",
                "data: a\r\n\rdata: b\r\n\r\n\r\n",
                "\u00EF\u00BB\u00BFdata: a\n\n\u00EF\u00BB\u00BFdata: b\n\ndata: c\n\n",
                "\u00EF\u00BBdata: a\n\ndata: b\n\n",
                "\u00EF\n\n",
                ": OPENROUTER PROCESSING\n\n: more\n\ndata: a\n\n",
                ":\r\n:\r\n\r\ndata: a\r\n: between\r\n\r\n",
                "id: 7\nretry: 10\nevent: ping\ndata: {}\n\nid\n\n",
                "event: error\ndata: a\ndata: b\ndata\ndata:\n\n",
                "data\n\ndata:\n\ndata: \n\nevent\n\n",
                "event: x\nevent: ping\ndata: 1\n\nevent: x\nevent:\ndata: 2\n\ndata: 3\n\n",
                "event: a-name-of-just-the-forty-bytes-that-count\ndata: 1\n\n",
                "event: a-name-of-just-the-forty-bytes-that-counts-and-more\ndata: 1\n\n",
                "dat: a\ndatas: b\nevents: c\ndat\neven\n data: d\nDATA: e\n\ndata: \u00E4\u00F6\u00FC\t\u0001x\n\n",
                "data: never ended",
                "data: never ended\n",
                "\n\n\n\r\n\r\ndata: a\n\n\n\n",
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n",
            })
    void everySplitTellsWhatTheStandardSays(String sample) {
        everySplitTellsTheSame(sample.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void randomStreamsWithMixedLineEndsAreReadAsTheStandardReadsThem() {
        long seed = System.nanoTime();
        System.out.println("SseScannerTest seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        String[] parts = {
            "data",
            "data:",
            "data: ",
            ":",
            " ",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\n\r\n",
            "event",
            "event: ping",
            "id: 1",
            "\u00EF\u00BB\u00BF",
            "{\"a\":1}",
            "a text that is longer than eight bytes",
            "\u0001",
            "\t"
        };
        for (int round = 0; round < 150; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                stream.append(parts[random.nextInt(parts.length)]);
            }
            everySplitTellsTheSame(stream.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void theBoundaryIsBehindTheWholeLineEnd() {
        assertTrue(boundaryAfter(""));
        assertTrue(boundaryAfter("data: a\n\n"));
        assertTrue(boundaryAfter("data: a\r\n\r\n"));
        assertTrue(boundaryAfter("data: a\r\r"));
        assertTrue(boundaryAfter("data: a\n\n: a whole comment\n"));
        assertTrue(boundaryAfter("\u00EF\u00BB\u00BF"));
        assertFalse(boundaryAfter("data: a\r\n\r"), "the LF of the stream's CRLF is still to come");
        assertFalse(boundaryAfter("data: a\n"));
        assertFalse(boundaryAfter("data: a\n\nd"));
        assertFalse(boundaryAfter("data: a\n\n:"));
        assertFalse(boundaryAfter("data: a\n\nid: 1\n"));
        assertFalse(boundaryAfter("\u00EF\u00BB"));
    }

    @Test
    void anEventEndsWhereItsBlankLineEnds() {
        EventLog log = new EventLog();
        byte[] stream = "data: a\r\n\r\n: c\r\n\r\nid: 1\r\n\r\ndata: b\r\n\r".getBytes(StandardCharsets.US_ASCII);
        log.scanner.feed(stream, 0, stream.length, log);
        assertEquals(List.of(11L, 27L), log.ends);
        log.scanner.finish(log);
        assertEquals(List.of(11L, 27L, (long) stream.length), log.ends);
        assertEquals(2, log.events.size());
    }

    @Test
    void anEventThatCameInOnePieceIsToldAsAWhole() {
        byte[] stream =
                "data: a\n\nevent: x\r\ndata: b\r\n\r\ndata: c\ndata: d\n\n".getBytes(StandardCharsets.US_ASCII);
        EventLog log = new EventLog();
        log.scanner.feed(stream, 0, stream.length, log);
        assertEquals(2, log.wholes);
    }

    private static boolean boundaryAfter(String prefix) {
        EventLog log = new EventLog();
        byte[] bytes = prefix.getBytes(StandardCharsets.ISO_8859_1);
        log.scanner.feed(bytes, 0, bytes.length, log);
        return log.scanner.atBoundary();
    }

    private void everySplitTellsTheSame(byte[] stream) {
        List<SseOracle.Event> expected = new ArrayList<>();
        for (SseOracle.Event event : SseOracle.events(stream)) {
            expected.add(new SseOracle.Event(EventLog.known(event.name()), event.data()));
        }

        EventLog byteByByte = new EventLog();
        List<Boolean> boundaries = new ArrayList<>();
        boundaries.add(byteByByte.scanner.atBoundary());
        for (int i = 0; i < stream.length; i++) {
            Pieces.lend(stream, i, i + 1, Pieces.Kind.DIRECT, b -> byteByByte.scanner.feed(b, scratch, byteByByte));
            boundaries.add(byteByByte.scanner.atBoundary());
        }
        byteByByte.scanner.finish(byteByByte);
        assertEquals(expected, byteByByte.events);

        for (int split = 0; split <= stream.length; split++) {
            EventLog log = new EventLog();
            Pieces.Kind kind = Pieces.KINDS.get(split % 3);
            Pieces.lend(stream, 0, split, kind, b -> log.scanner.feed(b, scratch, log));
            assertEquals(boundaries.get(split), log.scanner.atBoundary());
            Pieces.lend(stream, split, stream.length, kind, b -> log.scanner.feed(b, scratch, log));
            assertEquals(boundaries.get(stream.length), log.scanner.atBoundary());
            assertEquals(stream.length, log.scanner.position());
            log.scanner.finish(log);
            assertEquals(expected, log.events);
            assertEquals(byteByByte.ends, log.ends);
            log.scanner.reset();
            assertTrue(log.scanner.atBoundary());
            assertEquals(0, log.scanner.position());
        }
    }
}
