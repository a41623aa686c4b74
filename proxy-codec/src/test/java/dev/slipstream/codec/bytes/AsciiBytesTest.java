package dev.slipstream.codec.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AsciiBytesTest {
    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void onlyLettersHaveAnotherCase() {
        for (int b = 0; b < 256; b++) {
            byte[] one = {(byte) b};
            char lower = b >= 'A' && b <= 'Z' ? (char) (b + 32) : (char) b;
            assertTrue(AsciiBytes.equalsIgnoreCase(one, 0, 1, ascii("" + lower)));
            assertEquals(AsciiBytes.hashIgnoreCase(one, 0, 1), AsciiBytes.hashIgnoreCase(ascii("" + lower), 0, 1));
            assertEquals(b >= '0' && b <= '9', AsciiBytes.isDigit((byte) b));
        }
        assertFalse(AsciiBytes.equalsIgnoreCase(ascii("\u00c9"), 0, 1, ascii("\u00e9")));
        assertFalse(AsciiBytes.equalsIgnoreCase(ascii("["), 0, 1, ascii("{")));
    }

    @Test
    void rangesAreComparedWithinTheirBounds() {
        byte[] range = ascii("xChunKedx");
        assertTrue(AsciiBytes.equalsIgnoreCase(range, 1, 8, ascii("chunked")));
        assertFalse(AsciiBytes.equalsIgnoreCase(range, 1, 7, ascii("chunked")));
        assertFalse(AsciiBytes.equalsIgnoreCase(range, 1, 9, ascii("chunked")));
        assertTrue(AsciiBytes.startsWithIgnoreCase(range, 1, 9, ascii("chunked")));
        assertFalse(AsciiBytes.startsWithIgnoreCase(range, 1, 7, ascii("chunked")));
        assertTrue(AsciiBytes.equals(range, 1, 8, ascii("ChunKed")));
        assertFalse(AsciiBytes.equals(range, 1, 8, ascii("chunked")));
    }
}
