package dev.slipstream.bench.macro;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Thousands of connections that do nothing, half of them silent from the start, half behind one answer, at a proxy in a
 * process of its own: within {@code limits.connections}, beyond it, of one address beyond its limit, and at the idle
 * limits. Good clients must be served where there is room, and the admin listener must always answer.
 */
public final class IdleConnections {
    private static final int HOSTS = 8;
    /** The address whose limit is crossed. */
    private static final int GREEDY_HOST = 100;
    /** Room for good clients. */
    private static final int ROOM = 8;

    private static final int BEYOND = 50;
    private static final int DESCRIPTORS = 16;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final StormRequest GOOD = new StormRequest(Dialect.OPENAI, true, 4, "", 0);

    private final int count;
    private final PrintWriter out;
    private final SimulatedProvider provider;
    private final ExpectedAnswers expected;
    private final List<String> complaints = new ArrayList<>();

    private IdleConnections(int count, PrintWriter out, SimulatedProvider provider) {
        this.count = count;
        this.out = out;
        this.provider = provider;
        this.expected = new ExpectedAnswers(provider);
    }

    /** What the proxy's process holds, its garbage collected. */
    private record Held(long rssBytes, double heapBytes, long descriptors) {
        static Held by(ProxyProcess proxy) throws IOException {
            proxy.collectGarbage();
            return new Held(
                    proxy.residentBytes(), proxy.metric("jvm_memory_used_bytes{area=\"heap\"}"), proxy.descriptors());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "rss %.1f MiB, heap %.1f MiB, descriptors %d",
                    rssBytes / 1048576.0,
                    heapBytes / 1048576.0,
                    descriptors);
        }
    }

    /**
     * Opens connections, looks, and prints.
     *
     * @param count how many are idle at once; this process and the proxy's need as many descriptors, and some more
     * @return what was wrong; empty if nothing was
     */
    public static List<String> run(int count, PrintWriter out) throws IOException {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            IdleConnections idle = new IdleConnections(count, out, provider);
            idle.heldForLong();
            idle.closedInTime();
            idle.complaints.forEach(complaint -> idle.say("WRONG: " + complaint));
            return idle.complaints;
        }
    }

    private ProxyProcess start(int connections, int perAddress, String idle) throws IOException {
        return ProxyProcess.start(
                """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                runtime: { loops: 2, warm_up: false }
                keys: [ { name: storm, key: %s } ]
                limits: { connections: %d, connections_per_address: %d }
                timeouts: { header: %s, client_idle: %s }
                providers:
                  one: { base_url: "%s", dialect: openai }
                models: [ { name: "*", targets: [ { provider: one } ] } ]
                """.formatted(StormProxy.KEY, connections, perAddress, idle, idle, provider.openAiBaseUrl()));
    }

    private void heldForLong() throws IOException {
        int each = count / HOSTS;
        try (ProxyProcess proxy = start(each * HOSTS + ROOM, each + BEYOND, "10m");
                IdleClients clients = new IdleClients(proxy.api())) {
            good(proxy);
            Held before = Held.by(proxy);
            say("before: " + before);
            long start = System.nanoTime();
            int served = flood(proxy, clients, each);
            double seconds = (System.nanoTime() - start) / 1e9;
            say(String.format(
                    Locale.ROOT,
                    "%d connections in %.2f s, %.0f a second; %d good requests on new connections meanwhile",
                    clients.count(),
                    seconds,
                    clients.count() / seconds,
                    served));
            Held with = Held.by(proxy);
            say("with " + clients.count() + " idle: " + with);
            say(String.format(
                    Locale.ROOT,
                    "an idle connection holds %.0f B of resident memory, %.0f B of heap of them",
                    (with.rssBytes - before.rssBytes) / (double) clients.count(),
                    (with.heapBytes - before.heapBytes) / clients.count()));
            good(proxy);
            beyondTheLimit(proxy, clients);
            check("an idle connection was closed", clients.look().ended() == 0);
            clients.leave(clients.count());
            awaitConnections(proxy, 0);
            returned("when all have left", proxy, before);
            beyondTheLimitOfOneAddress(proxy, clients, each + BEYOND);
        }
    }

    /** Opens them all while good clients come and go. @return how many good requests were served meanwhile */
    private int flood(ProxyProcess proxy, IdleClients clients, int each) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger served = new AtomicInteger();
        List<String> wronged = new ArrayList<>();
        Thread good = new Thread(
                () -> {
                    while (!over.get() && wronged.isEmpty()) {
                        try {
                            good(proxy);
                            served.incrementAndGet();
                        } catch (IOException e) {
                            wronged.add(e.toString());
                        }
                    }
                },
                "storm-good");
        good.setDaemon(true);
        good.start();
        for (int host = 1; host <= HOSTS; host++) {
            clients.open(each, host, host % 2 == 0);
        }
        over.set(true);
        try {
            good.join(TimeUnit.NANOSECONDS.toMillis(LIMIT_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        check("a good client hangs in a flood of connections", !good.isAlive());
        check("in a flood of connections: " + wronged, wronged.isEmpty());
        int answers = 0;
        long start = System.nanoTime();
        while (answers < clients.count() / 2 && System.nanoTime() - start < LIMIT_NANOS) {
            answers += clients.look().answers();
        }
        check(answers + " of " + clients.count() / 2 + " were answered", answers == clients.count() / 2);
        awaitConnections(proxy, clients.count());
        return served.get();
    }

    private void beyondTheLimit(ProxyProcess proxy, IdleClients clients) throws IOException {
        int held = clients.count();
        // The good client that was just served may still be counted.
        awaitConnections(proxy, held);
        clients.open(ROOM, 1, false);
        awaitConnections(proxy, held + ROOM);
        try (IdleClients late = new IdleClients(proxy.api())) {
            late.open(BEYOND, 2, true);
            awaitEnded(late, BEYOND);
        }
        check("a client beyond the limit was served", !isServed(proxy));
        check("a connection within the limit was closed", clients.look().ended() == 0);
        adminAnswers(proxy);
        clients.leave(1);
        awaitConnections(proxy, held + ROOM - 1);
        good(proxy);
        say(BEYOND + " beyond the limit of " + (held + ROOM) + " were closed at once, the admin answered,"
                + " and a good client was served when one had left");
    }

    private void beyondTheLimitOfOneAddress(ProxyProcess proxy, IdleClients clients, int limit) throws IOException {
        clients.open(limit + BEYOND, GREEDY_HOST, false);
        awaitEnded(clients, BEYOND);
        awaitConnections(proxy, limit);
        good(proxy);
        adminAnswers(proxy);
        clients.leave(clients.count());
        awaitConnections(proxy, 0);
        say(BEYOND + " of one address beyond its limit of " + limit + " were closed at once, others were served");
    }

    private void closedInTime() throws IOException {
        try (ProxyProcess proxy = start(0, 0, "1s");
                IdleClients clients = new IdleClients(proxy.api())) {
            good(proxy);
            awaitConnections(proxy, 0);
            Held before = Held.by(proxy);
            for (int host = 1; host <= HOSTS; host++) {
                clients.open(count / HOSTS, host, host % 2 == 0);
            }
            int opened = clients.count();
            awaitEnded(clients, opened);
            awaitConnections(proxy, 0);
            good(proxy);
            returned("when all were closed for being idle", proxy, before);
            say(opened + " idle connections were closed at their limits");
        }
    }

    private void returned(String when, ProxyProcess proxy, Held before) throws IOException {
        Held after = Held.by(proxy);
        say(when + ": " + after);
        long more = after.descriptors - before.descriptors;
        check(when + " there were " + more + " descriptors more", more <= DESCRIPTORS);
    }

    /** One request on a connection of its own, its answer whole. */
    private void good(ProxyProcess proxy) throws IOException {
        try (StormClient client = new StormClient(proxy.api())) {
            client.send(GOOD.bytes(StormProxy.KEY));
            expected.check(GOOD, client.read(StormClient.Pace.FULL));
        }
    }

    private boolean isServed(ProxyProcess proxy) {
        try {
            good(proxy);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void adminAnswers(ProxyProcess proxy) throws IOException {
        try (StormClient client = new StormClient(proxy.admin())) {
            client.send("GET /health HTTP/1.1\r\nhost: admin\r\n\r\n");
            int status = client.read(StormClient.Pace.FULL).status();
            if (status != 200) {
                throw new IOException("the admin listener answered with " + status);
            }
        }
    }

    /** By the proxy's own count, asked for at its admin listener. */
    private void awaitConnections(ProxyProcess proxy, int wanted) throws IOException {
        long start = System.nanoTime();
        double connections = proxy.metric("slipstream_client_connections");
        while (connections != wanted && System.nanoTime() - start < LIMIT_NANOS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            connections = proxy.metric("slipstream_client_connections");
        }
        check(connections + " connections, not " + wanted, connections == wanted);
    }

    private void awaitEnded(IdleClients clients, int wanted) throws IOException {
        long start = System.nanoTime();
        int ended = clients.look().ended();
        while (ended < wanted && System.nanoTime() - start < LIMIT_NANOS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            ended += clients.look().ended();
        }
        check(ended + " connections were closed, not " + wanted, ended == wanted);
    }

    private void check(String complaint, boolean fine) {
        if (!fine) {
            complaints.add(complaint);
        }
    }

    private void say(String line) {
        out.println("idle connections: " + line);
        out.flush();
    }
}
