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

import dev.slipstream.codec.translate.ProviderTraits.MaxTokensField;
import dev.slipstream.codec.translate.ProviderTraits.Vendor;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a request of OpenAI's Chat Completions as the strictest of its servers would, written by hand from the public
 * API reference: unknown members, empty texts, neighbours of one role and misplaced results of tools are not accepted.
 */
final class ChatRequestValidator {
    private static final Set<String> MEMBERS = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "stop",
            "temperature",
            "top_p",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "reasoning_effort");
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private static final ProviderTraits CLIENT = ProviderTraits.OPENAI_COMPATIBLE
            .but()
            .topK(true)
            .developerRole(true)
            .build();

    private final ProviderTraits traits;
    private Set<String> toolNames = Set.of();

    private ChatRequestValidator(ProviderTraits traits) {
        this.traits = traits;
    }

    /** Throws {@link Checks.Rejected} where {@code request} is not accepted. */
    static void check(@Nullable Object request, ProviderTraits traits) {
        new ChatRequestValidator(traits).root(object(request, "request"));
    }

    /** The same as OpenAI itself would, which takes what stricter servers do not: clients may send that. */
    static void checkOfClient(@Nullable Object request) {
        check(request, CLIENT);
    }

    private boolean isOfClient() {
        return traits.equals(CLIENT);
    }

    private void root(Map<String, Object> root) {
        Set<String> members = new HashSet<>(MEMBERS);
        members.add(traits.maxTokensField() == MaxTokensField.MAX_TOKENS ? "max_tokens" : "max_completion_tokens");
        if (traits.topK()) {
            members.add("top_k");
        }
        if (traits.reasoning() == ProviderTraits.Reasoning.SWITCH) {
            members.add("thinking");
        }
        if (traits.vendor() != Vendor.MISTRAL) {
            members.add(traits.vendor() == Vendor.ZAI ? "user_id" : "user");
        }
        if (traits.vendor() == Vendor.OPENAI) {
            members.add("service_tier");
        }
        keys(root, members, "request");
        that(!text(root.get("model"), "model").isEmpty(), "model must be named");
        tools(root);
        messages(list(root.get("messages"), "messages"));
        limits(root);
        if (root.containsKey("response_format")) {
            format(object(root.get("response_format"), "response_format"));
        }
        if (root.containsKey("thinking")) {
            Map<String, Object> thinking = object(root.get("thinking"), "thinking");
            keys(thinking, Set.of("type"), "thinking");
            oneOf(thinking.get("type"), Set.of("enabled", "disabled"), "thinking.type");
        }
        if (root.containsKey("reasoning_effort")) {
            oneOf(root.get("reasoning_effort"), EFFORTS, "reasoning_effort");
        }
        if (root.containsKey("service_tier")) {
            oneOf(root.get("service_tier"), Set.of("auto", "default", "flex", "priority"), "service_tier");
        }
        String user = traits.vendor() == Vendor.ZAI ? "user_id" : "user";
        if (root.containsKey(user)) {
            String id = text(root.get(user), user);
            int least = traits.vendor() == Vendor.ZAI ? 6 : 1;
            that(id.length() >= least && id.length() <= traits.maxUserChars(), user + " is too short or too long");
        }
    }

    private void limits(Map<String, Object> root) {
        for (String name : List.of("max_tokens", "max_completion_tokens")) {
            if (root.containsKey(name)) {
                long tokens = whole(root.get(name), 1, name);
                that(
                        traits.maxOutputTokens() == 0 || tokens <= traits.maxOutputTokens(),
                        name + " is above the model's");
            }
        }
        boolean isStreamed = Boolean.TRUE.equals(root.get("stream"));
        that(
                !root.containsKey("stream_options") || (isStreamed && traits.streamUsage()),
                "stream_options without a stream");
        if (root.containsKey("stop")) {
            List<Object> stop = list(root.get("stop"), "stop");
            that(!stop.isEmpty() && stop.size() <= traits.maxStop(), "stop must have 1.." + traits.maxStop());
            stop.forEach(one -> that(!text(one, "stop").isEmpty(), "stop must not be empty"));
        }
        if (root.containsKey("temperature")) {
            number(root.get("temperature"), 0, traits.maxTemperature(), "temperature");
        }
        if (root.containsKey("top_p")) {
            number(root.get("top_p"), 0, 1, "top_p");
        }
        that(traits.sampling() || !(root.containsKey("temperature") || root.containsKey("top_p")), "no sampling");
    }

    private static void format(Map<String, Object> format) {
        oneOf(format.get("type"), Set.of("text", "json_object", "json_schema"), "response_format.type");
        if ("json_schema".equals(format.get("type"))) {
            Map<String, Object> schema = object(format.get("json_schema"), "json_schema");
            keys(schema, Set.of("name", "schema", "strict", "description"), "json_schema");
            matching(schema.get("name"), "[a-zA-Z0-9_-]{1,64}", "json_schema.name");
            object(schema.get("schema"), "json_schema.schema");
        }
    }

    // ------------------------------------------------------------------ tools

    private void tools(Map<String, Object> root) {
        if (!root.containsKey("tools")) {
            that(!root.containsKey("tool_choice"), "tool_choice without tools");
            that(!root.containsKey("parallel_tool_calls"), "parallel_tool_calls without tools");
            return;
        }
        List<Object> tools = list(root.get("tools"), "tools");
        that(!tools.isEmpty(), "tools must not be empty");
        toolNames = new HashSet<>();
        for (Object one : tools) {
            Map<String, Object> tool = object(one, "tool");
            keys(tool, Set.of("type", "function"), "tool");
            oneOf(tool.get("type"), Set.of("function"), "tool.type");
            Map<String, Object> function = object(tool.get("function"), "function");
            keys(
                    function,
                    traits.strictTools()
                            ? Set.of("name", "description", "parameters", "strict")
                            : Set.of("name", "description", "parameters"),
                    "function");
            toolNames.add(name(function.get("name")));
            that(
                    "object"
                            .equals(object(function.get("parameters"), "parameters")
                                    .get("type")),
                    "parameters.type");
        }
        Object choice = root.get("tool_choice");
        if (choice instanceof Map) {
            Map<String, Object> named = object(choice, "tool_choice");
            oneOf(named.get("type"), Set.of("function"), "tool_choice.type");
            that(traits.namedToolChoice(), "a tool cannot be forced");
            that(toolNames.contains(object(named.get("function"), "function").get("name")), "forced tool is unknown");
        } else if (choice != null) {
            oneOf(
                    choice,
                    traits.namedToolChoice() ? Set.of("auto", "none", "required") : Set.of("auto"),
                    "tool_choice");
        }
    }

    private String name(@Nullable Object name) {
        return matching(name, "[a-zA-Z0-9_-]{1," + traits.maxToolNameChars() + "}", "name of a tool");
    }

    // ------------------------------------------------------------------ messages

    private void messages(List<Object> messages) {
        that(!messages.isEmpty(), "messages must not be empty");
        Set<String> pending = new HashSet<>();
        String before = "";
        for (int i = 0; i < messages.size(); i++) {
            Map<String, Object> message = object(messages.get(i), "message");
            String role = text(message.get("role"), "role");
            that(message.containsKey("content"), "content must be there");
            if (role.equals("tool")) {
                keys(message, Set.of("role", "content", "tool_call_id"), "tool message");
                text(message.get("content"), "content of a tool message");
                String id = text(message.get("tool_call_id"), "tool_call_id");
                that(pending.remove(id), "a result without a call directly before: " + id);
            } else {
                that(pending.isEmpty(), "calls without results: " + pending);
                that(isOfClient() || !role.equals(before), "neighbours of one role: " + role);
                switch (role) {
                    case "system", "developer" -> {
                        keys(message, Set.of("role", "content"), "system message");
                        that(i == 0, "a system message that is not the first");
                        that(!role.equals("developer") || traits.developerRole(), "the role developer");
                        that(!text(message.get("content"), "system prompt").isEmpty(), "an empty system prompt");
                    }
                    case "user" -> user(message);
                    case "assistant" -> assistant(message, pending);
                    default -> that(false, "unknown role " + role);
                }
            }
            before = role;
        }
        that(pending.isEmpty(), "calls without results: " + pending);
    }

    private void user(Map<String, Object> message) {
        keys(message, Set.of("role", "content"), "user message");
        if (message.get("content") instanceof String said) {
            that(!said.isEmpty(), "an empty message of the user");
            return;
        }
        List<Object> parts = list(message.get("content"), "content");
        that(!parts.isEmpty(), "no parts");
        boolean hasMore = false;
        for (Object one : parts) {
            Map<String, Object> part = object(one, "part");
            switch (text(part.get("type"), "type")) {
                case "text" -> {
                    keys(part, Set.of("type", "text"), "text part");
                    that(!text(part.get("text"), "text").isEmpty(), "an empty text part");
                }
                case "image_url" -> {
                    hasMore = true;
                    keys(part, Set.of("type", "image_url"), "image part");
                    Map<String, Object> image = object(part.get("image_url"), "image_url");
                    keys(image, Set.of("url", "detail"), "image_url");
                    that(!text(image.get("url"), "url").isEmpty(), "url");
                }
                case "file" -> {
                    hasMore = true;
                    that(traits.files(), "files are not understood");
                    Map<String, Object> file = object(part.get("file"), "file");
                    keys(file, Set.of("filename", "file_data"), "file");
                    that(
                            text(file.get("file_data"), "file_data").startsWith("data:application/pdf;base64,"),
                            "file_data");
                }
                default -> that(false, "unknown part " + part.get("type"));
            }
        }
        that(isOfClient() || hasMore, "a list of texts alone");
    }

    private void assistant(Map<String, Object> message, Set<String> pending) {
        Set<String> members = new HashSet<>(Set.of("role", "content", "tool_calls"));
        if (traits.reasoningHistory()) {
            members.add("reasoning_content");
        }
        keys(message, members, "assistant message");
        boolean hasCalls = message.containsKey("tool_calls");
        if (message.get("content") != null) {
            text(message.get("content"), "content");
        } else {
            that(
                    hasCalls && (isOfClient() || traits.vendor() == Vendor.OPENAI),
                    "content null without calls, or to a server of strings");
        }
        if (!hasCalls) {
            return;
        }
        List<Object> calls = list(message.get("tool_calls"), "tool_calls");
        that(!calls.isEmpty(), "tool_calls must not be empty");
        for (Object one : calls) {
            Map<String, Object> call = object(one, "tool call");
            keys(call, Set.of("id", "type", "function"), "tool call");
            oneOf(call.get("type"), Set.of("function"), "type of a tool call");
            String id = matching(
                    call.get("id"),
                    switch (traits.vendor()) {
                        case MISTRAL -> "[a-zA-Z0-9]{9}";
                        case OPENAI -> ".{1,40}";
                        default -> "(?s).*";
                    },
                    "id of a tool call");
            pending.add(id);
            Map<String, Object> function = object(call.get("function"), "function");
            keys(function, Set.of("name", "arguments"), "function");
            name(function.get("name"));
            try {
                object(StrictJson.read(text(function.get("arguments"), "arguments")), "arguments");
            } catch (IOException e) {
                that(false, "arguments are no JSON: " + e.getMessage());
            }
        }
    }
}
