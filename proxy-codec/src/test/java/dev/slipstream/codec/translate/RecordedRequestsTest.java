package dev.slipstream.codec.translate;

import static dev.slipstream.codec.Dialect.ANTHROPIC;
import static dev.slipstream.codec.Dialect.OPENAI;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests of public clients, recorded, when they stand beside the project: in the other dialect for each kind of server. */
class RecordedRequestsTest {
    private record Recorded(String id, Dialect dialect, String body, Map<String, Object> request) {}

    private static final List<Recorded> RECORDED = new ArrayList<>();
    private static final List<ProviderTraits> CHAT_SERVERS = List.of(
            ProviderTraits.OPENAI,
            ProviderTraits.OPENAI_COMPATIBLE,
            ProviderTraits.ZAI,
            ProviderTraits.MISTRAL,
            ProviderTraits.DEEPSEEK,
            ProviderTraits.OPENROUTER);
    private static final List<ProviderTraits> MESSAGES_SERVERS =
            List.of(ProviderTraits.ANTHROPIC, ProviderTraits.ANTHROPIC_COMPATIBLE);

    @BeforeAll
    static void read() throws IOException {
        // Beside the project; the module is the working directory.
        Path file = Path.of("../../shared/traffic/shared.jsonl");
        assumeTrue(Files.exists(file), "no recorded exchanges at ../shared/traffic beside the project");
        for (String line : Files.readAllLines(file)) {
            Map<String, Object> exchange = Checks.object(StrictJson.read(line), "exchange");
            boolean isTurn = List.of("chat_completions", "messages").contains(exchange.get("kind"));
            Object body = Checks.object(exchange.get("request"), "request").get("body");
            if (isTurn && body instanceof String text) {
                Dialect dialect = "openai".equals(exchange.get("dialect")) ? OPENAI : ANTHROPIC;
                Map<String, Object> request = Checks.object(StrictJson.read(text), "body");
                RECORDED.add(new Recorded(String.valueOf(exchange.get("id")), dialect, text, request));
            }
        }
    }

    @Test
    void everyRecordedRequestIsTakenByServersOfTheOtherDialect() {
        Translating one = new Translating();
        Map<String, String> refused = new TreeMap<>();
        int taken = 0;
        for (Recorded recorded : RECORDED) {
            boolean isChat = recorded.dialect == OPENAI;
            for (ProviderTraits to : isChat ? MESSAGES_SERVERS : CHAT_SERVERS) {
                if (!one.translate(recorded.dialect, recorded.body.getBytes(UTF_8), to, Translating.MODEL)) {
                    refused.put(recorded.id + " " + to.vendor(), one.request().refusal());
                    continue;
                }
                try {
                    if (isChat) {
                        MessagesRequestValidator.check(one.document(), to);
                    } else {
                        ChatRequestValidator.check(one.document(), to);
                    }
                } catch (Checks.Rejected e) {
                    throw new AssertionError(recorded.id + " for " + to.vendor() + ": " + one.document(), e);
                }
                taken++;
            }
        }
        assertTrue(taken >= 300, "taken: " + taken + ", refused: " + refused);
        assertTrue(refused.size() <= 20, "refused: " + refused);
    }

    /** Of those that say nothing that the other dialect has no word for. */
    @Test
    void everyRecordedConversationSaysTheSameInTheOtherDialect() {
        Translating one = new Translating();
        int same = 0;
        for (Recorded recorded : RECORDED) {
            boolean isChat = recorded.dialect == OPENAI;
            ProviderTraits to = isChat ? ProviderTraits.ANTHROPIC : ProviderTraits.OPENAI;
            if (isPlain(recorded.body) && one.translate(recorded.dialect, recorded.body.getBytes(UTF_8), to, "m")) {
                assertEquals(
                        said(recorded.request, recorded.dialect),
                        said(one.document(), isChat ? ANTHROPIC : OPENAI),
                        recorded.id);
                same++;
            }
        }
        assertTrue(same >= 50, "the same: " + same);
    }

    private static boolean isPlain(String body) {
        for (String other : List.of("server_tool_use", "mcp_tool_use", "document", "file", "is_error", "\"refusal\"")) {
            if (body.contains(other)) {
                return false;
            }
        }
        // What a tool has shown goes to another place; another test tells where.
        return !(body.contains("tool_result") && body.contains("\"image\""));
    }

    /** The conversation alone. */
    private static String said(Map<String, Object> request, Dialect dialect) {
        String meaning = Meaning.of(request, dialect);
        // One recording has no message of a user, whom Anthropic must have.
        return meaning.substring(0, meaning.lastIndexOf('\n')).replace("user says: ...", "");
    }
}
