package dev.slipstream.bench.clients;

import dev.slipstream.bench.upstream.SimulatedProvider;

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
}
