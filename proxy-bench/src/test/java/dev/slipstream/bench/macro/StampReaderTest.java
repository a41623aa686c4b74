package dev.slipstream.bench.macro;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StampReaderTest {
    /** The second event is cut by a chunk's end, within its digits. */
    private static final byte[] BODY =
            "11\r\ndata: {\"at\":12}\n\n\r\nd\r\ndata: {\"at\":3\r\n4\r\n4}\n\n\r\n0\r\n\r\n".getBytes(US_ASCII);

    @Test
    void findsEventsHoweverTheyAreCut() {
        for (int cut = 0; cut <= BODY.length; cut++) {
            StampReader reader = new StampReader();
            reader.take(BODY, 0, cut, 1);
            reader.take(BODY, cut, BODY.length, 2);
            assertArrayEquals(new long[] {12, 34}, reader.arrivals().writtenNanos(), "cut at " + cut);
        }
    }

    @Test
    void tellsWhenAnEventWasComplete() {
        StampReader reader = new StampReader();
        for (int i = 0; i < BODY.length; i++) {
            reader.take(BODY, i, i + 1, i);
        }
        String text = new String(BODY, US_ASCII);
        assertArrayEquals(
                new long[] {text.indexOf('}'), text.lastIndexOf('}')},
                reader.arrivals().cameNanos());
    }

    @Test
    void isWholeWithTheLastChunkAlone() {
        StampReader reader = new StampReader();
        int last = new String(BODY, US_ASCII).lastIndexOf("0\r\n");
        reader.take(BODY, 0, last, 1);
        assertFalse(reader.isWhole());
        reader.take(BODY, last, BODY.length, 2);
        assertTrue(reader.isWhole());
    }
}
