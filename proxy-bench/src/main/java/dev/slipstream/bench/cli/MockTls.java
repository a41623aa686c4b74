package dev.slipstream.bench.cli;

import dev.slipstream.bench.tls.TestCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The certificates of a {@code mock}: none, new ones that go with it, or ones that stay in a folder. */
final class MockTls implements AutoCloseable {
    private static final String AUTHORITY = "ca";
    private static final String SERVER = "server";

    private final @Nullable TestIdentity server;
    private final @Nullable Path authorityFile;
    private final boolean temporary;

    private MockTls(@Nullable TestIdentity server, @Nullable Path authorityFile, boolean temporary) {
        this.server = server;
        this.authorityFile = authorityFile;
        this.temporary = temporary;
    }

    /** Plaintext. */
    static MockTls off() {
        return new MockTls(null, null, false);
    }

    /**
     * Takes the certificates that are in the folder, or makes some there.
     *
     * @param folder made where it is missing; null: only the authority's certificate is written, to a temporary
     *     file, which {@link #close()} deletes
     * @throws IOException if they cannot be read, made or written
     */
    static MockTls open(@Nullable Path folder) throws IOException {
        if (folder != null) {
            Files.createDirectories(folder);
            Path authority = folder.resolve(AUTHORITY + ".pem");
            Path certificate = folder.resolve(SERVER + ".pem");
            Path key = folder.resolve(SERVER + ".key");
            if (Files.exists(authority) && Files.exists(certificate) && Files.exists(key)) {
                return new MockTls(TestIdentity.read(certificate, key), authority, false);
            }
        }
        try (TestCertificates made = TestCertificates.create()) {
            TestIdentity server = made.server();
            if (folder != null) {
                server.write(folder, SERVER);
                return new MockTls(server, made.authority().writeCertificate(folder, AUTHORITY), false);
            }
            Path file = Files.createTempFile("slipstream-mock-ca", ".pem");
            Files.writeString(file, made.authority().certificatePem());
            return new MockTls(server, file, true);
        }
    }

    @Nullable
    TestIdentity server() {
        return server;
    }

    /** Where the authority's certificate is; null: plaintext. */
    @Nullable
    Path authorityFile() {
        return authorityFile;
    }

    /** For the ready line: empty, or where the authority's certificate is. */
    String told() {
        return authorityFile == null ? "" : " ca=" + authorityFile.toAbsolutePath();
    }

    @Override
    public void close() throws IOException {
        if (temporary && authorityFile != null) {
            Files.deleteIfExists(authorityFile);
        }
    }
}
