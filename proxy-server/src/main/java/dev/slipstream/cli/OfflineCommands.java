package dev.slipstream.cli;

import dev.slipstream.config.ConfigLoader;
import dev.slipstream.config.KeyReader;
import dev.slipstream.config.LoadResult;
import dev.slipstream.config.Overrides;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import picocli.CommandLine;

/** The commands that run and end: check-config and keys. The only user of picocli, loaded only for them. */
final class OfflineCommands {
    /** In bytes, before base64: 256 bits, which makes 43 characters. */
    private static final int KEY_BYTES = 32;

    private static final String KEY_PREFIX = "sk-slip-";

    /** In characters; what is longer is no key but a file by mistake. */
    private static final int MAX_KEY_CHARS = 4096;

    private final Map<String, String> environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Path workingDirectory;

    private OfflineCommands(
            Map<String, String> environment, InputStream in, PrintStream out, PrintStream err, Path workingDirectory) {
        this.environment = environment;
        this.in = in;
        this.out = out;
        this.err = err;
        this.workingDirectory = workingDirectory;
    }

    /** @param args with the command's word */
    static int run(
            String[] args,
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Path workingDirectory) {
        OfflineCommands commands = new OfflineCommands(environment, in, out, err, workingDirectory);
        CommandLine keys = new CommandLine(commands.new Keys());
        keys.addSubcommand(commands.new Generate());
        keys.addSubcommand(commands.new Hash());
        CommandLine line = new CommandLine(new Root());
        line.addSubcommand(commands.new CheckConfig());
        line.addSubcommand(keys);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            err.println("slipstream: internal error");
            e.printStackTrace(err);
            return ExitCode.INTERNAL;
        });
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return line.execute(args);
    }

    @CommandLine.Command(name = "slipstream", mixinStandardHelpOptions = true)
    private static final class Root {}

    /** {@code check-config FILE}. */
    @CommandLine.Command(
            name = "check-config",
            mixinStandardHelpOptions = true,
            description = "Tells all that is wrong with a configuration, by line.")
    private final class CheckConfig implements java.util.concurrent.Callable<Integer> {
        @CommandLine.Parameters(paramLabel = "FILE", description = "The configuration, as for serve --config.")
        private String file = "";

        @Override
        public Integer call() {
            LoadResult result =
                    ConfigLoader.fromFile(workingDirectory.resolve(file), file, environment, Overrides.none());
            for (String warning : result.warnings()) {
                err.println("warning: " + Terminal.clean(warning));
            }
            if (result instanceof LoadResult.Rejected rejected) {
                Terminal.print(rejected.errors(), err);
                return ExitCode.BAD_INPUT;
            }
            LoadResult.Loaded loaded = (LoadResult.Loaded) result;
            for (String notice : loaded.notices()) {
                err.println(Terminal.clean(notice));
            }
            out.println("ok: " + loaded.config().providers().size() + " providers, "
                    + loaded.config().models().size() + " models");
            return ExitCode.OK;
        }
    }

    /** {@code keys}, which needs one of its subcommands. */
    @CommandLine.Command(name = "keys", mixinStandardHelpOptions = true, description = "Makes and hashes client keys.")
    private final class Keys implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() {
            err.println("slipstream: keys needs a command: generate or hash");
            return ExitCode.USAGE;
        }
    }

    /** {@code keys generate [--name NAME]}. */
    @CommandLine.Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description = "Makes a random client key and the lines that let it in.")
    private final class Generate implements java.util.concurrent.Callable<Integer> {
        @CommandLine.Option(
                names = "--name",
                paramLabel = "NAME",
                description = "What logs and metrics call its holder.")
        private String name = "client";

        @Override
        public Integer call() {
            if (name.isBlank() || name.length() > 64 || !Terminal.clean(name).equals(name)) {
                err.println("slipstream: --name must be 1 to 64 characters");
                return ExitCode.BAD_INPUT;
            }
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            String key = KEY_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            out.println("key:        " + key);
            out.println("key_sha256: " + KeyReader.sha256Hex(key));
            out.println();
            out.println("# Give the key to its holder; the file needs only the hash:");
            out.println("keys:");
            out.println("  - name: '" + name.replace("'", "''") + "'");
            out.println("    key_sha256: \"" + KeyReader.sha256Hex(key) + "\"");
            return ExitCode.OK;
        }
    }

    /** {@code keys hash}: the key comes on standard input, where no list of processes shows it. */
    @CommandLine.Command(
            name = "hash",
            mixinStandardHelpOptions = true,
            description = "Prints key_sha256 of the client key on standard input.")
    private final class Hash implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() throws IOException {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            for (int c = reader.read(); c >= 0 && c != '\n' && line.length() <= MAX_KEY_CHARS; c = reader.read()) {
                line.append((char) c);
            }
            String key = line.toString().strip();
            if (!KeyReader.isUsable(key) || line.length() > MAX_KEY_CHARS) {
                err.println("slipstream: a key is one line of at least 8 printable ASCII characters without spaces");
                return ExitCode.BAD_INPUT;
            }
            out.println("key_sha256: \"" + KeyReader.sha256Hex(key) + "\"");
            return ExitCode.OK;
        }
    }
}
