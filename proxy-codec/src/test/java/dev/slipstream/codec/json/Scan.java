package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** All that a scan of a whole body tells; two scans of the same bytes must be equal, however they were split. */
record Scan(
        JsonStatus status,
        String detail,
        long position,
        boolean modelSeen,
        boolean modelIsString,
        boolean modelTooLong,
        long modelStart,
        long modelEnd,
        String model,
        boolean stream) {
    static final int MAX_DEPTH = 100;

    static Scan of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    static Scan of(byte[] body) {
        return of(new JsonFieldScanner(MAX_DEPTH), Unpooled.wrappedBuffer(body));
    }

    /** Resets {@code scanner}, feeds it {@code pieces} and finishes. */
    static Scan of(JsonFieldScanner scanner, ByteBuf... pieces) {
        scanner.reset();
        for (ByteBuf piece : pieces) {
            int reader = piece.readerIndex();
            int writer = piece.writerIndex();
            JsonStatus status = scanner.feed(piece);
            assertEquals(reader, piece.readerIndex());
            assertEquals(writer, piece.writerIndex());
            if (status != JsonStatus.MORE && status != JsonStatus.COMPLETE) {
                // A failed one stays failed, whatever comes.
                long position = scanner.position();
                assertEquals(status, scanner.feed(Unpooled.wrappedBuffer(new byte[] {'}'})));
                assertEquals(position, scanner.position());
            }
        }
        JsonStatus status = scanner.finish();
        assertEquals(status, scanner.finish());
        assertEquals(status == JsonStatus.COMPLETE, scanner.detail().isEmpty(), scanner.detail());
        return new Scan(
                status,
                scanner.detail(),
                scanner.position(),
                scanner.modelSeen(),
                scanner.modelIsString(),
                scanner.modelTooLong(),
                scanner.modelStart(),
                scanner.modelEnd(),
                new String(scanner.modelBytes(), 0, scanner.modelLength(), StandardCharsets.UTF_8),
                scanner.stream());
    }

    /** The scan of {@code body}, after it proved the same split in two at every byte, and byte by byte. */
    static Scan underAllSplits(byte[] body) {
        Scan whole = of(body);
        JsonFieldScanner scanner = new JsonFieldScanner(MAX_DEPTH);
        for (int cut = 0; cut <= body.length; cut++) {
            ByteBuf head = Unpooled.wrappedBuffer(body, 0, cut);
            ByteBuf tail = Unpooled.wrappedBuffer(body, cut, body.length - cut);
            assertEquals(whole, of(scanner, head, tail), "cut at " + cut);
        }
        assertEquals(whole, of(scanner, inPiecesOf(1, body)), "byte by byte");
        return whole;
    }

    static ByteBuf[] inPiecesOf(int size, byte[] body) {
        ByteBuf[] pieces = new ByteBuf[(body.length + size - 1) / size];
        for (int i = 0; i < pieces.length; i++) {
            // Copies, so that nothing is found behind a piece's end but the array's.
            pieces[i] =
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(body, i * size, Math.min(body.length, (i + 1) * size)));
        }
        return pieces;
    }
}
