package dev.slipstream.admin;

import dev.slipstream.metrics.Metrics;
import dev.slipstream.metrics.ProviderHealth;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the admin listener shows. All suppliers are called on its loop and must not wait.
 *
 * @param version of this build
 * @param config the configuration in force with secrets masked: maps, iterables, strings, numbers, booleans, null
 * @param draining whether the proxy takes no new requests any more
 */
public record AdminEndpoints(
        String version,
        Metrics metrics,
        Supplier<Map<String, Object>> config,
        Supplier<List<ProviderHealth>> providers,
        BooleanSupplier draining) {}
