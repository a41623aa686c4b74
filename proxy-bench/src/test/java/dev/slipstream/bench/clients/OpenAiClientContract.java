package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.slipstream.bench.tls.SharedCertificates;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client, unmodified and with its validation of responses. */
abstract class OpenAiClientContract extends OfficialClientContract {
    private OpenAIClient client;

    OpenAiClientContract(ServerUnderTest server) {
        super(server);
    }

    @BeforeEach
    void open() {
        client = client(key());
    }

    @AfterEach
    void close() {
        client.close();
    }

    final OpenAIClient client() {
        return client;
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server().openAiBaseUrl())
                .apiKey(key)
                .maxRetries(0)
                .sslSocketFactory(tls().getSocketFactory())
                .trustManager(SharedCertificates.trust())
                .timeout(Duration.ofSeconds(20))
                .responseValidation(true)
                .build();
    }

    final ChatCompletionCreateParams.Builder chat(String text) {
        return ChatCompletionCreateParams.builder().model(model()).addUserMessage(text);
    }

    final ChatCompletion streamed(ChatCompletionCreateParams request) {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request)) {
            stream.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion();
    }

    static String text(ChatCompletion completion) {
        return completion.choices().get(0).message().content().orElse("");
    }

    @Test
    @DisplayName("chats")
    void chats() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(chat("[[tokens=5 input=20 cached=8 reasoning=2]]").build())
                .validate();
        assertEquals("This is a simulated answer,", text(completion));
        assertEquals(
                ChatCompletion.Choice.FinishReason.STOP,
                completion.choices().get(0).finishReason());
        CompletionUsage usage = completion.usage().orElseThrow();
        assertEquals(20, usage.promptTokens());
        assertEquals(7, usage.completionTokens());
        assertEquals(8, usage.promptTokensDetails().orElseThrow().cachedTokens().orElse(0L));
    }

    @Test
    @DisplayName("streams the same text, and usage where asked")
    void streams() {
        ChatCompletionCreateParams request = chat("[[unicode tokens=30]]")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        ChatCompletion completion = streamed(request);
        assertEquals(
                text(client.chat()
                        .completions()
                        .create(request.toBuilder()
                                .streamOptions((ChatCompletionStreamOptions) null)
                                .build())),
                text(completion));
        assertEquals(30, completion.usage().orElseThrow().completionTokens());
    }

    @Test
    @DisplayName("is told that its limit cut an answer")
    void limit() {
        ChatCompletion completion = client.chat()
                .completions()
                .create(chat("hi").maxCompletionTokens(3).build());
        assertEquals("This is a", text(completion));
        assertEquals(
                ChatCompletion.Choice.FinishReason.LENGTH,
                completion.choices().get(0).finishReason());
    }

    @Test
    @DisplayName("gets tool calls, whole and in fragments")
    void tools() {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty(
                        "properties",
                        JsonValue.from(Map.of("city", Map.of("type", "string"), "days", Map.of("type", "integer"))))
                .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                .build();
        ChatCompletionCreateParams request = chat("Which weather? [[tool=2]]")
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("get_weather")
                                .parameters(parameters)
                                .build())
                        .build())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                .build();
        for (ChatCompletion completion :
                List.of(client.chat().completions().create(request).validate(), streamed(request))) {
            ChatCompletion.Choice choice = completion.choices().get(0);
            assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, choice.finishReason());
            assertEquals(2, choice.message().toolCalls().orElseThrow().size());
            ChatCompletionMessageFunctionToolCall call =
                    choice.message().toolCalls().orElseThrow().get(1).asFunction();
            assertEquals("get_weather", call.function().name());
            assertEquals("{\"city\":\"Zürich\"}", call.function().arguments());
            assertTrue(call.id().startsWith("call_"));
        }
    }

    @Test
    @DisplayName("lists models")
    void models() {
        List<Model> models = client.models().list().data();
        models.forEach(Model::validate);
        assertTrue(models.stream().anyMatch(model -> model.id().equals(model())));
        assertEquals(model(), client.models().retrieve(model()).validate().id());
    }

    @Test
    @DisplayName("embeds")
    void embeddings() {
        EmbeddingCreateParams request = EmbeddingCreateParams.builder()
                .model(model())
                .inputOfArrayOfStrings(List.of("a", "b"))
                .build();
        assertEquals(2, client.embeddings().create(request).validate().data().size());
        assertFalse(
                client.embeddings().create(request).data().get(1).embedding().isEmpty());
    }

    @Test
    @DisplayName("gets responses, whole and streamed")
    void responses() {
        ResponseCreateParams request = ResponseCreateParams.builder()
                .model(model())
                .input("[[tokens=5]]")
                .build();
        Response whole = client.responses().create(request).validate();
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(request)) {
            stream.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
        }
        for (Response response : List.of(whole, accumulator.response())) {
            assertEquals(
                    "This is a simulated answer,",
                    response.output()
                            .get(0)
                            .asMessage()
                            .content()
                            .get(0)
                            .asOutputText()
                            .text());
        }
    }

    @Test
    @DisplayName("throws its own exception for each status")
    void exceptions() {
        Map<Integer, Class<? extends OpenAIServiceException>> expected = Map.of(
                400, BadRequestException.class,
                401, UnauthorizedException.class,
                404, NotFoundException.class,
                413, UnexpectedStatusCodeException.class,
                429, RateLimitException.class,
                500, InternalServerException.class,
                529, InternalServerException.class);
        expected.forEach((status, type) -> {
            OpenAIServiceException thrown = assertThrows(
                    OpenAIServiceException.class,
                    () -> client.chat()
                            .completions()
                            .create(chat("[[retry-after=7 status=" + status + "]]")
                                    .build()));
            assertInstanceOf(type, thrown);
            assertEquals(server().openAiStatus(status), thrown.statusCode());
            assertEquals(List.of("7"), thrown.headers().values("retry-after"));
            assertTrue(thrown.body().toString().contains("simulated error " + status), thrown.toString());
        });
    }

    @Test
    @DisplayName("throws for an error within a stream")
    void errorInStream() {
        assertThrows(
                OpenAIException.class,
                () -> streamed(chat("[[error-event-after=3]]").build()));
    }

    @Test
    @DisplayName("is refused with a wrong key")
    void wrongKey() {
        OpenAIClient stranger = client("wrong");
        try {
            assertThrows(
                    UnauthorizedException.class,
                    () -> stranger.chat().completions().create(chat("hi").build()));
        } finally {
            stranger.close();
        }
    }
}
