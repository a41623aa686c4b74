package dev.slipstream.bench.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.e2e.RunningProxy;
import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Providers that cannot be trusted, or do not get through their handshake: the request does not reach them, its client
 * is told so, and the log and the health page say why.
 */
@DisplayName("A provider whose TLS is not right")
@Timeout(60)
class TlsFaultsTest {
    @RegisterExtension
    static final RunningProxy PROXIES = new RunningProxy();

    /** As in {@code timeouts.connect}; a client that hears of it later than this times a lot has waited for another. */
    private static final String CONNECT = "timeouts: { connect: 300ms, tls_handshake: 60s, pool_wait: 60s }\n";

    private static final Pattern DETAIL = Pattern.compile("\"last_failure_detail\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Who shows what; and what a person must find in the reason, on either engine. */
    private enum Shown {
        EXPIRED("expired|NotAfter"),
        NOT_YET_VALID("not yet valid|NotBefore|NotYetValid"),
        SELF_SIGNED("certification path|unable to find|CERTIFICATE_VERIFY|self.signed|PKIX"),
        WRONG_HOST("subject alternative names|No name matching|IP_ADDRESS_MISMATCH|address");

        final String reason;

        Shown(String reason) {
            this.reason = reason;
        }
    }

    private static final Map<Shown, TestIdentity> IDENTITIES = new EnumMap<>(Shown.class);
    private static TestIdentity authority;
    private static TestIdentity named;
    private static TestIdentity client;
    private static Path ca;
    private static TestIdentity.PemFiles clientFiles;

    @TempDir
    static Path folder;

    private static SimulatedProvider other;

    @BeforeAll
    static void make() throws IOException {
        try (TestCertificates made = TestCertificates.create()) {
            authority = made.authority();
            IDENTITIES.put(Shown.EXPIRED, made.expired());
            IDENTITIES.put(Shown.NOT_YET_VALID, made.notYetValid());
            IDENTITIES.put(Shown.SELF_SIGNED, made.selfSigned());
            IDENTITIES.put(Shown.WRONG_HOST, made.wrongHost());
            named = made.serverFor("inner.example");
            client = made.client("slipstream");
        }
        ca = authority.writeCertificate(folder, "authority");
        clientFiles = client.write(folder, "client");
        other = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @AfterAll
    static void closeOther() {
        other.close();
    }

    private static String provider(String name, String url, String engine, String more, String http) {
        return "  " + name + ": { base_url: \"" + url + "\", dialect: openai, api_key: \"of-the-provider\", http: "
                + http + ", tls: { ca: \"" + ca + "\", engine: " + engine + more + " } }\n";
    }

    private static String config(String providers, String targets) {
        return "providers:\n" + providers + "models:\n  - name: \"*\"\n    targets: [ " + targets + " ]\n" + CONNECT;
    }

    private static String health(Slipstream proxy) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(RunningProxy.adminUrl(proxy) + "/health/providers"))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static Chat.Whole call(Slipstream proxy) throws IOException {
        try (ApiClient client = ClientKind.H1.connect(proxy.apiAddress())) {
            return Chat.call(client, "");
        }
    }

    /** Fails where it is alone, and is passed by where there is another. */
    private static void assertNotTrusted(TlsPeer peer, String engine, String more, String http, String reason)
            throws Exception {
        try (Log log = new Log()) {
            String bad = provider("bad", peer.url(), engine, more, http);
            Slipstream alone = PROXIES.start(config(bad, "{ provider: bad }"));
            for (int i = 0; i < 2; i++) {
                Chat.Whole answer = call(alone);
                assertEquals("502 upstream_tls", answer.status() + " " + answer.error(), answer::toString);
            }
            String health = health(alone);
            Matcher detail = DETAIL.matcher(health);
            assertTrue(detail.find(), health);
            assertTrue(health.contains("\"last_failure\":\"upstream_tls\""), health);
            assertTrue(Pattern.compile(reason).matcher(detail.group(1)).find(), detail.group(1));
            String said = log.text();
            // By the pool, of the warm connection that nobody waited for; by the dispatch where a request did already.
            assertTrue(
                    said.contains("no connection to 127.0.0.1:" + peer.port() + ": upstream_tls (")
                            || said.contains("provider bad cannot be reached: upstream_tls ("),
                    said);
            assertTrue(Pattern.compile(reason).matcher(said).find(), said);
            assertFalse(said.contains("of-the-provider"), said);
        }
        Slipstream two = PROXIES.start(config(
                provider("bad", peer.url(), engine, more, http) + "  other: { base_url: \"" + other.openAiBaseUrl()
                        + "\", dialect: openai }\n",
                "{ provider: bad }, { provider: other }"));
        Chat.Whole answer = call(two);
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("other", answer.head().field("x-slipstream-provider"));
        assertTrue(peer.connections() >= 3, "it was not asked: " + peer.connections());
        assertEquals(0, peer.decryptedBytes(), "it was told something");
    }

    @ParameterizedTest(name = "{1}, by the engine {0}")
    @CsvSource({
        "jdk, EXPIRED", "openssl, EXPIRED",
        "jdk, NOT_YET_VALID", "openssl, NOT_YET_VALID",
        "jdk, SELF_SIGNED", "openssl, SELF_SIGNED",
        "jdk, WRONG_HOST", "openssl, WRONG_HOST"
    })
    @DisplayName("by its certificate is not trusted")
    void certificate(String engine, Shown shown) throws Exception {
        TestIdentity identity = Objects.requireNonNull(IDENTITIES.get(shown));
        try (TlsPeer peer = TlsPeer.shaking(identity.context(null), false, "h2", "http/1.1")) {
            assertNotTrusted(peer, engine, "", "auto", shown.reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it is silent ends the request at timeouts.connect, not at that of the handshake")
    void stall(String engine) throws Exception {
        try (TlsPeer peer = TlsPeer.of(TlsPeer::stall)) {
            assertNotTrusted(peer, engine, "", "auto", "not over in time");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it speaks plaintext is not spoken to")
    void plaintext(String engine) throws Exception {
        try (TlsPeer peer = TlsPeer.of(TlsPeer::plaintext)) {
            assertNotTrusted(peer, engine, "", "auto", "not an SSL/TLS record");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it closes amid the handshake")
    void closes(String engine) throws Exception {
        try (TlsPeer peer = TlsPeer.of(TlsPeer::close)) {
            assertNotTrusted(peer, engine, "", "auto", "closed|Connection reset|ended");
        }
        try (TlsPeer peer = TlsPeer.of(TlsPeer::reset)) {
            assertNotTrusted(peer, engine, "", "auto", "closed|Connection reset|ended");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it answers in TLS 1.0")
    void tls10(String engine) throws Exception {
        try (TlsPeer peer = TlsPeer.of(TlsPeer::tls10)) {
            assertNotTrusted(peer, engine, "", "auto", "TLSv1|UNSUPPORTED_PROTOCOL|protocol.version");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it has TLS 1.0 alone, and says so by an alert")
    void onlyTls10(String engine) throws Exception {
        try (SimulatedProvider old = SimulatedProvider.start(SimulatedProviderOptions.defaults()
                .withWire(ProviderWire.tls(SharedCertificates.server())
                        .withEngine(ProviderWire.Engine.OPENSSL)
                        .withTlsVersions("TLSv1")))) {
            Slipstream proxy = PROXIES.start(
                    config(provider("bad", old.openAiBaseUrl(), engine, "", "auto"), "{ provider: bad }"));
            Chat.Whole answer = call(proxy);
            assertEquals("502 upstream_tls", answer.status() + " " + answer.error(), answer::toString);
            String health = health(proxy);
            assertTrue(Pattern.compile("(?i)protocol.version").matcher(health).find(), health);
            assertEquals(0, old.counters().requests());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("because it does not speak HTTP/2, which was asked for")
    void alpn(String engine) throws Exception {
        TestIdentity good = SharedCertificates.server();
        Path trusted = SharedCertificates.authority().writeCertificate(folder, "shared");
        try (TlsPeer peer = TlsPeer.shaking(good.context(null), false, "http/1.1")) {
            Path before = ca;
            ca = trusted;
            try {
                assertNotTrusted(peer, engine, "", "2", "ALPN|(?i)application.protocol");
            } finally {
                ca = before;
            }
        }
    }

    @ParameterizedTest(name = "by the engine {0}, on {1}")
    @CsvSource({"jdk, TLSv1.2", "openssl, TLSv1.2", "jdk, TLSv1.3", "openssl, TLSv1.3"})
    @DisplayName("without the certificate that it asks for; with it, it serves")
    void clientCertificate(String engine, String version) throws Exception {
        ProviderWire wire = ProviderWire.tls(named).withClientAuthority(authority.certificate());
        try (SimulatedProvider strict =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withWire(wire.withTlsVersions(version)))) {
            String name = ", server_name: inner.example";
            String shown = ", certificate: \"" + clientFiles.certificate() + "\", key: \"" + clientFiles.key() + "\"";
            for (String http : new String[] {"auto", "1.1"}) {
                Slipstream with = PROXIES.start(config(
                        provider("one", strict.openAiBaseUrl(), engine, name + shown, http), "{ provider: one }"));
                assertEquals(200, call(with).status());
                long served = strict.counters().requests();
                Slipstream without = PROXIES.start(config(
                        provider("one", strict.openAiBaseUrl(), engine, name, http) + "  other: { base_url: \""
                                + other.openAiBaseUrl() + "\", dialect: openai }\n",
                        "{ provider: one }"));
                Chat.Whole answer = call(without);
                assertEquals("502 upstream_tls", answer.status() + " " + answer.error(), answer::toString);
                String health = health(without);
                assertTrue(
                        Pattern.compile("(?i)certificate.required|bad.certificate|handshake.failure")
                                .matcher(health)
                                .find(),
                        health);
                Slipstream two = PROXIES.start(config(
                        provider("one", strict.openAiBaseUrl(), engine, name, http) + "  other: { base_url: \""
                                + other.openAiBaseUrl() + "\", dialect: openai }\n",
                        "{ provider: one }, { provider: other }"));
                Chat.Whole elsewhere = call(two);
                assertEquals(200, elsewhere.status(), elsewhere::toString);
                assertEquals("other", elsewhere.head().field("x-slipstream-provider"));
                assertEquals(served, strict.counters().requests());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    @DisplayName("by its name is right under another name, where that is configured")
    void serverName(String engine) throws Exception {
        try (SimulatedProvider inner =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withWire(ProviderWire.tls(named)))) {
            for (String name : new String[] {"inner.example", "outer.example"}) {
                Slipstream proxy = PROXIES.start(config(
                        provider("one", inner.openAiBaseUrl(), engine, ", server_name: " + name, "auto"),
                        "{ provider: one }"));
                assertEquals(
                        name.equals("inner.example") ? 200 : 502, call(proxy).status());
            }
            assertEquals(1, inner.counters().requests());
        }
    }
}
