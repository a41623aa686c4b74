package dev.slipstream.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Dialect;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bench sets up checks what it measures and throws where that is wrong; here is that it does, again and again. */
@DisplayName("A micro benchmark")
class MicroBenchesTest {
    private static final int ROUNDS = 100;

    /** An answer tells its time, in more digits or fewer. */
    private static final double DIGITS = 8;

    @Test
    @DisplayName("sends whole requests and streams through the engine, and leaves nothing behind")
    void pipeline() {
        PipelineBench bench = new PipelineBench();
        bench.check();
        int chat = bench.chat();
        int streamed = bench.streamedEvent();
        assertTrue(chat > 1500, () -> chat + " bytes of request and answer");
        assertTrue(streamed > PipelineBench.EVENTS * 200, () -> streamed + " bytes of request and stream");
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(chat, bench.chat(), DIGITS);
            assertEquals(streamed, bench.streamedEvent(), DIGITS);
        }
        assertEquals(0, bench.buffersInUse());
        bench.release();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @DisplayName("translates requests, answers and streams of either dialect, and comes to the same each time")
    void translation(Dialect from) {
        TranslationBench bench = new TranslationBench();
        bench.from = from;
        bench.fill();
        int chat = bench.chat();
        int tools = bench.conversationWithTools();
        int answer = bench.wholeAnswer();
        int last = bench.streamedEvent();
        assertTrue(chat > 900, () -> chat + " bytes of chat");
        assertTrue(tools > 5000, () -> tools + " bytes of a conversation");
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(chat, bench.chat());
            assertEquals(tools, bench.conversationWithTools());
            assertEquals(answer, bench.wholeAnswer());
            assertEquals(last, bench.streamedEvent());
        }
    }

    @Test
    @DisplayName("takes the one kept connection and leaves it in the pool")
    void pool() {
        PoolBench bench = new PoolBench();
        bench.open();
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals(3 + i, bench.acquireAndRelease());
        }
        bench.release();
    }

    @ParameterizedTest
    @EnumSource(SseScanBench.Kind.class)
    @DisplayName("finds every event of a stream, a read for each or one for all")
    void events(SseScanBench.Kind kind) {
        SseScanBench bench = new SseScanBench();
        bench.kind = kind;
        bench.fill();
        JsonScanBench.Volume volume = new JsonScanBench.Volume();
        long before = bench.oneByOne(volume);
        long byOne = bench.oneByOne(volume) - before;
        long atOnce = bench.batch(volume) - before - byOne;
        assertEquals(byOne, atOnce, "bytes of data");
        assertEquals(3 * SseScanBench.EVENTS * kind.text().length() / 1e9, volume.gigabytes, 1e-12);
        bench.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    @DisplayName("knows a key from one that is nobody's")
    void keys(int count) {
        KeyCheckBench bench = new KeyCheckBench();
        bench.keys = count;
        bench.fill();
        assertNotNull(bench.known());
        assertNull(bench.unknown());
    }

    @Test
    @DisplayName("takes what limits allow and gives it back")
    void limits() {
        LimitCheckBench bench = new LimitCheckBench();
        bench.check();
        for (int i = 0; i < ROUNDS; i++) {
            assertTrue(bench.takenAndGivenBack());
            assertFalse(bench.refused());
        }
        bench.isAllGivenBack();
    }
}
