package dev.slipstream.bench.e2e;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One of the commands as a process of its own, with the class path and the JDK of this one: what the launcher does,
 * less its look for a JDK and a build.
 */
public final class Command implements AutoCloseable {
    public static final String SERVER_MAIN = "dev.slipstream.cli.Main";
    public static final String BENCH_MAIN = "dev.slipstream.bench.cli.BenchMain";
    private static final long LIMIT_SECONDS = 30;
    /** Would be a configuration, where a test means to have none. */
    private static final List<String> PROVIDER_KEYS = List.of("ZAI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY");

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private Command(Process process) {
        this.process = process;
        this.readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
    }

    public static Command start(String mainClass, Path directory, String... arguments) throws IOException {
        return start(List.of(), mainClass, directory, arguments);
    }

    /** @param before what stands before the JVM on the line: a program that becomes it */
    public static Command start(List<String> before, String mainClass, Path directory, String... arguments)
            throws IOException {
        return start(before, List.of("-XX:TieredStopAtLevel=1"), mainClass, directory, arguments);
    }

    /** @param options more of them for the JVM, instead of the one that keeps its compiler short */
    static Command startWith(List<String> options, String mainClass, Path directory, String... arguments)
            throws IOException {
        return start(List.of(), options, mainClass, directory, arguments);
    }

    private static Command start(
            List<String> before, List<String> options, String mainClass, Path directory, String... arguments)
            throws IOException {
        List<String> line = new ArrayList<>(before);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx128m"));
        line.addAll(options);
        line.addAll(List.of("-cp", classPath(), mainClass));
        line.addAll(Arrays.asList(arguments));
        return run(line, directory);
    }

    /**
     * As {@link #start}, in the JVM that the launcher gives to {@code serve}, compiler and all: for what is measured.
     *
     * @param more options of the JVM behind those
     */
    static Command startAsLaunched(List<String> more, Path directory, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(launcherOptions());
        // Said by the manifest of the jar that the launcher runs.
        line.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
        if (Runtime.version().feature() >= 24) {
            line.add("--enable-native-access=ALL-UNNAMED");
        }
        line.add("-XX:MaxDirectMemorySize=512m");
        line.addAll(more);
        line.addAll(List.of("-cp", classPath(), SERVER_MAIN));
        line.addAll(Arrays.asList(arguments));
        return run(line, directory);
    }

    /** Which it adds on a JVM that knows them. */
    static final List<String> OPTIONS_SINCE_24 = List.of("--sun-misc-unsafe-memory-access=allow");

    /** Those of {@code scripts/slipstream serve} in its profile server, but for the bound of direct memory, which it works out; a test compares. */
    static List<String> launcherOptions() {
        List<String> options = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dio.netty.leakDetection.level=disabled",
                "-Xms64m",
                "-Xmx256m",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Dio.netty.machineId=02:00:00:00:00:01"));
        if (Runtime.version().feature() >= 24) {
            options.addAll(OPTIONS_SINCE_24);
        }
        return options;
    }

    /** Any other program. */
    public static Command run(List<String> line, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(PROVIDER_KEYS);
        environment.keySet().removeIf(name -> name.startsWith("SLIPSTREAM_"));
        // The JVM would say on stderr that it picked them up.
        environment.remove("JAVA_TOOL_OPTIONS");
        return new Command(builder.start());
    }

    /** Surefire may hide the class path in a manifest, and tells it in a property then; relative parts are ours. */
    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> absolute = new ArrayList<>();
        for (String part : path.split(File.pathSeparator, -1)) {
            absolute.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, absolute);
    }

    private static Thread reader(InputStream in, List<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        lines.add("unreadable: " + e);
                    }
                },
                "command-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Its standard output so far, by lines. */
    public List<String> out() {
        return List.copyOf(out);
    }

    /** What it logged and complained of so far, by lines. */
    public List<String> err() {
        return List.copyOf(err);
    }

    public void awaitOut(int lines) {
        Await.until(
                () -> "it prints " + lines + " lines; it printed " + this,
                () -> out.size() >= lines || !process.isAlive());
        if (out.size() < lines) {
            throw new AssertionError("it ended with " + exitCode() + ": " + this);
        }
    }

    public void awaitErr(String part) {
        Await.until(
                () -> "it says '" + part + "'; it said " + this,
                () -> err.stream().anyMatch(line -> line.contains(part)));
    }

    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name + " ended with " + code + ": " + this);
        }
    }

    /** Of the process, as {@code kill} knows it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end, and for the rest of its output. */
    public int exitCode() {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it did not end: " + this);
            }
            for (Thread reader : readers) {
                reader.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "stdout " + out + ", stderr " + err;
    }
}
