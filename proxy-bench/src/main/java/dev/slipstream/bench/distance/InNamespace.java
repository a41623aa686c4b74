package dev.slipstream.bench.distance;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Does something in a network namespace, on a thread that ends with it. */
final class InNamespace {
    private static final long LIMIT_SECONDS = 20;

    private InNamespace() {}

    /**
     * What {@code task} opens (sockets, devices) stays in the namespace, whichever thread uses it later.
     *
     * @throws IOException of the task; if there is no such namespace; after 20 s
     */
    static <T> T call(String namespace, Callable<T> task) throws IOException {
        FutureTask<T> future = new FutureTask<>(() -> {
            LibC.enterNamespace(namespace);
            return task.call();
        });
        Thread thread = new Thread(future, "in " + namespace);
        thread.setDaemon(true);
        thread.start();
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("in " + namespace + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("nothing came of it in " + namespace, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
