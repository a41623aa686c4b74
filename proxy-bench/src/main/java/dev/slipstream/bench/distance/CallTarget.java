package dev.slipstream.bench.distance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where calls go.
 *
 * @param baseUrl what stands before {@code /chat/completions}
 * @param authority of the server's certificate, PEM; null: those of the JDK. Only for https
 */
record CallTarget(URI baseUrl, @Nullable Path authority) {
    CallTarget {
        if (baseUrl.getHost() == null || baseUrl.getPort() < 0) {
            throw new IllegalArgumentException(baseUrl + " is no http(s)://HOST:PORT/PATH");
        }
    }

    boolean isSecure() {
        return "https".equals(baseUrl.getScheme().toLowerCase(Locale.ROOT));
    }

    String host() {
        return baseUrl.getHost();
    }

    int port() {
        return baseUrl.getPort();
    }

    /** A context that knows no session yet, so that its first connection makes a full handshake. */
    SSLContext freshContext() throws IOException {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore store = null;
            if (authority != null) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                try (var in = Files.newInputStream(authority)) {
                    store.setCertificateEntry(
                            "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
                }
            }
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }
}
