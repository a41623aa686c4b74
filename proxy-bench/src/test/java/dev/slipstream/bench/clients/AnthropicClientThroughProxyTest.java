package dev.slipstream.bench.clients;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Anthropic's client, through the proxy,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("jdk25")
class AnthropicClientThroughProxyTest extends AnthropicClientContract {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    private SimulatedProvider provider;
    private String url;

    @BeforeAll
    void start() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey("provider-key"));
        url = RunningProxy.url(PROXIES.start(ProxyConfigs.both(provider)));
    }

    @AfterAll
    void stop() {
        provider.close();
    }

    @Override
    String baseUrl() {
        return url;
    }

    @Override
    String key() {
        return ProxyConfigs.KEY;
    }

    @Override
    String model() {
        return "demo";
    }
}
