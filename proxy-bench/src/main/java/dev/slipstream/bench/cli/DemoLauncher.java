package dev.slipstream.bench.cli;

import java.io.IOException;

/** The one place where the demo meets the proxy's engine. */
final class DemoLauncher {
    private DemoLauncher() {}

    /** A proxy that is not started yet. */
    static DemoProxy proxy() {
        return new DemoProxy() {
            @Override
            public String start(String yaml) throws IOException {
                throw new IOException("not in this version: the proxy cannot be started yet");
            }

            @Override
            public void close() {}
        };
    }
}
