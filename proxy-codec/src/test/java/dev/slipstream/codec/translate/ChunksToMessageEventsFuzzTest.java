package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.stream.IntStream;

/**
 * Any bytes as a provider's stream of chunks: no exception, what the client gets is a stream of the Anthropic dialect to
 * its end or to an error, no split changes a byte of it, and a translator that was used before says the same. Runs over
 * its seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class ChunksToMessageEventsFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyBytesAsAStream(byte[] body) {
        ChunksToMessageEvents translator = new ChunksToMessageEvents();
        ChunkStream.Outcome whole = ChunkStream.bytes(translator, ChunkStream.request(), body);
        AnthropicStream stream = whole.read();
        assertEquals(whole.progress() == Progress.DONE, stream.names.contains("message_stop"));
        assertEquals(whole.progress() == Progress.FAILED && !whole.text().isEmpty(), stream.error != null);
        if (whole.progress() == Progress.FAILED) {
            assertFalse(whole.error().message().isEmpty());
        }
        assertEquals(
                whole.text(),
                ChunkStream.bytes(translator, ChunkStream.request(), body, Cuts.of(body))
                        .text());
        int[] everyByte = IntStream.range(0, body.length).toArray();
        assertEquals(
                whole.text(),
                ChunkStream.bytes(translator, ChunkStream.request(), body, everyByte)
                        .text());
        TranslatedRequest renamed = ChunkStream.request();
        renamed.toolNames().put("f", "another name");
        ChunkStream.bytes(translator, renamed, body).read();
    }
}
