package dev.slipstream.bench.clients;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The proxy, with the simulated provider behind it, and what {@link RunningProxy} sees to behind each test. */
@SuppressWarnings("NullAway.Init") // set before the first test asks
final class ProxiedServer implements ServerUnderTest, BeforeEachCallback, AfterEachCallback {
    private final RunningProxy proxies = new RunningProxy();
    private final String listen;
    private SimulatedProvider provider;
    private String url;

    /** @param listen a line of configuration, of a listener with TLS; empty: the clients speak without */
    ProxiedServer(String listen) {
        this.listen = listen;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey("provider-key"));
        String config = ProxyConfigs.both(provider);
        url = listen.isEmpty()
                ? RunningProxy.url(proxies.start(config))
                : RunningProxy.tlsUrl(proxies.start(listen + config));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        proxies.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        proxies.afterEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            proxies.afterAll(context);
        } finally {
            provider.close();
        }
    }

    @Override
    public String openAiBaseUrl() {
        return url + "/v1";
    }

    @Override
    public String anthropicBaseUrl() {
        return url;
    }

    @Override
    public String key() {
        return ProxyConfigs.KEY;
    }
}
