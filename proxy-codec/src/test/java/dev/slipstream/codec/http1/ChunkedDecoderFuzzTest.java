package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import java.util.Arrays;

/**
 * Any bytes: body, end and failure are those of {@link ReferenceChunks}, no split changes anything, and Netty reads the
 * same body. Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes. The first byte of the input is where
 * the rest is cut in two.
 */
class ChunkedDecoderFuzzTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

    @FuzzTest(maxDuration = "5m")
    void anyBytesAsAChunkedBody(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] input = Arrays.copyOfRange(data, 1, data.length);
        Reading whole = Reading.ofChunks(input);
        assertEquals(whole, Reading.ofChunks(input, Math.min(data[0] & 0xFF, input.length)));
        assertEquals(whole, Reading.ofChunks(input, Cuts.of(input)));
        assertEquals(whole, Reading.ofChunks(input, Reading.everywhere(input)));

        Reading reference = ReferenceChunks.read(input);
        boolean bad = whole.result().equals("BAD");
        assertEquals(bad, !whole.detail().isEmpty());
        assertEquals(reference, new Reading(whole.result(), "", bad ? 0 : whole.taken(), whole.seen()));
        if (whole.result().equals("END")) {
            byte[] message = Reading.bytes(HEAD + Reading.text(input, 0, input.length));
            assertEquals(Messages.ours(true, message), Messages.nettys(true, message));
        }
    }
}
