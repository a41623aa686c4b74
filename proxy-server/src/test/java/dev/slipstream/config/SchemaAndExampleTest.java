package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Holds the table of settings, the schema and the example together. */
class SchemaAndExampleTest {
    private static final Path SCHEMA = Path.of("config", "slipstream.schema.json");
    private static final Path EXAMPLE = Path.of("config", "slipstream.example.yaml");
    private static final Map<String, String> KEY = Map.of("ZAI_API_KEY", "a-key-of-the-test");

    @Test
    void theSchemaIsWhatTheTableSays() throws IOException {
        String expected = SchemaWriter.write();
        if (Boolean.getBoolean("slipstream.schema.write")) {
            Files.writeString(SCHEMA, expected);
        }
        assertEquals(expected, Files.readString(SCHEMA), "run this test with -Dslipstream.schema.write=true");
    }

    @Test
    void everyKeyOfTheTableIsInTheSchemaAndTheOtherWayRoundWithTheSameDefault() throws IOException {
        Map<String, String> inSchema = new TreeMap<>();
        collectSchema(json(Files.readString(SCHEMA)), "", inSchema);
        Map<String, String> inTable = new TreeMap<>();
        for (Setting setting : Settings.all()) {
            boolean isInherited = setting.path().startsWith("providers.*.pool.")
                    || setting.path().startsWith("providers.*.timeouts.");
            inTable.put(setting.path(), isInherited ? "" : setting.defaultText());
        }
        assertEquals(inTable, inSchema);
    }

    @Test
    void theExampleNamesEveryGlobalSettingAtItsDefault() throws IOException {
        Map<String, String> inExample = new TreeMap<>();
        collectYaml(json(Files.readString(EXAMPLE)), "", inExample);
        Map<String, String> inTable = new TreeMap<>();
        for (Setting setting : Settings.all()) {
            if (setting.isGlobal() && !setting.path().startsWith("listen.tls.")) {
                inTable.put(setting.path(), setting.defaultText());
            }
        }
        assertEquals(inTable, inExample);
    }

    @Test
    void theExampleMentionsEveryKeyThereIs() throws IOException {
        String text = Files.readString(EXAMPLE);
        for (Setting setting : Settings.all()) {
            if (!setting.path().startsWith("providers.*.headers.")) {
                assertTrue(text.contains(setting.name() + ":") || text.contains(setting.name() + ","), setting.path());
            }
        }
    }

    @Test
    void theExampleLoadsAndEqualsTheDefaults() throws IOException {
        SlipstreamConfig example = Configs.configOfLater(Files.readString(EXAMPLE), KEY);
        SlipstreamConfig defaults = Configs.config(Configs.MINIMAL);
        assertEquals(defaults.limits(), example.limits());
        assertEquals(defaults.timeouts(), example.timeouts());
        assertEquals(defaults.pool(), example.pool());
        assertEquals(defaults.listen(), example.listen());
        assertEquals(defaults.log(), example.log());
        assertEquals(defaults.runtime(), example.runtime());
        assertEquals(Set.of("zai", "zai-anthropic"), example.providers().keySet());
    }

    @Test
    void thisVersionRefusesNothingOfTheExampleButWhatItSays() throws IOException {
        LoadResult result = ConfigLoader.fromText("example", Files.readString(EXAMPLE), KEY, Overrides.none());
        if (result instanceof LoadResult.Rejected rejected) {
            for (ConfigProblem error : rejected.errors()) {
                assertTrue(error.message().endsWith("is not in this version"), error.toString());
            }
        }
    }

    @Test
    void theMaskShowsEverySettingOfTheTableButTls() throws IOException {
        Map<String, String> shown = new TreeMap<>();
        collectYaml(ConfigMask.of(Configs.configOfLater(Files.readString(EXAMPLE), KEY)), "", shown);
        Set<String> expected = new TreeSet<>();
        for (Setting setting : Settings.all()) {
            if (setting.isGlobal() && !setting.path().startsWith("listen.tls.")) {
                expected.add(setting.path());
                assertEquals(setting.defaultText(), shown.get(setting.path()), setting.path());
            }
        }
        assertEquals(expected, shown.keySet());
    }

    private static Map<?, ?> json(String text) {
        // JSON is YAML, and the reader is at hand.
        Object value = new Load(LoadSettings.builder().build()).loadFromString(text);
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static void collectSchema(Map<?, ?> node, String path, Map<String, String> into) {
        if (node.get("properties") instanceof Map<?, ?> properties) {
            for (Map.Entry<?, ?> property : properties.entrySet()) {
                collectSchema((Map<?, ?>) property.getValue(), path + "." + property.getKey(), into);
            }
        } else if (node.get("additionalProperties") instanceof Map<?, ?> any) {
            collectSchema(any, path + ".*", into);
        } else if (node.get("items") instanceof Map<?, ?> items) {
            collectSchema(items, path + ".[]", into);
        } else {
            Object byDefault = node.get("default");
            into.put(path.substring(1), byDefault == null ? "" : byDefault.toString());
        }
    }

    private static void collectYaml(Map<?, ?> node, String path, Map<String, String> into) {
        Map<String, Object> sorted = new LinkedHashMap<>();
        node.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (below.equals("providers") || below.equals("models") || below.equals("keys")) {
                continue;
            }
            if (entry.getValue() instanceof Map<?, ?> map) {
                collectYaml(map, below, into);
            } else {
                into.put(below, String.valueOf(entry.getValue()));
            }
        }
    }
}
