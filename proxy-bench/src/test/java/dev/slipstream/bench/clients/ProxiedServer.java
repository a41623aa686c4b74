package dev.slipstream.bench.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.upstream.ReceivedRequest;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The proxy, with the simulated provider behind it, and what {@link RunningProxy} sees to behind each test. */
@SuppressWarnings("NullAway.Init") // set before the first test asks
final class ProxiedServer implements ServerUnderTest, BeforeEachCallback, AfterEachCallback {
    private static final int KEPT_REQUESTS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningProxy proxies = new RunningProxy();
    private final String listen;
    private final Function<SimulatedProvider, String> configuration;
    private SimulatedProvider provider;
    private String url;

    /** @param listen a line of configuration, of a listener with TLS; empty: the clients speak without */
    ProxiedServer(String listen) {
        this(listen, ProxyConfigs::both);
    }

    private ProxiedServer(String listen, Function<SimulatedProvider, String> configuration) {
        this.listen = listen;
        this.configuration = configuration;
    }

    /** Before a provider of {@code dialect} alone: whoever speaks the other one is translated. */
    static ProxiedServer before(Dialect dialect) {
        return new ProxiedServer("", provider -> ProxyConfigs.one(provider, dialect));
    }

    /** The body of the last request that the provider got. */
    JsonNode lastAsked() {
        List<ReceivedRequest> received = provider.received();
        try {
            return JSON.readTree(received.get(received.size() - 1).body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many requests the provider got. */
    long asked() {
        return provider.counters().requests();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults()
                .withRequiredKey("provider-key")
                .withKeepRequests(KEPT_REQUESTS));
        String config = configuration.apply(provider);
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

    /** The last one asked is of Anthropic's dialect, which alone has a 529: translated, it is a 503. */
    @Override
    public int openAiStatus(int status) {
        return status == 529 ? 503 : status;
    }
}
