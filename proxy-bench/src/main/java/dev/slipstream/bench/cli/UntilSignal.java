package dev.slipstream.bench.cli;

import dev.slipstream.cli.Launch;
import dev.slipstream.cli.Signals;

/** What the commands that run on do at their end. */
final class UntilSignal {
    private UntilSignal() {}

    /**
     * Waits for a signal, then closes {@code running}.
     *
     * @return the exit code: 0, or 1 where a second signal came before it was closed
     */
    static int close(Signals signals, AutoCloseable running) {
        return Launch.untilSignal(signals, () -> {}, () -> {}, () -> {
            try {
                running.close();
            } catch (Exception e) {
                throw new IllegalStateException("it did not close", e);
            }
        });
    }
}
