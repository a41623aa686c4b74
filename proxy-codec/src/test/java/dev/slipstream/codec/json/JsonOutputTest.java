package dev.slipstream.codec.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonOutputTest {
    private final JsonOutput out = new JsonOutput();

    @BeforeEach
    void reset() {
        out.reset(false);
    }

    private String written() {
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }

    private static byte[] document(JsonOutput out, JsonTree tree) {
        ByteBuf buffer = Unpooled.buffer();
        out.writeTo(buffer, tree.text());
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        assertEquals(bytes.length, out.documentBytes());
        return bytes;
    }

    @Test
    void anyTextIsReadBackAsItWas() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                switch (random.nextInt(5)) {
                    case 0 -> text.append((char) random.nextInt(0x80));
                    case 1 -> text.append((char) random.nextInt(0x20));
                    case 2 -> text.append((char) random.nextInt(0x10000));
                    case 3 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                    default -> text.append("\"\\/\u2028".charAt(random.nextInt(4)));
                }
            }
            out.reset(false);
            out.raw("{\"a\":".getBytes(UTF_8)).string(text).raw('}');
            // A lone surrogate has no UTF-8.
            String expected = withoutLoneSurrogates(text);
            assertEquals(
                    List.of("START_OBJECT {", "FIELD_NAME a", "VALUE_STRING " + expected, "END_OBJECT }"),
                    JacksonTokens.read(written()),
                    "-Dseed=" + seed);
            JsonTree tree = TreeReading.parsed(written());
            assertEquals(expected, tree.string(tree.member(JsonTree.ROOT, "a".getBytes(UTF_8))));
        }
    }

    private static String withoutLoneSurrogates(CharSequence text) {
        StringBuilder whole = new StringBuilder();
        text.codePoints().forEach(point -> whole.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point));
        return whole.toString();
    }

    @Test
    void numbersAreWrittenAsJavaWritesThem() {
        Random random = new Random(3);
        for (long edge : new long[] {0, 1, -1, 9, 10, -10, 99, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MIN_VALUE}) {
            out.reset(false);
            assertEquals(Long.toString(edge), written(out.number(edge)));
        }
        for (int i = 0; i < 2000; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            out.reset(false);
            assertEquals(Long.toString(number), written(out.number(number)));
        }
    }

    private String written(JsonOutput output) {
        return new String(output.bytes(), 0, output.length(), UTF_8);
    }

    /** What goes into {@code arguments} comes out of it: the same tokens, less white space. */
    @Test
    void aDocumentEmbeddedInATextComesOutAgain() {
        long seed = Long.getLong("seed", System.nanoTime());
        RandomJson json = new RandomJson(new Random(seed));
        JsonTree tree = new JsonTree();
        JsonTree embedding = new JsonTree();
        JsonTree again = new JsonTree();
        JsonOutput inner = new JsonOutput();
        for (int round = 0; round < 3000; round++) {
            byte[] body = json.document();
            assertEquals(JsonStatus.COMPLETE, TreeReading.parse(tree, body));
            out.reset(false);
            out.raw('"').embedded(tree, JsonTree.ROOT).raw('"');
            assertEquals(JsonStatus.COMPLETE, TreeReading.parse(embedding, bytes(out)), "-Dseed=" + seed);
            inner.reset(false);
            inner.unescaped(embedding, JsonTree.ROOT);
            assertEquals(embedding.string(JsonTree.ROOT), new String(bytes(inner), UTF_8));
            assertEquals(JsonStatus.COMPLETE, TreeReading.parse(again, bytes(inner)), "-Dseed=" + seed);
            assertEquals(TreeReading.tokens(tree), TreeReading.tokens(again), "-Dseed=" + seed);
            // No white space between tokens, all of it inside of strings.
            assertFalse(new String(bytes(inner), UTF_8)
                    .replaceAll("\"(\\\\.|[^\"\\\\])*\"", "")
                    .matches("(?s).*\\s.*"));
        }
    }

    private static byte[] bytes(JsonOutput output) {
        return Arrays.copyOf(output.bytes(), output.length());
    }

    @Test
    void escapesComeOutAsWhatTheyStandFor() {
        JsonTree tree = TreeReading.parsed(
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude80 \\ud83d \\ude80\\ud83dx\"");
        assertEquals("\"\\/\b\f\n\r\té€🚀 \uFFFD \uFFFD\uFFFDx", written(out.unescaped(tree, JsonTree.ROOT)));
    }

    @Test
    void valuesAreCopiedAsTheyWereWritten() {
        JsonTree tree = TreeReading.parsed(" { \"a\\u0062\" : [ 1.50 , 1E+2,\"\\ud83d\" ] } ");
        assertEquals("{ \"a\\u0062\" : [ 1.50 , 1E+2,\"\\ud83d\" ] }", written(out.value(tree, JsonTree.ROOT)));
        out.reset(false);
        int array = tree.first(JsonTree.ROOT);
        int text = tree.next(array, tree.next(array, tree.first(array)));
        assertEquals("\\ud83d", written(out.content(tree, text)));
    }

    @Test
    void notedOrCopiedTheDocumentIsTheSame() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        JsonTree tree = TreeReading.parsed("\"" + "0123456789abcdef".repeat(1000) + "\"");
        JsonOutput noting = new JsonOutput();
        int notes = 0;
        for (int round = 0; round < 500; round++) {
            out.reset(false);
            noting.reset(true);
            for (int i = random.nextInt(20); i > 0; i--) {
                int from = random.nextInt(tree.length());
                int to = from + random.nextInt(tree.length() - from + 1);
                for (JsonOutput each : new JsonOutput[] {out, noting}) {
                    if (i % 3 == 0) {
                        each.number(i);
                    }
                    each.range(tree, from, to);
                }
            }
            assertEquals(0, out.noteCount());
            assertArrayEquals(document(out, tree), document(noting, tree), "-Dseed=" + seed);
            for (int i = 0; i < noting.noteCount(); i++) {
                assertTrue(noting.noteEnd(i) - noting.noteStart(i) >= JsonOutput.MIN_NOTED_BYTES);
                assertTrue(noting.noteAt(i) <= noting.length());
            }
            notes += noting.noteCount();
        }
        assertTrue(notes > 500, notes + " notes");
    }

    @Test
    void whatWasWrittenLastCanBeTakenBack() {
        JsonTree tree = TreeReading.parsed("\"" + "x".repeat(2000) + "\"");
        out.reset(true);
        out.raw('[').value(tree, JsonTree.ROOT);
        int length = out.length();
        out.raw(',').number(7);
        out.truncate(length);
        out.raw(']');
        assertEquals("[\"" + "x".repeat(2000) + "\"]", new String(document(out, tree), UTF_8));
        out.truncate(1000);
        assertEquals(2, out.length());
    }

    @Test
    void aResetLetsGoOfWhatWasLarge() {
        out.raw(new byte[1 << 20]);
        out.reset(false);
        assertTrue(out.bytes().length <= 1024);
        assertEquals(0, out.documentBytes());
    }
}
