package dev.slipstream.codec.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadBuilderTest {
    private final FlatHead head = new FlatHead();
    private final HeadBuilder builder = new HeadBuilder(1000, 5);

    private static String copied(FlatHead head) {
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < head.fieldCount(); i++) {
            HeadWriter.copyField(out, head, i);
        }
        String text = out.toString(ISO_8859_1);
        out.release();
        return text;
    }

    @Test
    void fieldsAreCopiedAsLinesWhateverStoodThereBefore() {
        builder.beginResponse(head, 200);
        // Refused, and left in the array.
        assertEquals(
                HeadResult.BAD,
                builder.add("x", "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r"));
        head.reset();
        assertEquals(HeadResult.COMPLETE, builder.beginResponse(head, 204));
        assertEquals(HeadResult.COMPLETE, builder.add(AsciiString.of("content-type"), AsciiString.of("a/b")));
        assertEquals(HeadResult.COMPLETE, builder.add("x-blank", "  y "));
        assertEquals(HeadResult.COMPLETE, builder.add("x-empty", ""));
        assertEquals(HeadResult.COMPLETE, builder.add("x-last", "  z"));
        assertEquals(204, head.status());
        assertEquals(0, head.find(HeaderName.CONTENT_TYPE));
        assertEquals("content-type: a/b\r\nx-blank: y\r\nx-empty: \r\nx-last: z\r\n", copied(head));
    }

    @ParameterizedTest
    @CsvSource({
        "Upper, x",
        "'', x",
        "'a b', x",
        "a:b, x",
        "connection, close",
        "transfer-encoding, chunked",
        "keep-alive, 5",
        "upgrade, x",
        "content-length, -1",
        "content-length, 1a",
        "content-length, ''"
    })
    void whatBreaksTheRulesIsRefused(String name, String value) {
        builder.beginResponse(head, 200);
        assertEquals(HeadResult.BAD, builder.add(name, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 13, 127, 256, 0x10A})
    void aControlCharacterOrNoByteAtAllIsRefused(int c) {
        builder.beginResponse(head, 200);
        assertEquals(HeadResult.BAD, builder.add("x", "a" + (char) c + "b"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 1000})
    void aStatusThatIsNoneIsRefused(int status) {
        assertEquals(HeadResult.BAD, builder.beginResponse(head, status));
    }

    @Test
    void lengthIsReadOnceAndLimitsHold() {
        builder.beginResponse(head, 200);
        assertEquals(HeadResult.COMPLETE, builder.add("content-length", "42"));
        assertEquals(42, head.contentLength());
        assertEquals(HeadResult.BAD, builder.add("content-length", "42"));
        for (int i = head.fieldCount(); i < 5; i++) {
            assertEquals(HeadResult.COMPLETE, builder.add("x", "y"));
        }
        assertEquals(HeadResult.TOO_LARGE, builder.add("x", "y"));
        head.reset();
        builder.beginResponse(head, 200);
        assertEquals(HeadResult.TOO_LARGE, builder.add("x", "y".repeat(968)));
        head.reset();
        builder.beginResponse(head, 200);
        assertEquals(HeadResult.COMPLETE, builder.add("x", "y".repeat(967)));
    }

    // ------------------------------------------------------------------ requests

    @Test
    void aRequestReadsAsOneOfText() {
        HeadBuilder requests = new HeadBuilder(50, 1000, 5);
        assertEquals(
                HeadResult.COMPLETE,
                requests.beginRequest(head, AsciiString.of("POST"), AsciiString.of("/v1/x?y=z"), "api.example:8443"));
        assertEquals(HeadResult.COMPLETE, requests.add("content-length", "12"));
        assertEquals(HeadResult.COMPLETE, requests.add("te", "Trailers"));
        // Said twice, kept once.
        assertEquals(HeadResult.COMPLETE, requests.add("host", "api.example:8443"));
        assertEquals(HeadResult.COMPLETE, requests.add("x-last", "z"));
        assertEquals(HeadResult.COMPLETE, requests.endRequest());
        assertEquals(HttpMethod.POST, head.method());
        assertEquals(
                "/v1/x?y=z",
                new String(head.array(), head.targetStart(), head.targetEnd() - head.targetStart(), ISO_8859_1));
        assertEquals(BodyFraming.LENGTH, head.requestFraming());
        assertEquals(12, head.contentLength());
        assertEquals("host: api.example:8443\r\ncontent-length: 12\r\nte: Trailers\r\nx-last: z\r\n", copied(head));
    }

    @Test
    void aHostWillDoForAnAuthority() {
        assertEquals(HeadResult.COMPLETE, builder.beginRequest(head, "GET", "/", ""));
        assertEquals(HeadResult.BAD, builder.endRequest());
        assertEquals(HeadResult.COMPLETE, builder.add("host", "a"));
        assertEquals(HeadResult.COMPLETE, builder.endRequest());
        assertEquals(HttpMethod.GET, head.method());
    }

    @ParameterizedTest
    @CsvSource({
        "'', /, a",
        "'GET ', /, a",
        "'GET / HTTP/1.1', /, a",
        "'G\r\nT', /, a",
        "G:T, /, a",
        "GET, '', a",
        "GET, *, a",
        "GET, x, a",
        "GET, http://a/, a",
        "GET, '/ ', a",
        "GET, '/ HTTP/1.1', a",
        "GET, '/\u0001', a",
        "GET, '/\u00e9', a",
        "GET, '/\u012f', a",
        "GET, /, 'a b'",
        "GET, /, a@b",
        "GET, /, 'a,b'",
        "GET, /, 'a:x'"
    })
    void whatARequestLineCouldNotCarryIsRefused(String method, String target, String authority) {
        assertEquals(HeadResult.BAD, builder.beginRequest(head, method, target, authority));
    }

    @Test
    void aLineEndInARequestIsRefused() {
        assertEquals(HeadResult.BAD, builder.beginRequest(head, "GET /\r\nx: y", "/", "a"));
        head.reset();
        assertEquals(HeadResult.BAD, builder.beginRequest(head, "GET", "/\r\nx: y", "a"));
        head.reset();
        assertEquals(HeadResult.BAD, builder.beginRequest(head, "GET", "/", "a\r\nx: y"));
    }

    @Test
    void aRequestForTwoIsRefused() {
        builder.beginRequest(head, "GET", "/", "a");
        assertEquals(HeadResult.BAD, builder.add("host", "b"));
        head.reset();
        builder.beginRequest(head, "GET", "/", "");
        builder.add("host", "a");
        assertEquals(HeadResult.BAD, builder.add("host", "b"));
        head.reset();
        builder.beginRequest(head, "GET", "/", "a");
        assertEquals(HeadResult.BAD, builder.add("te", "gzip"));
    }

    @Test
    void aTargetHasALimitOfItsOwn() {
        HeadBuilder requests = new HeadBuilder(10, 1000, 5);
        assertEquals(HeadResult.COMPLETE, requests.beginRequest(head, "GET", "/" + "x".repeat(9), "a"));
        head.reset();
        assertEquals(HeadResult.TARGET_TOO_LONG, requests.beginRequest(head, "GET", "/" + "x".repeat(10), "a"));
        head.reset();
        assertEquals(HeadResult.BAD, requests.beginRequest(head, "x".repeat(33), "/", "a"));
    }
}
