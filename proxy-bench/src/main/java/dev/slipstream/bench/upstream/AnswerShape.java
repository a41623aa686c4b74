package dev.slipstream.bench.upstream;

/**
 * What answers look like, and how fast they come, unless a request's directives say otherwise. Immutable.
 *
 * @param firstTokenDelay from the end of a request to the head of its answer; drawn for each request
 * @param tokenGap between two tokens of a stream; drawn for each token
 * @param tokens output tokens of an answer, drawn for each; a smaller {@code max_tokens} of the request wins
 * @param tokenBytes UTF-8 bytes of each token; 0: words as they come
 * @param reasoningTokens tokens of thinking before the answer; 0: none
 * @param inputTokens input tokens in the usage figures; 0: estimated from the size of the request
 * @param cachedTokens how many of the input tokens are said to come from a cache
 * @param toolCalls answer with calls of the request's first tool whenever it has tools
 */
public record AnswerShape(
        Distribution firstTokenDelay,
        Distribution tokenGap,
        Distribution tokens,
        int tokenBytes,
        int reasoningTokens,
        int inputTokens,
        int cachedTokens,
        boolean toolCalls) {
    /** Without delays, 16 tokens of words as they come, no thinking, no tools. */
    static final AnswerShape PLAIN =
            new AnswerShape(Distribution.of(0), Distribution.of(0), Distribution.of(16), 0, 0, 0, 0, false);

    public AnswerShape {
        if (tokenBytes < 0 || reasoningTokens < 0 || inputTokens < 0 || cachedTokens < 0) {
            throw new IllegalArgumentException("bytes and tokens must not be negative");
        }
    }

    AnswerShape withPace(Distribution firstTokenDelay, Distribution tokenGap) {
        return new AnswerShape(
                firstTokenDelay, tokenGap, tokens, tokenBytes, reasoningTokens, inputTokens, cachedTokens, toolCalls);
    }

    AnswerShape withTokens(Distribution tokens, int tokenBytes) {
        return new AnswerShape(
                firstTokenDelay, tokenGap, tokens, tokenBytes, reasoningTokens, inputTokens, cachedTokens, toolCalls);
    }
}
