package dev.slipstream.bench.upstream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of a stream, ready to be sent. */
final class Sse {
    static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final Json json;

    Sse(Json json) {
        this.json = json;
    }

    /** OpenAI's chat: data only. */
    byte[] data(Map<String, ? extends @Nullable Object> object) {
        return frame("data: ", object);
    }

    /** Anthropic and OpenAI's Responses: the event's name is the object's {@code type}. */
    byte[] typed(Map<String, ? extends @Nullable Object> object) {
        return frame("event: " + Json.text(object, "type") + "\ndata: ", object);
    }

    private byte[] frame(String start, Map<String, ? extends @Nullable Object> object) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(start.getBytes(StandardCharsets.UTF_8));
        frame.writeBytes(json.write(object));
        frame.write('\n');
        frame.write('\n');
        return frame.toByteArray();
    }
}
