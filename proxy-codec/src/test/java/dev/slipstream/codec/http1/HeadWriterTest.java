package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {
    private static String written(Consumer<ByteBuf> writing) {
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1);
        try {
            writing.accept(out);
            return out.toString(StandardCharsets.ISO_8859_1);
        } finally {
            out.release();
        }
    }

    @Test
    void statusLinesCarryTheUsualPhrases() {
        assertEquals("HTTP/1.1 200 OK\r\n", written(out -> HeadWriter.statusLine(out, 200)));
        assertEquals("HTTP/1.1 529 Overloaded\r\n", written(out -> HeadWriter.statusLine(out, 529)));
        assertEquals("HTTP/1.1 499 \r\n", written(out -> HeadWriter.statusLine(out, 499)));
    }

    @Test
    void everyStatusLineIsOneTheParserTakes() {
        for (int status = 100; status <= 599; status++) {
            int code = status;
            FlatHead head = parsed(false, written(out -> {
                HeadWriter.statusLine(out, code);
                HeadWriter.end(out);
            }));
            assertEquals(status, head.status());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 1000})
    void aStatusOutOfRangeIsNotWritten(int status) {
        assertThrows(IllegalArgumentException.class, () -> written(out -> HeadWriter.statusLine(out, status)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 4096, Integer.MAX_VALUE, 999_999_999_999_999_999L, Long.MAX_VALUE})
    void numbersAreWrittenInDecimal(long number) {
        assertEquals(Long.toString(number), written(out -> HeadWriter.decimal(out, number)));
        assertEquals("content-length: " + number + "\r\n", written(out -> HeadWriter.contentLength(out, number)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 255, 256, 4095, 65536, 0x7FFFFFF, 0x10000000, Integer.MAX_VALUE})
    void chunkSizesAreWrittenInHex(int size) {
        assertEquals(Integer.toHexString(size) + "\r\n", written(out -> HeadWriter.chunkSize(out, size)));
    }

    @Test
    void whatWouldEndTheBodyOrMeanNothingIsNotWritten() {
        assertThrows(IllegalArgumentException.class, () -> written(out -> HeadWriter.chunkSize(out, 0)));
        assertThrows(IllegalArgumentException.class, () -> written(out -> HeadWriter.chunkSize(out, -1)));
        assertThrows(IllegalArgumentException.class, () -> written(out -> HeadWriter.contentLength(out, -1)));
    }

    @Test
    void noLineCanBeInjectedThroughAField() {
        for (char c = 0; c < 256; c++) {
            boolean control = (c < ' ' && c != '\t') || c == 0x7F;
            for (int padding : new int[] {0, 3, 8, 13}) {
                byte[] value = Reading.bytes("x".repeat(padding) + 'a' + c + 'b');
                Consumer<ByteBuf> writing = out -> HeadWriter.field(out, Reading.bytes("n"), value);
                if (control) {
                    assertThrows(IllegalArgumentException.class, () -> written(writing));
                } else {
                    assertEquals("n: " + Reading.text(value, 0, value.length) + "\r\n", written(writing));
                }
            }
        }
        for (String name : new String[] {"", "a b", "a:", "a\r\nb", "n\u00e4me", "\u0000"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> written(out -> HeadWriter.field(out, Reading.bytes(name), Reading.bytes("v"))));
        }
    }

    @Test
    void aCopiedFieldIsNormalisedWhateverBlanksItCameWith() {
        FlatHead head = parsed(true, HeadSamples.get("A:b", "C: d", "E:  f \t", "G:", "H: ", "I: j "));
        assertEquals("host: h\r\na: b\r\nc: d\r\ne: f\r\ng: \r\nh: \r\ni: j\r\n", written(out -> {
            for (int i = 0; i < head.fieldCount(); i++) {
                HeadWriter.copyField(out, head, i);
            }
        }));
    }

    @Test
    void whatIsWrittenIsReadBackTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int count = random.nextInt(20);
            byte[][] names = new byte[count][];
            byte[][] values = new byte[count][];
            for (int i = 0; i < count; i++) {
                names[i] = Reading.bytes("x" + randomText(random, "abcdefghijklmnopqrstuvwxyz0123456789-_~!", 1));
                values[i] = Reading.bytes(randomText(random, "aZ09 \t,;:=\"\\\u00e9\u00ff\u0080", 0)
                        .strip());
            }
            long length = random.nextLong() >>> (5 + random.nextInt(59));
            int status = 200 + random.nextInt(4);
            String text = written(out -> {
                HeadWriter.statusLine(out, status);
                for (int i = 0; i < count; i++) {
                    HeadWriter.field(out, names[i], values[i]);
                }
                HeadWriter.contentLength(out, length);
                HeadWriter.end(out);
            });
            FlatHead head = parsed(false, text);
            assertEquals(status, head.status(), () -> "seed " + seed);
            assertEquals(count + 1, head.fieldCount(), () -> "seed " + seed);
            assertEquals(length, head.contentLength(), () -> "seed " + seed);
            for (int i = 0; i < count; i++) {
                assertEquals(
                        Reading.text(names[i], 0, names[i].length) + "=" + Reading.text(values[i], 0, values[i].length),
                        Reading.text(head.array(), head.nameStart(i), head.nameEnd(i)) + "="
                                + Reading.text(head.array(), head.valueStart(i), head.valueEnd(i)),
                        () -> "seed " + seed);
            }
        }
    }

    private static String randomText(Random random, String alphabet, int least) {
        StringBuilder text = new StringBuilder();
        int length = least + random.nextInt(20);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static FlatHead parsed(boolean request, String text) {
        FlatHead head = new FlatHead();
        HeadParser parser = Reading.parser(request);
        HeadResult result = parser.parse(Unpooled.wrappedBuffer(Reading.bytes(text)), head);
        assertEquals(HeadResult.COMPLETE, result, parser::detail);
        return head;
    }
}
