package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * Runs over its seeds as an ordinary test; fuzzes one of its methods where {@code JAZZER_FUZZ=1} is set. The first
 * byte of the input is where the rest is cut.
 */
class HeadParserFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyBytesAsARequest(byte[] data) {
        anyBytes(true, data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyBytesAsAResponse(byte[] data) {
        anyBytes(false, data);
    }

    private static void anyBytes(boolean requests, byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] input = Arrays.copyOfRange(data, 1, data.length);
        Reading whole = Reading.ofHead(requests, input);
        assertEquals(whole, Reading.ofHead(requests, input, Math.min(data[0] & 0xFF, input.length)));
        assertEquals(whole, Reading.ofHead(requests, input, Reading.everywhere(input)));
        assertTrue(whole.taken() <= Reading.MAX_HEAD + 5, "two empty lines and the limit at most");
        String ours = Messages.ours(requests, input);
        if (ours.isEmpty() || input.length > Reading.MAX_HEAD / 2) {
            // Netty counts its limits in another way.
            return;
        }
        String theirs = Messages.nettys(requests, input);
        if (ours.endsWith(Messages.REFUSED_BODY)) {
            ours = ours.substring(0, ours.length() - Messages.REFUSED_BODY.length());
            theirs = theirs.substring(0, Math.min(ours.length(), theirs.length()));
        }
        assertEquals(ours, theirs);
    }
}
