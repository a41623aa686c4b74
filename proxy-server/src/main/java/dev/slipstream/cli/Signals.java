package dev.slipstream.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The signals of the process. Shutdown hooks would not do: they hear neither SIGHUP nor a second signal, and leave the
 * exit code to the JVM. {@code sun.misc.Signal}, exported by {@code jdk.unsupported}, is reached by reflection, because
 * the compiler warns of it in a way that cannot be switched off.
 */
public final class Signals {
    /** What the process may be asked. */
    public enum Kind {
        /** SIGTERM or SIGINT. */
        END,
        /** SIGHUP. */
        RELOAD,
        /** SIGUSR1: the access log's file has been moved away. */
        REOPEN_LOG
    }

    private final LinkedBlockingQueue<Kind> received = new LinkedBlockingQueue<>();

    private Signals() {}

    /** From here on the signals come here. A signal that this platform does not have is left out. */
    public static Signals listen() {
        Signals signals = new Signals();
        signals.handle("TERM", Kind.END);
        signals.handle("INT", Kind.END);
        signals.handle("HUP", Kind.RELOAD);
        signals.handle("USR1", Kind.REOPEN_LOG);
        return signals;
    }

    /** None will come, but {@link #end()}. */
    static Signals none() {
        return new Signals();
    }

    private void handle(String name, Kind kind) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            received.add(kind);
                        }
                        return null;
                    });
            Object instance = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
        } catch (InvocationTargetException | IllegalArgumentException unknownHere) {
            // Windows has no SIGHUP, and a JVM with -Xrs keeps its hands off.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JDK has no sun.misc.Signal", e);
        }
    }

    /** As if SIGTERM had come. */
    void end() {
        received.add(Kind.END);
    }

    /** Waits for the next signal. */
    public Kind next() throws InterruptedException {
        return received.take();
    }
}
