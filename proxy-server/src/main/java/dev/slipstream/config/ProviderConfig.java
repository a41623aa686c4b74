package dev.slipstream.config;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.translate.ProviderTraits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider.
 *
 * @param tls how its TLS is done; null where the base URL does not ask for it
 * @param basePath the path of the base URL without a trailing slash, without {@code /chat/completions} or
 *     {@code /v1/messages}; may be empty
 * @param hostHeader the value of {@code host}: the port stands in it unless it is the scheme's own
 * @param apiKey the credential; empty: none is sent
 * @param apiKeyVariable the name of the environment variable the credential came from; empty if none
 * @param headers fields added to every request, lower-case names, in file order
 * @param peek whether the provider answers 200 with errors, so that the first event is looked at
 * @param discover whether the provider is asked for its models
 * @param traits what the provider understands of its dialect, as far as translation has a choice
 */
public record ProviderConfig(
        String name,
        @Nullable ProviderTls tls,
        HostPort address,
        String hostHeader,
        String basePath,
        Dialect dialect,
        HttpVersionChoice http,
        String apiKey,
        String apiKeyVariable,
        AuthStyle auth,
        Map<String, String> headers,
        InjectUsage injectUsage,
        boolean peek,
        boolean discover,
        ProviderTraits traits,
        PoolConfig pool,
        TimeoutsConfig timeouts) {
    /** Leaves the credential and the added fields out. */
    @Override
    public String toString() {
        return "ProviderConfig[name=" + name + ", address=" + address + ", dialect=" + dialect + "]";
    }
}
