package dev.slipstream.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys in PEM; of a file that holds both, what it is asked for. Blocks: never on a loop.
 * The message of an exception completes the sentence that the setting's path begins, and holds nothing of a file.
 */
public final class PemFiles {
    /** Of a file; a chain takes a few KiB. */
    private static final int MAX_BYTES = 1024 * 1024;

    /** The label of a block, and what stands in it. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private static final byte[] SIGNED = "slipstream".getBytes(ISO_8859_1);

    private PemFiles() {}

    /**
     * Who a server is.
     *
     * @param chain its certificate first; never empty
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {
        /** Without the key. */
        @Override
        public String toString() {
            return "identity of " + chain.get(0).getSubjectX500Principal();
        }
    }

    /**
     * Reads both files.
     *
     * @throws IOException if one cannot be read or holds something else, or they do not belong together; the message
     *     begins with the file's name
     */
    public static Identity identity(CertificateFiles files) throws IOException {
        List<X509Certificate> chain = named(files.certificate(), () -> certificates(files.certificate()));
        PrivateKey key = named(files.key(), () -> key(files.key()));
        if (!fits(key, chain.get(0))) {
            throw new IOException(files.key() + ": does not fit the certificate in " + files.certificate());
        }
        return new Identity(chain, key);
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T named(String file, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The certificates of a file, in its order; never none.
     *
     * @throws IOException if it cannot be read, or holds none
     */
    public static List<X509Certificate> certificates(String file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(text(file));
        try {
            while (blocks.find()) {
                if (label(blocks).endsWith("CERTIFICATE")) {
                    InputStream der = new ByteArrayInputStream(bytes(blocks));
                    certificates.add((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(der));
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException | ClassCastException e) {
            throw new IOException("holds a certificate that cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(certificates);
    }

    /**
     * The first private key of a file: of RSA, of an elliptic curve, or Ed25519; in PKCS#8, PKCS#1 or SEC 1.
     *
     * @throws IOException if it cannot be read, holds none, or one that a passphrase guards
     */
    public static PrivateKey key(String file) throws IOException {
        Matcher blocks = BLOCK.matcher(text(file));
        while (blocks.find()) {
            String label = label(blocks);
            if (label.endsWith("PRIVATE KEY")) {
                if (label.startsWith("ENCRYPTED") || body(blocks).contains("ENCRYPTED")) {
                    throw new IOException("holds a key with a passphrase, and there is nobody to enter it");
                }
                try {
                    return PrivateKeys.read(label, bytes(blocks));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new IOException("holds a private key that cannot be read", e);
                }
            }
        }
        throw new IOException("holds no private key (-----BEGIN PRIVATE KEY-----)");
    }

    /** Whether what {@code key} signs is signed for {@code certificate}. */
    public static boolean fits(PrivateKey key, X509Certificate certificate) {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(SIGNED);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(SIGNED);
            return signature.verify(signed);
        } catch (GeneralSecurityException unlike) {
            // Another curve, say.
            return false;
        }
    }

    private static String label(Matcher block) {
        return String.valueOf(block.group(1));
    }

    private static String body(Matcher block) {
        return String.valueOf(block.group(2));
    }

    private static byte[] bytes(Matcher block) {
        return Base64.getMimeDecoder().decode(body(block));
    }

    private static String text(String file) throws IOException {
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw new IOException("cannot be read");
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException("is longer than 1 MiB");
                }
                return new String(bytes, ISO_8859_1);
            }
        } catch (InvalidPathException e) {
            throw new IOException("cannot be read", e);
        }
    }
}
