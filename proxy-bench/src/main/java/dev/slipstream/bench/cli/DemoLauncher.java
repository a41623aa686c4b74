package dev.slipstream.bench.cli;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.cli.MemoryLimit;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where the demo meets the proxy's engine. */
final class DemoLauncher {
    private DemoLauncher() {}

    /** The simulated provider beside the proxy, in the same process. */
    private static final long PROVIDER_BYTES = 64L * 1024 * 1024;

    /** Of the demo's own: its limits are the defaults. Before anything of Netty's. */
    static void limitDirectMemory() {
        LoadResult result = ConfigLoader.fromText("demo", """
                providers:
                  openai:    { base_url: "http://127.0.0.1:1/v1", dialect: openai }
                  anthropic: { base_url: "http://127.0.0.1:1", dialect: anthropic }
                models:
                  - name: demo
                    targets: [ { provider: openai }, { provider: anthropic } ]
                """, Map.of(), Overrides.none());
        if (result instanceof LoadResult.Loaded loaded) {
            MemoryLimit.apply(loaded.config(), PROVIDER_BYTES);
        }
    }

    /** A proxy that is not started yet. */
    static DemoProxy proxy() {
        return new DemoProxy() {
            private @Nullable Slipstream slipstream;

            @Override
            public String start(String yaml) throws IOException {
                LoadResult result = ConfigLoader.fromText("demo", yaml, Map.of(), Overrides.none());
                if (!(result instanceof LoadResult.Loaded loaded)) {
                    throw new IOException("the demo's configuration is refused: " + result);
                }
                try {
                    Slipstream started = Slipstream.start(loaded.config());
                    slipstream = started;
                    started.warmUpJit();
                    return started.readyLine();
                } catch (StartFailedException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }

            @Override
            public void close() {
                if (slipstream != null) {
                    slipstream.drain();
                }
            }
        };
    }
}
