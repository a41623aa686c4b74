package dev.slipstream.bench.clients;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("OpenAI's client, through the proxy and over TLS,")
class OpenAiClientOverTlsTest extends OpenAiClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer(true);

    OpenAiClientOverTlsTest() {
        super(SERVER);
    }
}
