package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds what the Anthropic API reference says of a message, its blocks, its usage and an error: no key more or less. */
final class AnthropicShape {
    private static final Set<String> STOP_REASONS = Set.of(
            "end_turn",
            "max_tokens",
            "stop_sequence",
            "tool_use",
            "pause_turn",
            "refusal",
            "model_context_window_exceeded");
    private static final Set<String> ERROR_TYPES = Set.of(
            "invalid_request_error",
            "authentication_error",
            "billing_error",
            "permission_error",
            "not_found_error",
            "conflict_error",
            "request_too_large",
            "rate_limit_error",
            "timeout_error",
            "api_error",
            "overloaded_error");

    private AnthropicShape() {}

    static void message(Map<?, ?> message) {
        head(message);
        stop(message);
        boolean hasCall = false;
        for (Object block : ParsedJson.listAt(message, "content")) {
            block((Map<?, ?>) block);
            hasCall |= "tool_use".equals(ParsedJson.at(block, "type"));
        }
        assertTrue(hasCall || !"tool_use".equals(message.get("stop_reason")), "tool_use without a call");
    }

    /** All of a message but how it stopped and what it says. */
    static void head(Map<?, ?> message) {
        assertEquals(
                Set.of("id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"),
                message.keySet());
        assertTrue(ParsedJson.textAt(message, "id").matches("msg_[a-zA-Z0-9_-]+"), () -> "id " + message.get("id"));
        assertEquals("message", message.get("type"));
        assertEquals("assistant", message.get("role"));
        assertTrue(message.get("model") instanceof String);
        assertTrue(message.get("content") instanceof List);
        usage(message.get("usage"));
    }

    static void stop(Map<?, ?> object) {
        assertTrue(object.containsKey("stop_sequence"));
        assertEquals(null, object.get("stop_sequence"));
        assertTrue(STOP_REASONS.contains(object.get("stop_reason")), () -> "stop_reason " + object.get("stop_reason"));
    }

    static void usage(@Nullable Object usage) {
        assertNotNull(usage);
        assertEquals(
                Set.of("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"),
                ((Map<?, ?>) usage).keySet());
        for (Object figure : ((Map<?, ?>) usage).values()) {
            assertTrue(figure instanceof Long tokens && tokens >= 0, () -> "usage " + usage);
        }
    }

    static void block(Map<?, ?> block) {
        switch (ParsedJson.textAt(block, "type")) {
            case "text" -> {
                assertEquals(Set.of("type", "text"), block.keySet());
                assertTrue(!ParsedJson.textAt(block, "text").isEmpty(), "an empty text block");
            }
            case "thinking" -> {
                assertEquals(Set.of("type", "thinking", "signature"), block.keySet());
                assertTrue(!ParsedJson.textAt(block, "thinking").isEmpty(), "an empty thinking block");
                assertEquals("", block.get("signature"));
            }
            case "tool_use" -> {
                tool(block);
                assertTrue(block.get("input") instanceof Map, () -> "input " + block.get("input"));
            }
            default -> throw new AssertionError("block " + block);
        }
    }

    static void tool(Map<?, ?> block) {
        assertEquals(Set.of("type", "id", "name", "input"), block.keySet());
        assertTrue(ParsedJson.textAt(block, "id").matches("[a-zA-Z0-9_-]+"), () -> "id " + block.get("id"));
        assertTrue(!ParsedJson.textAt(block, "name").isEmpty(), "a call without a name");
    }

    static void error(Map<?, ?> error) {
        assertEquals(Set.of("type", "error", "request_id"), error.keySet());
        assertEquals("error", error.get("type"));
        assertTrue(error.get("request_id") instanceof String);
        assertEquals(
                Set.of("type", "message"), ParsedJson.objectAt(error, "error").keySet());
        assertTrue(ERROR_TYPES.contains(ParsedJson.textAt(error, "error", "type")), error::toString);
        assertTrue(!ParsedJson.textAt(error, "error", "message").isEmpty(), "an error without a message");
    }
}
