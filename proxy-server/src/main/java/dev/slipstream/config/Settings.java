package dev.slipstream.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every setting there is, in one table. What the file may hold, the names of the {@code SLIPSTREAM_*} variables, the
 * defaults, the ranges, the nearest known key of a mistake and the JSON Schema all come from here; a test holds the
 * schema and the example to it.
 */
final class Settings {
    private static final long MS = 1_000_000L;
    private static final long WEEK = 7L * 24 * 3600 * 1000 * MS;
    private static final long KIB = 1024L;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final long MANY = 10_000_000L;

    /** Timeouts that a provider may set for itself; the others belong to the client's side or the process. */
    private static final List<String> TIMEOUTS_OF_PROVIDERS = List.of(
            "timeouts.tls_handshake",
            "timeouts.connect",
            "timeouts.pool_wait",
            "timeouts.first_byte",
            "timeouts.between_bytes",
            "timeouts.total",
            "timeouts.ping");

    private static final Map<String, Setting> TABLE = table();

    private Settings() {}

    /** All rows, in the order of the documentation. */
    static Collection<Setting> all() {
        return TABLE.values();
    }

    static @Nullable Setting find(String path) {
        return TABLE.get(path);
    }

    /** The row that must be there. */
    static Setting get(String path) {
        Setting setting = TABLE.get(path);
        if (setting == null) {
            throw new IllegalArgumentException(path);
        }
        return setting;
    }

    private static Map<String, Setting> table() {
        List<Setting> rows = new ArrayList<>();
        rows.add(of(
                "listen.address",
                Kind.ADDRESS,
                "127.0.0.1:8080",
                "Where clients connect: HOST:PORT, [IPV6]:PORT, or :PORT for every IPv4 address."));
        listenTls(rows);
        rows.add(of(
                "admin.address",
                Kind.ADDRESS,
                "127.0.0.1:8081",
                "Where metrics, health and configuration are served."));
        rows.add(of("admin.token", Kind.SECRET, "", "Bearer token of the admin listener; needed beyond loopback."));
        rows.add(of("keys.[].name", Kind.TEXT, "", "What logs and metrics call the holder of the key."));
        rows.add(of("keys.[].key", Kind.SECRET, "", "The client key itself, at least 8 characters."));
        rows.add(of(
                "keys.[].key_sha256",
                Kind.SECRET,
                "",
                "The SHA-256 of the client key, 64 hexadecimal digits, instead of the key."));
        rows.add(range(
                "runtime.loops",
                Kind.COUNT_OR_AUTO,
                "auto",
                1,
                256,
                false,
                "Event loops; auto: as many as processors."));
        rows.add(choice(
                "runtime.transport", "auto", List.of("auto", "epoll", "io_uring", "nio"), "What moves the bytes."));
        rows.add(of("runtime.warm_up", Kind.BOOLEAN, "true", "Whether the process warms itself up."));
        limits(rows);
        timeouts(rows);
        rows.add(range(
                "pool.max_connections",
                Kind.COUNT,
                "256",
                1,
                65_535,
                false,
                "Connections to one provider, of the whole process."));
        rows.add(range(
                "pool.warm", Kind.COUNT, "1", 0, 1024, false, "Connections that each loop opens at start and keeps."));
        rows.add(range(
                "pool.idle",
                Kind.DURATION,
                "60s",
                10 * MS,
                WEEK,
                true,
                "After which an unused connection beyond the warm ones is closed."));
        rows.add(range(
                "pool.waiters",
                Kind.COUNT,
                "1024",
                0,
                MANY,
                false,
                "Requests that may wait for a connection of a full pool."));
        rows.add(range("pool.max_streams", Kind.COUNT, "100", 1, 100_000, false, "Streams of one HTTP/2 connection."));
        rows.add(choice(
                "log.level",
                "info",
                List.of("trace", "debug", "info", "warn", "error"),
                "The least level that is logged."));
        rows.add(of("log.access", Kind.TEXT, "off", "Access log: off, stderr, or a file's path."));
        providers(rows);
        models(rows);
        Map<String, Setting> byPath = new LinkedHashMap<>(256);
        for (Setting row : rows) {
            byPath.put(row.path(), row);
        }
        return Collections.unmodifiableMap(byPath);
    }

    private static void models(List<Setting> rows) {
        rows.add(of("models.[].name", Kind.TEXT, "", "What clients ask for; a trailing * matches every rest."));
        rows.add(of(
                "models.[].vision",
                Kind.TEXT,
                "",
                "The name of another model here, which answers what has an image in it."));
        rows.add(tokens("assumed_context", "The context in tokens that clients assume; usage is scaled to it."));
        rows.add(tokens("context_window", "The context in tokens that the model has; usage is scaled from it."));
        rows.add(tokens("max_output_tokens", "The most output tokens the model accepts; translation clamps to it."));
        rows.add(range(
                "models.[].default_max_tokens",
                Kind.COUNT,
                "4096",
                1,
                MANY,
                false,
                "The limit of output tokens that translation sends where the client gave none and one is needed."));
        rows.add(of(
                "models.[].sampling",
                Kind.BOOLEAN,
                "true",
                "Whether the model takes temperature, top_p and top_k; translation drops them where not."));
        rows.add(of("models.[].targets.[].provider", Kind.TEXT, "", "A name under providers."));
        rows.add(of(
                "models.[].targets.[].model", Kind.TEXT, "", "What the provider calls the model, where it differs."));
    }

    private static void listenTls(List<Setting> rows) {
        rows.add(of(
                "listen.tls.certificate",
                Kind.TEXT,
                "",
                "PEM file with the certificate chain of the API listener; with it, clients must speak TLS."));
        rows.add(of("listen.tls.key", Kind.TEXT, "", "PEM file with its private key."));
        rows.add(of(
                "listen.tls.certificates.[].certificate",
                Kind.TEXT,
                "",
                "PEM file with a further certificate chain, for clients that ask for one of its names (SNI)."));
        rows.add(of("listen.tls.certificates.[].key", Kind.TEXT, "", "PEM file with its private key."));
        rows.add(of(
                "listen.tls.client_ca",
                Kind.TEXT,
                "",
                "PEM file with the authorities that clients' certificates must be signed by."));
        rows.add(choice(
                "listen.tls.client_certificate",
                "none",
                List.of("none", "optional", "required"),
                "Whether a client is asked for a certificate; what it shows must be signed by client_ca."));
        rows.add(choice(
                "listen.tls.http",
                "auto",
                List.of("auto", "1.1"),
                "What ALPN offers: HTTP/2 and HTTP/1.1, or the latter alone."));
        rows.add(choice("listen.tls.engine", "auto", List.of("auto", "openssl", "jdk"), "What does TLS."));
    }

    private static void limits(List<Setting> rows) {
        rows.add(range(
                "limits.header",
                Kind.SIZE,
                "32KiB",
                256,
                MIB,
                false,
                "A request or response head, start line included."));
        rows.add(range("limits.target", Kind.SIZE, "8KiB", 64, MIB, false, "A request target."));
        rows.add(range("limits.header_fields", Kind.COUNT, "200", 1, 10_000, false, "Fields of a head."));
        rows.add(range("limits.body", Kind.SIZE, "32MiB", 1, 1024 * GIB, true, "A request body."));
        rows.add(range("limits.json_depth", Kind.COUNT, "512", 1, 100_000, false, "Nesting of a request body."));
        rows.add(range(
                "limits.scan_first",
                Kind.SIZE,
                "64KiB",
                1,
                GIB,
                true,
                "Bodies up to this size are scanned whole before a provider is asked."));
        rows.add(range(
                "limits.held_body",
                Kind.SIZE,
                "8MiB",
                1,
                GIB,
                true,
                "What is held of one body whose model comes late."));
        rows.add(range(
                "limits.held_total",
                Kind.SIZE,
                "64MiB",
                1,
                1024 * GIB,
                true,
                "What is held of all such bodies together."));
        rows.add(range(
                "limits.replay",
                Kind.SIZE,
                "2MiB",
                1,
                GIB,
                true,
                "What is kept of one body so that it can be sent again."));
        rows.add(range(
                "limits.replay_total",
                Kind.SIZE,
                "32MiB",
                1,
                1024 * GIB,
                true,
                "What is kept of all bodies together for that."));
        rows.add(range(
                "limits.stream_buffer",
                Kind.SIZE,
                "64KiB",
                KIB,
                GIB,
                false,
                "Bytes queued for a slow reader before the other side is paused."));
        rows.add(range("limits.connections", Kind.COUNT, "10000", 1, MANY, true, "Client connections."));
        rows.add(range(
                "limits.connections_per_address",
                Kind.COUNT,
                "0",
                1,
                MANY,
                true,
                "Client connections from one address."));
        rows.add(range(
                "limits.in_flight", Kind.COUNT, "10000", 1, MANY, true, "Requests between their head and their end."));
    }

    private static void timeouts(List<Setting> rows) {
        rows.add(timeout("header", "10s", "From the first byte of a request's head to its end."));
        rows.add(timeout("client_body", "120s", "From the end of a request's head to the end of its body."));
        rows.add(range(
                "timeouts.client_min_rate",
                Kind.SIZE,
                "1KiB",
                1,
                GIB,
                true,
                "The slowest upload allowed, per second, after its first 10 s."));
        rows.add(timeout("client_idle", "75s", "Between two requests of a client's connection."));
        rows.add(timeout("client_write", "45s", "Without the client taking a byte that waits for it."));
        rows.add(timeout("tls_handshake", "10s", "A TLS handshake."));
        rows.add(timeout("connect", "3s", "Connecting to a provider, all its addresses together."));
        rows.add(timeout("pool_wait", "5s", "Waiting for a connection of a full pool."));
        rows.add(timeout("first_byte", "600s", "From a request's end to the head of the provider's answer."));
        rows.add(timeout("between_bytes", "300s", "Between two reads of a provider's answer."));
        rows.add(timeout("total", "0", "The whole exchange."));
        rows.add(timeout("drain", "30s", "For what is under way when the process ends."));
        rows.add(timeout("linger", "1s", "For a client to read an early answer."));
        rows.add(range(
                "timeouts.ping",
                Kind.DURATION,
                "15s",
                1000 * MS,
                300_000 * MS,
                true,
                "How often the waiting client of a stream is told that the provider still works."));
    }

    private static void providers(List<Setting> rows) {
        List<Setting> shared = new ArrayList<>();
        for (Setting row : rows) {
            if (row.path().startsWith("pool.") || TIMEOUTS_OF_PROVIDERS.contains(row.path())) {
                shared.add(row.under("providers.*."));
            }
        }
        rows.add(of(
                "providers.*.base_url",
                Kind.URL,
                "",
                "Everything before /chat/completions (openai) or /v1/messages (anthropic)."));
        rows.add(choice("providers.*.dialect", "", List.of("openai", "anthropic"), "What the provider speaks."));
        rows.add(of("providers.*.api_key", Kind.SECRET, "", "The credential; without it none is sent."));
        rows.add(choice(
                "providers.*.auth",
                "auto",
                List.of("auto", "bearer", "x-api-key", "api-key", "none"),
                "How the credential is sent; auto: bearer for openai, x-api-key for anthropic."));
        rows.add(choice(
                "providers.*.http",
                "auto",
                List.of("auto", "1.1", "2", "h2c"),
                "The HTTP version spoken to the provider."));
        rows.add(of("providers.*.headers.*", Kind.SECRET, "", "A field added to every request."));
        rows.add(choice(
                "providers.*.inject_usage",
                "auto",
                List.of("auto", "on", "off"),
                "Whether the provider is asked for usage that the client did not ask for."));
        rows.add(of(
                "providers.*.peek",
                Kind.BOOLEAN,
                "false",
                "Whether the provider answers 200 with errors, so that the first event is looked at."));
        rows.add(of(
                "providers.*.discover",
                Kind.BOOLEAN,
                "false",
                "Whether the provider is asked for its models, which are then listed too."));
        translation(rows);
        rows.add(of(
                "providers.*.tls.ca",
                Kind.TEXT,
                "",
                "PEM file with the authorities that are trusted instead of the system's."));
        rows.add(of(
                "providers.*.tls.server_name",
                Kind.TEXT,
                "",
                "The name that is asked for and checked, where it is not the URL's."));
        rows.add(of("providers.*.tls.certificate", Kind.TEXT, "", "PEM file with our own certificate chain."));
        rows.add(of("providers.*.tls.key", Kind.TEXT, "", "PEM file with our own private key."));
        rows.add(choice("providers.*.tls.engine", "auto", List.of("auto", "openssl", "jdk"), "What does TLS."));
        rows.addAll(shared);
    }

    /** What a provider understands; auto is what is known of its host. */
    private static void translation(List<Setting> rows) {
        rows.add(trait(
                "max_tokens_field",
                List.of("auto", "max_tokens", "max_completion_tokens"),
                "What the limit of output tokens is called."));
        rows.add(yesOrNo("developer_role", "Whether the role developer is understood."));
        rows.add(trait(
                "reasoning", List.of("auto", "none", "effort", "budget", "switch"), "How thinking is asked for."));
        rows.add(yesOrNo("reasoning_history", "Whether thinking of earlier turns is sent as reasoning_content."));
        rows.add(yesOrNo("top_k", "Whether top_k is understood."));
        rows.add(yesOrNo("json_schema", "Whether output by a JSON Schema is understood."));
        rows.add(yesOrNo("named_tool_choice", "Whether a tool can be forced."));
        rows.add(yesOrNo("stream_usage", "Whether stream_options is accepted."));
        rows.add(yesOrNo("files", "Whether a part may be a file, a PDF say."));
        rows.add(range(
                "providers.*.translation.max_stop",
                Kind.COUNT_OR_AUTO,
                "auto",
                0,
                MANY,
                false,
                "The most stop sequences that are accepted; 0: none."));
    }

    private static Setting trait(String name, List<String> choices, String description) {
        return choice("providers.*.translation." + name, "auto", choices, description);
    }

    private static Setting yesOrNo(String name, String description) {
        return trait(name, List.of("auto", "true", "false"), description);
    }

    /** A count of tokens of a model; 0: not given. */
    private static Setting tokens(String name, String description) {
        return range("models.[]." + name, Kind.COUNT, "0", 1, MANY, true, description);
    }

    private static Setting of(String path, Kind kind, String defaultText, String description) {
        return new Setting(path, kind, defaultText, 0, 0, false, List.of(), description);
    }

    private static Setting choice(String path, String defaultText, List<String> choices, String description) {
        return new Setting(path, Kind.CHOICE, defaultText, 0, 0, false, choices, description);
    }

    private static Setting range(
            String path, Kind kind, String defaultText, long min, long max, boolean zeroIsOff, String description) {
        return new Setting(path, kind, defaultText, min, max, zeroIsOff, List.of(), description);
    }

    private static Setting timeout(String name, String defaultText, String description) {
        return range("timeouts." + name, Kind.DURATION, defaultText, 10 * MS, WEEK, true, description);
    }
}
