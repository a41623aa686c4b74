package dev.slipstream.models;

/**
 * A model as clients are told of it.
 *
 * @param id what clients ask for
 * @param displayName for the eye; the id where nothing better is known
 * @param ownedBy OpenAI's {@code owned_by}
 * @param createdSeconds OpenAI's {@code created}, in seconds of Unix time; 0 where it is not known
 * @param createdAt Anthropic's {@code created_at}, as RFC 3339; {@link #EPOCH} where it is not known
 * @param maxInputTokens tokens of its context as clients are to believe; 0: not known, not told
 * @param maxTokens the most output tokens; 0: not known, not told
 */
public record ListedModel(
        String id,
        String displayName,
        String ownedBy,
        long createdSeconds,
        String createdAt,
        long maxInputTokens,
        long maxTokens) {
    /** Stands for a date that nobody knows. */
    static final String EPOCH = "1970-01-01T00:00:00Z";

    /** One of the configuration. */
    static ListedModel configured(String id, long maxInputTokens, long maxTokens) {
        return new ListedModel(id, id, "slipstream", 0, EPOCH, maxInputTokens, maxTokens);
    }

    /** The same under another name. */
    ListedModel named(String name) {
        return new ListedModel(name, name, ownedBy, createdSeconds, createdAt, maxInputTokens, maxTokens);
    }

    /** With the limits of {@code limits}, where that knows any. */
    ListedModel within(ListedModel limits) {
        return new ListedModel(
                id,
                displayName,
                ownedBy,
                createdSeconds,
                createdAt,
                limits.maxInputTokens > 0 ? limits.maxInputTokens : maxInputTokens,
                limits.maxTokens > 0 ? limits.maxTokens : maxTokens);
    }
}
