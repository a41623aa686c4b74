package dev.slipstream.bench.report;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import picocli.CommandLine;

/** A run's folder that is always the same, and the command. */
final class Runs {
    private static final String SCRIPT = """
            #!/usr/bin/env bash
            # What is it about: a load straight
            # and through. More of it.
            #
            # Each in turn; time counts
            # from when it was due.
            #
            # Needs nginx.
            # Usage: scripts/bench-it [--quick]
            set -euo pipefail
            # no part of it
            """;
    private static final String RESULT = """
            | total, µs | p50 |
            | --- | --- |
            | direct | 100 |

            | Slipstream's stage, µs | p50 | p95 | p99 |
            | --- | --- | --- | --- |
            | auth | 1 | 2 | 3 |

            A line.
            Another <b onclick="x()">line</b> & [one](javascript:alert(1)) ![seen](https://example.com/x.png).

            ## Verdicts

            | target | what | figure | bound | verdict |
            | --- | --- | --- | --- | --- |
            | T3 | told twice | 1 | 2 | met |
            """;

    private Runs() {}

    /** @return the run's folder, {@code run} in {@code folder}; the scripts are in {@code scripts} beside it */
    static Path write(Path folder) throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Path scripts = Files.createDirectories(folder.resolve("scripts"));
        Files.writeString(scripts.resolve("bench-it"), SCRIPT);
        Files.writeString(run.resolve("environment.txt"), """
                command: scripts/bench-it --quick
                date: 2026-11-20T10:00:00Z
                revision: abc1234
                kernel: Linux | <6>
                """);
        Files.writeString(run.resolve("result.md"), RESULT);
        Files.writeString(run.resolve("verdicts.csv"), """
                target,what,figure,unit,bound,verdict
                T3,added p50,15,µs,<= 20,met
                T3,beside,1.5,x,<= 1.2,missed
                T2,throughput,1.3,x,>= 1.15,met
                T14,failed,3,,<= 0,missed
                T9,rss,500,MB,<= 55,missed
                T10,start,-,ms,<= 130,not shown
                """);
        Files.writeString(run.resolve("samples.csv"), """
                elapsed_s,rss_kib,errors,note
                0,1024,0,a
                10,2048,0,b
                20,1536,0,c
                """);
        Files.writeString(run.resolve("raw.csv"), """
                name,metric,requests,ok,refused
                slipstream.1,total,1000,900,
                slipstream.2,total,1000,800,late
                slow.1,total,1000,1000,late
                cold.1,total,50,50,overrun
                """);
        log(run.resolve("slipstream.hlog"), 4);
        log(run.resolve("slow.hlog"), 1);
        Files.writeString(run.resolve("nginx:h1.conf"), "worker_processes 1;\n");
        Files.write(run.resolve("core.dump"), new byte[100]);
        return run;
    }

    /** Intervals of ten seconds with 1,000 samples of 1 ms to 2 ms each. */
    private static void log(Path file, int intervals) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, US_ASCII)) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputStartTime(1_700_000_000_000L);
            log.outputLegend();
            for (int i = 0; i < intervals; i++) {
                Histogram nanos = new Histogram(3);
                nanos.setTag("total");
                nanos.setStartTimeStamp(1_700_000_000_000L + i * 10_000L);
                nanos.setEndTimeStamp(1_700_000_000_000L + (i + 1) * 10_000L);
                for (int sample = 1; sample <= 1000; sample++) {
                    nanos.recordValue(1_000_000 + sample * 1000L);
                }
                log.outputIntervalHistogram(nanos);
            }
        }
    }

    /** @return what it wrote to standard output */
    static String report(int exit, Path scripts, String... arguments) {
        StringWriter told = new StringWriter();
        CommandLine command = new CommandLine(new Report()).setOut(new PrintWriter(told, true));
        command.setExecutionExceptionHandler((e, any, parsed) -> {
            any.getOut().println(e.getMessage());
            return 1;
        });
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--scripts";
        all[arguments.length + 1] = scripts.toString();
        int code = command.execute(all);
        if (code != exit) {
            throw new AssertionError("exit code " + code + ": " + told);
        }
        return told.toString();
    }
}
