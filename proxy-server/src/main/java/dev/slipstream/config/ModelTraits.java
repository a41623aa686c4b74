package dev.slipstream.config;

import dev.slipstream.codec.tokens.TokenScale;
import dev.slipstream.codec.translate.ProviderTraits;

/**
 * What a configuration says of a model.
 *
 * @param vision the name of the configured model that answers what has an image in it, one without a vision model of its
 *     own; empty: none
 * @param assumedContext tokens of the context that clients assume; 0: not given
 * @param contextWindow tokens of the context that the model has; 0: not given
 * @param maxOutputTokens the most output tokens that the model accepts; 0: not known
 * @param defaultMaxTokens what translation sends where the client named no limit and the dialect wants one
 * @param sampling whether temperature, top_p and top_k are accepted
 */
public record ModelTraits(
        String vision,
        long assumedContext,
        long contextWindow,
        long maxOutputTokens,
        long defaultMaxTokens,
        boolean sampling) {
    /** How the input tokens that clients see are scaled: not at all, unless both contexts are given and differ. */
    public TokenScale scale() {
        TokenScale scale = new TokenScale(assumedContext, contextWindow);
        return scale.isActive() ? scale : TokenScale.NONE;
    }

    /** What {@code provider} understands when it is asked for this model. */
    public ProviderTraits of(ProviderTraits provider) {
        return provider.but()
                .sampling(provider.sampling() && sampling)
                .defaultMaxTokens(maxOutputTokens > 0 ? Math.min(defaultMaxTokens, maxOutputTokens) : defaultMaxTokens)
                .maxOutputTokens(maxOutputTokens)
                .build();
    }
}
