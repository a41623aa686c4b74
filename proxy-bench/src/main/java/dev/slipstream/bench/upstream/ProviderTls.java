package dev.slipstream.bench.upstream;

import dev.slipstream.bench.tls.TestIdentity;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** The TLS of a stand-in provider. */
final class ProviderTls {
    private ProviderTls() {}

    /**
     * Returns owned: to be released when the last connection is closed.
     *
     * @throws IOException if the engine is not there, or refuses the identity or a version
     */
    static SslContext context(ProviderWire wire, TestIdentity identity) throws IOException {
        boolean openSsl = switch (wire.engine()) {
            case AUTO -> OpenSsl.isAvailable();
            case OPENSSL -> true;
            case JDK -> false;
        };
        if (openSsl && !OpenSsl.isAvailable()) {
            throw new IOException("BoringSSL does not load here: " + OpenSsl.unavailabilityCause());
        }
        List<String> offer =
                wire.protocols().stream().map(ProviderWire.Protocol::alpn).toList();
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.certificate())
                .sslProvider(openSsl ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        offer));
        if (wire.tlsVersions().isEmpty()) {
            builder.protocols("TLSv1.2", "TLSv1.3")
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        } else {
            builder.protocols(wire.tlsVersions());
        }
        if (wire.clientAuthority() != null) {
            builder.trustManager(wire.clientAuthority()).clientAuth(ClientAuth.REQUIRE);
        }
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // Without a key Netty turns tickets off, and no TLS 1.3 session could be resumed.
            sessions.setTicketKeys(ticketKey());
        }
        return context;
    }

    private static OpenSslSessionTicketKey ticketKey() {
        byte[] random = new byte[OpenSslSessionTicketKey.TICKET_KEY_SIZE];
        new SecureRandom().nextBytes(random);
        int name = OpenSslSessionTicketKey.NAME_SIZE;
        int hmac = name + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(random, 0, name),
                Arrays.copyOfRange(random, name, hmac),
                Arrays.copyOfRange(random, hmac, random.length));
    }
}
