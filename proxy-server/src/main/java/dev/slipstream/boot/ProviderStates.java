package dev.slipstream.boot;

import dev.slipstream.metrics.ProviderHealth;
import dev.slipstream.route.Provider;
import dev.slipstream.route.ProviderTrack;
import dev.slipstream.upstream.SharedPools;
import java.util.Collection;
import java.util.List;

/** What {@code /health/providers} shows. */
final class ProviderStates {
    private ProviderStates() {}

    static List<ProviderHealth> of(Collection<Provider> providers, SharedPools pools) {
        return providers.stream().map(provider -> of(provider, pools)).toList();
    }

    private static ProviderHealth of(Provider provider, SharedPools pools) {
        ProviderTrack track = provider.track();
        ProviderHealth.Status status = ProviderHealth.Status.UNKNOWN;
        if (track.isAsked()) {
            status = track.isFailing() ? ProviderHealth.Status.FAILING : ProviderHealth.Status.OK;
        }
        return new ProviderHealth(
                provider.name(),
                provider.dialect(),
                status,
                pools.activeConnections(provider),
                pools.idleConnections(provider),
                pools.waiters(provider),
                track.lastFailure(),
                track.lastFailureDetail(),
                track.lastFailureEpochMillis());
    }
}
