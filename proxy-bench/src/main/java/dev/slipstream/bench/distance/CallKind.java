package dev.slipstream.bench.distance;

/** How a call gets to the provider. */
enum CallKind {
    /** Straight, on a new connection: TCP and a full TLS handshake. */
    DIRECT_COLD("direct-cold", true, false),
    /** Straight, on a connection that is kept. */
    DIRECT_WARM("direct-warm", true, true),
    /** As {@link #DIRECT_WARM}, and small requests go over the connection all the time that it is idle. */
    DIRECT_PINGED("direct-pinged", true, true),
    /** Through the proxy, on a new connection to it. */
    PROXY_NEW("proxy-new", false, false),
    /** Through the proxy, on a connection to it that is kept. */
    PROXY_KEPT("proxy-kept", false, true);

    private final String word;
    private final boolean direct;
    private final boolean kept;

    CallKind(String word, boolean direct, boolean kept) {
        this.word = word;
        this.direct = direct;
        this.kept = kept;
    }

    /** As in tables, and the first part of the model's name. */
    String word() {
        return word;
    }

    boolean isDirect() {
        return direct;
    }

    boolean isKept() {
        return kept;
    }
}
