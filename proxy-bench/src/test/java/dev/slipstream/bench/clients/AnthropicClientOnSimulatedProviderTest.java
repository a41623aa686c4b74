package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Anthropic's client, straight on the simulated provider,")
class AnthropicClientOnSimulatedProviderTest extends AnthropicClientContract {
    @RegisterExtension
    static final SimulatedServer SERVER = new SimulatedServer();

    AnthropicClientOnSimulatedProviderTest() {
        super(SERVER);
    }
}
