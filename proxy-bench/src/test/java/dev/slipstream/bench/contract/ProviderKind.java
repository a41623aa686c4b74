package dev.slipstream.bench.contract;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is spoken between the proxy and a provider. */
enum ProviderKind {
    H1("h1"),
    H2C("h2c"),
    H1_TLS("h1+TLS"),
    H2_TLS("h2+TLS");

    private final String text;

    ProviderKind(String text) {
        this.text = text;
    }

    boolean isHttp2() {
        return this == H2C || this == H2_TLS;
    }

    boolean isTls() {
        return this == H1_TLS || this == H2_TLS;
    }

    ProviderWire wire() {
        return switch (this) {
            case H1 -> ProviderWire.h1();
            case H2C -> ProviderWire.h2c();
            case H1_TLS -> ProviderWire.h1Tls(SharedCertificates.server());
            case H2_TLS -> ProviderWire.h2Tls(SharedCertificates.server());
        };
    }

    /** The provider's entries in the configuration that make the proxy speak it. On TLS, ALPN decides. */
    String entries() {
        return switch (this) {
            case H1 -> "http: auto";
            case H2C -> "http: h2c";
            case H1_TLS, H2_TLS -> "http: auto, tls: { ca: \"" + CaFile.PATH + "\" }";
        };
    }

    /** What signs the certificates of {@link #wire()}. */
    static Path caFile() {
        return CaFile.PATH;
    }

    @Override
    public String toString() {
        return text;
    }

    /** The shared authority, where the proxy can read it. */
    private static final class CaFile {
        static final Path PATH = write(SharedCertificates.authority());

        private static Path write(TestIdentity authority) {
            try {
                Path folder = Files.createTempDirectory("slipstream-contract");
                Path file = authority.writeCertificate(folder, "authority");
                // In reverse order: the file goes first.
                folder.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
