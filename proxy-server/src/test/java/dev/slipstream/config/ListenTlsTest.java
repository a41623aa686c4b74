package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code listen.tls}, and the files it names. */
class ListenTlsTest {
    private static LoadResult.Loaded load(String tls, Map<String, String> environment) {
        LoadResult result =
                Configs.load(Configs.MINIMAL + Pems.named("listen: { tls: { " + tls + " } }\n"), environment);
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded;
        }
        throw new AssertionError(result.toString());
    }

    private static ListenTls tls(String tls) {
        ListenTls read = load(tls, Map.of()).config().listen().tls();
        assertNotNull(read);
        return read;
    }

    @Test
    void withoutTheSectionClientsSpeakWithoutTls() {
        assertNull(Configs.config(Configs.MINIMAL).listen().tls());
    }

    @Test
    void onePairIsEnough() {
        ListenTls tls = tls("certificate: %CERTIFICATE%, key: %KEY%");
        assertEquals(List.of(new CertificateFiles(Pems.CERTIFICATE, Pems.KEY)), tls.certificates());
        assertEquals(ClientCertificate.NONE, tls.clientCertificate());
        assertEquals(TlsEngine.AUTO, tls.engine());
        assertEquals(List.of(Pems.CERTIFICATE, Pems.KEY), tls.files());
    }

    @Test
    void theDefaultStandsBeforeTheFurtherOnes() {
        String further = "{ certificate: " + Pems.file("rsa.pem") + ", key: " + Pems.file("rsa.key") + " }";
        ListenTls tls = tls("certificates: [ " + further + " ], certificate: %CERTIFICATE%, key: %KEY%,"
                + " client_ca: %CERTIFICATE%, client_certificate: optional, engine: jdk");
        assertEquals(
                List.of(
                        new CertificateFiles(Pems.CERTIFICATE, Pems.KEY),
                        new CertificateFiles(Pems.file("rsa.pem"), Pems.file("rsa.key"))),
                tls.certificates());
        assertEquals(ClientCertificate.OPTIONAL, tls.clientCertificate());
        assertEquals(TlsEngine.JDK, tls.engine());
        assertEquals(Pems.CERTIFICATE, tls.clientCa());
        assertEquals(5, tls.files().size());
        assertEquals(
                Pems.file("rsa.pem"),
                tls("certificates: [ " + further + " ]").certificates().get(0).certificate());
    }

    @Test
    void variablesNameTheFilesAsWell() {
        Map<String, String> environment =
                Map.of("SLIPSTREAM_LISTEN_TLS_CERTIFICATE", Pems.CERTIFICATE, "SLIPSTREAM_LISTEN_TLS_KEY", Pems.KEY);
        ListenTls tls = Configs.config(Configs.MINIMAL, environment).listen().tls();
        assertNotNull(tls);
        assertEquals(1, tls.certificates().size());
        assertEquals(
                List.of("SLIPSTREAM_LISTEN_TLS_KEY: listen.tls.key: does not fit the certificate (" + Pems.CERTIFICATE
                        + ")"),
                Configs.errors(
                        Configs.MINIMAL,
                        Map.of(
                                "SLIPSTREAM_LISTEN_TLS_CERTIFICATE",
                                Pems.CERTIFICATE,
                                "SLIPSTREAM_LISTEN_TLS_KEY",
                                Pems.OTHER_KEY)));
    }

    @Test
    void anExpiredCertificateIsAWarning() {
        List<String> warnings = load("certificate: " + Pems.file("expired.pem") + ", key: %KEY%", Map.of())
                .warnings();
        assertTrue(
                warnings.stream().anyMatch(each -> each.startsWith("listen.tls.certificate: clients will refuse it")),
                warnings.toString());
        assertTrue(
                load("certificate: %CERTIFICATE%, key: %KEY%", Map.of()).warnings().stream()
                        .noneMatch(each -> each.contains("listen.tls")),
                "a good one is none");
    }

    @Test
    void authoritiesThatNobodyIsHeldToAreAWarning() {
        List<String> warnings = load("certificate: %CERTIFICATE%, key: %KEY%, client_ca: %CERTIFICATE%", Map.of())
                .warnings();
        assertTrue(warnings.stream().anyMatch(each -> each.contains("client_certificate is none")), warnings::toString);
    }

    @Test
    void http2CanBeLeftOut() {
        assertTrue(tls("certificate: %CERTIFICATE%, key: %KEY%").http2());
        assertFalse(tls("certificate: %CERTIFICATE%, key: %KEY%, http: 1.1").http2());
    }

    @Test
    void theMaskShowsIt() {
        Map<String, Object> shown = ConfigMask.of(
                load("certificate: %CERTIFICATE%, key: %KEY%", Map.of()).config());
        assertEquals(
                "{certificates=[{certificate=" + Pems.CERTIFICATE + ", key=" + Pems.KEY
                        + "}], client_ca=, client_certificate=none, http=auto, engine=auto}",
                shown.get("listen") instanceof Map<?, ?> listen ? String.valueOf(listen.get("tls")) : "");
    }

    @ParameterizedTest
    @CsvSource({
        "server.pem, server.key",
        "server.pem, server-sec1.key",
        "server.pem, both.pem",
        "both.pem, both.pem",
        "rsa.pem, rsa.key",
        "rsa.pem, rsa-pkcs1.key",
        "ed25519.pem, ed25519.key"
    })
    void keysAreReadInEveryFormThatToolsWrite(String certificate, String key) throws IOException {
        PemFiles.Identity identity = PemFiles.identity(new CertificateFiles(Pems.file(certificate), Pems.file(key)));
        assertEquals(1, identity.chain().size());
    }

    @ParameterizedTest
    @CsvSource({
        "server.pem, other.key, does not fit",
        "server.pem, rsa.key, does not fit",
        "rsa.pem, server.key, does not fit",
        "server.pem, locked.key, passphrase",
        "server.pem, nothing.key, cannot be read",
        "nothing.pem, server.key, cannot be read",
        "server.key, server.key, no certificate"
    })
    void whatDoesNotBelongTogetherIsRefused(String certificate, String key, String message) {
        CertificateFiles files = new CertificateFiles(Pems.file(certificate), Pems.file(key));
        IOException refused = assertThrows(IOException.class, () -> PemFiles.identity(files));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::toString);
    }

    @Test
    void whatIsCutOffOrOverwrittenIsRefusedAndNothingElse(@TempDir Path folder) throws IOException {
        for (String name : List.of("server-sec1.key", "rsa-pkcs1.key", "server.key", "server.pem")) {
            String whole = Files.readString(Path.of(Pems.file(name)));
            Path cut = folder.resolve(name);
            for (int i = 0; i < whole.length(); i += 7) {
                // In the middle of a base64 line, mostly: DER that is shorter, or has another byte.
                Files.writeString(cut, whole.substring(0, i) + whole.substring(Math.min(whole.length(), i + 4)));
                try {
                    if (name.endsWith(".pem")) {
                        PemFiles.certificates(cut.toString());
                    } else {
                        PemFiles.key(cut.toString());
                    }
                } catch (IOException refused) {
                    assertNotNull(refused.getMessage());
                }
            }
        }
    }
}
