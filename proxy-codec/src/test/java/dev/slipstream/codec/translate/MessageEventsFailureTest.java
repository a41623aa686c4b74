package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ProviderEvents.START;
import static dev.slipstream.codec.translate.ProviderEvents.STOP;
import static dev.slipstream.codec.translate.ProviderEvents.block;
import static dev.slipstream.codec.translate.ProviderEvents.json;
import static dev.slipstream.codec.translate.ProviderEvents.reason;
import static dev.slipstream.codec.translate.ProviderEvents.text;
import static dev.slipstream.codec.translate.ProviderEvents.textBlock;
import static dev.slipstream.codec.translate.ProviderEvents.toolBlock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams that break off, tell of an error, or make no sense. */
class MessageEventsFailureTest {
    private final ChunkTranslation translation = new ChunkTranslation();

    private void give(String... events) {
        for (String event : events) {
            translation.event(event);
        }
    }

    @Test
    @DisplayName("trap 39: an error in the midst of the stream is told, and nothing behind it")
    void anErrorEventEndsTheStream() {
        String overloaded =
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Over\\\"loaded\"}}";
        give(START, text(0, "a"));
        translation.event("error", overloaded).failIfStarted();
        CompletionAnswer answer = translation.answer();
        assertEquals("Over\"loaded", answer.error());
        assertEquals(529, translation.translator.error().status());
        assertNull(answer.finish());
        assertEquals("a", answer.content());
    }

    @Test
    @DisplayName("trap 28: an error before anything was told is left to a status")
    void anErrorAtFirstIsNoStream() {
        translation
                .event("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}")
                .failIfStarted();
        assertFalse(translation.translator.isStarted());
        assertEquals("no", translation.translator.error().message());
        translation.restart();
        translation.event("", "{\"error\":{\"message\":\"bad\"}}").failIfStarted();
        assertEquals("bad", translation.translator.error().message());
    }

    @Test
    @DisplayName("trap 38: a stream that ends without a reason is an error")
    void aStreamCutShortIsAnError() {
        give(START, toolBlock(0, "t", "f"), json(0, "{\\\"a\\\":"));
        translation.end().failIfStarted();
        assertEquals("The provider's stream ended early", translation.answer().error());
        translation.restart();
        translation.end();
        assertEquals(Progress.FAILED, translation.progress);
        translation.restart();
        translation.event(STOP);
        assertEquals(Progress.FAILED, translation.progress);
        translation.restart();
        give(START, text(0, "all"), reason("end_turn"));
        assertEquals(Progress.DONE, translation.end().progress);
        assertEquals("stop", translation.answer().finish());
    }

    @Test
    void anEventThatIsNoJsonBreaksTheStream() {
        for (String broken : List.of(
                "{\"type\":\"content_block_delta\"",
                "{\"type\":\"content_blodata: {\"type\":\"ping\"}",
                "{\"type\":\"ping\"} x",
                "{".repeat(3) + "}",
                "{\"a\":" + "[".repeat(600) + "]".repeat(600) + "}")) {
            translation.restart();
            give(START);
            translation.event("", broken).failIfStarted();
            assertTrue(String.valueOf(translation.answer().error()).contains("JSON"));
        }
    }

    @Test
    void aCallWithoutANameBreaksTheStream() {
        for (String name : List.of("", ",\"name\":\"\"", ",\"name\":3")) {
            translation.restart();
            give(START);
            translation
                    .event(block(0, "{\"type\":\"tool_use\",\"id\":\"t\"" + name + "}"))
                    .failIfStarted();
            assertTrue(String.valueOf(translation.answer().error()).contains("name"));
        }
    }

    @Test
    void blocksThatNeverEndAreBounded() {
        translation.event(START);
        for (int i = 0; i < OpenBlocks.MAX_OPEN; i++) {
            translation.event(textBlock(i));
            assertEquals(Progress.MORE, translation.progress);
        }
        translation.event(toolBlock(OpenBlocks.MAX_OPEN, "t", "f")).failIfStarted();
        assertTrue(String.valueOf(translation.answer().error()).contains("too many content blocks"));
    }

    @Test
    void argumentsThatAreHeldAreBounded() {
        translation.event(START);
        String big = "x".repeat(1 << 20);
        for (int i = 0; translation.progress == Progress.MORE; i++) {
            assertTrue(i < 5);
            translation.event(block(i, "{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{\"a\":\"" + big + "\"}}"));
        }
        translation.failIfStarted();
        assertTrue(String.valueOf(translation.answer().error()).contains("too many arguments"));
    }
}
