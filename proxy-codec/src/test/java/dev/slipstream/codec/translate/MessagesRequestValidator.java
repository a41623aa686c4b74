package dev.slipstream.codec.translate;

import static dev.slipstream.codec.translate.Checks.keys;
import static dev.slipstream.codec.translate.Checks.list;
import static dev.slipstream.codec.translate.Checks.matching;
import static dev.slipstream.codec.translate.Checks.number;
import static dev.slipstream.codec.translate.Checks.object;
import static dev.slipstream.codec.translate.Checks.oneOf;
import static dev.slipstream.codec.translate.Checks.text;
import static dev.slipstream.codec.translate.Checks.that;
import static dev.slipstream.codec.translate.Checks.whole;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a request of Anthropic's Messages as Anthropic does, written by hand from the public API reference and from
 * the 400s that are publicly reported: unknown members, blank texts, calls without results and the like are not accepted.
 */
final class MessagesRequestValidator {
    private static final Set<String> MEMBERS = Set.of(
            "model",
            "max_tokens",
            "messages",
            "stream",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "metadata",
            "service_tier");
    private static final Set<String> IMAGE_TYPES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final ProviderTraits traits;
    private final Set<String> ids = new HashSet<>();
    private int breakpoints;

    private MessagesRequestValidator(ProviderTraits traits) {
        this.traits = traits;
    }

    /** Throws {@link Checks.Rejected} where {@code request} is not accepted. */
    static void check(@Nullable Object request, ProviderTraits traits) {
        new MessagesRequestValidator(traits).root(object(request, "request"));
    }

    private void root(Map<String, Object> root) {
        keys(root, MEMBERS, "request");
        that(!text(root.get("model"), "model").isEmpty(), "model must be named");
        long maxTokens = whole(root.get("max_tokens"), 1, "max_tokens");
        that(traits.maxOutputTokens() == 0 || maxTokens <= traits.maxOutputTokens(), "max_tokens is above the model's");
        that(!root.containsKey("stream") || root.get("stream") instanceof Boolean, "stream");
        boolean thinks = thinks(root, maxTokens);
        sampling(root, thinks);
        system(root.get("system"), root.containsKey("system"));
        tools(root, thinks);
        messages(list(root.get("messages"), "messages"), thinks);
        outputConfig(root);
        if (root.containsKey("stop_sequences")) {
            List<Object> sequences = list(root.get("stop_sequences"), "stop_sequences");
            that(!sequences.isEmpty() && sequences.size() <= traits.maxStop(), "number of stop_sequences");
            sequences.forEach(one -> that(!text(one, "stop sequence").isBlank(), "a blank stop sequence"));
        }
        if (root.containsKey("metadata")) {
            Map<String, Object> metadata = object(root.get("metadata"), "metadata");
            keys(metadata, Set.of("user_id"), "metadata");
            matching(metadata.get("user_id"), "[a-zA-Z0-9_-]{1," + traits.maxUserChars() + "}", "user_id");
        }
        if (root.containsKey("service_tier")) {
            oneOf(root.get("service_tier"), Set.of("auto", "standard_only"), "service_tier");
        }
        that(breakpoints <= 4, "more than 4 cache breakpoints");
    }

    private static boolean thinks(Map<String, Object> root, long maxTokens) {
        if (!root.containsKey("thinking")) {
            return false;
        }
        Map<String, Object> thinking = object(root.get("thinking"), "thinking");
        keys(thinking, Set.of("type", "budget_tokens"), "thinking");
        oneOf(thinking.get("type"), Set.of("enabled", "disabled", "adaptive"), "thinking.type");
        boolean hasBudget = "enabled".equals(thinking.get("type"));
        that(thinking.containsKey("budget_tokens") == hasBudget, "budget_tokens");
        if (hasBudget) {
            that(
                    whole(thinking.get("budget_tokens"), 1024, "budget_tokens") < maxTokens,
                    "budget_tokens >= max_tokens");
        }
        return !"disabled".equals(thinking.get("type"));
    }

    private void sampling(Map<String, Object> root, boolean thinks) {
        boolean hasTemperature = root.containsKey("temperature");
        boolean hasTopP = root.containsKey("top_p");
        if (hasTemperature) {
            that(number(root.get("temperature"), 0, 1, "temperature") == 1 || !thinks, "temperature with thinking");
        }
        if (hasTopP) {
            number(root.get("top_p"), thinks ? 0.95 : 0, 1, "top_p");
        }
        that(!(hasTemperature && hasTopP) || traits.samplingPair(), "temperature and top_p");
        if (root.containsKey("top_k")) {
            whole(root.get("top_k"), 0, "top_k");
            that(!thinks, "top_k with thinking");
        }
        that(traits.sampling() || !(hasTemperature || hasTopP || root.containsKey("top_k")), "no sampling");
    }

    private void outputConfig(Map<String, Object> root) {
        if (!root.containsKey("output_config")) {
            return;
        }
        Map<String, Object> config = object(root.get("output_config"), "output_config");
        keys(config, Set.of("effort", "format"), "output_config");
        that(!config.isEmpty(), "an empty output_config");
        if (config.containsKey("effort")) {
            oneOf(config.get("effort"), Set.of("low", "medium", "high", "xhigh", "max"), "effort");
        }
        if (config.containsKey("format")) {
            Map<String, Object> format = object(config.get("format"), "format");
            keys(format, Set.of("type", "schema"), "format");
            oneOf(format.get("type"), Set.of("json_schema"), "format.type");
            that(traits.jsonSchema(), "output by a schema is not understood");
            closed(object(format.get("schema"), "schema"));
        }
    }

    private static void closed(Map<String, Object> schema) {
        if ("object".equals(schema.get("type"))) {
            that(Boolean.FALSE.equals(schema.get("additionalProperties")), "an object that is not closed");
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.values().forEach(property -> {
                if (property instanceof Map) {
                    closed(object(property, "property"));
                }
            });
        }
        if (schema.get("items") instanceof Map) {
            closed(object(schema.get("items"), "items"));
        }
    }

    private void system(@Nullable Object system, boolean isThere) {
        if (isThere && !(system instanceof String)) {
            List<Object> blocks = list(system, "system");
            that(!blocks.isEmpty(), "an empty system");
            for (Object block : blocks) {
                that("text".equals(object(block, "system block").get("type")), "a system block that is no text");
                textBlock(object(block, "system block"));
            }
        }
    }

    // ------------------------------------------------------------------ tools

    private void tools(Map<String, Object> root, boolean thinks) {
        Set<Object> names = new HashSet<>();
        if (root.containsKey("tools")) {
            List<Object> tools = list(root.get("tools"), "tools");
            that(!tools.isEmpty(), "tools must not be empty");
            for (Object one : tools) {
                Map<String, Object> tool = object(one, "tool");
                keys(tool, Set.of("name", "description", "input_schema", "strict", "cache_control"), "tool");
                that(!tool.containsKey("strict") || traits.strictTools(), "strict");
                cacheControl(tool);
                names.add(name(tool.get("name")));
                Map<String, Object> schema = object(tool.get("input_schema"), "input_schema");
                that("object".equals(schema.get("type")), "input_schema.type must be object");
            }
        }
        if (root.containsKey("tool_choice")) {
            that(!names.isEmpty(), "tool_choice without tools");
            Map<String, Object> choice = object(root.get("tool_choice"), "tool_choice");
            keys(choice, Set.of("type", "name", "disable_parallel_tool_use"), "tool_choice");
            oneOf(choice.get("type"), Set.of("auto", "any", "tool", "none"), "tool_choice.type");
            boolean isForced = "any".equals(choice.get("type")) || "tool".equals(choice.get("type"));
            that(!isForced || !thinks, "thinking with a forced tool");
            that(!isForced || traits.namedToolChoice(), "a tool cannot be forced");
            that("tool".equals(choice.get("type")) == choice.containsKey("name"), "tool_choice.name");
            that(!choice.containsKey("name") || names.contains(choice.get("name")), "forced tool is unknown");
            that(
                    !choice.containsKey("disable_parallel_tool_use") || !"none".equals(choice.get("type")),
                    "parallel, none");
        }
    }

    private String name(@Nullable Object name) {
        return matching(name, "[a-zA-Z0-9_-]{1," + traits.maxToolNameChars() + "}", "name of a tool");
    }

    private void cacheControl(Map<String, Object> holder) {
        if (holder.containsKey("cache_control")) {
            breakpoints++;
            Map<String, Object> mark = object(holder.get("cache_control"), "cache_control");
            keys(mark, Set.of("type", "ttl"), "cache_control");
            oneOf(mark.get("type"), Set.of("ephemeral"), "cache_control.type");
        }
    }

    // ------------------------------------------------------------------ messages

    private void messages(List<Object> messages, boolean thinks) {
        that(!messages.isEmpty(), "messages must not be empty");
        String before = "assistant";
        Set<String> pending = Set.of();
        boolean lastCallsUnsigned = false;
        for (int i = 0; i < messages.size(); i++) {
            Map<String, Object> message = object(messages.get(i), "message");
            keys(message, Set.of("role", "content"), "message");
            oneOf(message.get("role"), Set.of("user", "assistant"), "role");
            String role = text(message.get("role"), "role");
            that(!role.equals(before), i == 0 ? "the first message must be the user's" : "neighbours of one role");
            before = role;
            if (role.equals("user")) {
                user(message.get("content"), pending);
                pending = Set.of();
            } else {
                pending = new LinkedHashSet<>();
                boolean isLast = i == messages.size() - 1;
                boolean signed = assistant(message.get("content"), pending, isLast);
                lastCallsUnsigned = !pending.isEmpty() && !signed;
                that(!isLast || !thinks, "an answer to be gone on with, with thinking");
            }
        }
        that(pending.isEmpty(), "tool_use without tool_result: " + pending);
        that(!thinks || !lastCallsUnsigned, "Expected `thinking` or `redacted_thinking`, but found `tool_use`");
    }

    private void user(@Nullable Object content, Set<String> pending) {
        if (content instanceof String said) {
            that(!said.isBlank(), "a blank message");
            that(pending.isEmpty(), "tool_use without tool_result: " + pending);
            return;
        }
        List<Object> blocks = list(content, "content");
        that(!blocks.isEmpty(), "no blocks");
        boolean hasOther = false;
        Set<String> open = new HashSet<>(pending);
        for (Object one : blocks) {
            Map<String, Object> block = object(one, "block");
            if ("tool_result".equals(block.get("type"))) {
                that(!hasOther, "a tool_result behind other blocks");
                keys(block, Set.of("type", "tool_use_id", "content", "is_error", "cache_control"), "tool_result");
                cacheControl(block);
                that(open.remove(text(block.get("tool_use_id"), "tool_use_id")), "tool_result without tool_use");
                if (block.get("content") instanceof List<?> parts) {
                    parts.forEach(part -> said(object(part, "block")));
                } else if (block.containsKey("content")) {
                    text(block.get("content"), "content of a tool_result");
                }
            } else {
                hasOther = true;
                said(block);
            }
        }
        that(open.isEmpty(), "tool_use without tool_result: " + open);
    }

    private void said(Map<String, Object> block) {
        switch (text(block.get("type"), "type")) {
            case "text" -> textBlock(block);
            case "image" -> {
                keys(block, Set.of("type", "source", "cache_control"), "image");
                cacheControl(block);
                Map<String, Object> source = object(block.get("source"), "source");
                oneOf(source.get("type"), Set.of("base64", "url"), "source.type");
                if ("base64".equals(source.get("type"))) {
                    keys(source, Set.of("type", "media_type", "data"), "source");
                    oneOf(source.get("media_type"), IMAGE_TYPES, "media_type");
                    that(!text(source.get("data"), "data").isEmpty(), "no data");
                } else {
                    keys(source, Set.of("type", "url"), "source");
                    that(text(source.get("url"), "url").matches("(?is)https?://.*"), "url");
                }
            }
            case "document" -> {
                that(traits.files(), "files are not understood");
                keys(block, Set.of("type", "source", "title", "cache_control"), "document");
                cacheControl(block);
                Map<String, Object> source = object(block.get("source"), "source");
                oneOf(source.get("type"), Set.of("base64", "text", "file"), "source.type");
                if ("base64".equals(source.get("type"))) {
                    oneOf(source.get("media_type"), Set.of("application/pdf"), "media_type");
                } else if ("text".equals(source.get("type"))) {
                    oneOf(source.get("media_type"), Set.of("text/plain"), "media_type");
                }
            }
            default -> that(false, "unknown block " + block.get("type"));
        }
    }

    private void textBlock(Map<String, Object> block) {
        keys(block, Set.of("type", "text", "cache_control"), "text block");
        cacheControl(block);
        that(!text(block.get("text"), "text").isBlank(), "a blank text block");
    }

    /** Gives back whether it brings signed thinking. */
    private boolean assistant(@Nullable Object content, Set<String> pending, boolean isLast) {
        if (content instanceof String said) {
            that(!said.isBlank(), "a blank message");
            that(!isLast || said.equals(said.stripTrailing()), "an answer to be gone on with ends in white space");
            return false;
        }
        List<Object> blocks = list(content, "content");
        that(!blocks.isEmpty(), "no blocks");
        boolean signed = false;
        for (int i = 0; i < blocks.size(); i++) {
            Map<String, Object> block = object(blocks.get(i), "block");
            switch (text(block.get("type"), "type")) {
                case "text" -> {
                    textBlock(block);
                    String said = text(block.get("text"), "text");
                    that(
                            !isLast || i < blocks.size() - 1 || said.equals(said.stripTrailing()),
                            "an answer to be gone on with ends in white space");
                }
                case "tool_use" -> {
                    keys(block, Set.of("type", "id", "name", "input"), "tool_use");
                    String id = matching(block.get("id"), "[a-zA-Z0-9_-]+", "id of a tool_use");
                    that(ids.add(id), "tool_use ids must be unique: " + id);
                    pending.add(id);
                    name(block.get("name"));
                    object(block.get("input"), "input");
                }
                case "thinking" -> {
                    keys(block, Set.of("type", "thinking", "signature"), "thinking");
                    text(block.get("thinking"), "thinking");
                    that(!text(block.get("signature"), "signature").isEmpty(), "no signature");
                    that(i == 0 || signed, "thinking that does not lead");
                    signed = true;
                }
                case "redacted_thinking" -> signed = true;
                default -> that(false, "unknown block " + block.get("type"));
            }
        }
        return signed;
    }
}
