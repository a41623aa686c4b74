package dev.slipstream.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.exchange.CloseReason;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogWriterTest {
    private static final int BATCH_BYTES = 8 * 1024;

    private int wakes;
    private long nanos;
    private final EndedExchange ended = new EndedExchange();
    private final MemorySink sink = new MemorySink(BATCH_BYTES);
    private final LogLane lane = new LogLane(InstantSource.system(), () -> wakes++);
    private final LogLane second = new LogLane(InstantSource.system(), () -> wakes++);
    private final LogWriter writer = new LogWriter(sink, List.of(lane, second), () -> nanos);

    @AfterEach
    void close() {
        ended.close();
    }

    private void end(LogLane lane, int times) {
        for (int i = 0; i < times; i++) {
            lane.onEnd(ended.exchange, CloseReason.ANSWERED);
        }
    }

    private void writeAll() {
        while (writer.step()) {
            assertTrue(sink.text().endsWith("}\n"), "a batch ends with a line");
        }
    }

    private long lines() {
        return sink.text().chars().filter(c -> c == '\n').count();
    }

    @Test
    void theLinesOfAllLanesAreWritten() {
        end(lane, 300);
        end(second, 200);
        writeAll();
        assertEquals(500, lines());
        assertEquals(0, writer.dropped());
        for (String line : sink.text().split("\n", -1)) {
            assertTrue(line.isEmpty() || (line.startsWith("{\"time\":") && line.endsWith("}")), line);
        }
    }

    @Test
    void whatIsBeyondTheBoundIsDroppedAndCounted() {
        end(lane, LogLane.RECORDS + 17);
        assertEquals(17, writer.dropped());
        writeAll();
        assertEquals(LogLane.RECORDS, lines());
        end(lane, 5);
        writeAll();
        assertEquals(LogLane.RECORDS + 5, lines());
        assertEquals(17, writer.dropped());
    }

    @Test
    void theWriterIsWokenBeforeALaneIsFull() {
        end(lane, LogLane.RECORDS / 2);
        assertEquals(2, wakes);
    }

    @Test
    void aFullDiskIsCountedAndNoLineIsTorn() {
        end(lane, 3);
        writeAll();
        int lineBytes = sink.text().length() / 3;
        end(lane, 10);
        sink.room = lineBytes * 2 + 5;
        assertFalse(writer.step());
        assertEquals(1, writer.errors());

        end(lane, LogLane.RECORDS);
        nanos += TimeUnit.MILLISECONDS.toNanos(900);
        assertFalse(writer.step(), "not tried again so soon");
        assertEquals(1, sink.refusals);
        nanos += TimeUnit.MILLISECONDS.toNanos(200);
        assertFalse(writer.step());
        assertEquals(2, writer.errors());

        sink.room = Integer.MAX_VALUE;
        nanos += TimeUnit.SECONDS.toNanos(1);
        writeAll();
        assertEquals(3 + 10 + LogLane.RECORDS - writer.dropped(), lines());
        for (String line : sink.text().split("\n", -1)) {
            assertTrue(line.isEmpty() || (line.startsWith("{\"time\":") && line.endsWith("}")), line);
        }
    }

    @Test
    void aNewFileBeginsWithAWholeLine() {
        end(lane, 4);
        sink.room = 10;
        assertFalse(writer.step());
        assertEquals(10, sink.text().length());

        sink.clear();
        sink.room = Integer.MAX_VALUE;
        writer.reopen();
        assertEquals(1, sink.opened);
        writeAll();
        assertEquals(4, lines());
        assertTrue(sink.text().startsWith("{\"time\":"), sink.text());
    }

    @Test
    void theEndWritesWhatThereIsAndGivesUpOnAFullDisk() {
        end(lane, 100);
        writer.finish(nanos + 1);
        assertEquals(100, lines());

        end(lane, 100);
        sink.room = 0;
        writer.finish(nanos + 1);
        assertEquals(100, lines());
    }

    @Test
    void theLoopAllocatesNothingOnceItsRecordsAreMade() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        for (int i = 0; i < 20; i++) {
            end(lane, LogLane.RECORDS);
            writeAll();
        }
        long before = threads.getThreadAllocatedBytes(self);
        long nothing = threads.getThreadAllocatedBytes(self) - before;
        before = threads.getThreadAllocatedBytes(self);
        end(lane, LogLane.RECORDS + 100);
        long allocatedBytes = threads.getThreadAllocatedBytes(self) - before;
        assertEquals(nothing, allocatedBytes);
    }
}
