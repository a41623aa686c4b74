package dev.slipstream.ingress;

/** What a client connection speaks, by the name ALPN has for it (RFC 7301). */
enum ClientProtocol {
    HTTP_1_1("http/1.1"),
    HTTP_2("h2");

    private final String alpn;

    ClientProtocol(String alpn) {
        this.alpn = alpn;
    }

    /** The protocol's identifier in ALPN. */
    String alpn() {
        return alpn;
    }
}
