package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * Runs over its seeds as an ordinary test; fuzzes where {@code JAZZER_FUZZ=1} is set. The first byte of the input is
 * where the rest is cut.
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
        assertEquals(whole, Reading.ofChunks(input, Reading.everywhere(input)));
        if (whole.result().equals("END")) {
            byte[] message = Reading.bytes(HEAD + Reading.text(input, 0, input.length));
            assertEquals(Messages.ours(true, message), Messages.nettys(true, message));
        }
    }
}
