package dev.slipstream.codec.http1;

import dev.slipstream.codec.bytes.AsciiBytes;

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
    OTHER;

    private static final HttpMethod[] METHODS = values();
    /** Beside {@link #METHODS}. */
    private static final byte[][] NAMES = new byte[METHODS.length][];

    static {
        for (int i = 0; i < METHODS.length; i++) {
            NAMES[i] = Octets.ascii(METHODS[i].name());
        }
    }

    /** The method whose name is in the range. */
    static HttpMethod of(byte[] bytes, int from, int to) {
        for (int i = 0; i < METHODS.length; i++) {
            if (AsciiBytes.equals(bytes, from, to, NAMES[i])) {
                return METHODS[i];
            }
        }
        return OTHER;
    }
}
