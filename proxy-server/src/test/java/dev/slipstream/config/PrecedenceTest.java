package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command line, variables, file, aliases, defaults: in this order. */
class PrecedenceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void theCommandLineWinsOverTheVariableAndTheVariableOverTheFile() {
        String yaml = Configs.MINIMAL + "listen: { address: 127.0.0.1:1 }\n";
        Map<String, String> environment = Map.of("SLIPSTREAM_LISTEN_ADDRESS", "127.0.0.1:2");
        assertEquals(1, Configs.config(yaml).listen().address().port());
        assertEquals(
                2, Configs.loaded(yaml, environment).config().listen().address().port());
        LoadResult result = ConfigLoader.fromText("f", yaml, environment, Overrides.listen("127.0.0.1:3"));
        assertEquals(3, Configs.expectLoaded(result).config().listen().address().port());
    }

    @Test
    void theFileWinsOverAnAliasAndAnAliasOverTheDefault() {
        Map<String, String> environment = Map.of("CONNECT_TIMEOUT", "7");
        assertEquals(3 * SECOND, Configs.config(Configs.MINIMAL).timeouts().connectNanos());
        assertEquals(
                7 * SECOND,
                Configs.loaded(Configs.MINIMAL, environment).config().timeouts().connectNanos());
        LoadResult.Loaded loaded = Configs.loaded(Configs.MINIMAL + "timeouts: { connect: 2s }\n", environment);
        assertEquals(2 * SECOND, loaded.config().timeouts().connectNanos());
        assertEquals(List.of(), loaded.notices());
    }

    @Test
    void aVariableWinsOverAnAlias() {
        Map<String, String> environment = Map.of("CONNECT_TIMEOUT", "7", "SLIPSTREAM_TIMEOUTS_CONNECT", "4s");
        assertEquals(
                4 * SECOND,
                Configs.loaded(Configs.MINIMAL, environment).config().timeouts().connectNanos());
    }

    @Test
    void everyGlobalSettingHasAVariableThatSetsIt() {
        for (Setting setting : Settings.all()) {
            if (!setting.isGlobal() || setting.path().startsWith("listen.tls.")) {
                continue;
            }
            String text = switch (setting.kind()) {
                case DURATION -> "11s";
                case SIZE -> "12KiB";
                case COUNT, COUNT_OR_AUTO -> "13";
                case BOOLEAN -> "false";
                case CHOICE -> setting.choices().get(setting.choices().size() - 1);
                case ADDRESS -> "127.0.0.1:14";
                case TEXT, SECRET, URL -> "some-text";
            };
            LoadResult.Loaded loaded =
                    Configs.loaded(Configs.MINIMAL, Map.of(EnvironmentSettings.variableOf(setting), text));
            assertEquals(List.of(), loaded.warnings(), setting.path());
            String expected = setting.kind() == Kind.SECRET ? "***" : text;
            assertEquals(expected, Configs.shown(loaded.config(), setting.path()));
        }
    }

    @Test
    void anUnknownVariableIsAWarningThatNamesTheNearest() {
        LoadResult.Loaded loaded = Configs.loaded(Configs.MINIMAL, Map.of("SLIPSTREAM_TIMEOUTS_CONECT", "1s"));
        assertEquals(
                List.of("SLIPSTREAM_TIMEOUTS_CONECT sets nothing; did you mean SLIPSTREAM_TIMEOUTS_CONNECT?"),
                loaded.warnings());
    }

    @Test
    void theLaunchersVariablesAndThoseThatTheFileNamesAreNoMistake() {
        Map<String, String> environment =
                Map.of("SLIPSTREAM_JAVA_OPTS", "-Xmx1g", "SLIPSTREAM_PROFILE", "edge", "SLIPSTREAM_MY_KEY", "12345678");
        String yaml = Configs.MINIMAL + "keys: [ { name: me, key: \"${SLIPSTREAM_MY_KEY}\" } ]\n";
        assertEquals(List.of(), Configs.loaded(yaml, environment).warnings());
    }

    @Test
    void anEmptyVariableSetsNothing() {
        LoadResult.Loaded loaded = Configs.loaded(Configs.MINIMAL, Map.of("SLIPSTREAM_LOG_LEVEL", ""));
        assertEquals("info", loaded.config().log().level());
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP_MAX_CONNECTIONS, 33, pool.max_connections, 33",
        "HTTP_POOL_MAXSIZE, 34, pool.max_connections, 34",
        "POOL_MAX_CONNECTIONS, 35, pool.max_connections, 35",
        "POOL_MIN_CONNECTIONS, 20, pool.warm, 5",
        "HTTP_POOL_CONNECTIONS, 2, pool.warm, 1",
        "HTTP_KEEPALIVE_CONNECTIONS, 8, pool.warm, 2",
        "POOL_WARM, false, pool.warm, 0",
        "POOL_WARM, true, pool.warm, 1",
        "POOL_WARM, 3, pool.warm, 3",
        "DISABLE_CONNECTION_POOL, true, pool.warm, 0",
        "DISABLE_CONNECTION_POOL, 1, pool.idle, 10ms",
        "CONNECT_TIMEOUT, 2.5, timeouts.connect, 2500ms",
        "HTTP_CONNECT_TIMEOUT, 9, timeouts.connect, 9s",
        "REQUEST_TIMEOUT, 90, timeouts.first_byte, 90s",
        "HTTP_TIMEOUT, 0, timeouts.first_byte, 0",
        "STREAM_TIMEOUT, 30s, timeouts.between_bytes, 30s",
        "WORKERS, 4, runtime.loops, 4",
        "WORKER_CONNECTIONS, 1000, limits.connections, 4000",
        "PIPELINING_MAX_CONCURRENT, 50, pool.max_streams, 50",
        "STREAM_REQUEST_CHUNK_SIZE, 8192, limits.stream_buffer, 8KiB",
        "STREAM_RESPONSE_CHUNK_SIZE, 16384, limits.stream_buffer, 16KiB",
        "DEBUG, true, log.level, debug",
        "DEBUG, 1, log.level, debug",
        "DEBUG, warn, log.level, warn",
    })
    void anAliasIsAppliedAndNamed(String variable, String text, String path, String expected) {
        Map<String, String> environment = new HashMap<>(Map.of("WORKERS", "4"));
        environment.put(variable, text);
        LoadResult.Loaded loaded = Configs.loaded(Configs.MINIMAL, environment);
        assertEquals(expected, Configs.shown(loaded.config(), path));
        assertTrue(
                loaded.notices().stream().anyMatch(notice -> notice.startsWith(variable + " sets " + path + " to ")),
                loaded.notices().toString());
        assertEquals(List.of(), loaded.warnings());
    }

    @Test
    void everyAliasOfTheTableIsInTheTestAbove() {
        assertEquals(20, ConfigAliases.TABLE.size());
    }

    @Test
    void anAliasThatCannotBeReadIsAWarningAndChangesNothing() {
        LoadResult.Loaded loaded =
                Configs.loaded(Configs.MINIMAL, Map.of("CONNECT_TIMEOUT", "soon", "WORKERS", "many", "DEBUG", "app:*"));
        assertEquals(3, loaded.warnings().size(), loaded.warnings().toString());
        assertEquals(3 * SECOND, loaded.config().timeouts().connectNanos());
        assertEquals("info", loaded.config().log().level());
    }

    @Test
    void ofTwoAliasesOfOneSettingTheFirstHoldsAndTheOtherIsNamed() {
        LoadResult.Loaded loaded =
                Configs.loaded(Configs.MINIMAL, Map.of("HTTP_POOL_MAXSIZE", "7", "HTTP_MAX_CONNECTIONS", "8"));
        assertEquals(8, loaded.config().pool().maxConnections());
        assertEquals(2, loaded.notices().size());
    }

    @Test
    void multiplexingByAliasSetsHttpsProviders() {
        Map<String, String> environment = Map.of("PIPELINING_ENABLED", "true", "ZAI_API_KEY", "a-key");
        SlipstreamConfig later = Configs.configOfLater(SampleConfig.YAML, environment);
        for (ProviderConfig provider : later.providers().values()) {
            assertEquals(HttpVersionChoice.HTTP_2, provider.http());
        }
    }
}
