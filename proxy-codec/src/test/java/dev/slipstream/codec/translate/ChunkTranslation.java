package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Drives the translations of an Anthropic provider's answers, as the server does. */
final class ChunkTranslation {
    static final String ID = "0123-ab";
    static final long CREATED_SECONDS = 1_700_000_000;

    record Event(String name, String data) {
        /** Named by its type, as Anthropic does. */
        static Event of(String json) {
            Object type = CompletionAnswer.object(CompletionAnswer.json(json)).get("type");
            return new Event(type instanceof String name ? name : "", json);
        }
    }

    final TranslatedRequest request = new TranslatedRequest();
    final JsonOutput out = new JsonOutput();
    final MessageEventsToChunks translator = new MessageEventsToChunks();
    Progress progress = Progress.MORE;

    ChunkTranslation() {
        request.setModel("asked-for");
        request.setUsageWanted(true);
        restart();
    }

    void restart() {
        out.reset(false);
        translator.start(request, ID, CREATED_SECONDS);
        progress = Progress.MORE;
    }

    ChunkTranslation events(List<Event> events) {
        for (Event event : events) {
            event(event.name, event.data);
        }
        return this;
    }

    ChunkTranslation event(String json) {
        Event event = Event.of(json);
        return event(event.name, event.data);
    }

    ChunkTranslation event(String name, String data) {
        event(name, data.getBytes(UTF_8));
        return this;
    }

    /** The data stand among other bytes, which must not be read. */
    void event(String name, byte[] data) {
        byte[] among = new byte[data.length + 9];
        Arrays.fill(among, (byte) '7');
        System.arraycopy(data, 0, among, 5, data.length);
        int before = out.length();
        progress = translator.onEvent(name, among, 5, 5 + data.length, out);
        assertTrue(progress != Progress.FAILED || out.length() == before, "failed, and appended");
        assertTrue(translator.isStarted() || out.length() == 0, "appended, and not started");
    }

    ChunkTranslation end() {
        progress = translator.onEnd(out);
        return this;
    }

    /** As the server does behind a failure. */
    ChunkTranslation failIfStarted() {
        assertEquals(Progress.FAILED, progress);
        if (translator.isStarted()) {
            translator.fail(translator.error(), "req_1", out);
        }
        return this;
    }

    String written() {
        return new String(out.bytes(), 0, out.length(), UTF_8);
    }

    CompletionAnswer answer() {
        return CompletionAnswer.stream(written(), request.isUsageWanted());
    }

    CompletionAnswer answerTo(String... events) {
        for (String event : events) {
            event(event);
        }
        return answer();
    }

    /** The events of a recorded stream, split by hand. */
    static List<Event> eventsOf(String body) {
        List<Event> events = new ArrayList<>();
        for (String block : body.replace("\r\n", "\n").split("\n\n")) {
            String name = "";
            String data = null;
            for (String line : block.split("\n")) {
                if (line.startsWith("event:")) {
                    name = line.substring(6).trim();
                } else if (line.startsWith("data:")) {
                    data = line.substring(5);
                }
            }
            if (data != null) {
                events.add(new Event(name, data));
            }
        }
        return events;
    }

    // ------------------------------------------------------------------ whole

    static JsonTree tree(String json) {
        JsonTree tree = new JsonTree();
        byte[] bytes = json.getBytes(UTF_8);
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse(), json);
        return tree;
    }

    static CompletionAnswer whole(String message, TranslatedRequest request) {
        JsonOutput out = new JsonOutput();
        MessageToCompletion translation = new MessageToCompletion();
        assertTrue(
                translation.translate(tree(message), request, ID, CREATED_SECONDS, out),
                () -> translation.error().message());
        return CompletionAnswer.whole(new String(out.bytes(), 0, out.length(), UTF_8));
    }
}
