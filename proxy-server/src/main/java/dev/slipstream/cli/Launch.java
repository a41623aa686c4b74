package dev.slipstream.cli;

import dev.slipstream.boot.Slipstream;
import dev.slipstream.boot.StartFailedException;
import dev.slipstream.config.SlipstreamConfig;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the command line ends and the engine begins. */
public final class Launch {
    private Launch() {}

    /**
     * Serves until a signal.
     *
     * @param messages what loading the configuration had to say, for the log
     * @return the exit code
     */
    static int serve(SlipstreamConfig config, List<String> messages, PrintStream out, PrintStream err) {
        return serve(config, messages, out, err, Signals.listen(), slipstream -> {});
    }

    /** @param whenReady told of the proxy behind its ready line; must not wait */
    static int serve(
            SlipstreamConfig config,
            List<String> messages,
            PrintStream out,
            PrintStream err,
            Signals signals,
            Consumer<Slipstream> whenReady) {
        MemoryLimit.apply(config, 0);
        Logger log = LoggerFactory.getLogger(Launch.class);
        messages.forEach(message -> log.info("{}", Terminal.clean(message)));
        Slipstream slipstream;
        try {
            slipstream = Slipstream.start(config);
        } catch (StartFailedException e) {
            err.println("slipstream: " + Terminal.clean(String.valueOf(e.getMessage())));
            return ExitCode.BAD_INPUT;
        }
        out.println(slipstream.readyLine());
        out.flush();
        slipstream.warmUpJit();
        whenReady.accept(slipstream);
        Runnable reload = () -> {
            if (slipstream.reloadCertificates()) {
                log.warn(
                        "SIGHUP: of the configuration only the certificates of listen.tls are read again in this version");
            } else {
                log.warn("SIGHUP: reloading the configuration is not in this version; nothing has changed");
            }
        };
        return untilSignal(signals, reload, slipstream::reopenAccessLog, slipstream::drain);
    }

    /**
     * Waits for SIGTERM or SIGINT, then runs {@code drain}. A second one ends the wait for it. Until then SIGHUP runs
     * {@code reload}, and SIGUSR1 {@code reopenLog}.
     *
     * @return 0, 1 where a second signal came, or 70 where the drain failed
     */
    public static int untilSignal(Signals signals, Runnable reload, Runnable reopenLog, Runnable drain) {
        Logger log = LoggerFactory.getLogger(Launch.class);
        try {
            boolean serving = true;
            while (serving) {
                switch (signals.next()) {
                    case END -> serving = false;
                    case RELOAD -> reload.run();
                    case REOPEN_LOG -> reopenLog.run();
                }
            }
            CompletableFuture<Integer> code = new CompletableFuture<>();
            Thread draining = new Thread(
                    () -> {
                        try {
                            drain.run();
                            code.complete(ExitCode.OK);
                        } catch (RuntimeException | Error e) {
                            // Unsaid, the process would wait for ever.
                            log.error("the end failed", e);
                            code.complete(ExitCode.INTERNAL);
                        }
                    },
                    "slipstream-drain");
            draining.setDaemon(true);
            draining.start();
            Thread impatient = new Thread(
                    () -> {
                        try {
                            Signals.Kind next = signals.next();
                            while (next != Signals.Kind.END) {
                                // Neither a reload nor a new log file has a meaning now.
                                next = signals.next();
                            }
                            code.complete(ExitCode.BAD_INPUT);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "slipstream-signals");
            impatient.setDaemon(true);
            impatient.start();
            return code.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL;
        }
    }
}
