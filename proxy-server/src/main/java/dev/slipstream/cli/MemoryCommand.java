package dev.slipstream.cli;

import dev.slipstream.boot.DirectMemory;
import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code direct-memory serve [--config FILE] …} and {@code direct-memory demo}: how many MiB of direct memory that command
 * may come to need. For the launcher, which sets the JVM's limit by it; it is not among the commands of the help.
 *
 * <p>Complains of nothing: the command itself will.
 */
final class MemoryCommand {
    private static final long MIB = 1024 * 1024;

    /** The simulated provider beside the proxy, in the same process. */
    private static final long DEMO_EXTRA_MIB = 64;

    /** The limits of the demo are the defaults. */
    private static final String DEMO = """
            providers:
              openai:    { base_url: "http://127.0.0.1:1/v1", dialect: openai }
              anthropic: { base_url: "http://127.0.0.1:1", dialect: anthropic }
            models:
              - name: demo
                targets: [ { provider: openai }, { provider: anthropic } ]
            """;

    private MemoryCommand() {}

    /**
     * Prints one number, 0 where no sum exists because a limit is off.
     *
     * @param args the command line it is asked for, its word first
     * @return the exit code; other than 0 nothing was printed
     */
    static int run(String[] args, Map<String, String> environment, PrintStream out, Path workingDirectory) {
        String command = args.length == 0 ? "" : args[0];
        LoadResult result;
        switch (command) {
            case "serve" -> {
                ServeCommand.Arguments given = ServeCommand.Arguments.parse(Arrays.copyOfRange(args, 1, args.length));
                if (given.help() || given.problem() != null) {
                    return ExitCode.USAGE;
                }
                try {
                    result = ServeCommand.load(given, environment, workingDirectory);
                } catch (InvalidPathException e) {
                    return ExitCode.BAD_INPUT;
                }
            }
            case "demo" -> result = ConfigLoader.fromText("demo", DEMO, Map.of(), Overrides.none());
            default -> {
                return ExitCode.USAGE;
            }
        }
        if (!(result instanceof LoadResult.Loaded loaded)) {
            return ExitCode.BAD_INPUT;
        }
        int loops = loaded.config().runtime().loops() > 0
                ? loaded.config().runtime().loops()
                : Runtime.getRuntime().availableProcessors();
        long bytes = DirectMemory.boundBytes(loaded.config(), loops);
        long extraMib = command.equals("demo") ? DEMO_EXTRA_MIB : 0;
        out.println(bytes == DirectMemory.UNBOUNDED ? 0 : bytes / MIB + extraMib);
        return ExitCode.OK;
    }
}
