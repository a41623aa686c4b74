package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Anthropic's client, through the proxy,")
@Tag("jdk25")
class AnthropicClientThroughProxyTest extends AnthropicClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer("");

    AnthropicClientThroughProxyTest() {
        super(SERVER);
    }
}
