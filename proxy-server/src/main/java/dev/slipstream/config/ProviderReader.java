package dev.slipstream.config;

import dev.slipstream.codec.Dialect;
import dev.slipstream.codec.translate.ProviderTraits;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the providers. */
final class ProviderReader {
    private static final String ROW = "providers.*.";

    /** In fields; every one of them travels with every request. */
    private static final int MAX_HEADERS = 64;

    /** What the proxy itself writes, or what belongs to one connection. */
    private static final Set<String> REFUSED_HEADERS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept-encoding",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "upgrade",
            "expect");

    private final TimeoutsConfig timeouts;
    private final PoolConfig pool;
    private final Problems problems;

    /** What a provider does not set is taken from {@code timeouts} and {@code pool}. */
    ProviderReader(TimeoutsConfig timeouts, PoolConfig pool, Problems problems) {
        this.timeouts = timeouts;
        this.pool = pool;
        this.problems = problems;
    }

    /** By name, in file order; those with errors are left out. */
    Map<String, ProviderConfig> read(Entry.Section root) {
        Map<String, ProviderConfig> providers = new LinkedHashMap<>();
        Entry.Section section = root.section("providers");
        if (section == null || section.entries().isEmpty()) {
            problems.error(
                    section == null ? new Origin(root.origin().source(), 0) : section.origin(),
                    "providers: names no provider; at least one is needed");
            return providers;
        }
        for (Map.Entry<String, Entry> entry : section.entries().entrySet()) {
            if (entry.getValue() instanceof Entry.Section provider) {
                ProviderConfig config = provider(entry.getKey(), provider);
                if (config != null) {
                    providers.put(entry.getKey(), config);
                }
            }
        }
        return Collections.unmodifiableMap(providers);
    }

    private @Nullable ProviderConfig provider(String name, Entry.Section section) {
        if (!Text.isPlainName(name)) {
            problems.error(
                    section.origin(),
                    Text.shown(section.path())
                            + ": a provider's name is 1 to 64 letters, digits, dots, dashes and underscores");
        }
        FieldReader fields = new FieldReader(section, ROW, problems);
        String dialectText = fields.choice("dialect");
        Dialect dialect = dialectText.isEmpty() ? null : Dialect.valueOf(dialectText.toUpperCase(Locale.ROOT));
        if (fields.leaf("dialect") == null) {
            problems.error(section.origin(), Text.shown(section.path()) + ": has no dialect (openai or anthropic)");
        }
        // The dialect decides only which ending is stripped, so without one everything else is still checked.
        BaseUrl url = baseUrl(section, fields.leaf("base_url"), dialect == null ? Dialect.OPENAI : dialect);
        HttpVersionChoice http = http(fields, url);
        AuthStyle auth = auth(fields.choice("auth"));
        String apiKey = apiKey(section, fields.leaf("api_key"));
        Map<String, String> headers = headers(section.section("headers"));
        InjectUsage usage = InjectUsage.valueOf(fields.choice("inject_usage").toUpperCase(Locale.ROOT));
        boolean peek = fields.truth("peek");
        boolean discover = fields.truth("discover");
        TraitsReader translation = new TraitsReader(section.section("translation"), problems);
        PoolConfig ownPool = pool(section.section("pool"));
        TimeoutsConfig ownTimeouts = timeouts(section.section("timeouts"));
        if (url == null || dialect == null) {
            return null;
        }
        ProviderTls tls = tls(section.section("tls"), url);
        ProviderTraits traits = translation.read(dialect, url.address().host());
        if (usage == InjectUsage.OFF) {
            traits = traits.but().streamUsage(false).build();
        }
        checkCredential(section, dialect, auth, apiKey, headers);
        Entry.Leaf keyLeaf = fields.leaf("api_key");
        return new ProviderConfig(
                name,
                tls,
                url.address(),
                url.hostHeader(),
                url.path(),
                dialect,
                http,
                apiKey,
                keyLeaf == null ? "" : keyLeaf.variable(),
                auth,
                headers,
                usage,
                peek,
                discover,
                traits,
                ownPool,
                ownTimeouts);
    }

    private @Nullable BaseUrl baseUrl(Entry.Section section, Entry.@Nullable Leaf leaf, Dialect dialect) {
        if (leaf == null) {
            problems.error(section.origin(), Text.shown(section.path()) + ": has no base_url");
            return null;
        }
        try {
            BaseUrl url = BaseUrl.parse(leaf.text().strip(), dialect);
            if (dialect == Dialect.ANTHROPIC && url.path().endsWith("/v1")) {
                problems.warning(Text.shown(leaf.path())
                        + " ends in /v1, and /v1/messages is added to it; it is most likely to be given without /v1");
            }
            return url;
        } catch (BadValueException e) {
            problems.error(leaf.origin(), Text.shown(leaf.path()) + ": " + e.sentence());
            return null;
        }
    }

    private HttpVersionChoice http(FieldReader fields, @Nullable BaseUrl url) {
        String text = fields.choice("http");
        boolean tls = url == null || url.tls();
        Entry.Leaf leaf = fields.leaf("http");
        if (leaf != null && text.equals("h2c") && tls && url != null) {
            problems.error(
                    leaf.origin(),
                    Text.shown(leaf.path()) + ": h2c is HTTP/2 without TLS, and the base_url is https; write 2");
        }
        return switch (text) {
            case "1.1" -> HttpVersionChoice.HTTP_1_1;
            case "2" -> tls ? HttpVersionChoice.HTTP_2 : HttpVersionChoice.H2C;
            case "h2c" -> HttpVersionChoice.H2C;
            default -> HttpVersionChoice.AUTO;
        };
    }

    private @Nullable ProviderTls tls(Entry.@Nullable Section section, BaseUrl url) {
        if (!url.tls()) {
            if (section != null) {
                problems.error(
                        section.origin(), Text.shown(section.path()) + ": has no meaning with an http:// base_url");
            }
            return null;
        }
        FieldReader fields = new FieldReader(section, ROW + "tls.", problems);
        String certificate = fields.text("certificate");
        String key = fields.text("key");
        if (section != null && certificate.isEmpty() != key.isEmpty()) {
            problems.error(
                    section.origin(), Text.shown(section.path()) + ": certificate and key are given together or not");
        }
        checkFile(fields.leaf("ca"));
        checkFile(fields.leaf("certificate"));
        checkFile(fields.leaf("key"));
        String serverName = fields.text("server_name");
        Entry.Leaf nameLeaf = fields.leaf("server_name");
        if (nameLeaf != null) {
            try {
                serverName = Hosts.host(serverName.strip());
            } catch (BadValueException e) {
                problems.error(nameLeaf.origin(), Text.shown(nameLeaf.path()) + ": " + e.sentence());
            }
        }
        return new ProviderTls(
                fields.text("ca"),
                serverName.isEmpty() ? url.address().host() : serverName,
                certificate,
                key,
                TlsEngine.valueOf(fields.choice("engine").toUpperCase(Locale.ROOT)));
    }

    private void checkFile(Entry.@Nullable Leaf leaf) {
        if (leaf == null || leaf.text().isEmpty()) {
            return;
        }
        boolean readable;
        try {
            readable = Files.isReadable(Path.of(leaf.text())) && Files.isRegularFile(Path.of(leaf.text()));
        } catch (InvalidPathException e) {
            readable = false;
        }
        if (!readable) {
            problems.error(
                    leaf.origin(), Text.shown(leaf.path()) + ": cannot be read (" + Text.shown(leaf.text()) + ")");
        }
    }

    private static AuthStyle auth(String text) {
        return AuthStyle.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private String apiKey(Entry.Section section, Entry.@Nullable Leaf leaf) {
        if (leaf == null) {
            return "";
        }
        // Secrets that come from files end in a line feed.
        String key = leaf.text().strip();
        if (!Text.isVisibleAscii(key)) {
            problems.error(leaf.origin(), Text.shown(leaf.path()) + ": must be printable ASCII without spaces");
        } else if (key.isEmpty() && !leaf.variable().isEmpty()) {
            problems.warning(leaf.variable() + " is empty: no credential is sent to "
                    + Text.shown(section.path().substring("providers.".length())));
        }
        return key;
    }

    private Map<String, String> headers(Entry.@Nullable Section section) {
        if (section == null) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : section.entries().entrySet()) {
            if (!(entry.getValue() instanceof Entry.Leaf leaf)) {
                continue;
            }
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            String path = Text.shown(leaf.path());
            if (!Text.isToken(name)) {
                problems.error(leaf.origin(), path + ": is not a field's name");
            } else if (REFUSED_HEADERS.contains(name)) {
                problems.error(leaf.origin(), path + ": is set by the proxy itself and cannot be configured");
            } else if (!Text.isFieldValue(leaf.text())) {
                problems.error(leaf.origin(), path + ": holds a character that a field's value must not hold");
            } else if (headers.putIfAbsent(name, leaf.text()) != null) {
                problems.error(leaf.origin(), path + ": is set twice (names do not differ by case)");
            }
        }
        if (headers.size() > MAX_HEADERS) {
            problems.error(section.origin(), Text.shown(section.path()) + ": more than " + MAX_HEADERS + " fields");
        }
        return Collections.unmodifiableMap(headers);
    }

    private void checkCredential(
            Entry.Section section, Dialect dialect, AuthStyle auth, String apiKey, Map<String, String> headers) {
        String path = Text.shown(section.path());
        if (apiKey.isEmpty()) {
            return;
        }
        String field = switch (auth) {
            case AUTO -> dialect == Dialect.OPENAI ? "authorization" : "x-api-key";
            case BEARER -> "authorization";
            case X_API_KEY -> "x-api-key";
            case API_KEY -> "api-key";
            case NONE -> "";
        };
        if (field.isEmpty()) {
            problems.warning(path + ": has an api_key that is never sent, for auth is none");
        } else if (headers.containsKey(field)) {
            problems.error(
                    section.origin(),
                    path + ": the field " + field + " is set by headers and carries api_key; keep one of them");
        }
    }

    private PoolConfig pool(Entry.@Nullable Section section) {
        FieldReader fields = new FieldReader(section, ROW + "pool.", problems);
        return new PoolConfig(
                Math.toIntExact(fields.number("max_connections", pool.maxConnections())),
                Math.toIntExact(fields.number("warm", pool.warmPerLoop())),
                fields.number("idle", pool.idleNanos()),
                Math.toIntExact(fields.number("waiters", pool.waiters())),
                Math.toIntExact(fields.number("max_streams", pool.maxStreams())));
    }

    private TimeoutsConfig timeouts(Entry.@Nullable Section section) {
        FieldReader fields = new FieldReader(section, ROW + "timeouts.", problems);
        return new TimeoutsConfig(
                timeouts.headerNanos(),
                timeouts.clientBodyNanos(),
                timeouts.clientMinRateBytesPerSecond(),
                timeouts.clientIdleNanos(),
                timeouts.clientWriteNanos(),
                fields.number("tls_handshake", timeouts.tlsHandshakeNanos()),
                fields.number("connect", timeouts.connectNanos()),
                fields.number("pool_wait", timeouts.poolWaitNanos()),
                fields.number("first_byte", timeouts.firstByteNanos()),
                fields.number("between_bytes", timeouts.betweenBytesNanos()),
                fields.number("total", timeouts.totalNanos()),
                timeouts.drainNanos(),
                timeouts.lingerNanos(),
                fields.number("ping", timeouts.pingNanos()));
    }
}
