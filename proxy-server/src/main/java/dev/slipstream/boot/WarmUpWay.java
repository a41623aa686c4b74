package dev.slipstream.boot;

import dev.slipstream.config.HttpVersionChoice;
import dev.slipstream.config.ProviderTls;
import dev.slipstream.config.TlsEngine;
import dev.slipstream.route.ConnectionKey;
import dev.slipstream.route.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is spoken to, as far as different code does it.
 *
 * @param tls what does TLS; null where nothing does
 */
record WarmUpWay(HttpVersionChoice http, @Nullable TlsEngine tls) {
    /** HTTP/1.1 on plaintext, which each other way takes too, a step further on. */
    static final WarmUpWay PLAIN = new WarmUpWay(HttpVersionChoice.HTTP_1_1, null);

    /** Those that {@code providers} are spoken to, each once, and {@link #PLAIN} where that is the only one; never none. */
    static List<WarmUpWay> of(Collection<Provider> providers) {
        List<WarmUpWay> ways = new ArrayList<>();
        for (Provider provider : providers) {
            WarmUpWay way = of(provider.connectionKey());
            if (!way.equals(PLAIN) && !ways.contains(way)) {
                ways.add(way);
            }
        }
        return ways.isEmpty() ? List.of(PLAIN) : List.copyOf(ways);
    }

    private static WarmUpWay of(ConnectionKey key) {
        ProviderTls tls = key.tls();
        if (tls != null) {
            return new WarmUpWay(key.http(), tls.engine());
        }
        return key.http() == HttpVersionChoice.H2C ? new WarmUpWay(HttpVersionChoice.H2C, null) : PLAIN;
    }

    /** In the words of the configuration: the settings of a provider of {@code port} of loopback. */
    String settings(int port) {
        String version = switch (http) {
            case AUTO -> "auto";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2";
            case H2C -> "h2c";
        };
        if (tls == null) {
            return "base_url: \"http://127.0.0.1:" + port + "/v1\", http: \"" + version + "\"";
        }
        String engine = switch (tls) {
            case AUTO -> "auto";
            case OPENSSL -> "openssl";
            case JDK -> "jdk";
        };
        return "base_url: \"https://127.0.0.1:" + port + "/v1\", http: \"" + version + "\", tls: { engine: " + engine
                + " }";
    }
}
