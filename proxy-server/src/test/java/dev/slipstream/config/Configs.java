package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Short ways to load a configuration in a test. */
final class Configs {
    /** The least that loads. */
    static final String MINIMAL = """
            providers:
              one: { base_url: "http://127.0.0.1:9001/v1", dialect: openai }
            models:
              - name: "*"
                targets: [ { provider: one } ]
            """;

    private Configs() {}

    static LoadResult load(String yaml, Map<String, String> environment) {
        return ConfigLoader.fromText("test.yaml", yaml, environment, Overrides.none());
    }

    static LoadResult.Loaded loaded(String yaml, Map<String, String> environment) {
        return expectLoaded(load(yaml, environment));
    }

    static LoadResult.Loaded expectLoaded(LoadResult result) {
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded;
        }
        return fail(result.toString());
    }

    static SlipstreamConfig config(String yaml) {
        return loaded(yaml, Map.of()).config();
    }

    static SlipstreamConfig config(String yaml, Map<String, String> environment) {
        return loaded(yaml, environment).config();
    }

    /** Without the limits of this version. */
    static SlipstreamConfig configOfLater(String yaml, Map<String, String> environment) {
        return expectLoaded(ConfigLoader.load("test.yaml", yaml, environment, Overrides.none(), VersionLimits.none()))
                .config();
    }

    /** The provider that must be there. */
    static ProviderConfig provider(SlipstreamConfig config, String name) {
        return Objects.requireNonNull(config.providers().get(name), name);
    }

    /** The masked configuration's value at a path. */
    static String shown(SlipstreamConfig config, String path) {
        Object shown = ConfigMask.of(config);
        for (String key : path.split("\\.")) {
            shown = shown instanceof Map<?, ?> map ? Objects.requireNonNull(map.get(key), path) : fail(path);
        }
        return String.valueOf(shown);
    }

    /** Each as {@code FILE:LINE: message}. */
    static List<String> errors(String yaml) {
        return errors(yaml, Map.of());
    }

    static List<String> errors(String yaml, Map<String, String> environment) {
        return errors(load(yaml, environment));
    }

    static List<String> errors(LoadResult result) {
        if (result instanceof LoadResult.Rejected rejected) {
            List<String> errors = new ArrayList<>();
            for (ConfigProblem error : rejected.errors()) {
                errors.add(error.toString());
            }
            return errors;
        }
        return fail("it loaded");
    }
}
