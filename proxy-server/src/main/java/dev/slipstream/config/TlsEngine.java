package dev.slipstream.config;

/** What does TLS; {@link #AUTO} is BoringSSL where it loads, else the JDK. */
public enum TlsEngine {
    AUTO,
    OPENSSL,
    JDK
}
