package dev.slipstream.codec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rewriting under every split equals a replacement in the string, and every buffer is released. */
class ModelRewriterTest {
    private static final String BODY = "{\"a\":[1,2,3],\"model\":\"gpt-4o\",\"b\":\"ccc\"}";
    private static final int START = BODY.indexOf("\"gpt");
    private static final int END = START + "\"gpt-4o\"".length();

    private final List<ByteBuf> made = new ArrayList<>();
    private final List<ByteBuf> given = new ArrayList<>();

    @AfterEach
    void everyBufferIsReleased() {
        for (ByteBuf piece : given) {
            assertTrue(piece.isReadable());
            piece.release();
        }
        for (ByteBuf piece : made) {
            assertEquals(0, piece.refCnt());
        }
    }

    private ByteBuf piece(String text) {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer();
        piece.writeBytes(new byte[3]).skipBytes(3).writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        made.add(piece);
        return piece;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String takeGiven() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf piece : given) {
            assertTrue(piece.isReadable());
            all.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        }
        given.clear();
        return all.toString();
    }

    @Test
    void replacesEqualLongerAndShorterUnderAllSplitsInTwoAndThree() {
        ModelRewriter rewriter = new ModelRewriter();
        for (String name : new String[] {"\"claude\"", "\"gpt-4o-mini-2024-07-18\"", "\"o1\"", "\"\"", ""}) {
            String expected = BODY.substring(0, START) + name + BODY.substring(END);
            for (boolean exclusive : new boolean[] {false, true}) {
                for (int first = 0; first <= BODY.length(); first++) {
                    for (int second = first; second <= BODY.length(); second++) {
                        rewriter.reset();
                        rewriter.replace(START, END, bytes(name));
                        rewriter.take(piece(BODY.substring(0, first)), exclusive, given::add);
                        rewriter.take(piece(BODY.substring(first, second)), !exclusive, given::add);
                        rewriter.take(piece(BODY.substring(second)), exclusive, given::add);
                        assertEquals(expected, takeGiven(), first + ", " + second);
                        assertEquals(expected.length() - BODY.length(), rewriter.delta());
                        assertEquals(BODY.length(), rewriter.position());
                    }
                }
            }
        }
    }

    @Test
    void replacesByteByByte() {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.replace(START, END, bytes("\"another\""));
        for (int i = 0; i < BODY.length(); i++) {
            rewriter.take(piece(BODY.substring(i, i + 1)), given::add);
        }
        assertEquals(BODY.replace("gpt-4o", "another"), takeGiven());
    }

    @Test
    void doesManyEditsAtOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ModelRewriter rewriter = new ModelRewriter();
        for (int round = 0; round < 3000; round++) {
            rewriter.reset();
            StringBuilder expected = new StringBuilder();
            int behind = 0;
            for (int i = random.nextInt(8); i > 0; i--) {
                int start = Math.min(BODY.length() - 1, behind + random.nextInt(6));
                int end = Math.min(BODY.length(), start + random.nextInt(6));
                if (start < behind) {
                    break;
                }
                String text = "x".repeat(random.nextBoolean() ? end - start : random.nextInt(6));
                rewriter.replace(start, end, bytes(text));
                expected.append(BODY.substring(behind, start)).append(text);
                behind = end;
            }
            expected.append(BODY, behind, BODY.length());
            for (int at = 0; at < BODY.length(); ) {
                int next = Math.min(BODY.length(), at + random.nextInt(12));
                rewriter.take(piece(BODY.substring(at, next)), random.nextBoolean(), given::add);
                at = next;
            }
            assertEquals(expected.toString(), takeGiven(), "seed " + seed + " round " + round);
            assertEquals(expected.length() - BODY.length(), rewriter.delta(), "seed " + seed);
        }
    }

    @Test
    void takesAnEditOnceTheBodyFlows() {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.take(piece(BODY.substring(0, START)), given::add);
        rewriter.replace(START, END, bytes("\"m\""));
        rewriter.take(piece(BODY.substring(START)), given::add);
        assertEquals(BODY.replace("gpt-4o", "m"), takeGiven());
        assertThrows(IllegalArgumentException.class, () -> rewriter.replace(START, END, bytes("\"m\"")));
    }

    @Test
    void handsOnAPieceThatNoEditTouches() {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.replace(100, 101, bytes("x"));
        ByteBuf piece = piece(BODY);
        rewriter.take(piece, given::add);
        assertSame(piece, given.get(0));
        assertEquals(BODY, takeGiven());
    }

    @Test
    void overwritesInPlaceOnlyWhatIsExclusive() {
        ModelRewriter rewriter = new ModelRewriter();
        byte[] name = bytes("\"claude\"");
        ByteBuf own = piece(BODY);
        rewriter.replace(START, END, name);
        rewriter.take(own, true, given::add);
        assertSame(own, given.get(0));
        assertEquals(BODY.replace("gpt-4o", "claude"), takeGiven());

        ByteBuf shared = piece(BODY);
        ByteBuf other = shared.retainedSlice();
        takesWithoutTouching(other, shared.retainedSlice(), false);
        takesWithoutTouching(other, shared.retain(), true);
        shared.release();
        takesWithoutTouching(other, other.asReadOnly(), true);
    }

    private void takesWithoutTouching(ByteBuf other, ByteBuf piece, boolean exclusive) {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.replace(START, END, bytes("\"claude\""));
        rewriter.take(piece, exclusive, given::add);
        if (other.refCnt() > 0) {
            assertEquals(BODY, other.toString(StandardCharsets.ISO_8859_1));
        }
        assertEquals(BODY.replace("gpt-4o", "claude"), takeGiven());
    }

    @Test
    void releasesThePieceWhenTheOutputFails() {
        ModelRewriter rewriter = new ModelRewriter();
        rewriter.replace(START, END, bytes("\"m\""));
        ByteBuf piece = piece(BODY);
        assertThrows(
                IllegalStateException.class,
                () -> rewriter.take(piece, out -> {
                    out.release();
                    throw new IllegalStateException("the channel is gone");
                }));
        assertEquals(0, piece.refCnt());
    }

    @Test
    void replacesWhatTheScannerFound() {
        JsonFieldScanner scanner = new JsonFieldScanner(9);
        ModelRewriter rewriter = new ModelRewriter();
        ByteBuf body = piece(BODY);
        scanner.feed(body);
        assertEquals(JsonStatus.COMPLETE, scanner.finish());
        rewriter.replace(scanner.modelStart(), scanner.modelEnd(), bytes("\"claude-sonnet-4\""));
        rewriter.take(body, given::add);
        assertEquals(BODY.replace("gpt-4o", "claude-sonnet-4"), takeGiven());
    }

    @Test
    void dropsEmptyPieces() {
        new ModelRewriter().take(piece(""), given::add);
        new ModelRewriter().take(Unpooled.EMPTY_BUFFER, given::add);
        assertTrue(given.isEmpty());
    }
}
