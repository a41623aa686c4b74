package dev.slipstream.bench.clients;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;

@DisplayName("OpenAI's client, straight on the simulated provider,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientOnSimulatedProviderTest extends OpenAiClientContract {
    private SimulatedProvider provider;

    @BeforeAll
    void start() throws IOException {
        provider = SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withRequiredKey(key()).withModels(List.of(model())));
    }

    @AfterAll
    void stop() {
        provider.close();
    }

    @Override
    String baseUrl() {
        return provider.openAiBaseUrl();
    }

    @Override
    String key() {
        return "sim-key";
    }

    @Override
    String model() {
        return "demo";
    }
}
