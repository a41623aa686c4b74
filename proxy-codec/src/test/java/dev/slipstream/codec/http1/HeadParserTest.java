package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static final String BODY = "GET /the-body HTTP/1.1\r\n\r\n";

    @ParameterizedTest
    @MethodSource("dev.slipstream.codec.http1.HeadSamples#acceptedRequests")
    void whatIsARequestIsTakenUpToItsLastByte(String head) {
        Reading reading = Reading.ofHead(true, Reading.bytes(head + BODY));
        assertEquals("COMPLETE", reading.result(), reading::detail);
        assertEquals(head.length(), reading.taken());
        assertEquals("", reading.detail());
    }

    @ParameterizedTest
    @MethodSource("dev.slipstream.codec.http1.HeadSamples#acceptedResponses")
    void whatIsAResponseIsTakenUpToItsLastByte(String head) {
        Reading reading = Reading.ofHead(false, Reading.bytes(head + BODY));
        assertEquals("COMPLETE", reading.result(), reading::detail);
        assertEquals(head.length(), reading.taken());
    }

    static List<Object[]> refused() {
        List<Object[]> all = new ArrayList<>();
        for (Map.Entry<String, HeadResult> e : HeadSamples.refusedRequests().entrySet()) {
            all.add(new Object[] {true, e.getKey(), e.getValue()});
        }
        for (Map.Entry<String, HeadResult> e : HeadSamples.refusedResponses().entrySet()) {
            all.add(new Object[] {false, e.getKey(), e.getValue()});
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsMalformedOrTooMuchIsRefusedWithAReason(boolean request, String head, HeadResult expected) {
        Reading reading = Reading.ofHead(request, Reading.bytes(head));
        assertEquals(expected.name(), reading.result(), reading::detail);
        assertNotEquals("", reading.detail());
        assertTrue(reading.taken() > 0, "a failure takes the byte that failed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theSplitOfTheInputDoesNotMatter(boolean requests) {
        List<String> inputs = new ArrayList<>();
        inputs.addAll(requests ? HeadSamples.acceptedRequests() : HeadSamples.acceptedResponses());
        inputs.addAll((requests ? HeadSamples.refusedRequests() : HeadSamples.refusedResponses()).keySet());
        for (String input : inputs) {
            byte[] bytes = Reading.bytes(input + BODY);
            Reading whole = Reading.ofHead(requests, bytes);
            assertEquals(whole, Reading.ofHead(requests, bytes, Reading.everywhere(bytes)), input);
            // All places for what is of usual size; around the limits the byte by byte run above tells enough.
            int step = bytes.length > 1000 ? 97 : 1;
            for (int cut = 0; cut <= bytes.length; cut += step) {
                assertEquals(whole, Reading.ofHead(requests, bytes, cut), input);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x0A, 0x16, 0x20, 0x22, 0x3A, 0x80, 0xFF})
    void whatCannotBeginARequestIsRefusedOnItsFirstByte(int first) {
        Reading reading = Reading.ofHead(true, new byte[] {(byte) first});
        assertEquals("BAD", reading.result());
        assertEquals(1, reading.taken());
    }

    @Test
    void aFailureIsToldAsSoonAsItsByteArrives() {
        assertEquals("BAD", Reading.ofHead(true, Reading.bytes("GET *")).result());
        assertEquals("BAD", Reading.ofHead(true, Reading.bytes("GET / HTTQ")).result());
        assertEquals(
                "BAD",
                Reading.ofHead(true, Reading.bytes("GET / HTTP/1.1\r\nBad name"))
                        .result());
        assertEquals("BAD", Reading.ofHead(false, Reading.bytes("S")).result());
    }

    @Test
    void aHeadShorterThanItsEndAsksForMore() {
        byte[] bytes = Reading.bytes(HeadSamples.CHAT);
        for (int end = 0; end < bytes.length; end++) {
            Reading reading = Reading.ofHead(true, Arrays.copyOf(bytes, end));
            assertEquals("NEED_MORE", reading.result());
            assertEquals(end, reading.taken());
        }
    }

    @Test
    void pipelinedRequestsAreReadOneByOneFromOneBuffer() {
        ByteBuf in = Unpooled.wrappedBuffer(
                Reading.bytes(HeadSamples.get() + "\r\n" + HeadSamples.CHAT + HeadSamples.target("/third")));
        HeadParser parser = Reading.parser(true);
        FlatHead head = new FlatHead();
        assertTrue(parser.isIdle());
        assertEquals(HeadResult.COMPLETE, parser.parse(in, head));
        assertEquals(HttpMethod.GET, head.method());
        head.reset();
        assertTrue(parser.isIdle());
        assertEquals(HeadResult.COMPLETE, parser.parse(in, head));
        assertEquals(HttpMethod.POST, head.method());
        assertEquals(12, head.contentLength());
        head.reset();
        assertEquals(HeadResult.COMPLETE, parser.parse(in, head));
        assertEquals("/third", Reading.text(head.array(), head.targetStart(), head.targetEnd()));
        assertEquals(-1, head.contentLength());
        head.reset();
        assertEquals(HeadResult.NEED_MORE, parser.parse(in, head));
        assertFalse(in.isReadable());
    }

    @Test
    void emptyLinesBeforeARequestLeaveTheParserIdle() {
        HeadParser parser = Reading.parser(true);
        FlatHead head = new FlatHead();
        assertEquals(HeadResult.NEED_MORE, parser.parse(Unpooled.wrappedBuffer(Reading.bytes("\r\n\r")), head));
        assertTrue(parser.isIdle());
        assertEquals(HeadResult.NEED_MORE, parser.parse(Unpooled.wrappedBuffer(Reading.bytes("\nG")), head));
        assertFalse(parser.isIdle());
    }

    @Test
    void aFailedParserTakesNothingUntilItIsReset() {
        HeadParser parser = Reading.parser(true);
        FlatHead head = new FlatHead();
        assertEquals(HeadResult.BAD, parser.parse(Unpooled.wrappedBuffer(Reading.bytes("GET *")), head));
        ByteBuf next = Unpooled.wrappedBuffer(Reading.bytes(HeadSamples.get()));
        assertEquals(HeadResult.BAD, parser.parse(next, head));
        assertEquals(0, next.readerIndex());
        parser.reset();
        head.reset();
        assertEquals("", parser.detail());
        assertEquals(HeadResult.COMPLETE, parser.parse(next, head));
    }

    @Test
    void limitsMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> HeadParser.ofRequests(0, 1, 1));
    }
}
