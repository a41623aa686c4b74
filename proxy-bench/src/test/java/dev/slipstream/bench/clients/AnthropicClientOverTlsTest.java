package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Anthropic's client, through the proxy and over TLS,")
class AnthropicClientOverTlsTest extends AnthropicClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer(true);

    AnthropicClientOverTlsTest() {
        super(SERVER);
    }
}
