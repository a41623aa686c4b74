package dev.slipstream.bench.cli;

import java.util.concurrent.CountDownLatch;

/** Waits for SIGTERM or SIGINT. */
final class Signals {
    private Signals() {}

    /**
     * Returns never: at a signal closes {@code running} and ends the process with 0.
     *
     * <p>The JVM runs its shutdown hooks at a signal and would then exit with 128 + the signal's number; a
     * command that was asked to end has not failed, so that the hook halts with 0 itself.
     */
    static void closeAndExitAtSignal(AutoCloseable running) throws InterruptedException {
        Thread hook = new Thread(
                () -> {
                    int code = 0;
                    try {
                        running.close();
                    } catch (Exception e) {
                        System.err.println("slipstream: " + e);
                        code = BenchMain.EXIT_INTERNAL;
                    }
                    System.out.flush();
                    Runtime.getRuntime().halt(code);
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        new CountDownLatch(1).await();
    }
}
