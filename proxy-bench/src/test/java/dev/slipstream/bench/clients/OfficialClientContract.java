package dev.slipstream.bench.clients;

/**
 * What a server under test tells the official clients; {@link OpenAiClientContract} and {@link
 * AnthropicClientContract} hold the tests. Behind it has to be a {@code SimulatedProvider}, whose directives the
 * tests use.
 */
abstract class OfficialClientContract {
    /** For OpenAI's client with {@code /v1}, for Anthropic's without. */
    abstract String baseUrl();

    /** A key that is accepted. */
    abstract String key();

    /** A model that is answered by the dialect's own provider, and that {@code /v1/models} lists. */
    abstract String model();
}
