package dev.slipstream.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;

/** Whatever a file holds, it loads or it has errors; nothing is thrown. */
class ConfigFuzzTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("ZAI_API_KEY", "sk-of-the-fuzzer", "EMPTY", "");

    @FuzzTest(maxDuration = "30s")
    void aFileLoadsOrHasErrors(byte[] file) {
        String yaml = new String(file, java.nio.charset.StandardCharsets.UTF_8);
        LoadResult result = ConfigLoader.load("fuzz.yaml", yaml, ENVIRONMENT, Overrides.none(), VersionLimits.none());
        if (result instanceof LoadResult.Loaded loaded) {
            assertNotNull(ConfigMask.of(loaded.config()));
            assertFalse(loaded.toString().contains("sk-of-the-fuzzer"));
        } else if (result instanceof LoadResult.Rejected rejected) {
            assertFalse(rejected.errors().isEmpty());
            assertFalse(rejected.toString().contains("sk-of-the-fuzzer"));
        }
    }
}
