package dev.slipstream.bench.contract;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;

/** What is spoken between the client and the proxy. */
enum ClientKind {
    H1("h1"),
    H1_TLS("h1+TLS"),
    H2C("h2c"),
    H2_TLS("h2+TLS");

    private final String text;

    ClientKind(String text) {
        this.text = text;
    }

    /** The proxy's own line of configuration for such clients; empty where it needs none. */
    String listen() {
        return switch (this) {
            case H1, H2C -> "";
            case H1_TLS, H2_TLS -> SharedCertificates.listen();
        };
    }

    /** A new connection. */
    ApiClient connect(InetSocketAddress api) throws IOException {
        return connect(api, 0);
    }

    /** @param receiveBytes the receive buffer of its socket; 0: the system's default */
    ApiClient connect(InetSocketAddress api, int receiveBytes) throws IOException {
        return switch (this) {
            case H1 -> new H1Client(api, receiveBytes, null);
            case H1_TLS -> new H1Client(api, receiveBytes, trusting());
            case H2C -> new H2Client(api, receiveBytes, null);
            case H2_TLS -> new H2Client(api, receiveBytes, trusting());
        };
    }

    private static SSLContext trusting() throws IOException {
        return TestIdentity.trusting(SharedCertificates.authority().certificate());
    }

    @Override
    public String toString() {
        return text;
    }
}
