package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ContentTooLargeException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.models.ModelInfo;
import dev.slipstream.bench.tls.SharedCertificates;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Anthropic's own Java client, unmodified and with its validation of responses. */
abstract class AnthropicClientContract extends OfficialClientContract {
    private AnthropicClient client;

    AnthropicClientContract(ServerUnderTest server) {
        super(server);
    }

    @BeforeEach
    void open() {
        client = client(key(), true);
    }

    @AfterEach
    void close() {
        client.close();
    }

    final AnthropicClient client() {
        return client;
    }

    private AnthropicClient client(String key, boolean validation) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(server().anthropicBaseUrl())
                .apiKey(key)
                .maxRetries(0)
                .sslSocketFactory(tls().getSocketFactory())
                .trustManager(SharedCertificates.trust())
                .timeout(Duration.ofSeconds(20))
                .responseValidation(validation)
                .build();
    }

    final MessageCreateParams.Builder message(String text) {
        return MessageCreateParams.builder().model(model()).maxTokens(1000).addUserMessage(text);
    }

    final Message streamed(MessageCreateParams request) {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(request)) {
            stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    static String text(Message message) {
        return message.content().get(message.content().size() - 1).asText().text();
    }

    @Test
    @DisplayName("gets a message")
    void messages() {
        Message message = client.messages()
                .create(message("[[tokens=5 input=20 cached=8 reasoning=2]]").build())
                .validate();
        assertEquals("This is a simulated answer,", text(message));
        assertEquals("This is", message.content().get(0).asThinking().thinking());
        assertEquals(StopReason.END_TURN, message.stopReason().orElseThrow());
        assertEquals(12, message.usage().inputTokens());
        assertEquals(8, message.usage().cacheReadInputTokens().orElse(0L));
        assertEquals(7, message.usage().outputTokens());
    }

    @Test
    @DisplayName("streams the same text")
    void streams() {
        MessageCreateParams request =
                message("[[unicode tokens=30 reasoning=3]]").build();
        Message message = streamed(request);
        assertEquals(text(client.messages().create(request)), text(message));
        assertEquals(33, message.usage().outputTokens());
        assertEquals(StopReason.END_TURN, message.stopReason().orElseThrow());
    }

    @Test
    @DisplayName("is told that its limit cut an answer")
    void limit() {
        Message message = client.messages().create(message("hi").maxTokens(3).build());
        assertEquals("This is a", text(message));
        assertEquals(StopReason.MAX_TOKENS, message.stopReason().orElseThrow());
    }

    @Test
    @DisplayName("gets tool calls, whole and in fragments")
    void tools() {
        Tool tool = Tool.builder()
                .name("get_weather")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .addRequired("city")
                        .build())
                .build();
        MessageCreateParams request = message("Ask your tool").addTool(tool).build();
        for (Message message : List.of(client.messages().create(request).validate(), streamed(request))) {
            assertEquals(StopReason.TOOL_USE, message.stopReason().orElseThrow());
            ToolUseBlock call = message.content().get(0).asToolUse();
            assertEquals("get_weather", call.name());
            assertTrue(call.id().startsWith("toolu_"));
            assertEquals(JsonValue.from(Map.of("city", "Zürich")), call._input());
        }
    }

    @Test
    @DisplayName("lists models")
    void models() {
        // Not validated, which is this client's default: the newest fields of a model are not sent by everyone.
        AnthropicClient lenient = client(key(), false);
        try {
            List<ModelInfo> models = lenient.models().list().data();
            assertTrue(models.stream().anyMatch(info -> info.id().equals(model())));
            assertEquals(model(), lenient.models().retrieve(model()).id());
        } finally {
            lenient.close();
        }
    }

    @Test
    @DisplayName("counts tokens")
    void countsTokens() {
        MessageCountTokensParams request = MessageCountTokensParams.builder()
                .model(model())
                .addUserMessage("[[input=1234]]")
                .build();
        assertEquals(1234, client.messages().countTokens(request).validate().inputTokens());
    }

    @Test
    @DisplayName("throws its own exception for each status")
    void exceptions() {
        Map<Integer, Class<? extends AnthropicServiceException>> expected = Map.of(
                400, BadRequestException.class,
                401, UnauthorizedException.class,
                404, NotFoundException.class,
                413, ContentTooLargeException.class,
                429, RateLimitException.class,
                500, InternalServerException.class,
                529, OverloadedException.class);
        expected.forEach((status, type) -> {
            AnthropicServiceException thrown = assertThrows(
                    AnthropicServiceException.class,
                    () -> client.messages()
                            .create(message("[[retry-after=7 status=" + status + "]]")
                                    .build()));
            assertInstanceOf(type, thrown);
            assertEquals(status, thrown.statusCode());
            assertEquals(List.of("7"), thrown.headers().values("retry-after"));
            assertTrue(thrown.body().toString().contains("simulated error " + status), thrown.toString());
        });
    }

    @Test
    @DisplayName("throws for an error within a stream")
    void errorInStream() {
        assertThrows(
                AnthropicException.class,
                () -> streamed(message("[[error-event-after=4]]").build()));
    }

    @Test
    @DisplayName("is refused with a wrong key")
    void wrongKey() {
        AnthropicClient stranger = client("wrong", true);
        try {
            assertThrows(
                    UnauthorizedException.class,
                    () -> stranger.messages().create(message("hi").build()));
        } finally {
            stranger.close();
        }
    }
}
