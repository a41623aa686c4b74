package dev.slipstream.bench.streams;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The processes of a proxy, looked at from outside. Linux. */
record ProxyWatch(List<ProcessHandle> processes) {
    private static final long COLLECT_SECONDS = 20;

    ProxyWatch {
        processes = List.copyOf(processes);
    }

    /** @param pids parted by {@code +}; empty: none */
    static ProxyWatch of(String pids) {
        List<ProcessHandle> processes = new ArrayList<>();
        for (String pid : pids.isEmpty() ? new String[0] : pids.split("\\+", -1)) {
            processes.add(ProcessHandle.of(Long.parseLong(pid))
                    .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid)));
        }
        return new ProxyWatch(processes);
    }

    /** User and system time of all threads, those that have ended too; as fine as the kernel's ticks. */
    long cpuNanos() {
        return processes.stream().mapToLong(ProxyWatch::cpuNanos).sum();
    }

    private static long cpuNanos(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /** Of this process itself. */
    static long ownCpuNanos() {
        return cpuNanos(ProcessHandle.current());
    }

    long residentKib() throws IOException {
        long sum = 0;
        for (ProcessHandle process : processes) {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    sum += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return sum;
    }

    long descriptors() {
        long sum = 0;
        for (ProcessHandle process : processes) {
            String[] open = new File("/proc/" + process.pid() + "/fd").list();
            sum += open == null ? 0 : open.length;
        }
        return sum;
    }

    /**
     * Has those that are JVMs collect their garbage, by the {@code jcmd} beside their {@code java}.
     *
     * @return whether there was one that did
     */
    boolean collectGarbage() throws IOException {
        boolean collected = false;
        for (ProcessHandle process : processes) {
            collected |= jcmd(process, "GC.run").isPresent();
        }
        return collected;
    }

    /** The live objects of the first that is a JVM, behind a collection; empty where none is, or has no {@code jcmd}. */
    Optional<ClassHistogram> classes() throws IOException {
        for (ProcessHandle process : processes) {
            Optional<List<String>> lines = jcmd(process, "GC.class_histogram");
            if (lines.isPresent()) {
                return lines.map(ClassHistogram::parse);
            }
        }
        return Optional.empty();
    }

    /** What the {@code jcmd} beside the process's {@code java} says; empty where it has none, or it fails. */
    private static Optional<List<String>> jcmd(ProcessHandle process, String command) throws IOException {
        Path program = Path.of("/proc/" + process.pid() + "/exe").toRealPath();
        Path jcmd = program.resolveSibling("jcmd");
        if (!program.endsWith("java") || !Files.isExecutable(jcmd)) {
            return Optional.empty();
        }
        // A file, not a pipe: nobody has to read while it runs, and the wait for it has a limit.
        Path said = Files.createTempFile("jcmd", ".txt");
        try {
            Process asking = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command)
                    .redirectOutput(said.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean done = asking.waitFor(COLLECT_SECONDS, TimeUnit.SECONDS);
            if (!done) {
                asking.destroyForcibly();
            }
            return done && asking.exitValue() == 0 ? Optional.of(Files.readAllLines(said)) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(said);
        }
    }
}
