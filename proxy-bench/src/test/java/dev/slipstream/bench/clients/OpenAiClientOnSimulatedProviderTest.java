package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("OpenAI's client, straight on the simulated provider,")
class OpenAiClientOnSimulatedProviderTest extends OpenAiClientContract {
    @RegisterExtension
    static final SimulatedServer SERVER = new SimulatedServer();

    OpenAiClientOnSimulatedProviderTest() {
        super(SERVER);
    }
}
