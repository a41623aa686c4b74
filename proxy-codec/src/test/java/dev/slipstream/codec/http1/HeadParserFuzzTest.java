package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Any bytes: what is a head is told by {@link ReferenceHead}, no split changes anything, what we write is read as what
 * we read, and Netty reads the same message. Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes. The
 * first byte of the input is where the rest is cut in two.
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
        assertEquals(whole, Reading.ofHead(requests, input, Cuts.of(input)));
        assertEquals(whole, Reading.ofHead(requests, input, Reading.everywhere(input)));
        assertTrue(whole.taken() <= Reading.MAX_HEAD + 5, "two empty lines and the limit at most");

        HeadParser parser = Reading.parser(requests);
        FlatHead head = new FlatHead();
        HeadResult result = parser.parse(Unpooled.wrappedBuffer(input), head);
        assertTrue(head.array().length <= Reading.MAX_HEAD, "the array grows to the limit at most");
        ReferenceHead reference = ReferenceHead.read(requests, Reading.text(input, 0, input.length));
        assertEquals(reference != null, result == HeadResult.COMPLETE, parser.detail());
        if (reference != null) {
            assertEquals(reference.meaning(), ReferenceHead.meaning(head));
            assertEquals(reference.end(), whole.taken());
            assertEquals(ReferenceHead.fields(head), writtenAndReadAgain(requests, head, false));
            assertEquals(ReferenceHead.fields(head), writtenAndReadAgain(requests, head, true));
            assertNettyReadsTheSame(requests, input);
        }
        // Nothing of a head, good or bad, is left for the next.
        parser.reset();
        head.reset();
        assertEquals(whole, Reading.ofHead(requests, parser, head, input));
    }

    /** The fields after a way through our writer and our parser. */
    private static String writtenAndReadAgain(boolean requests, FlatHead head, boolean copied) {
        byte[] array = head.array();
        ByteBuf out = Unpooled.buffer();
        if (requests) {
            String target = Reading.text(array, head.targetStart(), head.targetEnd());
            String line = "POST " + target + " HTTP/1." + head.minorVersion() + "\r\n";
            out.writeCharSequence(line, StandardCharsets.ISO_8859_1);
        } else {
            HeadWriter.statusLine(out, head.status());
        }
        for (int i = 0; i < head.fieldCount(); i++) {
            if (copied) {
                HeadWriter.copyField(out, head, i);
            } else {
                HeadWriter.field(
                        out,
                        Arrays.copyOfRange(array, head.nameStart(i), head.nameEnd(i)),
                        Arrays.copyOfRange(array, head.valueStart(i), head.valueEnd(i)));
            }
        }
        HeadWriter.end(out);
        // A blank behind each colon, and our phrase for the status, make it longer than it was.
        int limit = 2 * Reading.MAX_HEAD;
        HeadParser parser = requests
                ? HeadParser.ofRequests(limit, limit, Reading.MAX_FIELDS)
                : HeadParser.ofResponses(limit, Reading.MAX_FIELDS);
        FlatHead again = new FlatHead();
        HeadResult result = parser.parse(out, again);
        assertEquals(HeadResult.COMPLETE, result, parser.detail());
        assertEquals(0, out.readableBytes());
        assertEquals(head.contentLength(), again.contentLength());
        assertEquals(head.isChunked(), again.isChunked());
        return ReferenceHead.fields(again);
    }

    private static void assertNettyReadsTheSame(boolean requests, byte[] input) {
        if (input.length > Reading.MAX_HEAD / 2) {
            // Netty counts its limits in another way.
            return;
        }
        String ours = Messages.ours(requests, input);
        String theirs = Messages.nettys(requests, input);
        if (ours.endsWith(Messages.REFUSED_BODY)) {
            ours = ours.substring(0, ours.length() - Messages.REFUSED_BODY.length());
            theirs = theirs.substring(0, Math.min(ours.length(), theirs.length()));
        }
        assertEquals(ours, theirs);
    }
}
