package dev.slipstream.route;

import dev.slipstream.config.HostPort;
import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.PoolConfig;
import dev.slipstream.config.ProviderTls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What connections are pooled by: their settings, not the provider's name, so that providers which differ in name or
 * credential alone share them and an unchanged provider keeps its warm ones over a reload.
 *
 * @param tls how TLS is done; null where it is not
 * @param connectNanos the deadline for all addresses and the TLS handshake together; 0: none
 * @param handshakeNanos the deadline for the TLS handshake alone; 0: none
 */
public record ConnectionKey(
        HostPort address,
        @Nullable ProviderTls tls,
        HttpVersionChoice http,
        PoolConfig pool,
        long connectNanos,
        long handshakeNanos) {
    // As HostPort's.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectionKey that
                && address.equals(that.address)
                && Objects.equals(tls, that.tls)
                && http == that.http
                && pool.equals(that.pool)
                && connectNanos == that.connectNanos
                && handshakeNanos == that.handshakeNanos;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * address.hashCode() + Objects.hashCode(tls)) + pool.hashCode();
    }
}
