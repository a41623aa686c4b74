package dev.slipstream.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** {@code slipstream demo|mock|bench …}. Exit codes: 0; 1 bad input or a port in use; 2 usage; 70 internal. */
@Command(
        name = "slipstream",
        mixinStandardHelpOptions = true,
        subcommands = {Demo.class, Mock.class, Bench.class, DemoRehearsal.class},
        synopsisSubcommandLabel = "(demo | mock | bench)")
public final class BenchMain {
    static final int EXIT_BAD_INPUT = 1;
    static final int EXIT_INTERNAL = 70;

    private BenchMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchMain());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        // Everything behind "bench micro" is for JMH, in the order it was given.
        subcommand(subcommand(commandLine, "bench"), "micro").setUnmatchedOptionsArePositionalParams(true);
        commandLine.setExecutionExceptionHandler(executionExceptionHandler());
        return commandLine;
    }

    private static CommandLine subcommand(CommandLine parent, String name) {
        return Objects.requireNonNull(parent.getSubcommands().get(name), name);
    }

    private static IExecutionExceptionHandler executionExceptionHandler() {
        return (e, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (e instanceof IOException || e instanceof IllegalArgumentException) {
                err.println("slipstream " + command.getCommandName() + ": " + e.getMessage());
                return EXIT_BAD_INPUT;
            }
            e.printStackTrace(err);
            return EXIT_INTERNAL;
        };
    }
}
