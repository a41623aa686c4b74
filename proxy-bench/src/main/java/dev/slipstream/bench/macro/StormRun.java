package dev.slipstream.bench.macro;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * One storm: a simulated provider, the proxy and all clients in this process, on the loopback alone. Three times, behind
 * a warm-up, half-way and at the end, the clients finish what they are at and the proxy is looked at at rest: nothing of
 * any request may be left, and what the process holds is compared.
 */
final class StormRun {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long JOIN_MILLIS = 30_000;

    private static final Pattern PAUSES = Pattern.compile("\"client_paused\":\\{\"count\":[1-9]");

    private final StormPlan plan;
    private final PrintWriter out;
    private final StormCounts counts = new StormCounts();
    private final List<String> complaints = new ArrayList<>();
    /** A life holds a read lock, a rest the write lock; fair, so that a rest comes when it is asked for. */
    private final ReentrantReadWriteLock rest = new ReentrantReadWriteLock(true);

    private volatile boolean over;
    private long startNanos;

    private StormRun(StormPlan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * Storms and prints.
     *
     * @return what was wrong; empty if nothing was
     */
    static List<String> run(StormPlan plan, PrintWriter out) throws IOException {
        return new StormRun(plan, out).run();
    }

    private List<String> run() throws IOException {
        say("seed " + plan.seed() + ", " + plan.duration().toSeconds() + " s: " + plan.good() + " good clients, "
                + plan.slow() + " slow, " + plan.leaving() + " leaving, " + plan.malformed() + " malformed, "
                + plan.flooding() + " flooding");
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy = StormProxy.start(provider, plan.loops());
            try {
                storm(provider, proxy);
            } finally {
                proxy.close();
            }
            check("an exchange outlived the proxy", proxy.inFlight() == 0 && proxy.bufferedBytes() == 0);
        }
        if (counts.failed() > 0 || counts.sent.sum() != counts.allAnswered()) {
            complaints.add(counts.failed() + " clients were wronged; the first: " + counts.failures());
        }
        check("none of these: " + counts.missing(), counts.missing().isEmpty());
        complaints.forEach(complaint -> say("WRONG: " + complaint));
        say(complaints.isEmpty() ? "ok" : "failed");
        return complaints;
    }

    private void storm(SimulatedProvider provider, Slipstream proxy) {
        StormFigures start = StormFigures.atRest(proxy);
        say("start: " + start);
        List<Thread> threads = clients(provider, proxy.apiAddress());
        startNanos = System.nanoTime();
        threads.forEach(Thread::start);
        long nanos = plan.duration().toNanos();
        reportUntil(nanos / 4, proxy);
        StormFigures warm = rest("warm", provider, proxy, false);
        reportUntil(nanos / 2, proxy);
        rest("middle", provider, proxy, false);
        reportUntil(nanos, proxy);
        StormFigures end = rest("end", provider, proxy, true);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            check(thread.getName() + " hangs", !thread.isAlive());
        }
        compare(warm, end);
        check("no answer ever waited for its reader", waitedForReaders(proxy));
    }

    /** Whether slow clients were so slow that the provider was not read on. */
    private boolean waitedForReaders(Slipstream proxy) {
        try (StormClient client = new StormClient(proxy.adminAddress())) {
            client.send("GET /api/metrics/json HTTP/1.1\r\nhost: admin\r\n\r\n");
            String metrics = client.read(StormClient.Pace.FULL).body();
            return PAUSES.matcher(metrics).find();
        } catch (IOException e) {
            complaints.add("the admin listener does not answer: " + e);
            return true;
        }
    }

    private List<Thread> clients(SimulatedProvider provider, InetSocketAddress proxy) {
        ExpectedAnswers expected = new ExpectedAnswers(provider);
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<Thread> threads = new ArrayList<>();
        add(threads, plan.good(), new GoodClient(proxy, StormProxy.KEY, expected, counts), random);
        add(threads, plan.slow(), new SlowClient(proxy, StormProxy.KEY, expected, counts), random);
        add(threads, plan.leaving(), new LeavingClient(proxy, StormProxy.KEY, counts), random);
        add(threads, plan.malformed(), new MalformedClient(proxy, StormProxy.KEY, counts), random);
        add(threads, plan.flooding(), new FloodingClient(proxy, counts), random);
        return threads;
    }

    private void add(List<Thread> threads, int count, StormRole role, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            SplittableRandom own = random.split();
            Thread thread = new Thread(() -> lives(role, own), "storm-" + role.name() + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    private void lives(StormRole role, SplittableRandom random) {
        while (!over) {
            rest.readLock().lock();
            try {
                if (!over) {
                    role.live(random);
                }
            } catch (IOException | RuntimeException e) {
                if (role.mayFail(e)) {
                    continue;
                }
                counts.failed(role.name(), e);
            } finally {
                rest.readLock().unlock();
            }
        }
    }

    // ------------------------------------------------------------------ what is seen

    private void reportUntil(long untilNanos, Slipstream proxy) {
        long every = plan.reportEvery().toNanos();
        long floods = counts.invalidKeys.sum();
        long last = System.nanoTime();
        while (last - startNanos < untilNanos) {
            LockSupport.parkNanos(Math.min(every, untilNanos - (last - startNanos)));
            long now = System.nanoTime();
            long flooded = counts.invalidKeys.sum();
            double perSecond = (flooded - floods) / ((now - last) / 1e9);
            say(String.format(
                    Locale.ROOT, "%s; invalid keys %.0f/s; %s", progress(), perSecond, StormFigures.of(proxy)));
            floods = flooded;
            last = now;
        }
    }

    private String progress() {
        return (System.nanoTime() - startNanos) / 1_000_000_000L + " s: good requests sent " + counts.sent.sum()
                + ", answered " + counts.allAnswered() + " (" + counts.streamsAnswered.sum() + " streams, "
                + counts.slowDownloads.sum() + " read slowly, " + counts.slowUploads.sum() + " sent slowly), failed "
                + counts.failed() + "; left " + counts.left() + "; malformed " + counts.malformed.sum()
                + "; invalid keys " + counts.invalidKeys.sum() + " (" + counts.refusedUnread.sum()
                + " with large bodies)";
    }

    /** Lets the clients finish what they are at and looks at what is left. */
    private StormFigures rest(String when, SimulatedProvider provider, Slipstream proxy, boolean last) {
        rest.writeLock().lock();
        try {
            over |= last;
            quiet(when + ": client connections", () -> proxy.clientConnections() == 0);
            quiet(when + ": requests in flight", () -> proxy.inFlight() == 0);
            quiet(when + ": exchanges", () -> proxy.exchangesInUse() == 0);
            quiet(when + ": busy connections to the provider", () -> proxy.busyUpstreamConnections() == 0);
            quiet(when + ": requests at the provider", () -> provider.counters().active() == 0);
            quiet(when + ": body bytes", () -> proxy.bufferedBytes() == 0);
            StormFigures figures = StormFigures.atRest(proxy);
            say(when + ", at rest: " + progress() + "; " + figures);
            return figures;
        } finally {
            rest.writeLock().unlock();
        }
    }

    private void quiet(String what, BooleanSupplier none) {
        long start = System.nanoTime();
        while (!none.getAsBoolean()) {
            if (System.nanoTime() - start > QUIET_NANOS) {
                complaints.add(what + " are left over");
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void compare(StormFigures warm, StormFigures end) {
        StormPlan.Bounds bounds = plan.bounds();
        grew("resident memory", warm.rssBytes(), end.rssBytes(), bounds.rssBytes());
        grew("heap", warm.heapBytes(), end.heapBytes(), bounds.heapBytes());
        grew("direct memory", warm.directBytes(), end.directBytes(), bounds.directBytes());
        grew("descriptors", warm.descriptors(), end.descriptors(), bounds.descriptors());
    }

    private void grew(String what, long before, long after, long bound) {
        check(what + " grew from " + before + " to " + after + ", by more than " + bound, after - before <= bound);
    }

    private void check(String complaint, boolean fine) {
        if (!fine) {
            complaints.add(complaint);
        }
    }

    private void say(String line) {
        out.println("storm: " + line);
        out.flush();
    }
}
