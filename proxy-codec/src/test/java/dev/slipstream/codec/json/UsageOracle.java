package dev.slipstream.codec.json;

import com.dslplatform.json.DslJson;
import dev.slipstream.codec.sse.SseOracle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Usage as a full parser sees it: parse, then look the paths up. */
final class UsageOracle {
    private final DslJson<Object> json = new DslJson<>();
    private final Map<String, Long> known = new HashMap<>();
    private boolean messageKnown;
    private long events;
    private boolean ended;

    static Usage whole(byte[] body) {
        UsageOracle oracle = new UsageOracle();
        oracle.document(body);
        oracle.ended = false;
        return oracle.usage();
    }

    static Usage stream(byte[] body) {
        UsageOracle oracle = new UsageOracle();
        oracle.events = SseOracle.events(body).size();
        // An event that lost its blank line is not counted, but read where it can be.
        byte[] closed = Arrays.copyOf(body, body.length + 2);
        Arrays.fill(closed, body.length, closed.length, (byte) '\n');
        for (SseOracle.Event event : SseOracle.events(closed)) {
            oracle.event(event.data());
        }
        return oracle.usage();
    }

    private void event(String data) {
        if (data.startsWith("[DONE]")) {
            ended = true;
        } else {
            document(data.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void document(byte[] text) {
        Map<?, ?> top;
        try {
            top = json.deserialize(Map.class, text, text.length);
        } catch (IOException | RuntimeException e) {
            return;
        }
        if (top == null) {
            return;
        }
        ended |= "message_stop".equals(top.get("type")) || "response.completed".equals(top.get("type"));
        for (Map.Entry<?, ?> entry : top.entrySet()) {
            if (entry.getKey().equals("usage")) {
                usage(entry.getValue());
            } else if (entry.getKey().equals("message") && entry.getValue() instanceof Map<?, ?> message) {
                if (!messageKnown && message.get("usage") instanceof Map<?, ?> usage) {
                    usage(usage);
                    messageKnown = true;
                }
            } else if ((entry.getKey().equals("response") || entry.getKey().equals("x_groq"))
                    && entry.getValue() instanceof Map<?, ?> carrier) {
                usage(carrier.get("usage"));
            }
        }
    }

    private void usage(@Nullable Object object) {
        if (!(object instanceof Map<?, ?> usage)) {
            return;
        }
        for (String name : List.of(
                "prompt_tokens",
                "completion_tokens",
                "total_tokens",
                "input_tokens",
                "output_tokens",
                "cache_read_input_tokens",
                "cache_creation_input_tokens")) {
            put(name, usage.get(name));
        }
        for (Map.Entry<?, ?> entry : usage.entrySet()) {
            String name = (String) entry.getKey();
            if (name.equals("prompt_cache_hit_tokens") || name.equals("cached_tokens")) {
                put("hit", entry.getValue());
            } else if (entry.getValue() instanceof Map<?, ?> details) {
                details(name, details);
            }
        }
    }

    private void details(String name, Map<?, ?> details) {
        if (name.equals("prompt_tokens_details") || name.equals("input_tokens_details")) {
            put("cached", details.get("cached_tokens"));
            if (name.equals("input_tokens_details")) {
                known.put("inclusive", 1L);
            }
        } else if (name.equals("completion_tokens_details") || name.equals("output_tokens_details")) {
            for (Map.Entry<?, ?> entry : details.entrySet()) {
                if (entry.getKey().equals("reasoning_tokens") || entry.getKey().equals("thinking_tokens")) {
                    put("reasoning", entry.getValue());
                }
            }
        }
    }

    private void put(String name, @Nullable Object value) {
        if (value instanceof Long number && number >= 0 && number < 1_000_000_000_000_000L) {
            known.put(name, number);
        }
    }

    private long get(String name) {
        return known.getOrDefault(name, UsageScanner.UNKNOWN);
    }

    private Usage usage() {
        long prompt = get("prompt_tokens");
        if (prompt < 0) {
            prompt = get("input_tokens");
            if (prompt >= 0 && !known.containsKey("inclusive")) {
                prompt += known.getOrDefault("cache_read_input_tokens", 0L)
                        + known.getOrDefault("cache_creation_input_tokens", 0L);
            }
        }
        long completion = get("completion_tokens");
        long reasoning = get("reasoning");
        if (completion < 0) {
            completion = get("output_tokens");
        } else if (reasoning > 0
                && known.containsKey("prompt_tokens")
                && get("total_tokens") - get("prompt_tokens") - completion == reasoning) {
            completion += reasoning;
        }
        long cached = known.getOrDefault(
                "cached", known.getOrDefault("hit", known.getOrDefault("cache_read_input_tokens", -1L)));
        return new Usage(prompt, completion, cached, reasoning, events, ended);
    }
}
