package dev.slipstream.bench.macro;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxy as a process of its own, with the class path and the JDK of this one and the launcher's options: what it
 * holds can be told from what its clients hold. Linux alone.
 */
final class ProxyProcess implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("slipstream ready api=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+) .*");
    private static final Pattern METRIC = Pattern.compile("(?m)^(\\w+(?:\\{[^}]*})?) (\\S+)$");
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms64m",
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=512m",
            "-Dio.netty.leakDetection.level=disabled");
    private static final long END_SECONDS = 20;

    private final Process process;
    private final Path config;
    private final InetSocketAddress api;
    private final InetSocketAddress admin;

    private ProxyProcess(Process process, Path config, InetSocketAddress api, InetSocketAddress admin) {
        this.process = process;
        this.config = config;
        this.api = api;
        this.admin = admin;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param yaml its configuration, on free ports of 127.0.0.1
     */
    static ProxyProcess start(String yaml) throws IOException {
        return start(yaml, List.of());
    }

    /**
     * The same, below another command, such as {@code taskset -c 0}.
     *
     * @param before must become what it is told to run, so that the process is the proxy's
     */
    static ProxyProcess start(String yaml, List<String> before) throws IOException {
        Path config = Files.writeString(Files.createTempFile("storm", ".yaml"), yaml);
        List<String> line = new ArrayList<>(before);
        String home = System.getProperty("java.home");
        line.add(Path.of(home, "bin", "java").toString());
        line.addAll(OPTIONS);
        if (Runtime.version().feature() >= 24) {
            line.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        line.addAll(List.of("-cp", classPath(), "dev.slipstream.cli.Main", "serve", "--config", config.toString()));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // It prints this one line.
        String ready =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        Matcher matcher = READY.matcher(ready == null ? "" : ready);
        if (!matcher.matches()) {
            process.destroyForcibly();
            Files.delete(config);
            throw new IOException("the proxy did not start: " + ready);
        }
        return new ProxyProcess(
                process,
                config,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1))),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(2))));
    }

    /** Where tests run, the class path may be hidden in a manifest, and is told in a property then. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    InetSocketAddress api() {
        return api;
    }

    InetSocketAddress admin() {
        return admin;
    }

    /** Collects its garbage, where the JDK has the tool for it. */
    void collectGarbage() throws IOException {
        File jcmd = new File(System.getProperty("java.home"), "bin/jcmd");
        if (jcmd.canExecute()) {
            Process collecting = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                collecting.waitFor(END_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A gauge or counter of its metrics, by its name with all its labels. */
    double metric(String name) throws IOException {
        try (StormClient client = new StormClient(admin)) {
            client.send("GET /metrics HTTP/1.1\r\nhost: admin\r\n\r\n");
            Matcher matcher = METRIC.matcher(client.read(StormClient.Pace.FULL).body());
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return Double.parseDouble(matcher.group(2));
                }
            }
        }
        throw new IOException("there is no metric " + name);
    }

    /** What all its threads have used. */
    long cpuNanos() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    long descriptors() {
        String[] open = new File("/proc/" + process.pid() + "/fd").list();
        return open == null ? 0 : open.length;
    }

    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("it has no VmRSS");
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.delete(config);
    }
}
