package dev.slipstream.bench.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A proxy with few file descriptors")
@Tag("process")
class DescriptorsTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final String PATH = "/v1/chat/completions";

    @TempDir
    private Path directory = Path.of("");

    private final List<Client> clients = new ArrayList<>();
    private final SimulatedProvider provider;

    DescriptorsTest() throws IOException {
        provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
    }

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    }

    @AfterEach
    void close() throws IOException {
        leave();
        provider.close();
    }

    private void leave() throws IOException {
        for (Client client : clients) {
            client.close();
        }
        clients.clear();
    }

    private Client join(ForkedProxy proxy) throws IOException {
        Client client = proxy.client();
        clients.add(client);
        return client;
    }

    private String yaml(String pool) {
        return """
                runtime: { loops: 1 }
                pool: { warm: 0%s }
                providers:
                  sim: { base_url: "%s", dialect: openai }
                  gone: { base_url: "http://127.0.0.1:1/v1", dialect: openai }
                models:
                  - { name: m, targets: [ { provider: sim } ] }
                  - { name: lost, targets: [ { provider: gone } ] }
                """.formatted(pool, provider.openAiBaseUrl());
    }

    @Test
    @DisplayName("takes as many clients as it has descriptors for, each with a connection to the provider, and says so")
    void boundsItsClients() throws IOException {
        try (ForkedProxy proxy = new ForkedProxy(directory, "ulimit -n 256;", yaml(""))) {
            int room = Math.toIntExact(proxy.metric("slipstream_client_connections_limit"));
            assertTrue(room > 10 && room < 128, "room for " + room);
            assertEquals(1, proxy.logged("room for " + room + " clients"), proxy.command::toString);
            for (int i = 0; i < room; i++) {
                join(proxy).send(PATH, Client.chat("delay=60s", i % 2 == 0));
            }
            House.until("all are at the provider", () -> provider.counters().active() == room);
            try (Client tooMany = proxy.client()) {
                assertEquals(-1, tooMany.read(new byte[1]));
            }
            assertEquals(room, proxy.metric("slipstream_client_connections"));
            assertEquals(0, proxy.metric("slipstream_accept_failures_total"));
            leave();
            House.until("they are gone", () -> provider.counters().active() == 0);
            House.until("there is room", () -> isServed(proxy));
        }
    }

    private static boolean isServed(ForkedProxy proxy) {
        try (Client client = proxy.client()) {
            return client.chat("tokens=2").status() == 200;
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    @DisplayName("that has none left pauses accepting, fails by name, shows its metrics, and serves again")
    void hasNoneLeft() throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "there is no " + PRLIMIT);
        try (ForkedProxy proxy = new ForkedProxy(directory, "", yaml(""))) {
            // A proxy that has lived: what has to be loaded from files is.
            Client first = join(proxy);
            assertEquals(200, first.chat("tokens=2").status());
            assertEquals(
                    502,
                    first.post(PATH, Client.chat("", false).replace("\"m\"", "\"lost\""))
                            .status());
            assertEquals(0, proxy.metric("slipstream_accept_failures_total"));
            long pid = proxy.command.pid();
            leaveFree(pid, 3);
            for (int i = 0; i < 40; i++) {
                join(proxy);
            }
            proxy.command.awaitErr("could not be accepted");
            // The connection to the provider is taken, and there is no descriptor for another.
            first.send(PATH, Client.chat("delay=60s", false));
            House.until("the provider has it", () -> provider.counters().active() == 1);
            Client.Answer refused = clients.get(1).post(PATH, Client.chat("", false));
            assertEquals(502, refused.status());
            assertEquals("upstream_unreachable", refused.field("x-slipstream-error"));
            assertTrue(refused.text().contains("could not be reached"), refused::text);

            long failures = proxy.metric("slipstream_accept_failures_total");
            long start = System.nanoTime();
            assertTrue(failures >= 1);
            House.until("2 s have passed", () -> System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2));
            long later = proxy.metric("slipstream_accept_failures_total");
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + 1;
            assertTrue(later - failures <= seconds, "it spins: " + failures + ", then " + later);
            assertEquals(1, proxy.logged("a client could not be accepted"), proxy.command::toString);

            leave();
            House.until("the provider is left", () -> provider.counters().active() == 0);
            House.until("clients are served", () -> isServed(proxy));
        }
    }

    /** Lowers what the process may have open, so that it can open {@code free} more. */
    private static void leaveFree(long pid, int free) throws Exception {
        List<Integer> open;
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            open = all.map(each -> Integer.parseInt(each.getFileName().toString()))
                    .toList();
        }
        int limit = 0;
        for (int left = free; left > 0; limit++) {
            if (!open.contains(limit)) {
                left--;
            }
        }
        Process prlimit = new ProcessBuilder(PRLIMIT.toString(), "--pid", Long.toString(pid), "--nofile=" + limit + ":")
                .inheritIO()
                .start();
        assertEquals(0, prlimit.waitFor());
    }
}
