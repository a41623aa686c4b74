package dev.slipstream.bench.macro;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.io.IOException;
import java.util.Map;

/** The proxy that is stormed at, in this process and on the loopback alone. */
final class StormProxy {
    /** The one key that it knows. */
    static final String KEY = "sk-slip-storm-0123456789abcdef01";

    private StormProxy() {}

    /** Starts one on free ports before {@code provider}. */
    static Slipstream start(SimulatedProvider provider, int loops) throws IOException {
        String yaml = """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                runtime: { loops: %d }
                pool: { max_connections: 64 }
                keys: [ { name: storm, key: %s } ]
                log: { level: error, access: /dev/null }
                providers:
                  one: { base_url: "%s", dialect: openai }
                  two: { base_url: "%s", dialect: anthropic }
                models:
                  - name: "*"
                    targets: [ { provider: one }, { provider: two } ]
                """.formatted(loops, KEY, provider.openAiBaseUrl(), provider.anthropicBaseUrl());
        LoadResult result = ConfigLoader.fromText("storm", yaml, Map.of(), Overrides.none());
        if (!(result instanceof LoadResult.Loaded loaded)) {
            throw new IllegalStateException("the storm's configuration is refused: " + result);
        }
        try {
            return Slipstream.start(loaded.config());
        } catch (StartFailedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
