package dev.slipstream.bench.cli;

import java.io.IOException;

/** The proxy as the demo needs it. */
interface DemoProxy extends AutoCloseable {
    /**
     * Starts with this configuration.
     *
     * @return the ready line of {@code serve}
     * @throws IOException if it cannot listen
     */
    String start(String yaml) throws IOException;

    @Override
    void close();
}
