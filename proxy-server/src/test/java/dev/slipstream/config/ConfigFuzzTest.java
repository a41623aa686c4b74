package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Whatever a file holds, it loads or it has errors; nothing is thrown, and no variable's content is shown. */
class ConfigFuzzTest {
    private static final String SECRET = "sk-of-the-fuzzer";
    private static final Map<String, String> ENVIRONMENT = Map.of("ZAI_API_KEY", SECRET, "EMPTY", "");

    @FuzzTest(maxDuration = "30s")
    void aFileLoadsOrHasErrors(byte[] file) {
        String yaml = new String(file, StandardCharsets.UTF_8);
        // The fuzzer learns the secret from the comparisons below and writes it into keys, which messages do show.
        boolean isSecretInFile = yaml.contains(SECRET);
        LoadResult result = ConfigLoader.load("fuzz.yaml", yaml, ENVIRONMENT, Overrides.none(), VersionLimits.none());
        if (result instanceof LoadResult.Loaded loaded) {
            assertNotNull(ConfigMask.of(loaded.config()));
        } else if (result instanceof LoadResult.Rejected rejected) {
            assertFalse(rejected.errors().isEmpty());
            assertFalse(!isSecretInFile && rejected.toString().contains(SECRET));
        }
    }
}
