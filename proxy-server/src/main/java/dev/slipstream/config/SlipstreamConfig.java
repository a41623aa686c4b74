package dev.slipstream.config;

import java.util.List;
import java.util.Map;

/**
 * Everything a user can set, validated and with defaults filled in. Names and defaults are those of
 * {@code slipstream.example.yaml}; immutable.
 *
 * @param providers by name, in file order
 * @param models in file order
 */
public record SlipstreamConfig(
        ListenConfig listen,
        AdminConfig admin,
        List<KeyConfig> keys,
        RuntimeConfig runtime,
        LimitsConfig limits,
        TimeoutsConfig timeouts,
        PoolConfig pool,
        LogConfig log,
        Map<String, ProviderConfig> providers,
        List<ModelConfig> models) {}
