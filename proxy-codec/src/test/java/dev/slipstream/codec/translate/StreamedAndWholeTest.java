package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.Cuts;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same answer, whole and in any way of streaming it, is the same to the client. */
class StreamedAndWholeTest {
    private static final int ANSWERS = 3000;

    private static Map<?, ?> whole(RandomCompletion completion) {
        byte[] bytes = completion.whole().getBytes(UTF_8);
        JsonTree tree = new JsonTree();
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse());
        JsonOutput out = new JsonOutput();
        CompletionToMessage translation = new CompletionToMessage();
        assertTrue(
                translation.translate(tree, ChunkStream.request(), "made-up", out),
                () -> translation.error().message());
        Map<?, ?> message = ParsedJson.object(out.bytes(), out.length());
        AnthropicShape.message(message);
        return message;
    }

    @Test
    void theStreamAddsUpToTheWhole() {
        ChunksToMessageEvents reused = new ChunksToMessageEvents();
        for (long seed = 0; seed < ANSWERS; seed++) {
            RandomCompletion completion = new RandomCompletion(seed);
            Map<?, ?> whole = whole(completion);
            byte[] body = ChunkStream.sse(completion.events());
            ChunkStream.Outcome outcome = ChunkStream.bytes(reused, ChunkStream.request(), body, Cuts.of(body));
            String named = "seed " + seed;
            assertEquals(
                    Progress.DONE,
                    outcome.progress(),
                    () -> named + ": " + outcome.error().message());
            assertEquals(whole.toString(), outcome.read().message.toString(), named);
        }
    }

    /** Trap 38: what was said before a cut stays said, and no cut is a success. */
    @Test
    void aCutStreamSaysWhatItSaidAndFails() {
        for (long seed = 0; seed < ANSWERS / 10; seed++) {
            List<String> events = new RandomCompletion(seed).events();
            String whole = ChunkStream.of(events.toArray(new String[0])).text();
            for (int cut = 0; cut < events.size() && !isEnd(events, cut); cut++) {
                ChunkStream.Outcome outcome =
                        ChunkStream.of(events.subList(0, cut).toArray(new String[0]));
                String named = "seed " + seed + " cut " + cut;
                assertEquals(Progress.FAILED, outcome.progress(), named);
                assertFalse(outcome.text().contains("message_stop"), named);
                outcome.read();
                int said = commonBlocks(outcome.text());
                assertTrue(whole.startsWith(outcome.text().substring(0, said)), named);
            }
        }
    }

    private static boolean isEnd(List<String> events, int cut) {
        return cut > 0
                && (events.get(cut - 1).contains("\"finish_reason\":")
                        || (events.get(cut - 1).contains("\"usage\"")
                                && events.get(cut - 1).contains("\"choices\":[]")));
    }

    /** Up to what a failure adds: the end of the open block, and the error. */
    private static int commonBlocks(String text) {
        int error = text.indexOf("event: error");
        int length = error < 0 ? text.length() : error;
        int stop = text.lastIndexOf("event: content_block_stop", length);
        return stop >= 0 && text.indexOf("\n\n", stop) + 2 == length ? stop : length;
    }
}
