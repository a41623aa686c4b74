package dev.slipstream.bench.clients;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.tls.SharedCertificates;
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
    private final boolean tls;
    private SimulatedProvider provider;
    private String url;

    /** @param tls whether the clients speak TLS */
    ProxiedServer(boolean tls) {
        this.tls = tls;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults().withRequiredKey("provider-key"));
        String config = ProxyConfigs.both(provider);
        url = tls
                ? RunningProxy.tlsUrl(proxies.start(SharedCertificates.listen() + config))
                : RunningProxy.url(proxies.start(config));
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
