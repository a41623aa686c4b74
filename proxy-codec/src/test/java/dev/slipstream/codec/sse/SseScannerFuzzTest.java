package dev.slipstream.codec.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Invariants: never throws; tells the standard's events; in any split the same. */
class SseScannerFuzzTest {
    @FuzzTest
    void everySplitTellsTheSame(byte[] stream) {
        List<SseOracle.Event> expected = SseOracle.events(stream).stream()
                .map(event -> new SseOracle.Event(EventLog.known(event.name()), event.data()))
                .toList();
        EventLog whole = new EventLog();
        whole.scanner.feed(stream, 0, stream.length, whole);
        boolean boundary = whole.scanner.atBoundary();
        whole.scanner.finish(whole);
        assertEquals(expected, whole.events);
        for (int step : new int[] {1, 3, 64}) {
            EventLog log = new EventLog();
            for (int at = 0; at < stream.length; at += step) {
                log.scanner.feed(stream, at, Math.min(stream.length, at + step), log);
            }
            assertEquals(boundary, log.scanner.atBoundary());
            log.scanner.finish(log);
            assertEquals(expected, log.events);
            assertEquals(whole.ends, log.ends);
        }
    }
}
