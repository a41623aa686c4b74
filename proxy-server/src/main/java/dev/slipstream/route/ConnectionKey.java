package dev.slipstream.route;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.PoolConfig;

/**
 * What connections are pooled by: their settings, not the provider's name, so that providers which differ in name or
 * credential alone share them and an unchanged provider keeps its warm ones over a reload.
 *
 * @param connectNanos the deadline for all addresses together
 */
public record ConnectionKey(
        HostPort address, boolean tls, HttpVersionChoice http, PoolConfig pool, long connectNanos) {}
