package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipstream.codec.Cuts;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes from a provider of the Anthropic dialect: no exception, and whatever the client is told is what a client of
 * the OpenAI dialect can read, to its end. Runs over its seeds as an ordinary test; {@code scripts/fuzz} fuzzes.
 */
class MessageEventsFuzzTest {
    /** Events are separated by line feeds, which stand nowhere in the JSON of an event's data as providers send it. */
    @FuzzTest(maxDuration = "5m")
    void anyEventsBecomeAStreamThatCanBeRead(byte[] stream) {
        ChunkTranslation translation = new ChunkTranslation();
        translation.request.setUsageWanted(stream.length % 2 == 0);
        if (stream.length % 3 == 0) {
            translation.request.toolNames().put("f", "the client's name");
        }
        translation.restart();
        for (byte[] event : events(stream)) {
            translation.event("", event);
            if (translation.progress != Progress.MORE) {
                break;
            }
        }
        if (translation.progress == Progress.MORE) {
            translation.end();
        }
        assertTrue(translation.progress != Progress.MORE);
        if (translation.progress == Progress.FAILED) {
            assertTrue(translation.translator.error().status() >= 400);
            translation.failIfStarted();
        }
        if (isUtf8(stream)) {
            // Fragments of arguments are copied and not read: what they amount to is the provider's.
            CompletionAnswer answer =
                    CompletionAnswer.stream(translation.written(), translation.request.isUsageWanted(), false);
            assertEquals(translation.progress == Progress.DONE, answer.finish() != null);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void anyDocumentBecomesACompletionOrAnError(byte[] body) {
        JsonTree tree = new JsonTree();
        tree.append(body, 0, body.length);
        if (tree.parse() != JsonStatus.COMPLETE) {
            return;
        }
        TranslatedRequest request = new TranslatedRequest();
        request.setModel("asked-for");
        JsonOutput out = new JsonOutput();
        MessageToCompletion translation = new MessageToCompletion();
        if (!translation.translate(tree, request, "id", 1, out)) {
            assertEquals(0, out.length());
            assertFalse(translation.error().message().isEmpty());
            assertTrue(translation.error().status() >= 400);
        } else if (isUtf8(body)) {
            CompletionAnswer.whole(new String(out.bytes(), 0, out.length(), UTF_8), false);
        }
        // The same noted.
        JsonOutput noting = new JsonOutput();
        noting.reset(true);
        translation.translate(tree, request, "id", 1, noting);
        assertEquals(out.length(), noting.documentBytes());
    }

    private static List<byte[]> events(byte[] stream) {
        List<byte[]> events = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= stream.length; at++) {
            if (at == stream.length || stream[at] == '\n') {
                events.add(Arrays.copyOfRange(stream, from, at));
                from = at + 1;
            }
        }
        if (stream.length > 0 && Cuts.random(stream).nextInt(8) == 0) {
            events.add(events.get(Cuts.random(stream).nextInt(events.size())));
        }
        return events;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
