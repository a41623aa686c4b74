package dev.slipstream.tls;

import dev.slipstream.config.CertificateFiles;
import dev.slipstream.config.ClientCertificate;
import dev.slipstream.config.ListenTls;
import dev.slipstream.config.PemFiles;
import dev.slipstream.config.TlsEngine;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificates as they were read at one moment, each in a context that all loops share: so a session that one loop
 * has made is resumed by all. Another reading has other contexts, and what they have made is resumed by them alone.
 */
final class ServerContexts {
    /** Of one context, for clients of TLS 1.2 that take no tickets; beyond it the oldest is forgotten. */
    private static final int SESSIONS = 2048;

    private static final int SESSION_SECONDS = 3600;

    private final List<SslContext> contexts;
    private final ServerNames<SslContext> names;
    private final String subject;

    /** @param subject of the first certificate */
    private ServerContexts(List<SslContext> contexts, ServerNames<SslContext> names, String subject) {
        this.contexts = contexts;
        this.names = names;
        this.subject = subject;
    }

    /**
     * Reads the files.
     *
     * @param protocols for ALPN, in order of preference
     * @throws IOException if one cannot be read, or does not hold what it should
     * @throws IllegalStateException if an engine that was named does not load here
     */
    static ServerContexts load(ListenTls config, List<String> protocols) throws IOException {
        SslProvider provider = TlsEngines.provider(config.engine());
        X509Certificate[] authorities = config.clientCertificate() == ClientCertificate.NONE
                ? new X509Certificate[0]
                : PemFiles.certificates(config.clientCa()).toArray(new X509Certificate[0]);
        List<SslContext> contexts = new ArrayList<>();
        try {
            ServerNames<SslContext> names = null;
            String subject = "";
            for (CertificateFiles files : config.certificates()) {
                PemFiles.Identity identity = PemFiles.identity(files);
                SslContext context = context(identity, provider, config.clientCertificate(), authorities, protocols);
                contexts.add(context);
                if (names == null) {
                    names = new ServerNames<>(context);
                    subject = identity.chain().get(0).getSubjectX500Principal().getName();
                }
                names.add(identity.chain().get(0), context);
            }
            if (names == null) {
                throw new IOException("no certificate");
            }
            return new ServerContexts(contexts, names, subject);
        } catch (IOException | RuntimeException e) {
            contexts.forEach(ReferenceCountUtil::release);
            throw e;
        }
    }

    /**
     * Of one certificate, which is shown whatever name is asked for.
     *
     * @throws IOException if the engine does not take it
     * @throws IllegalStateException if an engine that was named does not load here
     */
    static ServerContexts of(PemFiles.Identity identity, TlsEngine engine, List<String> protocols) throws IOException {
        SslContext context = context(
                identity, TlsEngines.provider(engine), ClientCertificate.NONE, new X509Certificate[0], protocols);
        String subject = identity.chain().get(0).getSubjectX500Principal().getName();
        return new ServerContexts(List.of(context), new ServerNames<>(context), subject);
    }

    private static SslContext context(
            PemFiles.Identity identity,
            SslProvider provider,
            ClientCertificate asked,
            X509Certificate[] authorities,
            List<String> protocols)
            throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(new X509Certificate[0]))
                .sslProvider(provider)
                .protocols(TlsEngines.VERSIONS)
                // Those with forward secrecy alone, which are also those that HTTP/2 allows (RFC 9113 §9.2.2).
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .clientAuth(
                        switch (asked) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        })
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocols));
        if (authorities.length > 0) {
            builder.trustManager(authorities);
        }
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // Its own keys, made at random and changed from time to time.
            sessions.setTicketKeys();
        }
        return context;
    }

    /** The context for a name; lent, and only while {@link #release()} has not been called. */
    SslContext of(@Nullable String name) {
        return names.find(name);
    }

    /** Of the certificate that is shown where no name decides. */
    String subject() {
        return subject;
    }

    boolean isOpenSsl() {
        return ReferenceCountUtil.refCnt(contexts.get(0)) > 0;
    }

    /** No new connection will ask; those that run keep what they need. */
    void release() {
        contexts.forEach(ReferenceCountUtil::release);
    }
}
