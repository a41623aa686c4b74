package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes: what is a document and where its fields are is told by {@link ReferenceJson} and by Jackson; no split
 * changes anything; after rewriting Jackson reads the same tokens but for the model. Runs over its seeds as an ordinary
 * test; {@code scripts/fuzz} fuzzes.
 */
class JsonFieldScannerFuzzTest {
    /** What the scanner works on at a time; its own end inside a body is one more way to be cut. */
    private static final int WINDOW_BYTES = 8 * 1024;

    @FuzzTest(maxDuration = "5m")
    void scansAnyBytesAsTheReferenceDoes(byte[] body) {
        Scan scan = Scan.of(body);
        assertTrue(scan.position() <= body.length);
        assertNoSplitMatters(body, scan);
        if (scan.status() == JsonStatus.TOO_DEEP) {
            assertEquals(Scan.MAX_DEPTH + 1, depthOf(body, (int) scan.position() + 1));
            return;
        }
        String text = JacksonTokens.text(body);
        List<String> tokens = text == null ? null : JacksonTokens.read(text);
        if (scan.status() == JsonStatus.DUPLICATE_MODEL) {
            // What follows the second key is not looked at.
            assertTrue(text == null || tokens == null || !JacksonTokens.isWithoutDuplicates(text));
            return;
        }
        ReferenceJson reference = ReferenceJson.read(body);
        assertEquals(reference != null, scan.status() == JsonStatus.COMPLETE, scan.detail());
        if (text != null) {
            assertEquals(tokens != null, scan.status() == JsonStatus.COMPLETE, scan.detail());
        }
        if (reference != null) {
            assertFields(reference, scan);
            if (scan.modelSeen()) {
                assertRewritten(body, scan, tokens);
            }
        }
    }

    private static void assertNoSplitMatters(byte[] body, Scan scan) {
        JsonFieldScanner scanner = new JsonFieldScanner(Scan.MAX_DEPTH);
        assertEquals(scan, Scan.of(scanner, Scan.inPiecesOf(1, body)));
        assertEquals(scan, Scan.of(scanner, pieces(body, Cuts.of(body))));
        if (body.length > 0) {
            // Blanks before it, so many that the window ends somewhere in the body.
            int blanks = WINDOW_BYTES - Cuts.random(body).nextInt(body.length + 1);
            byte[] shifted = new byte[blanks + body.length];
            Arrays.fill(shifted, 0, blanks, (byte) ' ');
            System.arraycopy(body, 0, shifted, blanks, body.length);
            assertEquals(shifted(scan, blanks), Scan.of(scanner, Unpooled.wrappedBuffer(shifted)));
        }
    }

    private static Scan shifted(Scan scan, int by) {
        return new Scan(
                scan.status(),
                scan.detail(),
                scan.position() + by,
                scan.modelSeen(),
                scan.modelIsString(),
                scan.modelTooLong(),
                // 0 is where no value of a key can be: none was seen.
                scan.modelStart() == 0 ? 0 : scan.modelStart() + by,
                scan.modelEnd() == 0 ? 0 : scan.modelEnd() + by,
                scan.model(),
                scan.stream());
    }

    /** Brackets that are open outside of strings behind the first {@code length} bytes of what is sound so far. */
    private static int depthOf(byte[] body, int length) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < length; i++) {
            switch (body[i]) {
                case '"' -> inString = !inString;
                case '\\' -> i++;
                case '{', '[' -> depth += inString ? 0 : 1;
                case '}', ']' -> depth -= inString ? 0 : 1;
                default -> {}
            }
        }
        return depth;
    }

    private static void assertFields(ReferenceJson reference, Scan scan) {
        assertEquals(reference.models == 1, scan.modelSeen());
        assertEquals(reference.stream, scan.stream());
        if (reference.models == 1) {
            assertEquals(reference.modelStart, scan.modelStart());
            assertEquals(reference.modelEnd, scan.modelEnd());
            assertEquals(reference.model != null, scan.modelIsString());
        }
    }

    private static void assertRewritten(byte[] body, Scan scan, @Nullable List<String> tokens) {
        SplittableRandom random = Cuts.random(body);
        int start = (int) scan.modelStart();
        int end = (int) scan.modelEnd();
        boolean sameLength = end - start >= 2 && random.nextBoolean();
        String name = sameLength ? "x".repeat(end - start - 2) : "claude-" + "y".repeat(random.nextInt(20));
        byte[] replacement = ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
        byte[] rewritten = rewritten(body, start, end, replacement, random);

        byte[] expected = new byte[body.length - (end - start) + replacement.length];
        System.arraycopy(body, 0, expected, 0, start);
        System.arraycopy(replacement, 0, expected, start, replacement.length);
        System.arraycopy(body, end, expected, start + replacement.length, body.length - end);
        assertTrue(Arrays.equals(expected, rewritten), "but for the model every byte is what it was");
        Scan again = Scan.of(rewritten);
        assertEquals(JsonStatus.COMPLETE, again.status(), again.detail());
        assertEquals(name.length() > JsonFieldScanner.MAX_MODEL_BYTES, again.modelTooLong());
        if (!again.modelTooLong()) {
            assertEquals(name, again.model());
        }
        assertEquals(start, again.modelStart());
        if (tokens == null) {
            return;
        }
        int index = JacksonTokens.indexOfModel(tokens);
        if (scan.modelIsString()) {
            assertModelIs(tokens.get(index), scan);
        }
        String text = JacksonTokens.text(rewritten);
        assertEquals(
                JacksonTokens.withValue(tokens, index, JacksonTokens.string(name)),
                text == null ? null : JacksonTokens.read(text));
    }

    private static void assertModelIs(String token, Scan scan) {
        byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
        int prefix = JacksonTokens.string("").length();
        boolean hasLoneSurrogate = !new String(utf8, StandardCharsets.UTF_8).equals(token);
        if (!hasLoneSurrogate) {
            assertEquals(utf8.length - prefix > JsonFieldScanner.MAX_MODEL_BYTES, scan.modelTooLong());
            if (!scan.modelTooLong()) {
                assertEquals(token, JacksonTokens.string(scan.model()));
            }
        }
    }

    private static byte[] rewritten(byte[] body, int start, int end, byte[] replacement, SplittableRandom random) {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.replace(start, end, replacement);
        List<ByteBuf> given = new ArrayList<>();
        ByteBuf[] taken = pieces(body, Cuts.of(body));
        for (ByteBuf piece : taken) {
            rewriter.take(piece, random.nextBoolean(), given::add);
        }
        assertEquals(replacement.length - (end - start), rewriter.delta());
        assertEquals(body.length, rewriter.position());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf piece : given) {
            assertTrue(piece.isReadable());
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            all.writeBytes(bytes);
            piece.release();
        }
        for (ByteBuf piece : taken) {
            assertEquals(0, piece.refCnt());
        }
        return all.toByteArray();
    }

    /** Copies, which may be overwritten. */
    private static ByteBuf[] pieces(byte[] body, int... cuts) {
        ByteBuf[] pieces = new ByteBuf[cuts.length + 1];
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? body.length : cuts[i];
            pieces[i] = Unpooled.buffer(Math.max(1, to - from)).writeBytes(body, from, to - from);
            from = to;
        }
        return pieces;
    }
}
