package dev.slipstream.codec.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import dev.slipstream.codec.StateSize;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes: the events are those of the standard's own algorithm, no split changes anything, an error event may be
 * written behind any byte, and the state does not grow. Runs over its seeds as an ordinary test; {@code scripts/fuzz}
 * fuzzes.
 */
class SseScannerFuzzTest {
    private static final String ERROR_JSON = "{\"type\":\"error\"}";
    private static final SseOracle.Event ERROR = new SseOracle.Event("error", ERROR_JSON);
    private static final int MAX_PREFIXES = 16;

    @FuzzTest(maxDuration = "5m")
    void everySplitTellsTheSame(byte[] stream) {
        List<SseOracle.Event> expected = known(SseOracle.events(stream));
        EventLog whole = new EventLog();
        long stateSize = StateSize.of(whole.scanner);
        whole.scanner.feed(stream, 0, stream.length, whole);
        boolean boundary = whole.scanner.atBoundary();
        assertEquals(stream.length, whole.scanner.position());
        whole.scanner.finish(whole);
        assertEquals(expected, whole.events);
        for (int step : new int[] {1, 3, 64}) {
            int[] cuts = new int[stream.length / step];
            for (int i = 0; i < cuts.length; i++) {
                cuts[i] = (i + 1) * step;
            }
            assertSame(stream, whole, boundary, step, cuts);
        }
        assertSame(stream, whole, boundary, 7, Cuts.of(stream));
        assertEquals(stateSize, StateSize.of(whole.scanner));
        assertEventsEndWhereTheySay(stream, whole);
        int cut = Cuts.random(stream).nextInt(stream.length + 1);
        assertAnErrorMayFollow(stream, cut);
        assertAnErrorMayFollow(stream, stream.length);
        assertASignOfLifeMayStandBetweenEvents(stream, cut);
    }

    /** In pieces, from buffers without an array, through a scratch of that many bytes. */
    private static void assertSame(byte[] stream, EventLog whole, boolean boundary, int scratch, int... cuts) {
        EventLog log = new EventLog();
        ByteBuf readOnly = Unpooled.wrappedBuffer(stream).asReadOnly();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? stream.length : cuts[i];
            log.scanner.feed(readOnly.slice(from, to - from), new byte[scratch], log);
            from = to;
        }
        assertEquals(boundary, log.scanner.atBoundary());
        log.scanner.finish(log);
        assertEquals(whole.events, log.events);
        assertEquals(whole.ends, log.ends);
    }

    private static void assertEventsEndWhereTheySay(byte[] stream, EventLog whole) {
        for (int i = 0; i < Math.min(MAX_PREFIXES, whole.ends.size()); i++) {
            int end = (int) (long) whole.ends.get(i);
            EventLog prefix = new EventLog();
            prefix.scanner.feed(stream, 0, end, prefix);
            prefix.scanner.finish(prefix);
            assertEquals(whole.ends.subList(0, i + 1), prefix.ends);
            assertEquals(known(SseOracle.events(Arrays.copyOf(stream, end))), prefix.events);
        }
    }

    /** Behind {@code length} bytes an error event reaches the client, and none that was whole is lost or changed. */
    private static void assertAnErrorMayFollow(byte[] stream, int length) {
        EventLog log = new EventLog();
        log.scanner.feed(stream, 0, length, log);
        boolean boundary = log.scanner.atBoundary();
        List<SseOracle.Event> before = SseOracle.events(Arrays.copyOf(stream, length));
        ByteBuf out = Unpooled.buffer().writeBytes(stream, 0, length);
        SseWriter.errorEvent(out, !boundary, Unpooled.copiedBuffer(ERROR_JSON, StandardCharsets.US_ASCII));
        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        List<SseOracle.Event> after = SseOracle.events(written);
        assertEquals(before, after.subList(0, before.size()));
        assertEquals(ERROR, after.get(after.size() - 1));
        // Between them at most the event that was torn.
        assertTrue(after.size() - before.size() <= (boundary ? 1 : 2), "boundary: " + boundary);
    }

    /** Where the scanner tells a boundary, behind the first byte, a comment changes nothing of what comes. */
    private static void assertASignOfLifeMayStandBetweenEvents(byte[] stream, int from) {
        EventLog log = new EventLog();
        log.scanner.feed(stream, 0, from, log);
        int at = from;
        while (at < stream.length && (at == 0 || !log.scanner.atBoundary())) {
            log.scanner.feed(stream, at, at + 1, log);
            at++;
        }
        if (at > 0 && log.scanner.atBoundary()) {
            ByteBuf out = Unpooled.buffer().writeBytes(stream, 0, at);
            SseWriter.comment(out);
            byte[] written =
                    new byte[out.writeBytes(stream, at, stream.length - at).readableBytes()];
            out.readBytes(written);
            assertEquals(SseOracle.events(stream), SseOracle.events(written), "comment at " + at);
        }
    }

    private static List<SseOracle.Event> known(List<SseOracle.Event> events) {
        return events.stream()
                .map(event -> new SseOracle.Event(EventLog.known(event.name()), event.data()))
                .toList();
    }
}
