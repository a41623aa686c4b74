package dev.slipstream.bench.clients;

/**
 * What a server under test tells the official clients; {@link OpenAiClientContract} and {@link
 * AnthropicClientContract} hold the tests.
 */
abstract class OfficialClientContract {
    private final ServerUnderTest server;

    OfficialClientContract(ServerUnderTest server) {
        this.server = server;
    }

    final ServerUnderTest server() {
        return server;
    }

    final String key() {
        return server.key();
    }

    final String model() {
        return server.model();
    }
}
