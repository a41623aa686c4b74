package dev.slipstream.config;

/** How the provider's credential is sent; {@link #AUTO} is bearer for OpenAI, x-api-key for Anthropic. */
public enum AuthStyle {
    AUTO,
    BEARER,
    X_API_KEY,
    API_KEY,
    NONE
}
