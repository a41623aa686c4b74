package dev.slipstream.codec.http1;

/** Request methods (RFC 9110 §9.1). Case-sensitive; whatever else is a token is {@link #OTHER}. */
public enum HttpMethod {
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    OPTIONS,
    PATCH,
    TRACE,
    CONNECT,
    OTHER
}
