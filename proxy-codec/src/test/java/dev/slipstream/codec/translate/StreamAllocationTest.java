package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.slipstream.codec.json.JsonOutput;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What an event of a stream costs in bytes of heap, once the translator's own buffers have grown: nothing. */
class StreamAllocationTest {
    private static final int EVENTS = 1000;
    private static final byte[] START =
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude-x\"}}".getBytes(UTF_8);
    private static final byte[] TOOL =
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"}}"
                    .getBytes(UTF_8);
    private static final byte[] STOP = "{\"type\":\"message_stop\"}".getBytes(UTF_8);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TranslatedRequest request = new TranslatedRequest();
    private final MessageEventsToChunks translator = new MessageEventsToChunks();
    private final JsonOutput out = new JsonOutput();

    private long leastOf(String name, String json) {
        byte[] data = json.getBytes(UTF_8);
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            for (int i = 0; i < EVENTS; i++) {
                out.reset(false);
                translator.onEvent(name, data, 0, data.length, out);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertTrue(out.length() > 100 || json.contains("ping"), "nothing was translated");
        return least;
    }

    private void begin() {
        translator.start(request, "id", 1);
        out.reset(false);
        translator.onEvent("message_start", START, 0, START.length, out);
        translator.onEvent("content_block_start", TOOL, 0, TOOL.length, out);
    }

    @Test
    void deltasMakeNoGarbage() {
        begin();
        String index = "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"";
        assertEquals(0, leastOf("", index + "text_delta\",\"text\":\"some \\\"text\\u00e9\"}}") / EVENTS);
        assertEquals(0, leastOf("", index + "input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}") / EVENTS);
        assertEquals(0, leastOf("", index + "thinking_delta\",\"thinking\":\"hm\"}}") / EVENTS);
        assertEquals(0, leastOf("ping", "{\"type\":\"ping\"}") / EVENTS);
    }

    @Test
    void streamsMakeNoGarbageBeyondTheFirst() {
        request.setUsageWanted(true);
        long id = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 500; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            begin();
            translator.onEvent("message_stop", STOP, 0, STOP.length, out);
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertEquals(0, least, "bytes per stream");
    }
}
