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
}
