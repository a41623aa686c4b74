package dev.slipstream.bench.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** One authority and one good identity for all tests of a JVM that need no more: making them takes a second. */
public final class SharedCertificates {
    private static final TestIdentity AUTHORITY;
    private static final TestIdentity SERVER;

    static {
        try (TestCertificates made = TestCertificates.create()) {
            AUTHORITY = made.authority();
            SERVER = made.server();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SharedCertificates() {}

    /** {@link #server()} where a proxy can read it. */
    private static final class ServerFiles {
        static final TestIdentity.PemFiles PATHS = write();

        private static TestIdentity.PemFiles write() {
            try {
                Path folder = Files.createTempDirectory("slipstream-server");
                TestIdentity.PemFiles written = SERVER.write(folder, "server");
                // In reverse order: the files go first.
                folder.toFile().deleteOnExit();
                written.certificate().toFile().deleteOnExit();
                written.key().toFile().deleteOnExit();
                return written;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A line of YAML: a proxy that listens on a free port and shows {@link #server()}. */
    public static String listen() {
        return listen("");
    }

    /** @param more entries of {@code listen.tls}, each behind a comma */
    public static String listen(String more) {
        return "listen: { address: \"127.0.0.1:0\", tls: { certificate: \"" + ServerFiles.PATHS.certificate()
                + "\", key: \"" + ServerFiles.PATHS.key() + "\"" + more + " } }\n";
    }

    /** Trusts {@link #authority()} alone. */
    public static X509TrustManager trust() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", AUTHORITY.certificate());
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("the JDK trusts nobody");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TestIdentity authority() {
        return AUTHORITY;
    }

    /** For {@link TestCertificates#SERVER_NAMES} and the loopback addresses. */
    public static TestIdentity server() {
        return SERVER;
    }
}
