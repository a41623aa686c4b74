package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.ParsedJson.at;
import static dev.slipstream.codec.translate.ParsedJson.numberAt;
import static dev.slipstream.codec.translate.ParsedJson.textAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonOutput;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.translate.StreamTranslator.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recorded answers of OpenAI-dialect providers, when they stand beside the project, told to clients of Anthropic's. */
class RecordedCompletionsTest {
    private record Recorded(String id, int status, boolean streamed, String body) {
        byte[] bytes() {
            return body.getBytes(UTF_8);
        }
    }

    private static final List<Recorded> RECORDED = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        // Beside the project; the module is the working directory.
        Path file = Path.of("../../shared/traffic/shared.jsonl");
        assumeTrue(Files.exists(file), "no recorded exchanges at ../shared/traffic beside the project");
        for (String line : Files.readAllLines(file)) {
            Map<?, ?> exchange = ParsedJson.object(line);
            if ("openai".equals(exchange.get("dialect")) && "chat_completions".equals(exchange.get("kind"))) {
                String body = textAt(exchange, "response", "body");
                boolean streamed = body.startsWith("data:") || body.startsWith("event:") || body.startsWith(":");
                int status = (int) numberAt(exchange, "response", "status");
                RECORDED.add(new Recorded(textAt(exchange, "id"), status, streamed, body));
            }
        }
    }

    private static List<Recorded> streams() {
        return RECORDED.stream().filter(Recorded::streamed).toList();
    }

    @Test
    void streamsSayWhatWasRecorded() {
        int complete = 0;
        for (Recorded recorded : streams()) {
            ChunkStream.Outcome outcome = translate(recorded);
            CompletionOracle expected = CompletionOracle.stream(recorded.body);
            AnthropicStream stream = outcome.read();
            assertSaid(expected, stream.message, stream, recorded.id);
            if (expected.error == null) {
                assertEquals(Progress.DONE, outcome.progress(), recorded.id);
                assertStopped(expected, stream.message, recorded.id);
                complete++;
            } else {
                assertEquals(Progress.FAILED, outcome.progress(), recorded.id);
                assertTrue(textAt(stream.error, "error", "message").startsWith(textAt(expected.error, "message")));
            }
        }
        assertTrue(complete >= 20, "complete streams: " + complete);
    }

    /** Trap 40: a character, an escape, a line end may be split at any byte. */
    @Test
    void streamsAreTheSameByteByByte() {
        SplittableRandom random = new SplittableRandom(7);
        ChunksToMessageEvents reused = new ChunksToMessageEvents();
        for (Recorded recorded : streams()) {
            String whole = translate(recorded).text();
            byte[] body = recorded.bytes();
            int[] everyByte = IntStream.range(1, body.length).toArray();
            assertEquals(
                    whole,
                    ChunkStream.bytes(reused, ChunkStream.request(), body, everyByte)
                            .text(),
                    recorded.id);
            for (int i = 0; i < 8; i++) {
                int[] cuts = random.ints(random.nextInt(1, 20), 0, body.length)
                        .sorted()
                        .toArray();
                assertEquals(
                        whole,
                        ChunkStream.bytes(reused, ChunkStream.request(), body, cuts)
                                .text(),
                        recorded.id);
            }
        }
    }

    /** Trap 38: a truncated stream is never a success. */
    @Test
    void streamsCutBehindAnyEventEndInAnError() {
        int cut = 0;
        for (Recorded recorded : streams()) {
            List<String> events = CompletionOracle.events(recorded.body);
            if (CompletionOracle.stream(recorded.body).error != null) {
                continue;
            }
            // Long ones in steps: each cut translates all that is before it.
            int step = Math.max(1, events.size() / 40);
            boolean finished = false;
            for (int i = 0; i < events.size() && !finished; i += step) {
                List<String> before = events.subList(0, i);
                finished = before.stream().anyMatch(event -> isEnd(ParsedJson.object(event)));
                if (!finished) {
                    ChunkStream.Outcome outcome = ChunkStream.of(before.toArray(new String[0]));
                    assertEquals(Progress.FAILED, outcome.progress(), recorded.id + " at " + i);
                    AnthropicStream stream = outcome.read();
                    assertFalse(stream.names.contains("message_stop"));
                    assertEquals(stream.names.isEmpty(), stream.error == null);
                    assertEquals(502, outcome.error().status());
                    cut++;
                }
            }
        }
        assertTrue(cut >= 300, "cuts: " + cut);
    }

    private static boolean isEnd(Map<?, ?> chunk) {
        return !textAt(chunk, "choices", 0, "finish_reason").isEmpty()
                || (at(chunk, "choices", 0) == null && at(chunk, "usage") instanceof Map);
    }

    @Test
    void wholeAnswersSayWhatWasRecorded() {
        int read = 0;
        CompletionToMessage translation = new CompletionToMessage();
        for (Recorded recorded : RECORDED) {
            if (recorded.streamed || recorded.status != 200) {
                continue;
            }
            JsonTree tree = new JsonTree();
            tree.append(recorded.bytes(), 0, recorded.bytes().length);
            assertEquals(JsonStatus.COMPLETE, tree.parse(), recorded.id);
            JsonOutput out = new JsonOutput();
            assertTrue(translation.translate(tree, ChunkStream.request(), "made-up", out), recorded.id);
            Map<?, ?> message = ParsedJson.object(out.bytes(), out.length());
            AnthropicShape.message(message);
            CompletionOracle expected = CompletionOracle.whole(recorded.body);
            assertSaid(expected, message, null, recorded.id);
            assertStopped(expected, message, recorded.id);
            read++;
        }
        assertTrue(read >= 24, "whole answers: " + read);
    }

    @Test
    void errorsKeepTheirMessageInBothDialects() {
        int read = 0;
        for (Recorded recorded : RECORDED) {
            if (recorded.status == 200) {
                continue;
            }
            byte[] body = recorded.bytes();
            ProviderError error = new ProviderError().read(recorded.status, body, 0, body.length);
            String message = textAt(ParsedJson.object(recorded.body), "error", "message");
            assertFalse(message.isEmpty());
            assertEquals(recorded.status, error.status());
            JsonOutput out = new JsonOutput();
            error.writeAnthropic(out, "req_1");
            Map<?, ?> anthropic = ParsedJson.object(out.bytes(), out.length());
            AnthropicShape.error(anthropic);
            assertTrue(textAt(anthropic, "error", "message").contains(message));
            out.reset(false);
            error.writeOpenAi(out);
            assertEquals(message, textAt(ParsedJson.object(out.bytes(), out.length()), "error", "message"));
            boolean isOverflow = message.contains("maximum context length") || message.contains("is too long");
            assertEquals(isOverflow, textAt(anthropic, "error", "message").startsWith("prompt is too long: "));
            assertEquals(recorded.status, error.statusFor(Dialect.ANTHROPIC));
            read++;
        }
        assertTrue(read >= 6, "errors: " + read);
    }

    private static ChunkStream.Outcome translate(Recorded recorded) {
        return ChunkStream.bytes(new ChunksToMessageEvents(), ChunkStream.request(), recorded.bytes());
    }

    private static void assertSaid(
            CompletionOracle expected, Map<?, ?> message, @Nullable AnthropicStream stream, String id) {
        StringBuilder thinking = new StringBuilder();
        StringBuilder text = new StringBuilder();
        List<CompletionOracle.Call> calls = new ArrayList<>();
        for (Object block : ParsedJson.listAt(message, "content")) {
            switch (textAt(block, "type")) {
                case "thinking" -> thinking.append(textAt(block, "thinking"));
                case "text" -> text.append(textAt(block, "text"));
                default -> {
                    CompletionOracle.Call call = expected.calls.get(calls.size());
                    assertEquals(call.name(), textAt(block, "name"), id);
                    assertEquals(call.id().replaceAll("[^a-zA-Z0-9_-]", "_"), textAt(block, "id"), id);
                    assertEquals(call.input(), at(block, "input"), id);
                    calls.add(call);
                }
            }
        }
        assertEquals(expected.thinking.toString(), thinking.toString(), id);
        assertEquals(expected.text.toString(), text.toString(), id);
        assertEquals(expected.calls, calls, id);
        if (stream != null && expected.error == null) {
            assertNull(stream.error);
        }
    }

    private static void assertStopped(CompletionOracle expected, Map<?, ?> message, String id) {
        assertEquals(expected.stopReason(), message.get("stop_reason"), id);
        Object usage = message.get("usage");
        boolean isKnown = expected.prompt >= 0;
        assertEquals(
                isKnown ? expected.prompt - expected.cached - expected.written : 7,
                numberAt(usage, "input_tokens"),
                id);
        assertEquals(expected.cached, numberAt(usage, "cache_read_input_tokens"), id);
        assertEquals(expected.written, numberAt(usage, "cache_creation_input_tokens"), id);
        assertEquals(Math.max(0, expected.completion), numberAt(usage, "output_tokens"), id);
    }
}
