package dev.slipstream.bench.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A private key and its certificate. Immutable.
 *
 * @param certificate without its chain: what signs it is an authority that the peer has to know
 */
public record TestIdentity(PrivateKey key, X509Certificate certificate) {
    private static final int PEM_LINE = 64;
    private static final char[] PASSWORD = "in memory only".toCharArray();

    /** What {@link #write} wrote. */
    public record PemFiles(Path certificate, Path key) {}

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if a file cannot be read, or is no certificate or no key of the curve P-256
     */
    public static TestIdentity read(Path certificate, Path key) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            String pem = Files.readString(key, StandardCharsets.US_ASCII);
            byte[] bytes = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", ""));
            return new TestIdentity(
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes)),
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(certificate + " and " + key + " are no certificate and its key", e);
        }
    }

    /** {@code -----BEGIN CERTIFICATE-----} and what belongs to it. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    /** The key in PKCS#8, unencrypted. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String what, byte[] bytes) {
        Base64.Encoder lines = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'});
        return "-----BEGIN " + what + "-----\n" + lines.encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    /**
     * Writes {@code NAME.pem} and {@code NAME.key}; the key can be read by its owner alone.
     *
     * @throws IOException if a file cannot be written
     */
    public PemFiles write(Path folder, String name) throws IOException {
        Path keyFile = folder.resolve(name + ".key");
        Files.deleteIfExists(keyFile);
        Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile, keyPem(), StandardCharsets.US_ASCII);
        return new PemFiles(writeCertificate(folder, name), keyFile);
    }

    /**
     * Writes {@code NAME.pem} alone, as a client needs it of an authority.
     *
     * @throws IOException if the file cannot be written
     */
    public Path writeCertificate(Path folder, String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".pem"), certificatePem(), StandardCharsets.US_ASCII);
    }

    /**
     * A JDK context that shows this identity.
     *
     * @param trusted the authority whose peers are trusted; null: the JDK's own
     */
    public SSLContext context(@Nullable X509Certificate trusted) {
        return context(this, trusted, false);
    }

    /** As {@link #context}, and shown even to a peer that has named other authorities, where the JDK would show none. */
    public SSLContext insistent(@Nullable X509Certificate trusted) {
        return context(this, trusted, true);
    }

    /** A JDK context that shows no identity, and trusts the peers of this authority alone. */
    public static SSLContext trusting(X509Certificate authority) {
        return context(null, authority, false);
    }

    /** Shows the one identity there is, whoever asks. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";
        private final TestIdentity own;

        OneKey(TestIdentity own) {
            this.own = own;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key;
        }
    }

    private static SSLContext context(
            @Nullable TestIdentity own, @Nullable X509Certificate trusted, boolean insistent) {
        try {
            KeyManager @Nullable [] keys = null;
            if (own != null && insistent) {
                keys = new KeyManager[] {new OneKey(own)};
            } else if (own != null) {
                KeyStore store = emptyStore();
                store.setKeyEntry("own", own.key, PASSWORD, new X509Certificate[] {own.certificate});
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, PASSWORD);
                keys = factory.getKeyManagers();
            }
            TrustManager @Nullable [] trust = null;
            if (trusted != null) {
                KeyStore store = emptyStore();
                store.setCertificateEntry("authority", trusted);
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store);
                trust = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK refuses a certificate of its own tools", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "identity of " + certificate.getSubjectX500Principal();
    }
}
