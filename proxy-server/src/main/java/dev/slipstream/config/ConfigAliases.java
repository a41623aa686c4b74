package dev.slipstream.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables by which other proxies of this field are set, understood where neither the file nor a
 * {@code SLIPSTREAM_*} variable says otherwise. Each one applied is a notice, each one that cannot be read a warning:
 * they were set for another program, and must not keep this one from starting.
 */
final class ConfigAliases {
    /** How an alias's text becomes a setting's. */
    enum Meaning {
        /** As the setting itself reads. */
        SAME,
        /** A bare number is in seconds. */
        SECONDS,
        /** A figure per process for a setting per loop: divided, at least 1. */
        DIVIDED_OVER_LOOPS,
        /** A figure per worker for a setting per process. */
        TIMES_LOOPS,
        /** A number, or false for none and true for the default. */
        WARM,
        /** Truth: no connection is kept. */
        NO_POOL,
        /** Truth: level debug. A level's name is understood too. */
        DEBUG,
        /** Truth: HTTP/2 to providers. */
        MULTIPLEX
    }

    /** @param path the setting; the first alias of a path that can be read holds */
    record Alias(String variable, String path, Meaning meaning) {}

    /** WORKERS stands first: the figures per loop need it. */
    static final List<Alias> TABLE = List.of(
            new Alias("WORKERS", "runtime.loops", Meaning.SAME),
            new Alias("DISABLE_CONNECTION_POOL", "pool.idle", Meaning.NO_POOL),
            new Alias("HTTP_MAX_CONNECTIONS", "pool.max_connections", Meaning.SAME),
            new Alias("HTTP_POOL_MAXSIZE", "pool.max_connections", Meaning.SAME),
            new Alias("POOL_MAX_CONNECTIONS", "pool.max_connections", Meaning.SAME),
            new Alias("POOL_MIN_CONNECTIONS", "pool.warm", Meaning.DIVIDED_OVER_LOOPS),
            new Alias("HTTP_POOL_CONNECTIONS", "pool.warm", Meaning.DIVIDED_OVER_LOOPS),
            new Alias("HTTP_KEEPALIVE_CONNECTIONS", "pool.warm", Meaning.DIVIDED_OVER_LOOPS),
            new Alias("POOL_WARM", "pool.warm", Meaning.WARM),
            new Alias("CONNECT_TIMEOUT", "timeouts.connect", Meaning.SECONDS),
            new Alias("HTTP_CONNECT_TIMEOUT", "timeouts.connect", Meaning.SECONDS),
            new Alias("REQUEST_TIMEOUT", "timeouts.first_byte", Meaning.SECONDS),
            new Alias("HTTP_TIMEOUT", "timeouts.first_byte", Meaning.SECONDS),
            new Alias("STREAM_TIMEOUT", "timeouts.between_bytes", Meaning.SECONDS),
            new Alias("WORKER_CONNECTIONS", "limits.connections", Meaning.TIMES_LOOPS),
            new Alias("PIPELINING_ENABLED", "providers.*.http", Meaning.MULTIPLEX),
            new Alias("PIPELINING_MAX_CONCURRENT", "pool.max_streams", Meaning.SAME),
            new Alias("STREAM_REQUEST_CHUNK_SIZE", "limits.stream_buffer", Meaning.SAME),
            new Alias("STREAM_RESPONSE_CHUNK_SIZE", "limits.stream_buffer", Meaning.SAME),
            new Alias("DEBUG", "log.level", Meaning.DEBUG));

    private final Entry.Section root;
    private final Problems problems;
    private final Map<String, String> aliasOfPath = new HashMap<>();

    private ConfigAliases(Entry.Section root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    static void apply(Entry.Section root, Map<String, String> environment, Problems problems) {
        ConfigAliases aliases = new ConfigAliases(root, problems);
        for (Alias alias : TABLE) {
            String text = environment.getOrDefault(alias.variable(), "").strip();
            if (!text.isEmpty()) {
                aliases.apply(alias, text);
            }
        }
    }

    private void apply(Alias alias, String text) {
        String earlier = aliasOfPath.get(alias.path());
        if (earlier != null) {
            problems.notice(alias.variable() + " is set too, but " + earlier + " already sets " + alias.path());
            return;
        }
        try {
            switch (alias.meaning()) {
                case SAME -> set(alias, alias.path(), text);
                case SECONDS -> set(alias, alias.path(), isNumber(text) && !text.equals("0") ? text + "s" : text);
                case DIVIDED_OVER_LOOPS -> {
                    long whole = Values.number(Settings.get("limits.connections"), text);
                    set(alias, alias.path(), Long.toString(whole == 0 ? 0 : Math.max(1, whole / loops())));
                }
                case TIMES_LOOPS -> {
                    long perLoop = Values.number(Settings.get("limits.connections"), text);
                    set(alias, alias.path(), Long.toString(perLoop * loops()));
                }
                case WARM -> {
                    Setting warm = Settings.get(alias.path());
                    set(alias, alias.path(), isNumber(text) ? text : Values.truth(text) ? warm.defaultText() : "0");
                }
                case NO_POOL -> {
                    if (truth(text)) {
                        set(alias, "pool.warm", "0");
                        // The shortest there is: 0 would mean that idle connections are never closed.
                        set(alias, "pool.idle", "10ms");
                    }
                }
                case DEBUG -> debug(alias, text);
                case MULTIPLEX -> {
                    if (truth(text)) {
                        multiplex(alias);
                    }
                }
            }
        } catch (BadValueException e) {
            problems.warning(
                    alias.variable() + " cannot be read as " + alias.path() + " and is ignored: it " + e.sentence());
        }
    }

    private void debug(Alias alias, String text) throws BadValueException {
        Setting level = Settings.get(alias.path());
        if (level.choices().contains(text)) {
            set(alias, alias.path(), text);
        } else if (truth(text)) {
            set(alias, alias.path(), "debug");
        }
    }

    private void multiplex(Alias alias) {
        Entry.Section providers = root.section("providers");
        if (providers == null) {
            return;
        }
        for (Entry entry : providers.entries().values()) {
            if (entry instanceof Entry.Section provider && provider.leaf("http") == null && isHttps(provider)) {
                Origin origin = new Origin(alias.variable(), 0);
                String path = provider.path() + ".http";
                provider.entries().put("http", new Entry.Leaf(path, origin, "2", "2", alias.variable()));
                problems.notice(alias.variable() + " sets " + Text.shown(path) + " to 2");
            }
        }
    }

    private static boolean isHttps(Entry.Section provider) {
        Entry.@Nullable Leaf url = provider.leaf("base_url");
        return url != null && url.text().regionMatches(true, 0, "https:", 0, 6);
    }

    private void set(Alias alias, String path, String text) throws BadValueException {
        Setting setting = Settings.get(path);
        switch (setting.kind()) {
            case CHOICE -> Values.choice(setting, text);
            case DURATION, SIZE, COUNT, COUNT_OR_AUTO -> Values.number(setting, text);
            case TEXT, SECRET, BOOLEAN, ADDRESS, URL -> throw new IllegalArgumentException(path);
        }
        String earlier = aliasOfPath.get(path);
        if (earlier == null && root.find(path) == null) {
            root.put(new Entry.Leaf(path, new Origin(alias.variable(), 0), text, text, alias.variable()));
            aliasOfPath.put(path, alias.variable());
            problems.notice(alias.variable() + " sets " + path + " to " + text);
        }
    }

    private int loops() {
        Entry.Leaf leaf = root.find("runtime.loops");
        long loops = 0;
        if (leaf != null) {
            try {
                loops = Values.number(Settings.get("runtime.loops"), leaf.text());
            } catch (BadValueException e) {
                // Reported where the setting itself is read.
                loops = 0;
            }
        }
        return loops == 0 ? Runtime.getRuntime().availableProcessors() : (int) loops;
    }

    private static boolean truth(String text) throws BadValueException {
        return text.equals("1") || (!text.equals("0") && Values.truth(text));
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                return false;
            }
        }
        return true;
    }
}
