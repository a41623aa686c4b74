package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the Anthropic dialect, read as strictly as its grammar is written, and added up as its clients do: one
 * {@code message_start}, blocks one after another with indices from 0, {@code message_delta}, {@code message_stop}; or an
 * error at any place behind the start, with no block open, and nothing behind it.
 */
final class AnthropicStream {
    private static final Pattern EVENT = Pattern.compile("event: ([a-z_]+)\ndata: (\\{[^\r\n]*\\})");

    /** Names of the events in order. */
    final List<String> names = new ArrayList<>();

    /** The message as {@code message_start} had it, with blocks, stop reason and usage added up. */
    final Map<String, Object> message = new LinkedHashMap<>();

    /** The error it ended with, or null. */
    @Nullable
    Map<?, ?> error;

    /** The usage of {@code message_start}. */
    @Nullable
    Object firstUsage;

    private final List<Map<String, Object>> blocks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean open;
    private boolean stopped;
    private boolean ended;

    private AnthropicStream() {}

    /** Reads a stream that is complete, or empty. */
    static AnthropicStream of(String text) {
        AnthropicStream stream = prefix(text);
        assertTrue(text.isEmpty() || stream.ended, () -> "no end: " + stream.names);
        return stream;
    }

    /** Reads a stream that may be without an end. */
    static AnthropicStream prefix(String text) {
        AnthropicStream stream = new AnthropicStream();
        assertTrue(text.isEmpty() || text.endsWith("\n\n"), "the last event is not ended");
        if (!text.isEmpty()) {
            for (String event : text.substring(0, text.length() - 2).split("\n\n", -1)) {
                stream.event(event);
            }
        }
        return stream;
    }

    List<Map<String, Object>> blocks() {
        return blocks;
    }

    String texts(String type, String key) {
        StringBuilder all = new StringBuilder();
        for (Map<String, Object> block : blocks) {
            if (type.equals(block.get("type"))) {
                all.append(block.get(key));
            }
        }
        return all.toString();
    }

    private void event(String event) {
        Matcher matcher = EVENT.matcher(event);
        assertTrue(matcher.matches(), () -> "no event: " + event);
        Map<?, ?> data = ParsedJson.object(matcher.group(2));
        String name = matcher.group(1);
        assertEquals(name, data.get("type"));
        assertFalse(ended, () -> name + " behind the end");
        assertEquals(name.equals("message_start"), names.isEmpty(), () -> name + " behind " + names);
        names.add(name);
        switch (name) {
            case "message_start" -> messageStart(data);
            case "content_block_start" -> blockStart(data);
            case "content_block_delta" -> blockDelta(data);
            case "content_block_stop" -> blockStop(data);
            case "message_delta" -> messageDelta(data);
            case "message_stop" -> {
                assertEquals(Set.of("type"), data.keySet());
                assertTrue(stopped, "no message_delta");
                ended = true;
            }
            case "error" -> {
                AnthropicShape.error(data);
                assertFalse(open, "an open block");
                error = data;
                ended = true;
            }
            default -> throw new AssertionError(name);
        }
    }

    private void messageStart(Map<?, ?> data) {
        assertEquals(Set.of("type", "message"), data.keySet());
        Map<?, ?> start = ParsedJson.objectAt(data, "message");
        AnthropicShape.head(start);
        assertEquals(List.of(), start.get("content"));
        assertNull(start.get("stop_reason"));
        assertNull(start.get("stop_sequence"));
        start.forEach((key, value) -> message.put((String) key, value));
        message.put("content", blocks);
        firstUsage = start.get("usage");
    }

    private void blockStart(Map<?, ?> data) {
        assertEquals(Set.of("type", "index", "content_block"), data.keySet());
        assertFalse(open || stopped, "a block inside another or behind the stop");
        assertEquals((long) blocks.size(), data.get("index"));
        Map<String, Object> block = new LinkedHashMap<>();
        ParsedJson.objectAt(data, "content_block").forEach((key, value) -> block.put((String) key, value));
        switch (ParsedJson.textAt(block, "type")) {
            case "text" -> assertEquals(Map.of("type", "text", "text", ""), block);
            case "thinking" -> assertEquals(Map.of("type", "thinking", "thinking", "", "signature", ""), block);
            case "tool_use" -> {
                AnthropicShape.tool(block);
                assertEquals(Map.of(), block.get("input"));
            }
            default -> throw new AssertionError("block " + block);
        }
        blocks.add(block);
        text.setLength(0);
        open = true;
    }

    private void blockDelta(Map<?, ?> data) {
        assertEquals(Set.of("type", "index", "delta"), data.keySet());
        assertTrue(open, "no open block");
        assertEquals((long) blocks.size() - 1, data.get("index"));
        Map<?, ?> delta = ParsedJson.objectAt(data, "delta");
        String key = switch (ParsedJson.textAt(blocks.get(blocks.size() - 1), "type")) {
            case "text" -> "text";
            case "thinking" -> "thinking";
            default -> "partial_json";
        };
        assertEquals(key.equals("partial_json") ? "input_json_delta" : key + "_delta", delta.get("type"));
        assertEquals(Set.of("type", key), delta.keySet());
        assertFalse(ParsedJson.textAt(delta, key).isEmpty(), "an empty delta");
        text.append(ParsedJson.textAt(delta, key));
    }

    private void blockStop(Map<?, ?> data) {
        assertEquals(Set.of("type", "index"), data.keySet());
        assertTrue(open, "no open block");
        assertEquals((long) blocks.size() - 1, data.get("index"));
        Map<String, Object> block = blocks.get(blocks.size() - 1);
        String type = ParsedJson.textAt(block, "type");
        if (type.equals("tool_use")) {
            // A call that was cut off by a limit, or by an error, stays a text.
            block.put(
                    "input",
                    ParsedJson.isObject(text.toString()) ? ParsedJson.object(text.toString()) : text.toString());
        } else {
            block.put(type, text.toString());
        }
        open = false;
    }

    private void messageDelta(Map<?, ?> data) {
        assertEquals(Set.of("type", "delta", "usage"), data.keySet());
        assertFalse(open || stopped, "an open block, or a second message_delta");
        Map<?, ?> delta = ParsedJson.objectAt(data, "delta");
        assertEquals(Set.of("stop_reason", "stop_sequence"), delta.keySet());
        AnthropicShape.stop(delta);
        AnthropicShape.usage(data.get("usage"));
        message.put("stop_reason", delta.get("stop_reason"));
        message.put("usage", data.get("usage"));
        boolean hasCall = blocks.stream().anyMatch(block -> "tool_use".equals(block.get("type")));
        assertTrue(hasCall || !"tool_use".equals(delta.get("stop_reason")), "tool_use without a call");
        stopped = true;
    }
}
