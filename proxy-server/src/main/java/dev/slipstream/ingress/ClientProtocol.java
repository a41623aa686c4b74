package dev.slipstream.ingress;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client connection speaks, by the name ALPN has for it (RFC 7301). */
enum ClientProtocol {
    HTTP_1_1("http/1.1"),
    HTTP_2("h2");

    private final String alpn;

    ClientProtocol(String alpn) {
        this.alpn = alpn;
    }

    /** Offered to clients that speak TLS, in order of preference. */
    static List<ClientProtocol> onTls(boolean http2) {
        return http2 ? List.of(HTTP_2, HTTP_1_1) : List.of(HTTP_1_1);
    }

    /** What a handshake has agreed on; HTTP/1.1 where it has agreed on nothing. */
    static ClientProtocol agreed(@Nullable String alpn) {
        return HTTP_2.alpn.equals(alpn) ? HTTP_2 : HTTP_1_1;
    }

    /** The protocol's identifier in ALPN. */
    String alpn() {
        return alpn;
    }
}
