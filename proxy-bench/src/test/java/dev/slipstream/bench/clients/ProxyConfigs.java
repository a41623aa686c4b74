package dev.slipstream.bench.clients;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.codec.Dialect;
import java.util.Locale;

/** What the proxy between the clients and the simulated provider is told. */
final class ProxyConfigs {
    static final String KEY = "sk-slip-laptop-0001";

    private ProxyConfigs() {}

    /** Both dialects; the model is called "demo" here and "sim-large" there; a key is needed. */
    static String both(SimulatedProvider provider) {
        return """
                keys: [ { name: laptop, key: "%s" } ]
                providers:
                  sim-openai:    { base_url: "%s", dialect: openai, api_key: provider-key }
                  sim-anthropic: { base_url: "%s", dialect: anthropic, api_key: provider-key }
                models:
                  - name: demo
                    targets:
                      - { provider: sim-openai, model: sim-large }
                      - { provider: sim-anthropic, model: sim-large }
                """.formatted(KEY, provider.openAiBaseUrl(), provider.anthropicBaseUrl());
    }

    /** As {@link #both}, with a provider of {@code dialect} alone. */
    static String one(SimulatedProvider provider, Dialect dialect) {
        String url = switch (dialect) {
            case OPENAI -> provider.openAiBaseUrl();
            case ANTHROPIC -> provider.anthropicBaseUrl();
        };
        return """
                keys: [ { name: laptop, key: "%s" } ]
                providers:
                  sim: { base_url: "%s", dialect: %s, api_key: provider-key }
                models:
                  - name: demo
                    targets: [ { provider: sim, model: sim-large } ]
                """.formatted(KEY, url, dialect.name().toLowerCase(Locale.ROOT));
    }
}
