package dev.slipstream.bench.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An authority and the certificates that tests of TLS need: a good one, and one for each way to be bad. Keys are
 * of the curve P-256.
 *
 * <p>Each is made by the JDK's own {@code keytool}, as a process: about half a second each, so share an instance
 * where you can. The authority is made by {@link #create()}, every other one by its method, each time anew. The
 * working folder is in the system's place for temporary files and goes with {@link #close()}; keys that were
 * given out live on.
 *
 * <p>Thread-safe: one is made at a time.
 */
public final class TestCertificates implements AutoCloseable {
    /** What {@link #server()} is for, beside the addresses 127.0.0.1 and ::1. */
    public static final List<String> SERVER_NAMES = List.of("localhost", "provider.example", "*.provider.example");

    private static final long LIMIT_SECONDS = 30;
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";
    private static final String TODAY = "-1d";
    private static final int VALID_DAYS = 90;

    private final Path folder;
    private final Path store;
    private final TestIdentity authority;
    private int made;

    private TestCertificates(Path folder) throws IOException {
        this.folder = folder;
        this.store = folder.resolve("store.p12");
        generate(
                AUTHORITY,
                "CN=Slipstream test authority",
                TODAY,
                List.of("-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign,cRLSign"));
        this.authority = read(AUTHORITY);
    }

    /**
     * Makes an authority.
     *
     * @throws IOException if keytool is missing, fails, or takes longer than 30 s
     */
    public static TestCertificates create() throws IOException {
        Path folder = Files.createTempDirectory("slipstream-certificates");
        try {
            return new TestCertificates(folder);
        } catch (IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /** Who signs all others but {@link #selfSigned()}. Its certificate is what a client has to trust. */
    public TestIdentity authority() {
        return authority;
    }

    /** A good one, for {@link #SERVER_NAMES} and the loopback addresses. */
    public TestIdentity server() throws IOException {
        return signed(TODAY, names(SERVER_NAMES));
    }

    /** A good one for these names, and for no address. */
    public TestIdentity serverFor(String... names) throws IOException {
        StringBuilder san = new StringBuilder("san=");
        for (String name : names) {
            san.append(san.length() > 4 ? ",dns:" : "dns:").append(name);
        }
        return signed(TODAY, san.toString());
    }

    /** Ended yesterday or earlier; the names are good. */
    public TestIdentity expired() throws IOException {
        return signed("-" + (VALID_DAYS + 2) + "d", names(SERVER_NAMES));
    }

    /** Begins in a month; the names are good. */
    public TestIdentity notYetValid() throws IOException {
        return signed("+30d", names(SERVER_NAMES));
    }

    /** For another host, and for no address. */
    public TestIdentity wrongHost() throws IOException {
        return serverFor("another.example");
    }

    /** The names are good, and nobody signed it but itself. */
    public TestIdentity selfSigned() throws IOException {
        return make("CN=self-signed", TODAY, List.of("-ext", names(SERVER_NAMES), "-ext", "eku=serverAuth"));
    }

    /** For a client, which is named by the subject. */
    public TestIdentity client(String name) throws IOException {
        return make("CN=" + name, TODAY, List.of("-signer", AUTHORITY, "-ext", "eku=clientAuth"));
    }

    private TestIdentity signed(String from, String names) throws IOException {
        return make(
                "CN=Slipstream test server",
                from,
                List.of("-signer", AUTHORITY, "-ext", names, "-ext", "eku=serverAuth"));
    }

    private static String names(List<String> names) {
        return "san=dns:" + String.join(",dns:", names) + ",ip:127.0.0.1,ip:::1";
    }

    private synchronized TestIdentity make(String subject, String from, List<String> more) throws IOException {
        String alias = "made" + ++made;
        generate(alias, subject, from, more);
        return read(alias);
    }

    private void generate(String alias, String subject, String from, List<String> more) throws IOException {
        // No optimizing compiler: it would be warm when the work is done.
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                subject,
                "-startdate",
                from,
                "-validity",
                String.valueOf(VALID_DAYS),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(more);
        Path output = folder.resolve("keytool.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("keytool took longer than " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool: "
                    + Files.readString(output, StandardCharsets.UTF_8).strip());
        }
    }

    private TestIdentity read(String alias) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            if (keys.getKey(alias, PASSWORD.toCharArray()) instanceof PrivateKey key
                    && keys.getCertificate(alias) instanceof X509Certificate certificate) {
                return new TestIdentity(key, certificate);
            }
            throw new IOException("keytool made no key: " + alias);
        } catch (GeneralSecurityException e) {
            throw new IOException("what keytool made cannot be read", e);
        }
    }

    /** Deletes the working folder. Nothing can be made any more. */
    @Override
    public synchronized void close() throws IOException {
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
