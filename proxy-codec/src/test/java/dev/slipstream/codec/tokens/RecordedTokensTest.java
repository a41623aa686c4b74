package dev.slipstream.codec.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dslplatform.json.DslJson;
import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.json.JsonStatus;
import dev.slipstream.codec.json.JsonTree;
import dev.slipstream.codec.json.UsageScanner;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The estimate against what providers counted, for the recorded requests, when they stand beside the project. */
class RecordedTokensTest {
    private record Counted(String id, String model, Dialect dialect, String request, long real, long estimate) {
        double error() {
            return (estimate - real) / (double) real;
        }

        /** What the provider counts is not in the request: files, images, what its own tools found, what it left out. */
        boolean isOfText() {
            return !request.contains("\"image")
                    && !request.contains("\"document\"")
                    && !request.contains("_202")
                    && !request.contains("\"thinking\":\"")
                    && !request.contains("redacted_thinking")
                    && !request.contains("server_tool_use");
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-16s %-26.26s real %6d estimate %6d %+4.0f %%",
                    id,
                    model,
                    real,
                    estimate,
                    100 * error());
        }
    }

    private static final List<Counted> COUNTED = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        // Beside the project; the module is the working directory.
        Path file = Path.of("../../shared/traffic/shared.jsonl");
        assumeTrue(Files.exists(file), "no recorded exchanges at ../shared/traffic beside the project");
        DslJson<Object> json = new DslJson<>();
        for (String line : Files.readAllLines(file)) {
            byte[] bytes = line.getBytes(UTF_8);
            Map<?, ?> exchange = json.deserialize(Map.class, bytes, bytes.length);
            if (exchange.get("request") instanceof Map<?, ?> request
                    && exchange.get("response") instanceof Map<?, ?> response
                    && request.get("body") instanceof String asked
                    && response.get("body") instanceof String answered
                    && asked.startsWith("{")) {
                long real = counted(answered);
                if (real > 0) {
                    Dialect dialect = "anthropic".equals(exchange.get("dialect")) ? Dialect.ANTHROPIC : Dialect.OPENAI;
                    COUNTED.add(new Counted(
                            String.valueOf(exchange.get("id")),
                            String.valueOf(exchange.get("model")),
                            dialect,
                            asked,
                            real,
                            TokenEstimate.of(tree(asked), dialect)));
                }
            }
        }
        // For who calibrates it anew.
        COUNTED.forEach(System.out::println);
    }

    private static long counted(String body) {
        if (body.startsWith("{\"input_tokens\":")) {
            return Long.parseLong(body.replaceAll("\\D", ""));
        }
        UsageScanner scanner = new UsageScanner();
        scanner.reset(body.startsWith("{") ? UsageScanner.Mode.WHOLE : UsageScanner.Mode.EVENTS);
        scanner.feed(Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
        scanner.finish();
        return scanner.promptTokens();
    }

    private static void assertWithin(double bound, Predicate<Counted> which, int atLeast) {
        List<Counted> chosen = COUNTED.stream().filter(which).toList();
        assertTrue(chosen.size() >= atLeast, chosen.size() + " requests");
        for (Counted counted : chosen) {
            assertTrue(Math.abs(counted.error()) <= bound, counted.toString());
        }
    }

    /** From Claude 4 on: before, the prompt of tools was another. */
    private static boolean isClaude(Counted counted) {
        return counted.request.contains("claude") && !counted.model.contains("claude-3");
    }

    @Test
    void requestsToClaudeAreMetWithinABound() {
        assertWithin(0.17, c -> isClaude(c) && c.isOfText() && c.real >= 100, 14);
        double sum = COUNTED.stream()
                .filter(c -> isClaude(c) && c.isOfText() && c.real >= 100)
                .mapToDouble(c -> Math.abs(c.error()))
                .average()
                .orElse(1);
        assertTrue(sum < 0.07, "on average " + sum);
    }

    @Test
    void requestsToGlmAreMetWithinABound() {
        assertWithin(0.10, c -> c.model.contains("glm-4") && c.isOfText() && c.real >= 100, 5);
    }

    @Test
    void requestsToOpenAiAreMetWithinABound() {
        assertWithin(0.15, c -> c.model.startsWith("gpt-5") && c.isOfText() && c.real >= 100, 1);
    }

    @Test
    void requestsToOthersAreMetWithinAFactorOfTwo() {
        assertWithin(1, c -> !isClaude(c) && c.isOfText() && c.real >= 75, 20);
    }

    @Test
    void theCountThatTheProviderWasAskedForIsMet() {
        assertWithin(0.15, c -> c.id.equals("s-anthropic-027"), 1);
    }

    private static JsonTree tree(String text) {
        JsonTree tree = new JsonTree();
        byte[] bytes = text.getBytes(UTF_8);
        tree.append(bytes, 0, bytes.length);
        assertEquals(JsonStatus.COMPLETE, tree.parse());
        return tree;
    }
}
