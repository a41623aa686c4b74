package dev.slipstream.bench.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Certificates for tests")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestCertificatesTest {
    private TestCertificates certificates;

    @BeforeAll
    void create() throws IOException {
        certificates = TestCertificates.create();
    }

    @AfterAll
    void close() throws IOException {
        certificates.close();
    }

    /** A request by the JDK's client, which verifies the chain and the host's name. */
    private static int status(TestIdentity server, ProviderWire wire, SSLContext client, String host) throws Exception {
        try (SimulatedProvider provider =
                SimulatedProvider.start(SimulatedProviderOptions.defaults().withWire(wire))) {
            assertEquals(server, wire.identity());
            URI uri = URI.create("https://" + host + ":" + provider.port() + "/v1/models");
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
            return HttpClient.newBuilder()
                    .sslContext(client)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private int status(TestIdentity server, String host) throws Exception {
        SSLContext client = TestIdentity.trusting(certificates.authority().certificate());
        return status(server, ProviderWire.tls(server), client, host);
    }

    @Test
    @DisplayName("that are good are taken, by name and by address")
    void good() throws Exception {
        TestIdentity server = certificates.server();
        for (String host : new String[] {"localhost", "127.0.0.1"}) {
            assertEquals(200, status(server, host), host);
        }
        assertEquals(200, status(certificates.serverFor("localhost"), "localhost"));
    }

    @Test
    @DisplayName("that are bad are refused, each for its own reason")
    void bad() throws Exception {
        Map<TestIdentity, String> reasons = new LinkedHashMap<>();
        reasons.put(certificates.expired(), "NotAfter");
        reasons.put(certificates.notYetValid(), "NotBefore");
        reasons.put(certificates.wrongHost(), "matching localhost");
        reasons.put(certificates.selfSigned(), "unable to find valid certification path");
        for (Map.Entry<TestIdentity, String> reason : reasons.entrySet()) {
            IOException refused = assertThrows(IOException.class, () -> status(reason.getKey(), "localhost"));
            String told = refused.toString() + causes(refused);
            assertTrue(told.contains(reason.getValue()), told);
        }
    }

    private static String causes(Throwable failure) {
        StringBuilder told = new StringBuilder();
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            told.append(" < ").append(cause);
        }
        return told.toString();
    }

    @Test
    @DisplayName("let a provider ask for a client's, and refuse who has none or another authority's")
    void client() throws Exception {
        X509Certificate authority = certificates.authority().certificate();
        TestIdentity server = certificates.server();
        ProviderWire wire = ProviderWire.tls(server).withClientAuthority(authority);
        SSLContext known = certificates.client("proxy").context(authority);
        assertEquals(200, status(server, wire, known, "localhost"));
        SSLContext nobody = TestIdentity.trusting(authority);
        assertThrows(IOException.class, () -> status(server, wire, nobody, "localhost"));
        SSLContext stranger = SharedCertificates.server().context(authority);
        assertThrows(IOException.class, () -> status(server, wire, stranger, "localhost"));
    }

    @Test
    @DisplayName("are written for configurations, read back the same, and the key is its owner's alone")
    void files(@TempDir Path folder) throws Exception {
        TestIdentity server = certificates.server();
        TestIdentity.PemFiles files = server.write(folder, "server");
        assertTrue(Files.readString(files.certificate()).startsWith("-----BEGIN CERTIFICATE-----\n"));
        assertTrue(Files.readString(files.key()).startsWith("-----BEGIN PRIVATE KEY-----\n"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())));
        TestIdentity read = TestIdentity.read(files.certificate(), files.key());
        assertEquals(server, read);
        assertEquals(200, status(read, "localhost"));
        assertFalse(server.toString().contains("BEGIN"), server.toString());
        assertThrows(IOException.class, () -> TestIdentity.read(files.key(), files.certificate()));
    }

    @Test
    @DisplayName("leave nothing behind but what was given out")
    void folder() throws Exception {
        TestCertificates closed = TestCertificates.create();
        closed.close();
        closed.close();
        assertThrows(IOException.class, closed::server);
    }
}
