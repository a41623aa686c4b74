package dev.slipstream.config;

import org.jspecify.annotations.Nullable;

/**
 * How a provider is reached by TLS. Paths are as the file has them, relative to the working directory.
 *
 * @param ca PEM file with the authorities that are trusted instead of the system's; empty: the system's
 * @param serverName the name that is asked for (SNI) and checked; never empty
 * @param certificate PEM file with our own certificate chain; empty: none
 * @param key PEM file with its private key; empty: none
 */
public record ProviderTls(String ca, String serverName, String certificate, String key, TlsEngine engine) {
    // As HostPort's.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProviderTls that
                && engine == that.engine
                && ca.equals(that.ca)
                && serverName.equals(that.serverName)
                && certificate.equals(that.certificate)
                && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * ca.hashCode() + serverName.hashCode()) + certificate.hashCode();
    }
}
