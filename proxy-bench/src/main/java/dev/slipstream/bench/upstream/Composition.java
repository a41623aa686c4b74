package dev.slipstream.bench.upstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says, decided once and written in a dialect's words by {@link ChatAnswers}, {@link
 * MessagesAnswers} and {@link ResponsesAnswers}.
 *
 * @param id unique within the provider; hexadecimal
 * @param toolCalls 0: text
 * @param tokens of the text, reasoning not among them
 * @param limited the client's limit of tokens cut the answer short
 */
record Composition(
        ModelRequest request,
        String id,
        long createdSeconds,
        int toolCalls,
        String toolArguments,
        Tokens words,
        int tokens,
        int reasoningTokens,
        boolean limited,
        Usage usage) {

    static Composition of(ModelRequest request, Behaviour behaviour, String id, long createdSeconds, Json json) {
        int toolCalls = request.toolCalls(behaviour);
        String arguments = new String(json.write(ToolArguments.of(request.toolSchema)), StandardCharsets.UTF_8);
        int limit = request.maxTokens();
        int reasoning = Math.min(behaviour.reasoningTokens, limit);
        int tokens = toolCalls > 0 ? 0 : Math.min(behaviour.tokens, limit - reasoning);
        int output = reasoning + (toolCalls > 0 ? toolCalls * (4 + arguments.length() / 4) : tokens);
        int input = behaviour.inputTokens > 0 ? behaviour.inputTokens : request.inputTokens;
        return new Composition(
                request,
                id,
                createdSeconds,
                toolCalls,
                arguments,
                behaviour.stamped ? Tokens.stamps() : new Tokens(behaviour.unicode, behaviour.tokenBytes),
                tokens,
                reasoning,
                toolCalls == 0 && tokens < behaviour.tokens,
                new Usage(input, Math.min(behaviour.cachedTokens, input), output, reasoning));
    }

    String text() {
        return words.text(tokens);
    }

    String reasoningText() {
        return words.text(reasoningTokens);
    }

    String callId(String prefix, int call) {
        return prefix + id + (char) ('a' + call % 26) + call;
    }

    /** One event per different word, for a run of {@code count} tokens. */
    List<byte[]> wordEvents(int count, Function<String, byte[]> event) {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < Math.min(count, words.period()); i++) {
            events.add(event.apply(words.token(i)));
        }
        return events;
    }

    /** One event per fragment of the arguments. */
    List<byte[]> argumentEvents(Function<String, byte[]> event) {
        List<byte[]> events = new ArrayList<>();
        for (String fragment : ToolArguments.fragments(toolArguments)) {
            events.add(event.apply(fragment));
        }
        return events;
    }

    /** The arguments as an object. */
    Map<String, @Nullable Object> toolInput() {
        return ToolArguments.of(request.toolSchema);
    }
}
