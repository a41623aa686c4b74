package dev.slipstream.upstream;

import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.ProviderTls;
import dev.slipstream.route.ConnectionKey;
import dev.slipstream.route.Provider;
import dev.slipstream.tls.TlsEngines;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts of the providers, one for each {@link ConnectionKey}, shared by the loops, so that a session that one
 * loop has made is resumed by all. TLS 1.2 and 1.3; the certificate must be for the name that is asked for. Any thread.
 */
public final class TlsContexts implements AutoCloseable {
    /** Sessions kept for resumption, by context. */
    private static final int SESSIONS = 256;

    private final Map<ConnectionKey, SslContext> contexts = new HashMap<>();

    /**
     * The contexts of {@code providers}.
     *
     * @throws IllegalStateException where a file does not hold what it should, or an engine does not load here
     */
    public TlsContexts(Collection<Provider> providers) {
        this(providers, null);
    }

    /**
     * The contexts of {@code providers}.
     *
     * @param authority trusted instead of the system's where a provider names none; null: the system's are
     * @throws IllegalStateException where a file does not hold what it should, or an engine does not load here
     */
    public TlsContexts(Collection<Provider> providers, @Nullable X509Certificate authority) {
        for (Provider provider : providers) {
            ConnectionKey key = provider.connectionKey();
            ProviderTls tls = key.tls();
            if (tls != null && !contexts.containsKey(key)) {
                try {
                    contexts.put(key, context(key, tls, authority));
                } catch (SSLException | RuntimeException e) {
                    close();
                    throw new IllegalStateException(
                            "providers." + provider.name() + ".tls: " + TlsEngines.reason(e), e);
                }
            }
        }
    }

    private static SslContext context(ConnectionKey key, ProviderTls tls, @Nullable X509Certificate authority)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(TlsEngines.provider(tls.engine()))
                .protocols(TlsEngines.VERSIONS)
                .endpointIdentificationAlgorithm("HTTPS")
                .sessionCacheSize(SESSIONS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols(key.http())));
        if (!tls.ca().isEmpty()) {
            builder.trustManager(new File(tls.ca()));
        } else if (authority != null) {
            builder.trustManager(authority);
        }
        if (!tls.certificate().isEmpty()) {
            builder.keyManager(new File(tls.certificate()), new File(tls.key()));
        }
        return builder.build();
    }

    private static List<String> protocols(HttpVersionChoice http) {
        return switch (http) {
            case HTTP_1_1 -> List.of(ApplicationProtocolNames.HTTP_1_1);
            case HTTP_2, H2C -> List.of(ApplicationProtocolNames.HTTP_2);
            case AUTO -> List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
        };
    }

    /** The context for {@code key}; null where its connections are plaintext. */
    @Nullable
    SslContext of(ConnectionKey key) {
        return contexts.get(key);
    }

    /** What does TLS, in the word of the ready line: {@code openssl}, {@code jdk}, or {@code none} where nothing does. */
    public String engineName() {
        if (contexts.isEmpty()) {
            return "none";
        }
        boolean jdk = contexts.values().stream().noneMatch(context -> ReferenceCountUtil.refCnt(context) > 0);
        return jdk ? "jdk" : "openssl";
    }

    /** Behind the last connection. */
    @Override
    public void close() {
        contexts.values().forEach(ReferenceCountUtil::release);
        contexts.clear();
    }
}
