package dev.slipstream.bench.upstream;

import dev.slipstream.codec.Dialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the simulation reads out of a request's body, the same for all endpoints. */
final class ModelRequest {
    private static final Pattern TOOL_WORD = Pattern.compile("\\btools?\\b", Pattern.CASE_INSENSITIVE);
    private static final int BYTES_PER_TOKEN = 4;

    final Dialect dialect;
    final Endpoint endpoint;
    final Map<String, @Nullable Object> body;
    final String model;
    final boolean stream;
    /** Text of the last user message that has any. */
    final String userText;
    /** Estimated from the size of the whole request, so that tools and system prompts count. */
    final int inputTokens;
    /** Of the first tool; empty: the request offers none, or forbids it. */
    final String toolName;

    final Map<String, @Nullable Object> toolSchema;
    final boolean toolForced;
    /** The conversation ends with a tool's result: the turn after it is text, or a loop would never end. */
    final boolean toolAnswered;

    ModelRequest(Dialect dialect, Endpoint endpoint, Map<String, @Nullable Object> body, int bodyBytes) {
        this.dialect = dialect;
        this.endpoint = endpoint;
        this.body = body;
        this.model = Json.text(body, "model");
        this.stream = Boolean.TRUE.equals(body.get("stream"));
        this.inputTokens = Math.max(1, bodyBytes / BYTES_PER_TOKEN);
        List<?> turns = endpoint == Endpoint.RESPONSES ? Json.list(body, "input") : Json.list(body, "messages");
        this.userText = userText(turns, body);
        this.toolAnswered = !turns.isEmpty() && isToolResult(turns.get(turns.size() - 1));

        Map<String, @Nullable Object> tool = firstTool();
        Object choice = body.get("tool_choice");
        String choiceType = choice instanceof Map<?, ?> map ? Json.text(map, "type") : String.valueOf(choice);
        boolean forbidden = choiceType.equals("none");
        this.toolForced = List.of("required", "any", "tool", "function").contains(choiceType);
        this.toolName = forbidden ? "" : Json.text(tool, "name");
        this.toolSchema = Json.child(tool, dialect == Dialect.ANTHROPIC ? "input_schema" : "parameters");
    }

    /** OpenAI's chat keeps a function one level down, its Responses and Anthropic do not. */
    private Map<String, @Nullable Object> firstTool() {
        for (Object entry : Json.list(body, "tools")) {
            if (entry instanceof Map<?, ?> tool) {
                Map<String, @Nullable Object> function = Json.child(tool, "function");
                return function.isEmpty() ? Json.asObject(tool) : function;
            }
        }
        return Map.of();
    }

    /** How many tool calls the answer makes; 0: it is text. */
    int toolCalls(Behaviour behaviour) {
        if (toolName.isEmpty()) {
            return 0;
        }
        if (toolForced) {
            return Math.max(1, behaviour.toolCalls);
        }
        if (toolAnswered) {
            return 0;
        }
        boolean word = TOOL_WORD.matcher(Directives.without(userText)).find();
        return word ? Math.max(1, behaviour.toolCalls) : behaviour.toolCalls;
    }

    /** The limit the client set; {@link Integer#MAX_VALUE}: none. */
    int maxTokens() {
        long limit = Integer.MAX_VALUE;
        for (String name : List.of("max_completion_tokens", "max_output_tokens", "max_tokens")) {
            limit = Math.min(limit, Math.max(0, Json.number(body, name, limit)));
        }
        return (int) limit;
    }

    private static String userText(List<?> turns, Map<String, @Nullable Object> body) {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i) instanceof Map<?, ?> turn
                    && Json.text(turn, "role").equals("user")) {
                String text = contentText(turn.get("content"));
                if (!text.isEmpty()) {
                    return text;
                }
            }
        }
        // Completions, embeddings and the short form of Responses have no turns.
        for (String name : List.of("prompt", "input")) {
            String text = contentText(body.get(name));
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static String contentText(@Nullable Object content) {
        if (content instanceof String text) {
            return text;
        }
        List<String> texts = new ArrayList<>();
        if (content instanceof List<?> parts) {
            for (Object part : parts) {
                if (part instanceof String text) {
                    texts.add(text);
                } else if (part instanceof Map<?, ?> block) {
                    texts.add(Json.text(block, "text"));
                }
            }
        }
        return String.join(" ", texts).strip();
    }

    private static boolean isToolResult(@Nullable Object turn) {
        if (!(turn instanceof Map<?, ?> message)) {
            return false;
        }
        if (Json.text(message, "role").equals("tool")
                || Json.text(message, "type").equals("function_call_output")) {
            return true;
        }
        for (Object part : Json.list(message, "content")) {
            if (part instanceof Map<?, ?> block && Json.text(block, "type").equals("tool_result")) {
                return true;
            }
        }
        return false;
    }
}
