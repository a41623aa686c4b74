package dev.slipstream.cli;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.config.NearestName;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The main class. {@code serve} is parsed by hand, for loading picocli costs as much as all the rest of the start;
 * the commands that nobody waits for are {@link OfflineCommands}.
 */
public final class Main {
    private static final List<String> COMMANDS = List.of("serve", "check-config", "keys", "demo", "mock", "bench");

    private static final String HELP = """
            Slipstream, a latency-first proxy for LLM APIs

            slipstream serve [--config FILE] [--listen HOST:PORT]   start the proxy
            slipstream demo                                         a simulated provider and the proxy before it
            slipstream check-config FILE                            tell all that is wrong with a configuration
            slipstream keys generate [--name NAME]                  make a client key
            slipstream keys hash                                    hash the client key on standard input
            slipstream mock, slipstream bench                       a simulated provider, micro benchmarks
            slipstream --version, slipstream --help
            """;

    private Main() {}

    /** Ends the process with the command's code. */
    public static void main(String[] args) {
        System.exit(run(args, System.getenv(), System.in, System.out, System.err, Path.of("")));
    }

    /**
     * Runs one command to its end.
     *
     * @param workingDirectory what relative paths are relative to
     * @return the exit code
     */
    static int run(
            String[] args,
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Path workingDirectory) {
        try {
            return dispatch(args, environment, in, out, err, workingDirectory);
        } catch (Exception | LinkageError | StackOverflowError e) {
            err.println("slipstream: internal error");
            e.printStackTrace(err);
            return ExitCode.INTERNAL;
        }
    }

    private static int dispatch(
            String[] args,
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Path workingDirectory) {
        if (args.length == 0) {
            err.print(HELP);
            return ExitCode.USAGE;
        }
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (args[0]) {
            case "serve" -> {
                return ServeCommand.run(rest, environment, out, err, workingDirectory);
            }
            case "rehearse" -> {
                return RehearseCommand.run(out, err, Signals.listen());
            }
            case "check-config", "keys" -> {
                return OfflineCommands.run(args, environment, in, out, err, workingDirectory);
            }
            case "--version", "-V", "version" -> {
                out.println("slipstream " + Slipstream.VERSION);
                return ExitCode.OK;
            }
            case "--help", "-h", "help" -> {
                out.print(HELP);
                return ExitCode.OK;
            }
            case "demo", "mock", "bench" -> {
                err.println("slipstream: " + args[0] + " is started by scripts/slipstream, not by this class");
                return ExitCode.USAGE;
            }
            default -> {
                err.println("slipstream: there is no command " + Terminal.clean(args[0]) + "; did you mean "
                        + NearestName.of(args[0], COMMANDS) + "? (slipstream --help)");
                return ExitCode.USAGE;
            }
        }
    }
}
