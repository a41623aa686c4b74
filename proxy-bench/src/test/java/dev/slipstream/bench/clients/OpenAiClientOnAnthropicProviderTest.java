package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.slipstream.codec.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole contract, and what is worth a look where every request and every answer is translated. */
@DisplayName("OpenAI's client, on a provider of the Anthropic dialect,")
class OpenAiClientOnAnthropicProviderTest extends OpenAiClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.before(Dialect.ANTHROPIC);

    private static final String PNG = "iVBORw0KGgoAAAANSUhEUg+/AAA=";

    OpenAiClientOnAnthropicProviderTest() {
        super(SERVER);
    }

    private static ChatCompletionFunctionTool weather() {
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name("get_weather")
                        .description("The weather of a city")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                                .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                                .build())
                        .build())
                .build();
    }

    /** The whole, or what the client's own helper makes of the chunks. */
    private ChatCompletion ask(ChatCompletionCreateParams request, boolean streamed) {
        return streamed
                ? streamed(request)
                : client().chat().completions().create(request).validate();
    }

    private static ChatCompletionMessage message(ChatCompletion completion) {
        return completion.choices().get(0).message();
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletion completion) {
        return message(completion).toolCalls().orElse(List.of()).stream()
                .map(ChatCompletionMessageToolCall::asFunction)
                .toList();
    }

    @Override
    @Test
    @DisplayName("gets tool calls, whole and in fragments, with the provider's ids")
    void tools() {
        ChatCompletionCreateParams request =
                chat("Which weather? [[tool=2]]").addTool(weather()).build();
        for (boolean streamed : new boolean[] {false, true}) {
            ChatCompletion completion = ask(request, streamed);
            assertEquals(
                    ChatCompletion.Choice.FinishReason.TOOL_CALLS,
                    completion.choices().get(0).finishReason());
            assertEquals(2, calls(completion).size());
            for (ChatCompletionMessageFunctionToolCall call : calls(completion)) {
                assertEquals("get_weather", call.function().name());
                assertEquals("{\"city\":\"Zürich\"}", call.function().arguments());
                assertTrue(call.id().startsWith("toolu_"), call.id());
            }
        }
    }

    @ParameterizedTest(name = "streamed: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("goes on with calls side by side, turn after turn")
    void turns(boolean streamed) {
        ChatCompletionCreateParams.Builder conversation = ChatCompletionCreateParams.builder()
                .model(model())
                .addSystemMessage("Be short.")
                .addUserMessage("Compare [[tool=3]]")
                .parallelToolCalls(true)
                .addTool(weather());
        List<String> ids = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            ChatCompletion answer = ask(conversation.build(), streamed);
            assertEquals(3, calls(answer).size());
            conversation.addMessage(message(answer));
            for (ChatCompletionMessageFunctionToolCall call : calls(answer)) {
                assertFalse(ids.contains(call.id()), call.id());
                ids.add(call.id());
                conversation.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("sun " + ids.size())
                        .build());
            }
            ChatCompletion text = ask(conversation.build(), streamed);
            assertEquals(
                    ChatCompletion.Choice.FinishReason.STOP,
                    text.choices().get(0).finishReason());
            assertHistory(ids);
            conversation.addMessage(message(text)).addUserMessage("And now? [[tool=3]]");
        }
    }

    /** Of what the provider was told: all calls of a turn in one message, all their results in the next one. */
    private static void assertHistory(List<String> ids) {
        JsonNode asked = SERVER.lastAsked();
        assertTrue(asked.at("/system").toString().contains("Be short."), asked::toString);
        assertTrue(asked.at("/max_tokens").asInt() > 0, asked::toString);
        assertEquals("get_weather", asked.at("/tools/0/name").asText());
        assertEquals("object", asked.at("/tools/0/input_schema/type").asText());
        List<String> called = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        String role = "assistant";
        for (JsonNode message : asked.at("/messages")) {
            assertFalse(role.equals(message.path("role").asText()), "two turns of " + role);
            role = message.path("role").asText();
            int callsHere = 0;
            int resultsHere = 0;
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asText().equals("tool_use")) {
                    callsHere++;
                    called.add(block.path("id").asText());
                    assertEquals("{\"city\":\"Zürich\"}", block.path("input").toString());
                } else if (block.path("type").asText().equals("tool_result")) {
                    resultsHere++;
                    answered.add(block.path("tool_use_id").asText());
                    assertTrue(block.toString().contains("sun " + answered.size()), block::toString);
                }
            }
            assertTrue(callsHere == 0 || callsHere == 3, message::toString);
            assertTrue(resultsHere == 0 || resultsHere == 3, message::toString);
        }
        assertEquals(ids, called);
        assertEquals(ids, answered);
    }

    @Test
    @DisplayName("shows images, by their bytes and by their address")
    void images() {
        List<ChatCompletionContentPart> parts = List.of(
                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                        .text("What is on these?")
                        .build()),
                image("data:image/png;base64," + PNG),
                image("https://images.test/a.png"));
        ChatCompletionCreateParams request = ChatCompletionCreateParams.builder()
                .model(model())
                .addUserMessageOfArrayOfContentParts(parts)
                .build();
        client().chat().completions().create(request).validate();
        JsonNode shown = SERVER.lastAsked().at("/messages/0/content");
        assertEquals(3, shown.size());
        assertEquals("What is on these?", shown.at("/0/text").asText());
        assertEquals("image", shown.at("/1/type").asText());
        assertEquals("base64", shown.at("/1/source/type").asText());
        assertEquals("image/png", shown.at("/1/source/media_type").asText());
        assertEquals(PNG, shown.at("/1/source/data").asText());
        assertEquals("url", shown.at("/2/source/type").asText());
        assertEquals("https://images.test/a.png", shown.at("/2/source/url").asText());
    }

    private static ChatCompletionContentPart image(String url) {
        return ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .build())
                .build());
    }

    @Test
    @SuppressWarnings("deprecation") // the only way to a field that the client does not know
    @DisplayName("has the provider think, and is shown the thoughts")
    void thinking() {
        ChatCompletionCreateParams request = chat("[[reasoning=4 tokens=3]]")
                .maxCompletionTokens(9000)
                .reasoningEffort(ReasoningEffort.MEDIUM)
                .build();
        ChatCompletion whole = ask(request, false);
        assertEquals("This is a", text(whole));
        assertEquals("This is a simulated", thoughts(message(whole)._additionalProperties()));
        assertEquals("enabled", SERVER.lastAsked().at("/thinking/type").asText());
        int budget = SERVER.lastAsked().at("/thinking/budget_tokens").asInt();
        assertTrue(
                budget >= 1024 && budget < SERVER.lastAsked().at("/max_tokens").asInt(), "budget " + budget);
        StringBuilder thoughts = new StringBuilder();
        StringBuilder said = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream =
                client().chat().completions().createStreaming(request)) {
            stream.stream().flatMap(chunk -> chunk.choices().stream()).forEach(choice -> {
                thoughts.append(thoughts(choice.delta()._additionalProperties()));
                said.append(choice.delta().content().orElse(""));
            });
        }
        assertEquals("This is a simulated", thoughts.toString());
        assertEquals("This is a", said.toString());
    }

    private static String thoughts(Map<String, JsonValue> properties) {
        JsonValue thoughts = properties.get("reasoning_content");
        return thoughts == null ? "" : thoughts.convert(String.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[tokens=40 unicode]]",
                "[[tokens=5 reasoning=30 input=90 cached=33]]",
                "[[tool=2 reasoning=3 input=90]]",
                "[[tool=1 input=90]]",
                "[[tokens=0]]"
            })
    @DisplayName("makes of the chunks what the whole answer says")
    void accumulated(String directives) {
        ChatCompletionCreateParams request =
                chat(directives).addTool(weather()).maxCompletionTokens(60).build();
        ChatCompletion whole = ask(request, false);
        ChatCompletion added = ask(
                request.toBuilder()
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build(),
                true);
        assertEquals(
                message(whole).content().orElse(""), message(added).content().orElse(""));
        assertEquals(
                calls(whole).stream()
                        .map(ChatCompletionMessageFunctionToolCall::function)
                        .toList(),
                calls(added).stream()
                        .map(ChatCompletionMessageFunctionToolCall::function)
                        .toList());
        assertEquals(
                whole.choices().get(0).finishReason(), added.choices().get(0).finishReason());
        assertEquals(whole.model(), added.model());
        CompletionUsage usage = whole.usage().orElseThrow();
        CompletionUsage addedUsage = added.usage().orElseThrow();
        assertEquals(usage.completionTokens(), addedUsage.completionTokens());
        assertEquals(usage.promptTokensDetails(), addedUsage.promptTokensDetails());
        // Where the request names no figure the provider counts bytes, and the bodies differ by the question for
        // events.
        if (directives.contains("input=")) {
            assertEquals(90, usage.promptTokens());
            assertEquals(usage, addedUsage);
        }
    }

    @Test
    @DisplayName("is told the usage of a stream where it asks, and only there")
    void usageUnasked() {
        assertTrue(streamed(chat("hi").build()).usage().isEmpty());
    }

    @Override
    @Test
    @DisplayName("is told that embeddings have no counterpart")
    void embeddings() {
        EmbeddingCreateParams request =
                EmbeddingCreateParams.builder().model(model()).input("a").build();
        assertNoTarget(assertThrows(
                BadRequestException.class, () -> client().embeddings().create(request)));
    }

    @Override
    @Test
    @DisplayName("is told that responses have no counterpart")
    void responses() {
        ResponseCreateParams request =
                ResponseCreateParams.builder().model(model()).input("hi").build();
        assertNoTarget(assertThrows(
                BadRequestException.class, () -> client().responses().create(request)));
    }

    private static void assertNoTarget(BadRequestException thrown) {
        assertEquals("no_target_for_dialect", thrown.code().orElse(""), thrown.toString());
    }

    @Test
    @DisplayName("throws for an error of status 200, as for one that says what it is")
    void errorWithinSuccess() {
        for (boolean streamed : new boolean[] {false, true}) {
            OpenAIServiceException thrown = assertThrows(
                    OpenAIServiceException.class,
                    () -> ask(chat("[[error-body]]").build(), streamed));
            assertTrue(thrown instanceof InternalServerException, thrown.toString());
            assertTrue(thrown.body().toString().contains("simulated error within a 200"), thrown.toString());
            assertEquals(List.of("provider"), thrown.headers().values("x-slipstream-error-source"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close-after=4", "cut-after=4", "truncate=4", "reset-after=4", "error-event-after=4"})
    @DisplayName("never takes a broken stream for an answer")
    void broken(String directive) {
        ChatCompletionCreateParams request = chat("[[" + directive + "]]").build();
        assertThrows(OpenAIException.class, () -> streamed(request));
    }

    @Test
    @DisplayName("is told what cannot be translated, and nobody is asked")
    void refused() {
        long before = SERVER.asked();
        OpenAIServiceException thrown = assertThrows(
                OpenAIServiceException.class,
                () -> client().chat().completions().create(chat("hi").n(2).build()));
        assertEquals(400, thrown.statusCode());
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("400: n: this"), thrown.toString());
        assertEquals("n", thrown.param().orElse(""));
        assertEquals(List.of("bad_request"), thrown.headers().values("x-slipstream-error"));
        assertEquals(before, SERVER.asked());
    }
}
