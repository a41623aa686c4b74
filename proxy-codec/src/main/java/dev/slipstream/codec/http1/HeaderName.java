package dev.slipstream.codec.http1;

/** The field names that Slipstream looks at. */
public enum HeaderName {
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    TE("te"),
    TRAILER("trailer"),
    UPGRADE("upgrade"),
    EXPECT("expect"),
    DATE("date"),
    SERVER("server"),
    AUTHORIZATION("authorization"),
    X_API_KEY("x-api-key"),
    API_KEY("api-key"),
    X_SLIPSTREAM_KEY("x-slipstream-key"),
    CONTENT_TYPE("content-type"),
    CONTENT_ENCODING("content-encoding"),
    ACCEPT("accept"),
    ACCEPT_ENCODING("accept-encoding"),
    USER_AGENT("user-agent"),
    ANTHROPIC_VERSION("anthropic-version"),
    ANTHROPIC_BETA("anthropic-beta"),
    OPENAI_BETA("openai-beta"),
    IDEMPOTENCY_KEY("idempotency-key"),
    X_CLIENT_REQUEST_ID("x-client-request-id"),
    TRACEPARENT("traceparent"),
    TRACESTATE("tracestate"),
    X_REQUEST_ID("x-request-id"),
    REQUEST_ID("request-id"),
    RETRY_AFTER("retry-after"),
    RETRY_AFTER_MS("retry-after-ms"),
    X_SHOULD_RETRY("x-should-retry"),
    OPENAI_PROCESSING_MS("openai-processing-ms"),
    OPENAI_VERSION("openai-version"),
    CACHE_CONTROL("cache-control"),
    OTHER("");

    private final String text;

    HeaderName(String text) {
        this.text = text;
    }

    /** Lower case, as HTTP/2 wants it; empty for {@link #OTHER}. */
    public String text() {
        return text;
    }

    /** The place of this name in tables that live no longer than this class; fits a byte. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }

    /** The bit that stands for this name in a set; there are at most 64 names. */
    long bit() {
        return 1L << index();
    }
}
