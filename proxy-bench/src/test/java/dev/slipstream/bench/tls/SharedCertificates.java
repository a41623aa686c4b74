package dev.slipstream.bench.tls;

import java.io.IOException;
import java.io.UncheckedIOException;

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

    public static TestIdentity authority() {
        return AUTHORITY;
    }

    /** For {@link TestCertificates#SERVER_NAMES} and the loopback addresses. */
    public static TestIdentity server() {
        return SERVER;
    }
}
