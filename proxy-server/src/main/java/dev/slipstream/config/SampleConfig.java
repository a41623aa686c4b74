package dev.slipstream.config;

/** What is shown to those who start without a configuration. */
public final class SampleConfig {
    /** The least that works, loadable as it stands once ZAI_API_KEY is set. */
    public static final String YAML = """
            providers:
              zai:           { base_url: "https://api.z.ai/api/paas/v4",   dialect: openai,    api_key: "${ZAI_API_KEY}" }
              zai-anthropic: { base_url: "https://api.z.ai/api/anthropic", dialect: anthropic, api_key: "${ZAI_API_KEY}" }
            models:
              - name: "*"
                targets: [ { provider: zai }, { provider: zai-anthropic } ]
            """;

    private SampleConfig() {}
}
