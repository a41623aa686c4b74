package dev.slipstream.codec.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.sse.SseListener;
import dev.slipstream.codec.sse.SseScanner;
import dev.slipstream.codec.translate.ChunkTranslation.Event;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recorded answers of Anthropic, when they stand beside the project, as a client of the OpenAI dialect sees them. */
class RecordedMessagesTest {
    private record Recorded(String id, int status, String body) {
        boolean isStream() {
            return body.startsWith("event:") || body.startsWith("data:");
        }
    }

    private static final List<Recorded> RECORDED = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        // Beside the project; the module is the working directory.
        Path file = Path.of("../../shared/traffic/shared.jsonl");
        assumeTrue(Files.exists(file), "no recorded exchanges at ../shared/traffic beside the project");
        for (String line : Files.readAllLines(file)) {
            Map<?, ?> exchange = CompletionAnswer.object(CompletionAnswer.json(line));
            if ("anthropic".equals(exchange.get("dialect")) && "messages".equals(exchange.get("kind"))) {
                Map<?, ?> response = CompletionAnswer.object(exchange.get("response"));
                RECORDED.add(new Recorded(
                        String.valueOf(exchange.get("id")),
                        (int) CompletionAnswer.number(response.get("status")),
                        String.valueOf(response.get("body"))));
            }
        }
    }

    @Test
    void wholeMessagesKeepTheirTextToolsStopAndUsage() {
        int translated = 0;
        int calls = 0;
        int thoughts = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.status == 200 && !recorded.isStream()) {
                MessageOracle expected = new MessageOracle();
                expected.message(CompletionAnswer.object(CompletionAnswer.json(recorded.body)));
                CompletionAnswer answer = ChunkTranslation.whole(recorded.body, new TranslatedRequest());
                expected.assertSame(answer, recorded.id);
                translated++;
                calls += answer.calls().size();
                thoughts += answer.reasoning() != null ? 1 : 0;
            }
        }
        assertTrue(translated >= 20 && calls >= 5 && thoughts >= 2, translated + ", " + calls + ", " + thoughts);
    }

    @Test
    void streamsKeepTheirTextToolsStopAndUsage() {
        int translated = 0;
        int calls = 0;
        int thoughts = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.isStream()) {
                MessageOracle expected = new MessageOracle();
                List<Event> events = ChunkTranslation.eventsOf(recorded.body);
                events.forEach(event -> expected.event(CompletionAnswer.object(CompletionAnswer.json(event.data()))));
                ChunkTranslation translation = new ChunkTranslation().events(events);
                assertEquals(Progress.DONE, translation.progress, recorded.id);
                CompletionAnswer answer = translation.answer();
                expected.assertSame(answer, recorded.id);
                // The accumulated stream is the whole answer.
                CompletionAnswer whole = ChunkTranslation.whole(expected.whole(), translation.request);
                assertEquals(whole.compact(), answer.compact(), recorded.id);
                translated++;
                calls += answer.calls().size();
                thoughts += answer.reasoning() != null ? 1 : 0;
            }
        }
        assertTrue(translated >= 15 && calls >= 5 && thoughts >= 2, translated + ", " + calls + ", " + thoughts);
    }

    @Test
    void byteByByteThroughTheScannerTheChunksAreTheSame() {
        for (Recorded recorded : RECORDED) {
            if (recorded.isStream()) {
                String expected = new ChunkTranslation()
                        .events(ChunkTranslation.eventsOf(recorded.body))
                        .written();
                ByteByByte byByte = new ByteByByte();
                byte[] body = recorded.body.getBytes(UTF_8);
                for (int i = 0; i < body.length; i++) {
                    byByte.scanner.feed(body, i, i + 1, byByte);
                }
                byByte.scanner.finish(byByte);
                assertEquals(expected, byByte.translation.written(), recorded.id);
            }
        }
    }

    /** Trap 38: what was cut off is never told as a success. */
    @Test
    void aStreamCutBehindEveryEventEndsInAnErrorAndNothingElse() {
        int cuts = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.isStream()) {
                List<Event> events = ChunkTranslation.eventsOf(recorded.body);
                for (int cut = 0; cut < events.size() - 1; cut++) {
                    ChunkTranslation translation = new ChunkTranslation().events(events.subList(0, cut));
                    assertEquals(Progress.MORE, translation.progress);
                    boolean isReasonTold = events.subList(0, cut).stream()
                            .anyMatch(event -> event.name().equals("message_delta"));
                    translation.end();
                    if (isReasonTold) {
                        assertEquals(Progress.DONE, translation.progress, recorded.id + " cut at " + cut);
                    } else {
                        translation.failIfStarted();
                        assertFalse(translation.written().contains("[DONE]"));
                        cuts++;
                    }
                    CompletionAnswer answer = translation.answer();
                    boolean isError = !isReasonTold && translation.translator.isStarted();
                    assertEquals(isError ? "The provider's stream ended early" : null, answer.error());
                    if (!isReasonTold) {
                        assertNull(answer.finish());
                    }
                }
            }
        }
        assertTrue(cuts > 500, cuts + " cuts");
    }

    @Test
    void recordedErrorsAreNoMessages() {
        int errors = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.status >= 400) {
                MessageToCompletion translation = new MessageToCompletion();
                JsonOutput out = new JsonOutput();
                assertFalse(translation.translate(
                        ChunkTranslation.tree(recorded.body), new TranslatedRequest(), "x", 1, out));
                assertEquals(0, out.length());
                assertNotNull(translation.error().message());
                errors++;
            }
        }
        assertTrue(errors >= 3);
    }

    private static final class ByteByByte implements SseListener {
        final SseScanner scanner = new SseScanner();
        final ChunkTranslation translation = new ChunkTranslation();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();

        @Override
        public void data(byte[] bytes, int from, int to, boolean whole) {
            data.write(bytes, from, to - from);
        }

        @Override
        public void eventEnd(boolean hasData, long position) {
            if (hasData) {
                translation.event("", data.toByteArray());
            }
            data.reset();
        }
    }
}
