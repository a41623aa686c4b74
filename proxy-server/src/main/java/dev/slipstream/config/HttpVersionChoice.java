package dev.slipstream.config;

/** What is spoken to a provider; {@link #AUTO} is HTTP/1.1 on plaintext, and what ALPN chooses on TLS. */
public enum HttpVersionChoice {
    AUTO,
    HTTP_1_1,
    HTTP_2,
    H2C
}
