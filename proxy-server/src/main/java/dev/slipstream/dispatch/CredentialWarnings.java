package dev.slipstream.dispatch;

import dev.slipstream.route.Provider;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that a provider refuses our credential, at most once a minute for each provider: its answer goes to
 * the client as it is, but it is the operator who can mend it.
 */
final class CredentialWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialWarnings.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private CredentialWarnings() {}

    static void warn(Provider provider, int status, long nowNanos) {
        if (!provider.mayWarn(nowNanos, QUIET_NANOS)) {
            return;
        }
        String variable = provider.config().apiKeyVariable();
        LOG.warn(
                "provider {} answers {} to its credential{}",
                provider.name(),
                status,
                variable.isEmpty() ? "" : " from " + variable);
    }
}
