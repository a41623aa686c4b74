package dev.slipstream.codec.json;

/** What a scanner has read. */
record Usage(long prompt, long completion, long cached, long reasoning, long events, boolean ended) {
    static Usage of(UsageScanner scanner) {
        return new Usage(
                scanner.promptTokens(),
                scanner.completionTokens(),
                scanner.cachedTokens(),
                scanner.reasoningTokens(),
                scanner.events(),
                scanner.ended());
    }
}
