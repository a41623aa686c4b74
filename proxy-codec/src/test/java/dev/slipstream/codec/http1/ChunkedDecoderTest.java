package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkedDecoderTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\n\r\n";
    private static final int CASES = 20_000;

    /** Input and the body it carries. */
    static Map<String, String> accepted() {
        return Map.ofEntries(
                Map.entry("0\r\n\r\n", ""),
                Map.entry("5\r\nhello\r\n0\r\n\r\n", "hello"),
                Map.entry("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
                Map.entry("1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", "abcdefghijklmnopqrstuvwxyz"),
                Map.entry("A\r\n\r\n0\r\n\r\n012\r\n00000000\r\n\r\n", "\r\n0\r\n\r\n012"),
                Map.entry("00000002\r\nab\r\n0\r\n\r\n", "ab"),
                Map.entry("2;a\r\nab\r\n0;b=c;d=\"e;\\\"\\\\ \t\"\r\n\r\n", "ab"),
                Map.entry("2;a=\"\"\r\nab\r\n0\r\n\r\n", "ab"),
                Map.entry("2;" + "x".repeat(ChunkedDecoder.MAX_LINE_BYTES - 4) + "\r\nab\r\n0\r\n\r\n", "ab"),
                Map.entry("0\r\nContent-Length: 5\r\nHost: x\r\nT:\r\n\r\n", ""),
                Map.entry("0\r\nT: " + "x".repeat(ChunkedDecoder.MAX_TRAILER_BYTES - 7) + "\r\n\r\n", ""),
                Map.entry("0\r\n" + "T: v\r\n".repeat(ChunkedDecoder.MAX_TRAILER_FIELDS) + "\r\n", ""));
    }

    static List<String> refused() {
        return List.of(
                "\r\n",
                ";a\r\n",
                "g\r\n",
                "-1\r\n",
                "+1\r\n",
                "0x1\r\n",
                "1_0\r\n",
                " 1\r\n",
                "1 \r\n",
                "1\t\r\n",
                "1\u0000\r\n",
                "80000000\r\n",
                "ffffffff\r\n",
                "000000001\r\n",
                "10000000000000001\r\n",
                "1\nx\r\n0\r\n\r\n",
                "1\rx",
                "1\r\nx\n0\r\n\r\n",
                "1\r\nx\rx",
                "1\r\nxy\r\n0\r\n\r\n",
                "1\r\nx0\r\n\r\n",
                "1;\r\n",
                "1; a\r\n",
                "1 ;a\r\n",
                "1;a b\r\n",
                "1;a= b\r\n",
                "1;a=\r\n",
                "1;a=b=c\r\n",
                "1;=b\r\n",
                "1;a\n",
                "1;a\rb",
                "1;a\u0000\r\n",
                "1;a=\"b\r\n",
                "1;a=\"b\\\r\n",
                "1;a=\"b\"c\r\n",
                "1;a=\"b\u007f\"\r\n",
                "1;a=\"b\u00e9\"\r\n",
                "1;" + "x".repeat(ChunkedDecoder.MAX_LINE_BYTES - 3) + "\r\n",
                "1;" + "x".repeat(65536),
                "0\r\n\n",
                "0\r\n\rx",
                "0\r\nT: v\n\r\n",
                "0\r\nT: v\rx",
                "0\r\nT : v\r\n\r\n",
                "0\r\n: v\r\n\r\n",
                "0\r\nT\r\n\r\n",
                "0\r\n folded\r\n\r\n",
                "0\r\nT: v\r\n folded\r\n\r\n",
                "0\r\nT: \u0000\r\n\r\n",
                "0\r\nT: " + "x".repeat(ChunkedDecoder.MAX_TRAILER_BYTES - 6) + "\r\n\r\n",
                "0\r\n" + "T: v\r\n".repeat(ChunkedDecoder.MAX_TRAILER_FIELDS + 1) + "\r\n");
    }

    @Test
    void aBodyIsReadToItsEndAndNoFurther() {
        accepted().forEach((input, body) -> {
            Reading reading = Reading.ofChunks(Reading.bytes(input + NEXT));
            assertEquals(new Reading("END", "", input.length(), body), reading, input);
        });
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsMalformedIsRefusedWithAReason(String input) {
        Reading reading = Reading.ofChunks(Reading.bytes(input));
        assertEquals("BAD", reading.result());
        assertNotEquals("", reading.detail());
    }

    @Test
    void theSplitOfTheInputDoesNotMatter() {
        List<String> inputs = new ArrayList<>(accepted().keySet());
        inputs.addAll(refused());
        for (String input : inputs) {
            byte[] bytes = Reading.bytes(input + NEXT);
            Reading whole = Reading.ofChunks(bytes);
            assertEquals(whole, Reading.ofChunks(bytes, Reading.everywhere(bytes)), input);
            int step = bytes.length > 1000 ? 997 : 1;
            for (int cut = 0; cut <= bytes.length; cut += step) {
                assertEquals(whole, Reading.ofChunks(bytes, cut), input);
            }
        }
    }

    @Test
    void dataIsGivenOutAsItArrives() {
        ChunkedDecoder decoder = new ChunkedDecoder();
        ByteBuf in = Unpooled.wrappedBuffer(Reading.bytes("7fffffff\r\nabc"));
        assertEquals(ChunkResult.DATA, decoder.next(in));
        assertEquals(3, decoder.dataLength());
        in.skipBytes(3);
        assertEquals(ChunkResult.NEED_MORE, decoder.next(in));
        assertEquals(0, decoder.dataLength());
    }

    @Test
    void anEndAndAFailureRepeatThemselvesUntilReset() {
        ChunkedDecoder decoder = new ChunkedDecoder();
        ByteBuf in = Unpooled.wrappedBuffer(Reading.bytes("0\r\n\r\nx1\r\ny"));
        assertEquals(ChunkResult.END, decoder.next(in));
        assertEquals(ChunkResult.END, decoder.next(in));
        assertEquals(5, in.readerIndex());
        decoder.reset();
        assertEquals(ChunkResult.BAD, decoder.next(in));
        assertEquals(ChunkResult.BAD, decoder.next(in));
        assertEquals(6, in.readerIndex());
        decoder.reset();
        assertEquals("", decoder.detail());
        assertEquals(ChunkResult.DATA, decoder.next(in));
        assertEquals(1, decoder.dataLength());
    }

    @Test
    void whatWeAcceptNettyReadsInTheSameWay() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> samples = new ArrayList<>(accepted().keySet());
        samples.addAll(refused());
        samples.removeIf(sample -> sample.length() > 1000);
        String head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        int whole = 0;
        for (int i = 0; i < CASES; i++) {
            String body = samples.get(random.nextInt(samples.size()));
            if (random.nextInt(8) > 0) {
                body = HeadDifferentialTest.mutated(random, body);
            }
            byte[] input = Reading.bytes(head + body + (random.nextBoolean() ? NEXT : ""));
            String ours = Messages.ours(true, input);
            if (ours.endsWith(" whole")) {
                whole++;
                String theirs = Messages.nettys(true, input);
                assertEquals(
                        ours, theirs, () -> "seed " + seed + ", input <" + Reading.text(input, 0, input.length) + ">");
            }
        }
        assertTrue(whole > CASES / 50, "only " + whole + " accepted, seed " + seed);
    }
}
