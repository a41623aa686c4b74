package dev.slipstream.codec.http1;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The framing around a chunk")
class ChunkFramingTest {
    private static final String DATA = "x".repeat(0x1a);

    /** Gives back what goes on: framed, if it can be, else the data alone. */
    private static String passOn(String read, int dataAt, int length) {
        ByteBuf in = Unpooled.copiedBuffer(read, US_ASCII).readerIndex(dataAt);
        ByteBuf data = ChunkFraming.readChunk(in, length);
        try {
            assertEquals(read.substring(dataAt, dataAt + length), data.toString(US_ASCII), "what stages look at");
            assertEquals(dataAt + length, in.readerIndex());
            assertEquals(2, in.refCnt());
            ChunkFraming.include(data);
            return data.toString(US_ASCII);
        } finally {
            data.release();
            in.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1a\r\n", "1A\r\n", "HTTP/1.1 200 OK\r\n\r\n1a\r\n"})
    @DisplayName("goes on with it where all of it came in one read")
    void isKept(String before) {
        String line = before.substring(before.length() - 4);
        assertEquals(line + DATA + "\r\n", passOn(before + DATA + "\r\n0\r\n\r\n", before.length(), DATA.length()));
    }

    @Test
    @DisplayName("loses its leading zeros and extensions")
    void isPlain() {
        assertEquals("1a\r\n" + DATA + "\r\n", passOn("001a\r\n" + DATA + "\r\n", 6, DATA.length()));
        assertEquals(DATA, passOn("1a;a=b\r\n" + DATA + "\r\n", 8, DATA.length()));
    }

    @ParameterizedTest
    @CsvSource({"1a,''", "1a,'\r'", "1a,'\rx'", "1b,'\r\n'", "a,'\r\n'", "2a,'\r\n'", "zz,'\r\n'"})
    @DisplayName("is not taken for it where it is not all there or tells another size")
    void isNotGuessed(String size, String behind) {
        String before = size + "\r\n";
        assertEquals(DATA, passOn(before + DATA + behind, before.length(), DATA.length()));
    }

    @Test
    @DisplayName("is not looked for outside of the buffer")
    void staysInside() {
        ByteBuf alone = Unpooled.copiedBuffer(DATA, US_ASCII);
        assertFalse(ChunkFraming.include(alone));
        assertEquals(DATA, alone.toString(US_ASCII));
        alone.release();
        assertEquals(DATA, passOn(DATA, 0, DATA.length()));
    }
}
