package dev.slipstream.bench.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the threads of the loops allocate on the heap behind a warm-up, in a JVM of its own with the launcher's options;
 * provider and clients are in this one. The least of several windows counts: the compiler works on long after a warm-up,
 * and what a thread allocates in code that is not compiled yet is no garbage of a steady state.
 *
 * <p>{@code -Dgarbage.jvm.options="…"} adds options to the proxy's JVM, say an allocation profiler's.
 */
@DisplayName("The garbage of the loop threads")
@Tag("process")
@Tag("jdk25")
class GarbageTest {
    private static final int CONNECTIONS = 16;
    private static final int WARM_UP_REQUESTS = 20_000;
    private static final int WINDOWS = 5;
    private static final int WINDOW_REQUESTS = 2_000;
    private static final double MOST_BYTES_PER_REQUEST = 64;
    private static final double MOST_BYTES_PER_REQUEST_HTTP_2 = 3 * 1024;

    private static final int SHORT_STREAM = 100;
    private static final int LONG_STREAM = 1_100;
    /**
     * Below one byte: nothing is allocated for a chunk. It cannot be exactly 0, because once a second each loop has work
     * of its own (some 200 B), and that second is shared by some ten thousand chunks.
     */
    private static final double LESS_THAN_BYTES_PER_CHUNK = 1;

    private static final String READS = "slipstream_token_gap_seconds_count";
    private static final Pattern READY =
            Pattern.compile("slipstream ready api=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+) .*");

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("is at most 64 B for a request and nothing for a chunk")
    @Timeout(120)
    void ofRequestsAndChunks() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Command serve = serve(provider, "1.1")) {
            Matcher ready = ready(serve);
            int admin = Integer.parseInt(ready.group(2));
            try (Clients clients = new Clients(Integer.parseInt(ready.group(1)))) {
                long start = System.nanoTime();
                double request = request(clients, admin);
                figure("h1_request", request);
                assertTrue(request <= MOST_BYTES_PER_REQUEST, request + " B per request");

                stream(clients, admin, LONG_STREAM);
                List<Streams> few = new ArrayList<>();
                List<Streams> many = new ArrayList<>();
                for (int i = 0; i < WINDOWS; i++) {
                    few.add(stream(clients, admin, SHORT_STREAM));
                    many.add(stream(clients, admin, LONG_STREAM));
                }
                say("streams of " + SHORT_STREAM + " chunks: " + few + ", of " + LONG_STREAM + ": " + many + ", after "
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
                Streams fewest = Collections.min(few, Comparator.comparing(Streams::bytes));
                Streams least = Collections.min(many, Comparator.comparing(Streams::bytes));
                double each = (least.bytes() - fewest.bytes()) / (least.reads() - fewest.reads());
                figure("chunk", each);
                assertTrue(each < LESS_THAN_BYTES_PER_CHUNK, each + " B per chunk");
            }
        }
    }

    @Test
    @DisplayName("is at most 3 KB for a request that goes to its provider over HTTP/2")
    @Timeout(120)
    void ofRequestsOverHttp2() throws Exception {
        SimulatedProviderOptions http2 = SimulatedProviderOptions.defaults().withWire(ProviderWire.h2c());
        try (SimulatedProvider provider = SimulatedProvider.start(http2);
                Command serve = serve(provider, "h2c")) {
            Matcher ready = ready(serve);
            try (Clients clients = new Clients(Integer.parseInt(ready.group(1)))) {
                double request = request(clients, Integer.parseInt(ready.group(2)));
                figure("h2_request", request);
                assertTrue(request <= MOST_BYTES_PER_REQUEST_HTTP_2, request + " B per request");
            }
        }
    }

    private static Matcher ready(Command serve) {
        Matcher ready = READY.matcher(serve.out().get(0));
        assertTrue(ready.matches(), serve.toString());
        return ready;
    }

    /** Bytes for each, behind a warm-up: the least of the windows. */
    private static double request(Clients clients, int admin) throws Exception {
        long start = System.nanoTime();
        clients.each(WARM_UP_REQUESTS / CONNECTIONS, chat(false, "tokens=16"));
        double[] requests = new double[WINDOWS];
        for (int i = 0; i < WINDOWS; i++) {
            double before = allocated(admin);
            clients.each(WINDOW_REQUESTS / CONNECTIONS, chat(false, "tokens=16"));
            requests[i] = (allocated(admin) - before) / WINDOW_REQUESTS;
        }
        say("bytes per request: " + Arrays.toString(requests) + ", after " + (System.nanoTime() - start) / 1_000_000
                + " ms");
        return Arrays.stream(requests).min().orElseThrow();
    }

    /**
     * Streams that ran at one time, one on each connection.
     *
     * @param bytes what the loops allocated
     * @param reads reads of the proxy that brought a chunk
     */
    private record Streams(double bytes, double reads) {}

    private static Streams stream(Clients clients, int admin, int chunks) throws Exception {
        double gaps = figure(admin, READS);
        double before = allocated(admin);
        clients.each(1, chat(true, "tokens=" + chunks + " gap=500us"));
        double bytes = allocated(admin) - before;
        // Events that one read completed are one gap: that many reads there were, and few had more than one chunk.
        double reads = figure(admin, READS) - gaps;
        assertTrue(reads >= CONNECTIONS * chunks / 2.0, reads + " reads of " + CONNECTIONS * chunks + " chunks");
        return new Streams(bytes, reads);
    }

    /** @param http as the provider's setting has it */
    private Command serve(SimulatedProvider provider, String http) throws IOException {
        Files.writeString(directory.resolve("test.yaml"), """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                keys: [ { name: test, key: %s } ]
                providers:
                  sim: { base_url: "%s", dialect: openai, api_key: sk-provider, http: %s }
                  other: { base_url: "http://127.0.0.1:1", dialect: anthropic, pool: { warm: 0 } }
                models:
                  # That another dialect's provider could be asked costs nothing as long as nobody asks it.
                  - name: demo
                    targets: [ { provider: sim, model: of-the-provider }, { provider: other } ]
                """.formatted(Clients.KEY, provider.openAiBaseUrl(), http));
        String more = System.getProperty("garbage.jvm.options", "");
        List<String> options = more.isEmpty() ? List.of() : List.of(more.split(" "));
        Command serve = Command.startAsLaunched(options, directory, "serve", "--config", "test.yaml");
        serve.awaitOut(1);
        return serve;
    }

    private static String chat(boolean stream, String directives) {
        return "{\"model\":\"demo\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"[["
                + directives + "]]\"}]}";
    }

    private static void say(String what) {
        System.out.println("garbage: " + what);
    }

    /** As {@code scripts/validate-resources} reads it. */
    private static void figure(String name, double bytes) {
        say(String.format(Locale.ROOT, "figure %s %.3f", name, bytes));
    }

    private static double allocated(int admin) throws IOException {
        return figure(admin, "slipstream_loop_allocated_bytes");
    }

    /** The sum over all labels. */
    private static double figure(int admin, String name) throws IOException {
        try (RawClient client = new RawClient(admin)) {
            RawMessage answer = client.get("/metrics", "");
            assertEquals(200, answer.status());
            return answer.text()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    @DisplayName("is measured with the options that the launcher gives")
    void options() throws IOException {
        String launcher = Files.readString(ProjectRoot.path().resolve("scripts/slipstream"));
        for (String option : Command.launcherOptions()) {
            assertTrue(launcher.contains(option), option);
        }
        Matcher options = Pattern.compile("^ *(?:options=|options\\+=)\\((-[^)$]*)\\)", Pattern.MULTILINE)
                .matcher(launcher);
        List<String> given = new ArrayList<>();
        while (options.find()) {
            given.addAll(List.of(options.group(1).trim().split("\\s+")));
        }
        assertTrue(given.size() >= 8, given.toString());
        given.removeAll(Command.OPTIONS_SINCE_24);
        assertTrue(Command.launcherOptions().containsAll(given), given.toString());
    }

    /** Connections that are kept, each with a thread. */
    private static final class Clients implements AutoCloseable {
        static final String KEY = "sk-slip-garbage-0001";
        private static final long LIMIT_SECONDS = 60;

        private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        private final List<RawClient> clients = new ArrayList<>();

        Clients(int port) {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new RawClient(port));
            }
        }

        /** Sends {@code body} {@code times} times on each connection, and waits for all answers. */
        void each(int times, String body) throws Exception {
            List<Future<?>> all = new ArrayList<>();
            for (RawClient client : clients) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < times; i++) {
                        RawMessage answer =
                                client.post("/v1/chat/completions", "authorization: Bearer " + KEY + "\r\n", body);
                        assertEquals(200, answer.status(), answer::text);
                    }
                    return 0;
                }));
            }
            for (Future<?> each : all) {
                each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }

        @Override
        public void close() {
            threads.shutdownNow();
            clients.forEach(RawClient::close);
        }
    }
}
