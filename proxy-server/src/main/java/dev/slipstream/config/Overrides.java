package dev.slipstream.config;

import java.util.Map;

/**
 * What the command line sets, before everything else.
 *
 * @param values by option (as the user wrote it, for messages): the path of the setting, and its text
 */
public record Overrides(Map<String, Value> values) {
    /** A setting's path and its text. */
    public record Value(String path, String text) {}

    /** The command line says nothing. */
    public static Overrides none() {
        return new Overrides(Map.of());
    }

    /** {@code --listen HOST:PORT}. */
    public static Overrides listen(String address) {
        return new Overrides(Map.of("--listen", new Value("listen.address", address)));
    }
}
