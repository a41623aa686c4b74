package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.ToolUseBlock;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import dev.slipstream.bench.upstream.RecordedExchange;
import dev.slipstream.bench.upstream.RecordedExchanges;
import dev.slipstream.bench.upstream.ReplayDelivery;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every recorded answer, told to the official client of the other dialect, with that client's own validation and its own
 * helper that adds events up.
 */
@DisplayName("A recorded answer through the proxy, to the other dialect's client,")
class RecordedExchangesAcrossTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private RecordingUpstream upstream;
    private AnthropicClient anthropic;
    private OpenAIClient openAi;

    @BeforeEach
    void start() throws IOException {
        upstream = new RecordingUpstream();
        Slipstream proxy = PROXIES.start("""
                providers:
                  openai:    { base_url: "%s/base/v1", dialect: openai, api_key: provider-key }
                  anthropic: { base_url: "%s/base", dialect: anthropic, api_key: provider-key }
                models:
                  - { name: of-openai, targets: [ { provider: openai, model: asked } ] }
                  - { name: of-anthropic, targets: [ { provider: anthropic, model: asked } ] }
                """.formatted(upstream.url(), upstream.url()));
        anthropic = AnthropicOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy))
                .apiKey("any")
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofSeconds(20))
                .build();
        openAi = OpenAIOkHttpClient.builder()
                .baseUrl(RunningProxy.url(proxy) + "/v1")
                .apiKey("any")
                .maxRetries(0)
                .responseValidation(true)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        anthropic.close();
        openAi.close();
        upstream.close();
    }

    /** This project's own, and those of the shared collection where that is at hand. */
    private static List<RecordedExchange> recorded() throws IOException {
        Map<String, RecordedExchange> exchanges = new LinkedHashMap<>();
        RecordedExchanges.bundled().forEach(exchange -> exchanges.put(exchange.id(), exchange));
        Path file = ProjectRoot.path().resolveSibling("shared").resolve("traffic/shared.jsonl");
        if (Files.exists(file)) {
            RecordedExchanges.load(file).forEach(exchange -> exchanges.put(exchange.id(), exchange));
        }
        return exchanges.values().stream()
                .filter(exchange -> List.of("messages", "chat_completions").contains(exchange.kind()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(ReplayDelivery.class)
    @DisplayName("says what was recorded: text, thoughts, tools, stop and usage")
    void saysTheSame(ReplayDelivery delivery) throws Exception {
        Map<Dialect, Integer> streams = new LinkedHashMap<>(Map.of(Dialect.OPENAI, 0, Dialect.ANTHROPIC, 0));
        Map<Dialect, Integer> wholes = new LinkedHashMap<>(streams);
        Map<Dialect, Integer> errors = new LinkedHashMap<>(streams);
        Map<Dialect, Integer> calls = new LinkedHashMap<>(streams);
        for (RecordedExchange exchange : recorded()) {
            upstream.answerWith(exchange.response(), delivery);
            RecordedAnswer expected = RecordedAnswer.of(exchange);
            try {
                switch (exchange.dialect()) {
                    case OPENAI -> toAnthropic(exchange, expected);
                    case ANTHROPIC -> toOpenAi(exchange, expected);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(exchange + ", " + delivery, e);
            }
            boolean isError = !expected.error.isEmpty();
            (isError ? errors : exchange.streaming() ? streams : wholes).merge(exchange.dialect(), 1, Integer::sum);
            calls.merge(exchange.dialect(), expected.calls.size(), Integer::sum);

            RawMessage request = upstream.take();
            String path = exchange.dialect() == Dialect.OPENAI ? "/chat/completions" : "/messages";
            assertEquals("POST /base/v1" + path + " HTTP/1.1", request.startLine());
            JsonNode asked = RecordedAnswer.json(request.text());
            assertEquals(exchange.streaming(), asked.path("stream").asBoolean(), request::text);
            assertEquals("asked", asked.path("model").asText());
        }
        assertEquals(0, upstream.waiting(), "requests that nobody made");
        for (Dialect dialect : Dialect.values()) {
            assertTrue(
                    streams.getOrDefault(dialect, 0) > 0 && wholes.getOrDefault(dialect, 0) > 0,
                    "nothing of " + dialect);
            assertTrue(
                    errors.getOrDefault(dialect, 0) > 0 && calls.getOrDefault(dialect, 0) > 0, "little of " + dialect);
        }
    }

    // ------------------------------------------------------------------ OpenAI's answers, Anthropic's client

    private void toAnthropic(RecordedExchange exchange, RecordedAnswer expected) {
        MessageCreateParams request = MessageCreateParams.builder()
                .model("of-openai")
                .maxTokens(1000)
                .addUserMessage("Say it again.")
                .build();
        if (!expected.error.isEmpty()) {
            AnthropicException thrown = assertThrows(AnthropicException.class, () -> message(exchange, request));
            if (exchange.response().status() >= 400) {
                AnthropicServiceException told = (AnthropicServiceException) thrown;
                assertEquals(exchange.response().status(), told.statusCode());
                assertTrue(told.body().toString().contains(expected.error), told.toString());
            }
            return;
        }
        Message message = message(exchange, request);
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<RecordedAnswer.Call> calls = new ArrayList<>();
        for (ContentBlock block : message.content()) {
            block.text().ifPresent(said -> text.append(said.text()));
            block.thinking().ifPresent(said -> thoughts.append(said.thinking()));
            block.toolUse().ifPresent(call -> calls.add(call(call)));
        }
        assertEquals(expected.text.toString(), text.toString());
        assertEquals(expected.thoughts.toString(), thoughts.toString());
        assertEquals(withIds(expected.calls, calls), calls);
        assertEquals(
                expected.stopReason(),
                message.stopReason().map(StopReason::asString).orElse(""));
        long cached = message.usage().cacheReadInputTokens().orElse(0L);
        long written = message.usage().cacheCreationInputTokens().orElse(0L);
        if (expected.inputTokens >= 0) {
            assertEquals(expected.inputTokens, message.usage().inputTokens() + cached + written);
        } else {
            // A stream begins with an estimate; a whole answer has the figures that the dialect demands, and they are
            // 0.
            assertEquals(exchange.streaming(), message.usage().inputTokens() > 0);
        }
        assertEquals(expected.cachedTokens, cached);
        assertEquals(expected.cacheWriteTokens, written);
        assertEquals(Math.max(0, expected.outputTokens), message.usage().outputTokens());
    }

    private Message message(RecordedExchange exchange, MessageCreateParams request) {
        if (!exchange.streaming()) {
            return anthropic.messages().create(request).validate();
        }
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (com.anthropic.core.http.StreamResponse<RawMessageStreamEvent> stream =
                anthropic.messages().createStreaming(request)) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    private static RecordedAnswer.Call call(ToolUseBlock call) {
        JsonNode input = RecordedAnswer.json(RecordedAnswer.JSON
                .valueToTree(call._input().convert(Object.class))
                .toString());
        return new RecordedAnswer.Call(call.id(), call.name(), input);
    }

    /** Anthropic takes fewer characters in an id, and wants one: where a provider sent none, whatever was made up. */
    private static List<RecordedAnswer.Call> withIds(
            List<RecordedAnswer.Call> recorded, List<RecordedAnswer.Call> told) {
        List<RecordedAnswer.Call> calls = new ArrayList<>();
        for (int i = 0; i < recorded.size(); i++) {
            RecordedAnswer.Call call = recorded.get(i);
            String id = call.id().isEmpty() && i < told.size()
                    ? told.get(i).id()
                    : call.id().replaceAll("[^a-zA-Z0-9_-]", "_");
            assertTrue(!id.isEmpty(), "a call without an id");
            calls.add(new RecordedAnswer.Call(id, call.name(), call.arguments()));
        }
        return calls;
    }

    // ------------------------------------------------------------------ Anthropic's answers, OpenAI's client

    /** @param thoughts not a field of OpenAI's own, so its helper does not add it up */
    private record Told(ChatCompletion completion, String thoughts) {}

    private void toOpenAi(RecordedExchange exchange, RecordedAnswer expected) {
        ChatCompletionCreateParams.Builder request =
                ChatCompletionCreateParams.builder().model("of-anthropic").addUserMessage("Say it again.");
        if (!expected.error.isEmpty()) {
            OpenAIServiceException thrown =
                    assertThrows(OpenAIServiceException.class, () -> told(exchange, request.build()));
            assertEquals(exchange.response().status(), thrown.statusCode());
            assertTrue(thrown.body().toString().contains(expected.error), thrown.toString());
            return;
        }
        if (exchange.streaming()) {
            request.streamOptions(
                    ChatCompletionStreamOptions.builder().includeUsage(true).build());
        }
        Told told = told(exchange, request.build());
        ChatCompletion.Choice choice = told.completion().choices().get(0);
        assertEquals(expected.text.toString(), choice.message().content().orElse(""));
        assertEquals(expected.thoughts.toString(), told.thoughts());
        List<RecordedAnswer.Call> calls = choice.message().toolCalls().orElse(List.of()).stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .map(RecordedExchangesAcrossTest::call)
                .collect(Collectors.toList());
        assertEquals(expected.calls, calls);
        assertEquals(expected.finishReason(), choice.finishReason().asString());
        CompletionUsage usage = told.completion().usage().orElseThrow();
        assertEquals(expected.inputTokens, usage.promptTokens());
        assertEquals(expected.outputTokens, usage.completionTokens());
        assertEquals(expected.inputTokens + expected.outputTokens, usage.totalTokens());
        assertEquals(
                expected.cachedTokens,
                usage.promptTokensDetails()
                        .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
                        .orElse(0L));
    }

    @SuppressWarnings("deprecation") // the only way to a field that the client does not know
    private Told told(RecordedExchange exchange, ChatCompletionCreateParams request) {
        if (!exchange.streaming()) {
            ChatCompletion completion =
                    openAi.chat().completions().create(request).validate();
            return new Told(
                    completion, thoughts(completion.choices().get(0).message()._additionalProperties()));
        }
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        StringBuilder thoughts = new StringBuilder();
        try (com.openai.core.http.StreamResponse<ChatCompletionChunk> stream =
                openAi.chat().completions().createStreaming(request)) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(chunk -> {
                accumulator.accumulate(chunk);
                chunk.choices()
                        .forEach(choice ->
                                thoughts.append(thoughts(choice.delta()._additionalProperties())));
            });
        }
        return new Told(accumulator.chatCompletion(), thoughts.toString());
    }

    private static String thoughts(Map<String, JsonValue> properties) {
        JsonValue thoughts = properties.get("reasoning_content");
        String text = thoughts == null ? null : thoughts.convert(String.class);
        return text == null ? "" : text;
    }

    private static RecordedAnswer.Call call(ChatCompletionMessageFunctionToolCall call) {
        return new RecordedAnswer.Call(
                call.id(),
                call.function().name(),
                RecordedAnswer.json(call.function().arguments()));
    }
}
