package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes: the reference agrees, and no split changes anything. The seeds run as ordinary tests. */
class JsonFieldScannerFuzzTest {
    @FuzzTest
    void scansAnyBytesAsTheReferenceDoes(byte[] body) {
        Scan scan = Scan.of(body);
        assertTrue(scan.position() <= body.length);
        // The reference recurses and has no limit of depth, and reads on behind a second model.
        if (scan.status() != JsonStatus.TOO_DEEP && scan.status() != JsonStatus.DUPLICATE_MODEL) {
            assertEquals(ReferenceJson.read(body) != null, scan.status() == JsonStatus.COMPLETE);
        }
        JsonFieldScanner scanner = new JsonFieldScanner(Scan.MAX_DEPTH);
        assertEquals(scan, Scan.of(scanner, Scan.inPiecesOf(1, body)));
        int cut = body.length == 0 ? 0 : (body[body.length / 2] & 0xFF) % (body.length + 1);
        ByteBuf head = Unpooled.wrappedBuffer(body, 0, cut);
        ByteBuf tail = Unpooled.wrappedBuffer(body, cut, body.length - cut);
        assertEquals(scan, Scan.of(scanner, head, tail));
    }
}
