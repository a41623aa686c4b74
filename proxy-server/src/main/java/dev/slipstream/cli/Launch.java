package dev.slipstream.cli;

import dev.slipstream.config.SlipstreamConfig;
import java.io.PrintStream;
import java.util.List;

/** Where the command line ends and the engine begins. */
final class Launch {
    private Launch() {}

    /**
     * Serves until a signal.
     *
     * @param messages what loading the configuration had to say, for the log
     * @return the exit code
     */
    static int serve(SlipstreamConfig config, List<String> messages, PrintStream out, PrintStream err) {
        for (String message : messages) {
            err.println(Terminal.clean(message));
        }
        err.println("slipstream: serving on " + config.listen().address() + " is not in this version");
        return ExitCode.INTERNAL;
    }
}
