package dev.slipstream.bench.load;

import dev.slipstream.codec.Dialect;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and what they carry. Its text has no key.
 *
 * @param baseUrl http or https; what stands before {@code /chat/completions} (OpenAI) or {@code /v1/messages} (Anthropic)
 * @param http2 over TLS by ALPN, in plaintext by prior knowledge; else HTTP/1.1
 * @param authority of the server's certificate, PEM; null: those of the JDK. Only for https
 * @param dialect of requests and answers
 * @param model what they ask for
 * @param key sent as {@code authorization: Bearer} (OpenAI) or {@code x-api-key} (Anthropic); empty: none
 * @param bodyBytes of each chat request, {@value #MIN_BODY_BYTES} to {@value #MAX_BODY_BYTES}
 * @param maxTokens asked for; the simulated provider may have a smaller figure of its own
 * @param directives for the simulated provider, such as {@code tokens=64 gap=5ms}; empty: none
 * @param fields further header fields, each {@code name: value}, the name in lower case
 */
public record LoadTarget(
        URI baseUrl,
        boolean http2,
        @Nullable Path authority,
        Dialect dialect,
        String model,
        String key,
        int bodyBytes,
        int maxTokens,
        String directives,
        List<String> fields) {
    public static final int MIN_BODY_BYTES = 1000;
    public static final int MAX_BODY_BYTES = 10 * 1024 * 1024;
    /** About what a short conversation takes. */
    public static final int DEFAULT_BODY_BYTES = 1400;

    public static final int DEFAULT_MAX_TOKENS = 64;

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    public LoadTarget {
        String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
        if (baseUrl.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException(baseUrl + " is no http(s)://HOST[:PORT][/PATH]");
        }
        if (bodyBytes < MIN_BODY_BYTES || bodyBytes > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "a body must have " + MIN_BODY_BYTES + " to " + MAX_BODY_BYTES + " bytes, not " + bodyBytes);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("an answer must have at least one token");
        }
        plain(model, "a model");
        plain(key, "a key");
        plain(directives, "a directive");
        fields = List.copyOf(fields);
        for (String field : fields) {
            plain(field, "a header field");
            if (!field.matches("[a-z0-9-]+: .+")) {
                throw new IllegalArgumentException("'" + field + "' is no header field: write 'name: value'");
            }
        }
    }

    /** They are put into requests as they are. */
    private static void plain(String text, String what) {
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')) {
            throw new IllegalArgumentException(what + " must be of printable ASCII without quotes and backslashes");
        }
    }

    /** HTTP/1.1, OpenAI's dialect, a body of 1,400 bytes, no key. */
    public static LoadTarget of(String baseUrl, String model) {
        return new LoadTarget(
                URI.create(baseUrl),
                false,
                null,
                Dialect.OPENAI,
                model,
                "",
                DEFAULT_BODY_BYTES,
                DEFAULT_MAX_TOKENS,
                "",
                List.of());
    }

    public LoadTarget withHttp2(boolean http2) {
        return new LoadTarget(baseUrl, http2, authority, dialect, model, key, bodyBytes, maxTokens, directives, fields);
    }

    public LoadTarget withAuthority(@Nullable Path authority) {
        return new LoadTarget(baseUrl, http2, authority, dialect, model, key, bodyBytes, maxTokens, directives, fields);
    }

    public LoadTarget withDialect(Dialect dialect) {
        return new LoadTarget(baseUrl, http2, authority, dialect, model, key, bodyBytes, maxTokens, directives, fields);
    }

    public LoadTarget withKey(String key) {
        return new LoadTarget(baseUrl, http2, authority, dialect, model, key, bodyBytes, maxTokens, directives, fields);
    }

    public LoadTarget withBody(int bodyBytes, int maxTokens, String directives) {
        return new LoadTarget(baseUrl, http2, authority, dialect, model, key, bodyBytes, maxTokens, directives, fields);
    }

    boolean isSecure() {
        return "https".equals(baseUrl.getScheme().toLowerCase(Locale.ROOT));
    }

    /** Without the brackets of an IPv6 literal. */
    String host() {
        String host = baseUrl.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        int port = baseUrl.getPort();
        return port >= 0 ? port : isSecure() ? HTTPS_PORT : HTTP_PORT;
    }

    /** As the Host field has it. */
    String hostField() {
        return baseUrl.getPort() < 0 ? baseUrl.getHost() : baseUrl.getHost() + ":" + baseUrl.getPort();
    }

    /** Of the path. */
    String prefix() {
        String path = String.valueOf(baseUrl.getRawPath());
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** {@code h1}, {@code h2c}, {@code h1+tls}, {@code h2+tls}. */
    String wire() {
        return isSecure() ? (http2 ? "h2+tls" : "h1+tls") : http2 ? "h2c" : "h1";
    }

    @Override
    public String toString() {
        return baseUrl + " " + wire();
    }
}
