package dev.slipstream.bench.macro;

import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import java.nio.file.Path;

/** What is spoken between a proxy and the provider of a run. */
enum ProviderKind {
    H1("h1"),
    H2C("h2c"),
    H2_TLS("h2+tls");

    private final String label;

    ProviderKind(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    ProviderWire wire(TestIdentity server) {
        return switch (this) {
            case H1 -> ProviderWire.h1();
            case H2C -> ProviderWire.h2c();
            case H2_TLS -> ProviderWire.h2Tls(server);
        };
    }

    /**
     * The provider {@code upstream} of a configuration, as one flow mapping.
     *
     * @param authority its certificate's authority, PEM
     */
    String yaml(String baseUrl, Path authority) {
        String more = switch (this) {
            case H1 -> "";
            case H2C -> ", http: h2c";
            case H2_TLS -> ", http: 2, tls: { ca: \"" + authority + "\", server_name: localhost }";
        };
        return "{ base_url: \"" + baseUrl + "\", dialect: openai, api_key: sk-upstream" + more + " }";
    }
}
