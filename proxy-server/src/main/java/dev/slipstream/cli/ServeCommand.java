package dev.slipstream.cli;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.NearestName;
import dev.slipstream.config.Overrides;
import dev.slipstream.config.SampleConfig;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code serve [--config FILE] [--listen HOST:PORT]}: finds the configuration, and launches. */
final class ServeCommand {
    private static final String USAGE = "usage: slipstream serve [--config FILE] [--listen HOST:PORT]";
    private static final String DEFAULT_FILE = "slipstream.yaml";
    private static final List<String> OPTIONS = List.of("--config", "--listen", "--help");

    private ServeCommand() {}

    /**
     * What stands on the command line.
     *
     * @param problem what is wrong with it; null: nothing
     */
    record Arguments(
            @Nullable String config,
            @Nullable String listen,
            boolean help,
            @Nullable String problem) {
        /** @param args without the word serve */
        static Arguments parse(String[] args) {
            String config = null;
            String listen = null;
            for (int i = 0; i < args.length; i++) {
                int equals = args[i].startsWith("--") ? args[i].indexOf('=') : -1;
                String option = equals < 0 ? args[i] : args[i].substring(0, equals);
                if (option.equals("--help") || option.equals("-h")) {
                    return new Arguments(null, null, true, null);
                }
                if (!option.equals("--config") && !option.equals("--listen")) {
                    return wrong(Terminal.clean(option) + " is not known; did you mean "
                            + NearestName.of(option, OPTIONS) + "?");
                }
                if (equals < 0 && i + 1 == args.length) {
                    return wrong(option + " needs a value");
                }
                String value = equals < 0 ? args[++i] : args[i].substring(equals + 1);
                if (option.equals("--config")) {
                    config = value;
                } else {
                    listen = value;
                }
            }
            return new Arguments(config, listen, false, null);
        }

        private static Arguments wrong(String problem) {
            return new Arguments(null, null, false, problem);
        }
    }

    /**
     * Runs until the proxy ends.
     *
     * @param args without the word serve
     * @param workingDirectory where {@code slipstream.yaml} is looked for
     * @return the exit code
     */
    static int run(
            String[] args, Map<String, String> environment, PrintStream out, PrintStream err, Path workingDirectory) {
        Arguments given = Arguments.parse(args);
        if (given.help()) {
            out.println(USAGE);
            return ExitCode.OK;
        }
        if (given.problem() != null) {
            return usage(err, given.problem());
        }
        LoadResult result;
        try {
            result = load(given, environment, workingDirectory);
        } catch (InvalidPathException e) {
            err.println("slipstream: --config holds no valid path");
            return ExitCode.BAD_INPUT;
        }
        if (result == null) {
            printSample(err);
            return ExitCode.BAD_INPUT;
        }
        if (result instanceof LoadResult.Loaded loaded) {
            LogSetup.apply(loaded.config().log());
            return Launch.serve(loaded.config(), loaded.messages(), out, err);
        }
        if (result instanceof LoadResult.Rejected rejected) {
            for (String warning : rejected.warnings()) {
                err.println("warning: " + Terminal.clean(warning));
            }
            Terminal.print(rejected.errors(), err);
        }
        return ExitCode.BAD_INPUT;
    }

    /** Null if there is nothing to load. */
    static @Nullable LoadResult load(Arguments given, Map<String, String> environment, Path workingDirectory) {
        Overrides overrides = given.listen() == null ? Overrides.none() : Overrides.listen(given.listen());
        String config = given.config();
        if (config != null) {
            return ConfigLoader.fromFile(workingDirectory.resolve(config), config, environment, overrides);
        }
        Path file = workingDirectory.resolve(DEFAULT_FILE);
        if (Files.exists(file)) {
            return ConfigLoader.fromFile(file, DEFAULT_FILE, environment, overrides);
        }
        return ConfigLoader.hasProviderKey(environment) ? ConfigLoader.fromEnvironment(environment, overrides) : null;
    }

    private static void printSample(PrintStream err) {
        err.println("slipstream: " + ConfigLoader.NOTHING_TO_SERVE);
        err.println();
        err.println("To see it work without a key or a network:");
        err.println("    slipstream demo");
        err.println("To use a provider, set its key, or write slipstream.yaml:");
        for (String line : SampleConfig.YAML.split("\n")) {
            err.println("    " + line);
        }
    }

    private static int usage(PrintStream err, String message) {
        err.println("slipstream: " + message);
        err.println(USAGE);
        return ExitCode.USAGE;
    }
}
