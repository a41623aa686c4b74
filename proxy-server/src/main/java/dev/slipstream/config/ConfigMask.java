package dev.slipstream.config;

import dev.slipstream.codec.translate.ProviderTraits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration in effect, in the form of the file, with {@code ***} for every secret. Maps, lists and text, whole
 * numbers and truth values only, so that any JSON writer takes it.
 */
public final class ConfigMask {
    /** Stands for a secret that is set. */
    public static final String MASK = "***";

    private ConfigMask() {}

    /** Fresh and mutable maps in the order of the documentation. */
    public static Map<String, Object> of(SlipstreamConfig config) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("listen", listen(config.listen()));
        root.put(
                "admin",
                map(
                        "address",
                        config.admin().address().toString(),
                        "token",
                        masked(config.admin().token())));
        List<Object> keys = new ArrayList<>();
        for (KeyConfig key : config.keys()) {
            keys.add(map("name", key.name(), "key_sha256", MASK));
        }
        root.put("keys", keys);
        RuntimeConfig runtime = config.runtime();
        root.put(
                "runtime",
                map(
                        "loops",
                        runtime.loops() == 0 ? "auto" : runtime.loops(),
                        "transport",
                        word(runtime.transport()),
                        "warm_up",
                        runtime.warmUp()));
        root.put("limits", limits(config.limits()));
        root.put("timeouts", timeouts(config.timeouts()));
        root.put("pool", pool(config.pool()));
        root.put(
                "log", map("level", config.log().level(), "access", config.log().access()));
        Map<String, Object> providers = new LinkedHashMap<>();
        for (ProviderConfig provider : config.providers().values()) {
            providers.put(provider.name(), provider(provider));
        }
        root.put("providers", providers);
        List<Object> models = new ArrayList<>();
        for (ModelConfig model : config.models()) {
            models.add(model(model));
        }
        root.put("models", models);
        return root;
    }

    private static Map<String, Object> listen(ListenConfig listen) {
        Map<String, Object> shown = map("address", listen.address().toString());
        ListenTls tls = listen.tls();
        if (tls != null) {
            List<Object> certificates = new ArrayList<>();
            for (CertificateFiles each : tls.certificates()) {
                certificates.add(map("certificate", each.certificate(), "key", each.key()));
            }
            shown.put(
                    "tls",
                    map(
                            "certificates",
                            certificates,
                            "client_ca",
                            tls.clientCa(),
                            "client_certificate",
                            word(tls.clientCertificate()),
                            "http",
                            tls.http2() ? "auto" : "1.1",
                            "engine",
                            word(tls.engine())));
        }
        return shown;
    }

    private static Map<String, Object> limits(LimitsConfig limits) {
        return map(
                "header", size(limits.headerBytes()),
                "target", size(limits.targetBytes()),
                "header_fields", limits.headerFields(),
                "body", size(limits.bodyBytes()),
                "json_depth", limits.jsonDepth(),
                "scan_first", size(limits.scanFirstBytes()),
                "held_body", size(limits.heldBodyBytes()),
                "held_total", size(limits.heldTotalBytes()),
                "replay", size(limits.replayBytes()),
                "replay_total", size(limits.replayTotalBytes()),
                "stream_buffer", size(limits.streamBufferBytes()),
                "connections", limits.connections(),
                "connections_per_address", limits.connectionsPerAddress(),
                "in_flight", limits.inFlight());
    }

    private static Map<String, Object> timeouts(TimeoutsConfig timeouts) {
        return map(
                "header", time(timeouts.headerNanos()),
                "client_body", time(timeouts.clientBodyNanos()),
                "client_min_rate", size(timeouts.clientMinRateBytesPerSecond()),
                "client_idle", time(timeouts.clientIdleNanos()),
                "client_write", time(timeouts.clientWriteNanos()),
                "tls_handshake", time(timeouts.tlsHandshakeNanos()),
                "connect", time(timeouts.connectNanos()),
                "pool_wait", time(timeouts.poolWaitNanos()),
                "first_byte", time(timeouts.firstByteNanos()),
                "between_bytes", time(timeouts.betweenBytesNanos()),
                "total", time(timeouts.totalNanos()),
                "drain", time(timeouts.drainNanos()),
                "linger", time(timeouts.lingerNanos()),
                "ping", time(timeouts.pingNanos()));
    }

    private static Map<String, Object> timeoutsOfProvider(TimeoutsConfig timeouts) {
        return map(
                "tls_handshake", time(timeouts.tlsHandshakeNanos()),
                "connect", time(timeouts.connectNanos()),
                "pool_wait", time(timeouts.poolWaitNanos()),
                "first_byte", time(timeouts.firstByteNanos()),
                "between_bytes", time(timeouts.betweenBytesNanos()),
                "total", time(timeouts.totalNanos()),
                "ping", time(timeouts.pingNanos()));
    }

    private static Map<String, Object> pool(PoolConfig pool) {
        return map(
                "max_connections", pool.maxConnections(),
                "warm", pool.warmPerLoop(),
                "idle", time(pool.idleNanos()),
                "waiters", pool.waiters(),
                "max_streams", pool.maxStreams());
    }

    private static Map<String, Object> provider(ProviderConfig provider) {
        Map<String, Object> headers = new LinkedHashMap<>();
        // Values too: a second credential is what headers are used for most.
        for (String name : provider.headers().keySet()) {
            headers.put(name, MASK);
        }
        String scheme = provider.tls() != null ? "https://" : "http://";
        Map<String, Object> shown = map(
                "base_url", scheme + provider.hostHeader() + provider.basePath(),
                "dialect", word(provider.dialect()),
                "api_key", masked(provider.apiKey()),
                "auth", word(provider.auth()).replace('_', '-'),
                "http", http(provider.http()),
                "headers", headers,
                "inject_usage", word(provider.injectUsage()),
                "peek", provider.peek(),
                "discover", provider.discover(),
                "translation", translation(provider.traits()),
                "pool", pool(provider.pool()),
                "timeouts", timeoutsOfProvider(provider.timeouts()));
        if (provider.tls() != null) {
            shown.put("tls", tls(provider.tls()));
        }
        return shown;
    }

    /** What holds, and so never auto. */
    private static Map<String, Object> translation(ProviderTraits traits) {
        return map(
                "max_tokens_field", word(traits.maxTokensField()),
                "developer_role", traits.developerRole(),
                "reasoning", word(traits.reasoning()),
                "reasoning_history", traits.reasoningHistory(),
                "top_k", traits.topK(),
                "json_schema", traits.jsonSchema(),
                "named_tool_choice", traits.namedToolChoice(),
                "stream_usage", traits.streamUsage(),
                "files", traits.files(),
                "max_stop", traits.maxStop());
    }

    private static Map<String, Object> tls(ProviderTls tls) {
        return map(
                "ca", tls.ca(),
                "server_name", tls.serverName(),
                "certificate", tls.certificate(),
                "key", tls.key(),
                "engine", word(tls.engine()));
    }

    private static Map<String, Object> model(ModelConfig model) {
        List<Object> targets = new ArrayList<>();
        for (TargetConfig target : model.targets()) {
            Map<String, Object> shown = map("provider", target.provider());
            if (!target.model().isEmpty()) {
                shown.put("model", target.model());
            }
            targets.add(shown);
        }
        ModelTraits traits = model.traits();
        return map(
                "name", model.name(),
                "vision", traits.vision(),
                "assumed_context", traits.assumedContext(),
                "context_window", traits.contextWindow(),
                "max_output_tokens", traits.maxOutputTokens(),
                "default_max_tokens", traits.defaultMaxTokens(),
                "sampling", traits.sampling(),
                "targets", targets);
    }

    private static String http(HttpVersionChoice http) {
        return switch (http) {
            case AUTO -> "auto";
            case HTTP_1_1 -> "1.1";
            case HTTP_2 -> "2";
            case H2C -> "h2c";
        };
    }

    private static String masked(String secret) {
        return secret.isEmpty() ? "" : MASK;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String size(long bytes) {
        return Values.show(Kind.SIZE, bytes);
    }

    private static String time(long nanos) {
        return Values.show(Kind.DURATION, nanos);
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
