package dev.slipstream.codec.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the OpenAI dialect makes of an answer, whole or streamed. Reading it is a strict validator: of the
 * fields that this project writes, none may be missing, of another kind, at another place, or unknown.
 *
 * @param usage prompt, completion, cached, cache write (-1: not told), reasoning (-1: not told); null where there is none
 * @param error the message of the error that ended it; null where none did
 */
record CompletionAnswer(
        String id,
        long created,
        String model,
        @Nullable String content,
        @Nullable String reasoning,
        List<Call> calls,
        @Nullable String finish,
        @Nullable List<Long> usage,
        @Nullable String error) {
    record Call(String id, String name, String arguments) {}

    private static final Set<String> FINISHES = Set.of("stop", "length", "tool_calls", "content_filter");

    static @Nullable Object json(String text) {
        try {
            return JacksonValues.read(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    static Map<?, ?> object(@Nullable Object value) {
        return assertInstanceOf(Map.class, value);
    }

    static List<?> list(@Nullable Object value) {
        return assertInstanceOf(List.class, value);
    }

    static String text(@Nullable Object value) {
        return assertInstanceOf(String.class, value);
    }

    static long number(@Nullable Object value) {
        return assertInstanceOf(Number.class, value).longValue();
    }

    // ------------------------------------------------------------------ whole

    static CompletionAnswer whole(String completion) {
        return whole(completion, true);
    }

    /** {@code readsArguments}: whether arguments must be JSON, as those of a provider in its right mind are. */
    static CompletionAnswer whole(String completion, boolean readsArguments) {
        Map<?, ?> root = object(json(completion));
        assertTrue(
                root.keySet().equals(Set.of("id", "object", "created", "model", "choices", "usage"))
                        || root.keySet().equals(Set.of("id", "object", "created", "model", "choices")),
                completion);
        assertEquals("chat.completion", root.get("object"));
        assertEquals(1, list(root.get("choices")).size());
        Map<?, ?> choice = object(list(root.get("choices")).get(0));
        assertEquals(Set.of("index", "message", "logprobs", "finish_reason"), choice.keySet());
        assertEquals(0, number(choice.get("index")));
        assertNull(choice.get("logprobs"));
        Map<?, ?> message = object(choice.get("message"));
        assertTrue(
                Set.of("role", "content", "refusal", "reasoning_content", "tool_calls")
                        .containsAll(message.keySet()),
                completion);
        assertEquals("assistant", message.get("role"));
        assertTrue(message.containsKey("content") && message.containsKey("refusal"), completion);
        assertNull(message.get("refusal"));
        String reasoning = message.containsKey("reasoning_content") ? text(message.get("reasoning_content")) : null;
        List<Call> calls = new ArrayList<>();
        if (message.containsKey("tool_calls")) {
            for (Object each : list(message.get("tool_calls"))) {
                calls.add(call(object(each), Set.of("id", "type", "function")));
            }
            assertFalse(calls.isEmpty(), completion);
        }
        Object content = message.get("content");
        CompletionAnswer answer = new CompletionAnswer(
                text(root.get("id")),
                number(root.get("created")),
                text(root.get("model")),
                content == null ? null : text(content),
                reasoning,
                calls,
                text(choice.get("finish_reason")),
                root.containsKey("usage") ? usage(object(root.get("usage"))) : null,
                null);
        answer.check(readsArguments);
        return answer;
    }

    private static Call call(Map<?, ?> call, Set<String> keys) {
        assertEquals(keys, call.keySet());
        assertEquals("function", call.get("type"));
        Map<?, ?> function = object(call.get("function"));
        assertEquals(Set.of("name", "arguments"), function.keySet());
        Call read = new Call(text(call.get("id")), text(function.get("name")), text(function.get("arguments")));
        assertFalse(read.id.isEmpty() || read.name.isEmpty(), call.toString());
        return read;
    }

    private static List<Long> usage(Map<?, ?> usage) {
        assertTrue(
                Set.of(
                                "prompt_tokens",
                                "completion_tokens",
                                "total_tokens",
                                "prompt_tokens_details",
                                "completion_tokens_details")
                        .containsAll(usage.keySet()),
                usage.toString());
        long prompt = number(usage.get("prompt_tokens"));
        long completion = number(usage.get("completion_tokens"));
        assertEquals(prompt + completion, number(usage.get("total_tokens")));
        Map<?, ?> details = object(usage.get("prompt_tokens_details"));
        long cached = number(details.get("cached_tokens"));
        long written = details.containsKey("cache_write_tokens") ? number(details.get("cache_write_tokens")) : -1;
        assertTrue(cached + Math.max(0, written) <= prompt, usage.toString());
        long reasoning = usage.containsKey("completion_tokens_details")
                ? number(object(usage.get("completion_tokens_details")).get("reasoning_tokens"))
                : -1;
        return List.of(prompt, completion, cached, written, reasoning);
    }

    /** With arguments that are whole JSON written anew: a stream keeps their white space, a whole answer has none. */
    CompletionAnswer compact() {
        List<Call> compact = new ArrayList<>();
        for (Call call : calls) {
            compact.add(new Call(call.id, call.name, JacksonValues.write(json(call.arguments))));
        }
        return new CompletionAnswer(id, created, model, content, reasoning, compact, finish, usage, error);
    }

    private void check(boolean readsArguments) {
        assertFalse(id.isEmpty() || model.isEmpty());
        assertTrue(finish == null || FINISHES.contains(finish), finish);
        if ("tool_calls".equals(finish)) {
            assertFalse(calls.isEmpty(), "waits for calls that do not come");
        }
        if (readsArguments && ("stop".equals(finish) || "tool_calls".equals(finish))) {
            for (Call call : calls) {
                object(json(call.arguments));
            }
        }
    }

    // ------------------------------------------------------------------ streamed

    /** Reads a stream as the official clients do, each chunk checked. */
    static CompletionAnswer stream(String stream, boolean usageWanted) {
        return stream(stream, usageWanted, true);
    }

    /** {@code readsArguments} as in {@link #whole(String, boolean)}. */
    static CompletionAnswer stream(String stream, boolean usageWanted, boolean readsArguments) {
        Reading reading = new Reading(usageWanted);
        assertTrue(stream.isEmpty() || stream.endsWith("\n\n"), stream);
        for (String event : stream.isEmpty() ? new String[0] : stream.split("\n\n", -1)) {
            if (!event.isEmpty()) {
                assertTrue(event.startsWith("data: "), event);
                assertFalse(event.contains("\n"), event);
                assertFalse(event.contains("\r"), event);
                reading.data(event.substring(6));
            }
        }
        return reading.answer(readsArguments);
    }

    private static final class Reading {
        private final boolean usageWanted;
        private final StringBuilder content = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final List<StringBuilder> arguments = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private @Nullable Map<?, ?> first;
        private @Nullable String finish;
        private @Nullable List<Long> usage;
        private @Nullable String error;
        private boolean done;

        Reading(boolean usageWanted) {
            this.usageWanted = usageWanted;
        }

        void data(String data) {
            assertFalse(done, "behind [DONE]: " + data);
            assertNull(error, "behind an error: " + data);
            if (data.equals("[DONE]")) {
                assertNotNull(finish, "done without a finish chunk");
                done = true;
                return;
            }
            Map<?, ?> chunk = object(json(data));
            if (chunk.containsKey("error")) {
                assertEquals(Set.of("error"), chunk.keySet());
                Map<?, ?> details = object(chunk.get("error"));
                assertEquals(Set.of("message", "type", "param", "code"), details.keySet());
                error = text(details.get("message"));
                assertFalse(text(details.get("type")).isEmpty());
                assertNull(finish, "an error behind the finish chunk");
                return;
            }
            assertEquals(
                    usageWanted
                            ? Set.of("id", "object", "created", "model", "choices", "usage")
                            : Set.of("id", "object", "created", "model", "choices"),
                    chunk.keySet(),
                    data);
            assertEquals("chat.completion.chunk", chunk.get("object"));
            if (first == null) {
                first = chunk;
            }
            for (String same : List.of("id", "created", "model")) {
                assertEquals(first.get(same), chunk.get(same), same);
            }
            assertTrue(number(chunk.get("created")) > 0);
            List<?> choices = list(chunk.get("choices"));
            if (choices.isEmpty()) {
                assertNotNull(finish, "usage before the finish chunk");
                assertNull(usage, "usage twice");
                usage = CompletionAnswer.usage(object(chunk.get("usage")));
                return;
            }
            assertNull(finish, "behind the finish chunk: " + data);
            assertNull(chunk.get("usage"));
            assertEquals(1, choices.size());
            Map<?, ?> choice = object(choices.get(0));
            assertEquals(Set.of("index", "delta", "finish_reason"), choice.keySet());
            assertEquals(0, number(choice.get("index")));
            Map<?, ?> delta = object(choice.get("delta"));
            if (chunk == first) {
                assertEquals(Map.of("role", "assistant", "content", ""), delta);
            } else {
                delta(delta);
            }
            if (choice.get("finish_reason") != null) {
                finish = text(choice.get("finish_reason"));
                assertTrue(delta.isEmpty(), data);
            } else {
                assertEquals(chunk == first ? 2 : 1, delta.size(), data);
            }
        }

        private void delta(Map<?, ?> delta) {
            for (Map.Entry<?, ?> entry : delta.entrySet()) {
                switch (text(entry.getKey())) {
                    case "content" -> content.append(notEmpty(entry.getValue()));
                    case "reasoning_content" -> reasoning.append(notEmpty(entry.getValue()));
                    case "tool_calls" -> {
                        assertEquals(1, list(entry.getValue()).size());
                        fragment(object(list(entry.getValue()).get(0)));
                    }
                    default -> throw new AssertionError("unknown in a delta: " + delta);
                }
            }
        }

        private static String notEmpty(@Nullable Object value) {
            assertFalse(text(value).isEmpty(), "an empty delta");
            return text(value);
        }

        private void fragment(Map<?, ?> fragment) {
            int index = (int) number(fragment.get("index"));
            if (index == calls.size()) {
                Call call = call(fragment, Set.of("index", "id", "type", "function"));
                assertEquals("", call.arguments);
                calls.add(call);
                arguments.add(new StringBuilder());
                return;
            }
            assertTrue(index >= 0 && index < calls.size(), "a call that never began: " + fragment);
            assertEquals(Set.of("index", "function"), fragment.keySet());
            Map<?, ?> function = object(fragment.get("function"));
            assertEquals(Set.of("arguments"), function.keySet());
            arguments.get(index).append(notEmpty(function.get("arguments")));
        }

        CompletionAnswer answer(boolean readsArguments) {
            List<Call> whole = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                whole.add(new Call(
                        calls.get(i).id, calls.get(i).name, arguments.get(i).toString()));
            }
            assertEquals(error == null && first != null, done, "ends in neither [DONE] nor an error, or in both");
            CompletionAnswer answer = new CompletionAnswer(
                    first == null ? "none" : text(first.get("id")),
                    first == null ? 0 : number(first.get("created")),
                    first == null ? "none" : text(first.get("model")),
                    content.isEmpty() ? null : content.toString(),
                    reasoning.isEmpty() ? null : reasoning.toString(),
                    whole,
                    finish,
                    usage,
                    error);
            answer.check(readsArguments);
            return answer;
        }
    }
}
