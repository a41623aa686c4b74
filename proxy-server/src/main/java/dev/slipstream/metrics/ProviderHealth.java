package dev.slipstream.metrics;

import dev.slipstream.codec.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * How a provider does, as far as the traffic shows it.
 *
 * @param connectionsActive connections that carry a request, all loops together
 * @param connectionsIdle connections that wait for one
 * @param waiters requests that wait for a connection
 * @param lastFailure the word of the last failure ({@code FailureKind.word()}), or null
 * @param lastFailureDetail what lay behind it, in a sentence for people, or null
 * @param lastFailureEpochMillis when that was; 0 if never
 */
public record ProviderHealth(
        String name,
        Dialect dialect,
        Status status,
        int connectionsActive,
        int connectionsIdle,
        int waiters,
        @Nullable String lastFailure,
        @Nullable String lastFailureDetail,
        long lastFailureEpochMillis) {
    /** What is shown as {@code status}. */
    public enum Status {
        /** The last attempt got an answer. */
        OK("ok"),
        /** The last attempt got none. */
        FAILING("failing"),
        /** No attempt was made. */
        UNKNOWN("unknown");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
