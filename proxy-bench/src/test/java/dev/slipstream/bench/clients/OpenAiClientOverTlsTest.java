package dev.slipstream.bench.clients;

import dev.slipstream.bench.tls.SharedCertificates;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("OpenAI's client, through the proxy and over TLS, where ALPN agrees on HTTP/2,")
class OpenAiClientOverTlsTest extends OpenAiClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer(SharedCertificates.listen());

    OpenAiClientOverTlsTest() {
        super(SERVER);
    }
}
