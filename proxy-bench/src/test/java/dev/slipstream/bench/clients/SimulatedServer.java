package dev.slipstream.bench.clients;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The simulated provider itself. */
@SuppressWarnings("NullAway.Init") // set before the first test asks
final class SimulatedServer implements ServerUnderTest {
    private SimulatedProvider provider;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        provider = SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withRequiredKey(key()).withModels(List.of(model())));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        provider.close();
    }

    @Override
    public String openAiBaseUrl() {
        return provider.openAiBaseUrl();
    }

    @Override
    public String anthropicBaseUrl() {
        return provider.anthropicBaseUrl();
    }

    @Override
    public String key() {
        return "sim-key";
    }
}
