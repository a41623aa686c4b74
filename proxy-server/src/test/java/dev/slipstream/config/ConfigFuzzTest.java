package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;

/**
 * Whatever a file holds, it loads or it has errors that name their place; nothing is thrown, no variable's content is
 * shown, and no variable is read that neither the file nor the documentation names. Runs over its seeds as an ordinary
 * test; {@code scripts/fuzz} fuzzes, with a limit of time for each input and Jazzer's sanitizers for files and sockets.
 */
class ConfigFuzzTest {
    private static final String SECRET = "sk-of-the-fuzzer";
    private static final String FILE = "fuzz.yaml";

    private static final String NO_MODEL = "models: names no model, so every request is answered with unknown_model";

    /** A sentence; what it quotes from the file is cut. */
    private static final int MAX_MESSAGE_CHARS = 1000;

    /** What is wrong with the whole file, and has no line. */
    private static final Pattern OF_THE_FILE = Pattern.compile("this is not YAML.*|the file is longer than 1 MiB"
            + "|providers: names no provider.*|and [0-9]+ more errors");

    @FuzzTest(maxDuration = "5m")
    void aFileLoadsOrHasErrors(byte[] file) {
        String yaml = new String(file, StandardCharsets.UTF_8);
        for (VersionLimits limits : List.of(VersionLimits.current(), VersionLimits.none())) {
            ReadNames environment = new ReadNames(Map.of("ZAI_API_KEY", SECRET, "EMPTY", ""));
            LoadResult result = ConfigLoader.load(FILE, yaml, environment, Overrides.none(), limits);
            if (result instanceof LoadResult.Loaded loaded) {
                assertSound(loaded, yaml);
            } else if (result instanceof LoadResult.Rejected rejected) {
                assertErrorsNameTheirPlace(rejected.errors(), yaml);
            }
            for (String warning : result.warnings()) {
                assertIsSentence(warning);
            }
            assertReadNothingElse(environment.names(), yaml);
            // The fuzzer learns the secret from the comparisons here and writes it into keys, which messages do show.
            if (!yaml.contains(SECRET)) {
                assertFalse(messages(result).contains(SECRET));
            }
            assertEquals(result, ConfigLoader.load(FILE, yaml, environment, Overrides.none(), limits));
        }
    }

    /** All that is said; not the configuration, which shows a variable where the file makes a name of it. */
    private static String messages(LoadResult result) {
        return result instanceof LoadResult.Loaded loaded ? loaded.messages().toString() : result.toString();
    }

    private static void assertSound(LoadResult.Loaded loaded, String yaml) {
        SlipstreamConfig config = loaded.config();
        assertFalse(config.providers().isEmpty());
        assertEquals(config.models().isEmpty(), loaded.warnings().contains(NO_MODEL));
        for (ModelConfig model : config.models()) {
            assertFalse(model.targets().isEmpty(), model.name());
            for (TargetConfig target : model.targets()) {
                assertTrue(config.providers().containsKey(target.provider()), target.provider());
            }
        }
        String shown = ConfigMask.of(config) + config.toString();
        assertHidden(config.admin().token(), shown, yaml);
        for (ProviderConfig provider : config.providers().values()) {
            assertHidden(provider.apiKey(), shown, yaml);
            for (Map.Entry<String, String> header : provider.headers().entrySet()) {
                assertTrue(Text.isToken(header.getKey()) && Text.isFieldValue(header.getValue()), header.getKey());
                assertHidden(header.getValue(), shown, yaml);
            }
        }
        assertHasNoMachinery(yaml);
    }

    /** A secret is in nothing that is shown, unless it stands in the file in other places too. */
    private static void assertHidden(String secret, String shown, String yaml) {
        boolean isTelling = secret.length() >= 8 && yaml.indexOf(secret) == yaml.lastIndexOf(secret);
        if (isTelling && shown.contains(secret)) {
            // Then it is a word that every configuration shows.
            String always = ConfigMask.of(Configs.config(Configs.MINIMAL)).toString();
            assertTrue(always.contains(secret), "a secret is shown");
        }
    }

    /** By the parser's own events: nothing that refers to another place of the file, so nothing that multiplies. */
    private static void assertHasNoMachinery(String yaml) {
        for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
            assertFalse(event instanceof AliasEvent);
            assertFalse(event instanceof NodeEvent node && node.getAnchor().isPresent());
        }
    }

    private static void assertErrorsNameTheirPlace(List<ConfigProblem> errors, String yaml) {
        assertFalse(errors.isEmpty());
        assertTrue(errors.size() <= Problems.MAX_ERRORS + 1);
        int lines = 1
                + (int) yaml.chars()
                        .filter(c -> "\n\r\u0085\u2028\u2029".indexOf(c) >= 0)
                        .count();
        int last = 0;
        for (ConfigProblem error : errors) {
            assertIsSentence(error.message());
            assertEquals(FILE, error.source());
            assertTrue(error.line() >= 0 && error.line() <= lines, error::toString);
            if (error.line() == 0) {
                assertTrue(OF_THE_FILE.matcher(error.message()).matches(), error::toString);
            } else {
                assertTrue(error.line() >= last, "in the order of the file");
                last = error.line();
            }
        }
    }

    private static void assertIsSentence(String message) {
        assertFalse(message.isBlank());
        assertTrue(message.length() <= MAX_MESSAGE_CHARS, message);
        assertFalse(Text.hasControls(message), message);
    }

    private static void assertReadNothingElse(Set<String> names, String yaml) {
        for (String name : names) {
            boolean isDocumented = name.startsWith(EnvironmentSettings.PREFIX)
                    || ConfigAliases.TABLE.stream()
                            .anyMatch(alias -> alias.variable().equals(name));
            // In quotes YAML may spell a name by escapes.
            assertTrue(isDocumented || yaml.contains("${" + name) || yaml.indexOf('\\') >= 0, name);
        }
    }
}
