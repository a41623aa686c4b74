package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("OpenAI's client, through the proxy,")
@Tag("jdk25")
class OpenAiClientThroughProxyTest extends OpenAiClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer("");

    OpenAiClientThroughProxyTest() {
        super(SERVER);
    }
}
