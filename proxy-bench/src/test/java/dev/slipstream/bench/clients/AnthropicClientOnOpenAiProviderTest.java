package dev.slipstream.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.core.JsonValue;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.MessageTokensCount;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.ToolUseBlockParam;
import com.anthropic.models.messages.UrlImageSource;
import com.fasterxml.jackson.databind.JsonNode;
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
@DisplayName("Anthropic's client, on a provider of the OpenAI dialect,")
class AnthropicClientOnOpenAiProviderTest extends AnthropicClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.before(Dialect.OPENAI);

    private static final String PNG = "iVBORw0KGgoAAAANSUhEUg+/AAA=";

    AnthropicClientOnOpenAiProviderTest() {
        super(SERVER);
    }

    private static Tool weather() {
        return Tool.builder()
                .name("get_weather")
                .description("The weather of a city")
                .inputSchema(Tool.InputSchema.builder()
                        .properties(Tool.InputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .addRequired("city")
                        .build())
                .build();
    }

    /** The whole, or what the client's own helper makes of the events. */
    private Message ask(MessageCreateParams request, boolean streamed) {
        return streamed
                ? streamed(request)
                : client().messages().create(request).validate();
    }

    @Override
    @Test
    @DisplayName("gets tool calls, whole and in fragments, with the provider's ids")
    void tools() {
        MessageCreateParams request =
                message("Ask your tool").addTool(weather()).build();
        for (boolean streamed : new boolean[] {false, true}) {
            Message message = ask(request, streamed);
            assertEquals(StopReason.TOOL_USE, message.stopReason().orElseThrow());
            assertEquals(1, message.content().size());
            ToolUseBlock call = message.content().get(0).asToolUse();
            assertEquals("get_weather", call.name());
            assertTrue(call.id().startsWith("call_"), call.id());
            assertEquals(JsonValue.from(Map.of("city", "Zürich")), call._input());
        }
    }

    @ParameterizedTest(name = "streamed: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("goes on with calls side by side, turn after turn")
    void turns(boolean streamed) {
        MessageCreateParams.Builder conversation = message("Compare [[tool=3 reasoning=2]]")
                .system("Be short.")
                .enabledThinking(1024)
                .maxTokens(4000)
                .addTool(weather());
        List<String> ids = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            Message answer = ask(conversation.build(), streamed);
            assertEquals(StopReason.TOOL_USE, answer.stopReason().orElseThrow());
            List<ToolUseBlock> calls = answer.content().stream()
                    .flatMap(block -> block.toolUse().stream())
                    .toList();
            assertEquals(3, calls.size());
            assertEquals("This is", answer.content().get(0).asThinking().thinking());
            List<ContentBlockParam> results = new ArrayList<>();
            for (ToolUseBlock call : calls) {
                assertFalse(ids.contains(call.id()), call.id());
                ids.add(call.id());
                results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                        .toolUseId(call.id())
                        .content("sun " + ids.size())
                        .build()));
            }
            conversation.addMessage(answer).addUserMessageOfContentBlockParams(results);
            Message text = ask(conversation.build(), streamed);
            assertEquals(StopReason.END_TURN, text.stopReason().orElseThrow());
            assertHistory(ids);
            conversation.addMessage(text).addUserMessage("And now? [[tool=3 reasoning=2]]");
        }
    }

    /** Of what the provider was told: each call and, right behind its message, each result, in order. */
    private static void assertHistory(List<String> ids) {
        JsonNode asked = SERVER.lastAsked();
        assertEquals("system", asked.at("/messages/0/role").asText());
        assertEquals("Be short.", asked.at("/messages/0/content").asText());
        assertEquals("get_weather", asked.at("/tools/0/function/name").asText());
        assertEquals("city", asked.at("/tools/0/function/parameters/required/0").asText());
        List<String> called = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        for (JsonNode message : asked.at("/messages")) {
            for (JsonNode call : message.path("tool_calls")) {
                called.add(call.path("id").asText());
                assertEquals("get_weather", call.at("/function/name").asText());
                assertEquals(
                        "{\"city\":\"Zürich\"}", call.at("/function/arguments").asText());
            }
            if (message.path("role").asText().equals("tool")) {
                answered.add(message.path("tool_call_id").asText());
                assertEquals("sun " + answered.size(), message.path("content").asText());
                assertEquals(
                        (answered.size() + 2) / 3 * 3,
                        called.size(),
                        "a result stands behind the calls of its own turn");
            }
        }
        assertEquals(ids, called);
        assertEquals(ids, answered);
    }

    @Test
    @DisplayName("shows images, by their bytes and by their address, also as a tool's result")
    void images() {
        Base64ImageSource bytes = Base64ImageSource.builder()
                .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                .data(PNG)
                .build();
        UrlImageSource address =
                UrlImageSource.builder().url("https://images.test/a.png").build();
        MessageCreateParams request = MessageCreateParams.builder()
                .model(model())
                .maxTokens(100)
                .addTool(weather())
                .addUserMessageOfContentBlockParams(List.of(
                        ContentBlockParam.ofText("What is on these?"),
                        ContentBlockParam.ofImage(bytes),
                        ContentBlockParam.ofImage(address)))
                .addAssistantMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolUse(ToolUseBlockParam.builder()
                        .id("call_1")
                        .name("get_weather")
                        .input(ToolUseBlockParam.Input.builder()
                                .putAdditionalProperty("city", JsonValue.from("Bern"))
                                .build())
                        .build())))
                .addUserMessageOfContentBlockParams(
                        List.of(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                                .toolUseId("call_1")
                                .contentOfBlocks(List.of(
                                        ToolResultBlockParam.Content.Block.ofText("a map"),
                                        ToolResultBlockParam.Content.Block.ofImage(bytes)))
                                .build())))
                .build();
        client().messages().create(request).validate();
        JsonNode messages = SERVER.lastAsked().at("/messages");
        JsonNode shown = messages.at("/0/content");
        assertEquals("What is on these?", shown.at("/0/text").asText());
        assertEquals(
                "data:image/png;base64," + PNG, shown.at("/1/image_url/url").asText());
        assertEquals("https://images.test/a.png", shown.at("/2/image_url/url").asText());
        assertEquals("tool", messages.at("/2/role").asText());
        assertEquals("call_1", messages.at("/2/tool_call_id").asText());
        assertTrue(messages.get(2).toString().contains("a map"), messages::toString);
        assertEquals("user", messages.at("/3/role").asText());
        assertTrue(messages.get(3).toString().contains("data:image/png;base64," + PNG), messages::toString);
        assertEquals(4, messages.size());
    }

    @Test
    @DisplayName("has the provider think, and is shown the thoughts")
    void thinking() {
        MessageCreateParams request = message("[[reasoning=4 tokens=3]]")
                .maxTokens(9000)
                .enabledThinking(3000)
                .build();
        for (boolean streamed : new boolean[] {false, true}) {
            Message message = ask(request, streamed);
            assertEquals(2, message.content().size());
            assertEquals(
                    "This is a simulated", message.content().get(0).asThinking().thinking());
            assertEquals("This is a", text(message));
            assertEquals("medium", SERVER.lastAsked().at("/reasoning_effort").asText());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[tokens=40 unicode]]",
                "[[tokens=5 reasoning=30 input=90 cached=33]]",
                "[[tool=2 reasoning=3]]",
                "[[tool=1]]",
                "[[tokens=0]]"
            })
    @DisplayName("makes of the events what the whole answer says")
    void accumulated(String directives) {
        MessageCreateParams request =
                message(directives).addTool(weather()).maxTokens(60).build();
        Message whole = ask(request, false);
        Message added = ask(request, true);
        assertEquals(
                whole.content().stream()
                        .map(AnthropicClientOnOpenAiProviderTest::said)
                        .toList(),
                added.content().stream()
                        .map(AnthropicClientOnOpenAiProviderTest::said)
                        .toList());
        assertEquals(whole.stopReason(), added.stopReason());
        assertEquals(whole.stopSequence(), added.stopSequence());
        assertEquals(whole.model(), added.model());
        assertEquals(whole.usage().outputTokens(), added.usage().outputTokens());
        assertEquals(whole.usage().cacheReadInputTokens(), added.usage().cacheReadInputTokens());
        // The bodies differ by the question for events; where the request names no figure the provider counts bytes.
        if (directives.contains("input=")) {
            assertEquals(57, whole.usage().inputTokens());
            assertEquals(57, added.usage().inputTokens());
        }
    }

    /** But for the id of a call, which is another one each time. */
    private static String said(ContentBlock block) {
        if (block.isToolUse()) {
            return block.asToolUse().name() + " " + block.asToolUse()._input();
        }
        return block.isThinking()
                ? "thought: " + block.asThinking().thinking()
                : "text: " + block.asText().text();
    }

    @Override
    @Test
    @DisplayName("is told an estimate of the tokens, which says so, and asks nobody")
    void countsTokens() {
        long before = SERVER.asked();
        long few = counted(MessageCountTokensParams.builder().model(model()).addUserMessage("Hello, world"));
        long more = counted(MessageCountTokensParams.builder()
                .model(model())
                .addUserMessage("Hello, world")
                .system("You are a helpful assistant of few words."));
        long most = counted(MessageCountTokensParams.builder()
                .model(model())
                .addUserMessage("Hello, world")
                .system("You are a helpful assistant of few words.")
                .addTool(weather()));
        assertTrue(few > 0 && few < more && more < most, few + ", " + more + ", " + most);
        assertEquals(before, SERVER.asked());
    }

    private long counted(MessageCountTokensParams.Builder request) {
        try (HttpResponseFor<MessageTokensCount> response =
                client().messages().withRawResponse().countTokens(request.build())) {
            assertEquals(List.of("true"), response.headers().values("x-slipstream-estimated"));
            return response.parse().validate().inputTokens();
        }
    }

    @Test
    @DisplayName("throws for an error of status 200, as for one that says what it is")
    void errorWithinSuccess() {
        for (boolean streamed : new boolean[] {false, true}) {
            AnthropicServiceException thrown = assertThrows(
                    AnthropicServiceException.class,
                    () -> ask(message("[[error-body]]").build(), streamed));
            assertInstanceOf(RateLimitException.class, thrown);
            assertTrue(thrown.body().toString().contains("simulated error within a 200"), thrown.toString());
            assertEquals(List.of("provider"), thrown.headers().values("x-slipstream-error-source"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close-after=4", "cut-after=4", "truncate=4", "reset-after=4", "error-event-after=4"})
    @DisplayName("never takes a broken stream for a message")
    void broken(String directive) {
        MessageCreateParams request = message("[[" + directive + "]]").build();
        assertThrows(AnthropicException.class, () -> streamed(request));
    }

    @Test
    @DisplayName("is told what cannot be translated, and nobody is asked")
    void refused() {
        long before = SERVER.asked();
        MessageCreateParams request = message("hi")
                .putAdditionalBodyProperty("temperature", JsonValue.from("warm"))
                .build();
        AnthropicServiceException thrown = assertThrows(
                AnthropicServiceException.class, () -> client().messages().create(request));
        assertEquals(400, thrown.statusCode());
        assertTrue(thrown.body().toString().contains("message=temperature: must be"), thrown.toString());
        assertEquals(List.of("bad_request"), thrown.headers().values("x-slipstream-error"));
        assertEquals(before, SERVER.asked());
    }
}
