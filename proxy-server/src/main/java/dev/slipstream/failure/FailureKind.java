package dev.slipstream.failure;

/**
 * Every way a request can fail by our own hand: what the client is told, what is counted, and whether
 * another attempt may be made. The words are the contract's ({@code x-slipstream-error}).
 */
public enum FailureKind {
    INVALID_JSON("invalid_json", 400, RetryClass.NEVER),
    DUPLICATE_MODEL("duplicate_model", 400, RetryClass.NEVER),
    MISSING_MODEL("missing_model", 400, RetryClass.NEVER),
    NO_TARGET_FOR_DIALECT("no_target_for_dialect", 400, RetryClass.NEVER),
    BAD_REQUEST("bad_request", 400, RetryClass.NEVER),
    INVALID_API_KEY("invalid_api_key", 401, RetryClass.NEVER),
    UNKNOWN_MODEL("unknown_model", 404, RetryClass.NEVER),
    UNKNOWN_PATH("unknown_path", 404, RetryClass.NEVER),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, RetryClass.NEVER),
    REQUEST_TIMEOUT("request_timeout", 408, RetryClass.NEVER),
    REQUEST_TOO_LARGE("request_too_large", 413, RetryClass.NEVER),
    TARGET_TOO_LONG("uri_too_long", 414, RetryClass.NEVER),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, RetryClass.NEVER),
    EXPECTATION_FAILED("expectation_failed", 417, RetryClass.NEVER),
    RATE_LIMITED("rate_limited", 429, RetryClass.NEVER),
    HEADER_TOO_LARGE("header_too_large", 431, RetryClass.NEVER),
    INTERNAL("internal", 500, RetryClass.NEVER),
    NOT_IMPLEMENTED("not_implemented", 501, RetryClass.NEVER),
    UPSTREAM_UNREACHABLE("upstream_unreachable", 502, RetryClass.NOTHING_SENT),
    UPSTREAM_TLS("upstream_tls", 502, RetryClass.NOTHING_SENT),
    UPSTREAM_PROTOCOL("upstream_protocol", 502, RetryClass.NEVER),
    UPSTREAM_CLOSED("upstream_closed", 502, RetryClass.REUSED_WITHOUT_ANSWER),
    POOL_TIMEOUT("pool_timeout", 503, RetryClass.NOTHING_SENT),
    OVERLOADED("overloaded", 503, RetryClass.NOTHING_SENT),
    DRAINING("draining", 503, RetryClass.NEVER),
    UPSTREAM_TIMEOUT("upstream_timeout", 504, RetryClass.NEVER),
    HTTP_VERSION_NOT_SUPPORTED("http_version_not_supported", 505, RetryClass.NEVER),
    CLIENT_LEFT("client_left", 499, RetryClass.NEVER);

    private static final FailureKind[] VALUES = values();

    private final String word;
    private final int status;
    private final RetryClass retryClass;

    FailureKind(String word, int status, RetryClass retryClass) {
        this.word = word;
        this.status = status;
        this.retryClass = retryClass;
    }

    /** How many there are, for tables indexed by {@link #ordinal()}. */
    public static int count() {
        return VALUES.length;
    }

    /** The kind at {@code ordinal}, without the array copy of {@link #values()}. */
    public static FailureKind at(int ordinal) {
        return VALUES[ordinal];
    }

    /** The word of {@code x-slipstream-error} and of the {@code kind} label of {@code slipstream_failures_total}. */
    public String word() {
        return word;
    }

    /** The HTTP status; 499 is never sent, the client is gone. */
    public int status() {
        return status;
    }

    public RetryClass retryClass() {
        return retryClass;
    }
}
