package dev.slipstream.dispatch;

import dev.slipstream.failure.FailureKind;
import dev.slipstream.route.Provider;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what the operator can mend and the client is not told: each at most once a minute for each provider.
 */
final class ProviderWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderWarnings.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private ProviderWarnings() {}

    /** The provider refuses our credential; its answer goes to the client as it is. */
    static void credential(Provider provider, int status, long nowNanos) {
        if (!provider.credentialWarning().mayWarn(nowNanos, QUIET_NANOS)) {
            return;
        }
        String variable = provider.config().apiKeyVariable();
        LOG.warn(
                "provider {} answers {} to its credential{}",
                provider.name(),
                status,
                variable.isEmpty() ? "" : " from " + variable);
    }

    /** The provider cannot be reached; {@code detail} is the system's reason. */
    static void unreachable(Provider provider, FailureKind kind, String detail, long nowNanos) {
        if (provider.reachWarning().mayWarn(nowNanos, QUIET_NANOS)) {
            LOG.warn("provider {} cannot be reached: {} ({})", provider.name(), kind.word(), detail);
        }
    }
}
