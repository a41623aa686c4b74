package dev.slipstream.bench.upstream;

import dev.slipstream.bench.tls.TestIdentity;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a stand-in provider speaks on its port. Immutable.
 *
 * @param protocols the protocols it accepts, the one it likes best first; on TLS they are its ALPN offer, without
 *     TLS it is exactly one: HTTP/2 then by prior knowledge
 * @param identity what it shows on TLS; null: plaintext
 * @param clientAuthority who has to have signed a client's certificate; null: none is asked for
 * @param tlsVersions as the JDK writes them, {@code TLSv1.2}; empty: 1.2 and 1.3
 * @param engine who does the TLS
 * @param maxStreams concurrent requests that an HTTP/2 connection is told it may have
 */
public record ProviderWire(
        List<Protocol> protocols,
        @Nullable TestIdentity identity,
        @Nullable X509Certificate clientAuthority,
        List<String> tlsVersions,
        Engine engine,
        int maxStreams) {

    /** A version of HTTP, by its ALPN name. */
    public enum Protocol {
        HTTP_1_1("http/1.1"),
        HTTP_2("h2");

        private final String alpn;

        Protocol(String alpn) {
            this.alpn = alpn;
        }

        String alpn() {
            return alpn;
        }
    }

    /** Who does the TLS. */
    public enum Engine {
        /** BoringSSL where it loads, else the JDK. */
        AUTO,
        /** BoringSSL, or the start fails. */
        OPENSSL,
        JDK
    }

    /** As many as nginx and most providers allow, or fewer. */
    public static final int DEFAULT_MAX_STREAMS = 100;

    public ProviderWire {
        protocols = List.copyOf(protocols);
        tlsVersions = List.copyOf(tlsVersions);
        if (protocols.isEmpty() || (identity == null && protocols.size() > 1)) {
            throw new IllegalArgumentException("plaintext has exactly one protocol, TLS at least one: " + protocols);
        }
        if (identity == null && (clientAuthority != null || !tlsVersions.isEmpty())) {
            throw new IllegalArgumentException("without an identity there is no TLS to be configured");
        }
        if (maxStreams < 1) {
            throw new IllegalArgumentException("maxStreams must be at least 1, not " + maxStreams);
        }
    }

    /** HTTP/1.1, plaintext. */
    public static ProviderWire h1() {
        return plain(Protocol.HTTP_1_1);
    }

    /** HTTP/2 by prior knowledge, plaintext. */
    public static ProviderWire h2c() {
        return plain(Protocol.HTTP_2);
    }

    /** HTTP/1.1 on TLS; ALPN offers nothing else. */
    public static ProviderWire h1Tls(TestIdentity identity) {
        return tls(identity, Protocol.HTTP_1_1);
    }

    /** HTTP/2 on TLS; ALPN offers nothing else, and who does not ask for it is shown the door. */
    public static ProviderWire h2Tls(TestIdentity identity) {
        return tls(identity, Protocol.HTTP_2);
    }

    /** Both on TLS, HTTP/2 first, as public providers do; without ALPN it is HTTP/1.1. */
    public static ProviderWire tls(TestIdentity identity) {
        return tls(identity, Protocol.HTTP_2, Protocol.HTTP_1_1);
    }

    private static ProviderWire plain(Protocol protocol) {
        return new ProviderWire(List.of(protocol), null, null, List.of(), Engine.AUTO, DEFAULT_MAX_STREAMS);
    }

    private static ProviderWire tls(TestIdentity identity, Protocol... protocols) {
        return new ProviderWire(List.of(protocols), identity, null, List.of(), Engine.AUTO, DEFAULT_MAX_STREAMS);
    }

    /** Clients have to show a certificate that this authority signed. */
    public ProviderWire withClientAuthority(X509Certificate authority) {
        return new ProviderWire(protocols, identity, authority, tlsVersions, engine, maxStreams);
    }

    public ProviderWire withTlsVersions(String... versions) {
        return new ProviderWire(protocols, identity, clientAuthority, List.of(versions), engine, maxStreams);
    }

    public ProviderWire withEngine(Engine engine) {
        return new ProviderWire(protocols, identity, clientAuthority, tlsVersions, engine, maxStreams);
    }

    public ProviderWire withMaxStreams(int maxStreams) {
        return new ProviderWire(protocols, identity, clientAuthority, tlsVersions, engine, maxStreams);
    }

    boolean isTls() {
        return identity != null;
    }
}
