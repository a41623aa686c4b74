package dev.slipstream.bench.load;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;

/**
 * TLS of the generator's connections: the certificate is checked, with its name; with BoringSSL no session is resumed, so that
 * each connect costs what a first one costs. Thread-safe; to be closed when all connections are.
 */
final class ClientTls implements AutoCloseable {
    private final SslContext context;
    private final LoadTarget target;
    private final long handshakeMillis;

    /**
     * @param cold sessions must not be resumed, which the JDK's engine would do
     * @throws IOException if the authority's certificate cannot be read, or no engine will do
     */
    ClientTls(LoadTarget target, boolean cold, long handshakeMillis) throws IOException {
        if (cold && !OpenSsl.isAvailable()) {
            throw new IOException(
                    "cold TLS connections need BoringSSL, which does not load here: " + OpenSsl.unavailabilityCause());
        }
        this.target = target;
        this.handshakeMillis = handshakeMillis;
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                .protocols("TLSv1.2", "TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        List.of(alpn())));
        if (target.authority() != null) {
            if (!target.authority().toFile().canRead()) {
                throw new IOException("cannot read " + target.authority());
            }
            builder.trustManager(target.authority().toFile());
        }
        this.context = builder.build();
        if (context.sessionContext() instanceof OpenSslSessionContext ours) {
            ours.setSessionCacheEnabled(false);
        }
    }

    String alpn() {
        return target.http2() ? "h2" : "http/1.1";
    }

    /** A name for tables. */
    static String engine() {
        return OpenSsl.isAvailable() ? "openssl" : "jdk";
    }

    SslHandler handler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator, target.host(), target.port());
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeout(handshakeMillis, TimeUnit.MILLISECONDS);
        return handler;
    }

    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
