package dev.slipstream.tls;

import dev.slipstream.config.TlsEngine;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;

/** What does TLS here. */
public final class TlsEngines {
    /** What is spoken, on both sides. */
    public static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private TlsEngines() {}

    /**
     * The engine for {@code choice}.
     *
     * @throws IllegalStateException where one that was named does not load here
     */
    public static SslProvider provider(TlsEngine choice) {
        return switch (choice) {
            case JDK -> SslProvider.JDK;
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
            case OPENSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IllegalStateException("engine openssl does not load here", OpenSsl.unavailabilityCause());
                }
                yield SslProvider.OPENSSL_REFCNT;
            }
        };
    }

    /** The innermost message, which is the one that names the fault. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
