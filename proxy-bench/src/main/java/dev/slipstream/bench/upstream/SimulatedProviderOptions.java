package dev.slipstream.bench.upstream;

import java.time.Duration;
import java.util.List;

/**
 * How a {@link SimulatedProvider} behaves unless a request's directives say otherwise. Immutable; start from
 * {@link #defaults()}.
 *
 * @param host the address to listen on
 * @param port 0 takes any free one
 * @param loops event loops, each a thread
 * @param firstTokenDelay from the end of a request to the head of its answer
 * @param tokenGap between two tokens of a stream
 * @param tokens output tokens of an answer; a smaller {@code max_tokens} of the request wins
 * @param tokenBytes UTF-8 bytes of each token; 0: words as they come
 * @param reasoningTokens tokens of thinking before the answer; 0: none
 * @param inputTokens input tokens in the usage figures; 0: estimated from the size of the request
 * @param cachedTokens how many of the input tokens are said to come from a cache
 * @param toolCalls answer with calls of the request's first tool whenever it has tools
 * @param errorStatus the status of failing requests
 * @param errorRate the share of requests that fail, 0 to 1; spread evenly, not at random
 * @param requiredKey the key that a request must carry; empty: none
 * @param models what {@code /v1/models} lists; other names are answered as well
 * @param keepRequests how many of the last requests are kept for {@link SimulatedProvider#received()}
 * @param wire what is spoken
 */
public record SimulatedProviderOptions(
        String host,
        int port,
        int loops,
        Duration firstTokenDelay,
        Duration tokenGap,
        int tokens,
        int tokenBytes,
        int reasoningTokens,
        int inputTokens,
        int cachedTokens,
        boolean toolCalls,
        int errorStatus,
        double errorRate,
        String requiredKey,
        List<String> models,
        int keepRequests,
        ProviderWire wire) {

    public SimulatedProviderOptions {
        models = List.copyOf(models);
        atLeast(1, loops, "loops");
        atLeast(0, tokens, "tokens");
        atLeast(0, tokenBytes, "tokenBytes");
        atLeast(0, reasoningTokens, "reasoningTokens");
        atLeast(0, inputTokens, "inputTokens");
        atLeast(0, cachedTokens, "cachedTokens");
        atLeast(0, keepRequests, "keepRequests");
        if (firstTokenDelay.isNegative() || tokenGap.isNegative()) {
            throw new IllegalArgumentException("delays must not be negative");
        }
        if (errorStatus < 400 || errorStatus > 599) {
            throw new IllegalArgumentException("errorStatus must be within 400 to 599, not " + errorStatus);
        }
        if (!(errorRate >= 0 && errorRate <= 1)) {
            throw new IllegalArgumentException("errorRate must be within 0 to 1, not " + errorRate);
        }
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }

    /** One loop on any free port of 127.0.0.1, HTTP/1.1 without TLS, no delays, 16 tokens, no failures, no key. */
    public static SimulatedProviderOptions defaults() {
        return new SimulatedProviderOptions(
                "127.0.0.1",
                0,
                1,
                Duration.ZERO,
                Duration.ZERO,
                16,
                0,
                0,
                0,
                0,
                false,
                500,
                0,
                "",
                List.of("sim-large", "sim-small"),
                0,
                ProviderWire.h1());
    }

    public SimulatedProviderOptions withAddress(String host, int port) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withLoops(int loops) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withFirstTokenDelay(Duration firstTokenDelay) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withTokenGap(Duration tokenGap) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withTokens(int tokens) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withTokenBytes(int tokenBytes) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withReasoningTokens(int reasoningTokens) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withInputTokens(int inputTokens) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withCachedTokens(int cachedTokens) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withToolCalls(boolean toolCalls) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withErrors(int errorStatus, double errorRate) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withRequiredKey(String requiredKey) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withModels(List<String> models) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withKeepRequests(int keepRequests) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }

    public SimulatedProviderOptions withWire(ProviderWire wire) {
        return new SimulatedProviderOptions(
                host,
                port,
                loops,
                firstTokenDelay,
                tokenGap,
                tokens,
                tokenBytes,
                reasoningTokens,
                inputTokens,
                cachedTokens,
                toolCalls,
                errorStatus,
                errorRate,
                requiredKey,
                models,
                keepRequests,
                wire);
    }
}
