package dev.slipstream.bench.clients;

import dev.slipstream.bench.tls.SharedCertificates;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Anthropic's client, through the proxy and over TLS, where ALPN agrees on HTTP/2,")
class AnthropicClientOverTlsTest extends AnthropicClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer(SharedCertificates.listen());

    AnthropicClientOverTlsTest() {
        super(SERVER);
    }
}
