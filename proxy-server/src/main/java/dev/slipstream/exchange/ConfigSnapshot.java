package dev.slipstream.exchange;

import dev.slipstream.config.SlipstreamConfig;
import dev.slipstream.limit.KeyTable;
import dev.slipstream.route.RouteTable;

/**
 * The configuration as an exchange sees it, the same one from its first stage to its close. Immutable.
 */
public record ConfigSnapshot(SlipstreamConfig config, KeyTable keys, RouteTable routes) {
    public static ConfigSnapshot of(SlipstreamConfig config) {
        return new ConfigSnapshot(config, KeyTable.of(config.keys()), RouteTable.of(config));
    }
}
