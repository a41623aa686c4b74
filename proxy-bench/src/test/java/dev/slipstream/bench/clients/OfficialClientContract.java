package dev.slipstream.bench.clients;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import javax.net.ssl.SSLContext;

/**
 * What a server under test tells the official clients; {@link OpenAiClientContract} and {@link
 * AnthropicClientContract} hold the tests.
 */
abstract class OfficialClientContract {
    private final ServerUnderTest server;

    OfficialClientContract(ServerUnderTest server) {
        this.server = server;
    }

    final ServerUnderTest server() {
        return server;
    }

    /** Trusts the tests' own authority; a server without TLS has no use for it. */
    static SSLContext tls() {
        return TestIdentity.trusting(SharedCertificates.authority().certificate());
    }

    final String key() {
        return server.key();
    }

    final String model() {
        return server.model();
    }
}
