package dev.slipstream.bench.streams;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            Path program = Path.of("/proc/" + process.pid() + "/exe").toRealPath();
            Path jcmd = program.resolveSibling("jcmd");
            if (program.endsWith("java") && Files.isExecutable(jcmd)) {
                Process collecting = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                try {
                    collected |= collecting.waitFor(COLLECT_SECONDS, TimeUnit.SECONDS) && collecting.exitValue() == 0;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
        }
        return collected;
    }
}
