package dev.slipstream.bench.clients;

import dev.slipstream.bench.tls.SharedCertificates;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("OpenAI's client, through the proxy and over TLS, where HTTP/1.1 alone is offered,")
class OpenAiClientOverTlsOnHttp1Test extends OpenAiClientContract {
    @RegisterExtension
    static final ProxiedServer SERVER = new ProxiedServer(SharedCertificates.listen(", http: 1.1"));

    OpenAiClientOverTlsOnHttp1Test() {
        super(SERVER);
    }
}
