package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a chunk of a stream costs in bytes of heap once the translator's buffers have grown: nothing, nor does a stream. */
class ChunkAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int EVENTS = 2000;

    private final ChunksToMessageEvents translator = new ChunksToMessageEvents();
    private final JsonOutput out = new JsonOutput();
    private final TranslatedRequest request = ChunkStream.request();

    private static byte[] delta(String members) {
        return ("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                        + "[{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":null}],\"usage\":null}")
                .getBytes(UTF_8);
    }

    private static byte[] fragment(String id, String arguments) {
        return delta("\"tool_calls\":[{\"index\":0," + id + "\"function\":{\"arguments\":\"" + arguments + "\"}}]");
    }

    private Progress feed(byte[] event) {
        return translator.onEvent("", event, 0, event.length, out);
    }

    /** The least of some rounds: the first has the JVM's own. */
    private long leastBytes(List<byte[]> before, byte[] event) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            translator.start(request, "id", 0);
            before.forEach(this::feed);
            long start = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long nothing =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - start;
            start = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < EVENTS; i++) {
                out.reset(false);
                feed(event);
            }
            long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - start - nothing;
            assertTrue(out.length() > 0, "nothing was said");
            least = Math.min(least, bytes);
        }
        return least;
    }

    @Test
    void deltasAllocateNothing() {
        assertEquals(0, leastBytes(List.of(), delta("\"content\":\"some text \\u00e9\"")));
        assertEquals(0, leastBytes(List.of(), delta("\"role\":\"assistant\",\"reasoning_content\":\"hm\"")));
        assertEquals(0, leastBytes(List.of(), delta("\"content\":[{\"type\":\"text\",\"text\":\"x\"}]")));
        byte[] begin =
                delta("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"f\",\"arguments\":"
                        + "\"{\\\"text\\\":\\\"\"}}]");
        assertEquals(0, leastBytes(List.of(begin), fragment("", "some text \\\\n")));
        // Id and name on every fragment, as some send them.
        assertEquals(0, leastBytes(List.of(begin), fragment("\"id\":\"call_2\",\"type\":\"function\",", "x")));
    }

    @Test
    void aStreamWithToolsAllocatesNothingOnceAnotherHasPassed() {
        List<byte[]> stream = List.of(
                delta("\"role\":\"assistant\",\"content\":\"\""),
                delta("\"reasoning\":\"hm\""),
                delta("\"content\":\"text\""),
                delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}},"
                        + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]"),
                delta("\"content\":\"held\""),
                delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":9}}".getBytes(UTF_8),
                "[DONE]".getBytes(UTF_8));
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long nothing =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - start;
            start = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            Progress last = Progress.MORE;
            for (int i = 0; i < 200; i++) {
                out.reset(false);
                translator.start(request, "id", 0);
                for (int k = 0; k < stream.size(); k++) {
                    last = feed(stream.get(k));
                }
            }
            least = Math.min(
                    least,
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - start - nothing);
            assertEquals(Progress.DONE, last);
        }
        assertEquals(0, least);
    }
}
