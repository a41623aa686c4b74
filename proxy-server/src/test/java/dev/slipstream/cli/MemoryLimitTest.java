package dev.slipstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.slipstream.boot.DirectMemory;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SlipstreamConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Netty's limit of direct memory, as a property: it is long loaded here, and does not read it again. */
final class MemoryLimitTest {
    private static final String NETTY = "io.netty.maxDirectMemory";
    private static final String LAUNCHER = "slipstream.directMemoryMiB";
    private static final long MIB = 1024 * 1024;

    private final @Nullable String before = System.getProperty(NETTY);

    @AfterEach
    void restore() {
        System.clearProperty(LAUNCHER);
        set(NETTY, before);
    }

    private static void set(String property, @Nullable String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    private static SlipstreamConfig config(String limits) {
        LoadResult result = ConfigLoader.fromText("test", """
                providers:
                  one: { base_url: "http://127.0.0.1:1/v1", dialect: openai }
                models: [ { name: "*", targets: [ { provider: one } ] } ]
                limits: { %s }
                """.formatted(limits), Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            return loaded.config();
        }
        throw new AssertionError(result.toString());
    }

    private static @Nullable String limit(SlipstreamConfig config, @Nullable String mostMib) {
        System.clearProperty(NETTY);
        set(LAUNCHER, mostMib);
        MemoryLimit.apply(config, MIB);
        return System.getProperty(NETTY);
    }

    @Test
    void itIsTheSumOrWhatTheLauncherAllowsWhereThatIsLess() {
        SlipstreamConfig config = config("connections: 10");
        long sum = DirectMemory.boundBytes(config, config.runtime().loopCount());
        assertEquals(Long.toString(sum + MIB), limit(config, "1000000"));
        assertEquals(Long.toString(100 * MIB), limit(config, "100"));
    }

    @Test
    void withoutASumItIsWhatTheLauncherAllows() {
        assertEquals(Long.toString(100 * MIB), limit(config("connections: 0"), "100"));
    }

    @Test
    void whoEmbedsTheProxyAndWhoSetsItByHandHasTheirOwn() {
        SlipstreamConfig config = config("connections: 10");
        assertNull(limit(config, null));
        assertNull(limit(config, "0"));
        System.setProperty(LAUNCHER, "100");
        System.setProperty(NETTY, "4711");
        MemoryLimit.apply(config, 0);
        assertEquals("4711", System.getProperty(NETTY));
    }
}
