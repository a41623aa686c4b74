package dev.slipstream.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy in a process of its own, with the options of the launcher, and more asked of it than it has memory for. */
@DisplayName("Direct memory")
@Tag("process")
class DirectMemoryTest {
    private static final Pattern PORTS =
            Pattern.compile("slipstream ready api=127\\.0\\.0\\.1:(\\d+) admin=127\\.0\\.0\\.1:(\\d+) .*");
    private static final String OVERLOADED = "slipstream_failures_total{kind=\"overloaded\"}";
    private static final double UNKNOWN = -1;
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    private Path directory = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<RawClient> streams = new ArrayList<>();

    @AfterEach
    void close() {
        threads.shutdownNow();
        streams.forEach(RawClient::close);
    }

    private void write(SimulatedProvider provider, EndlessProvider endless, String sections) throws IOException {
        Files.writeString(
                directory.resolve("test.yaml"),
                """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                runtime: { loops: 2 }
                providers:
                  sim: { base_url: "%s", dialect: openai }
                  sim-anthropic: { base_url: "%s", dialect: anthropic }
                  endless: { base_url: "%s", dialect: openai, pool: { max_connections: 255, warm: 0 } }
                models:
                  - name: demo
                    targets: [ { provider: sim }, { provider: sim-anthropic } ]
                  - name: endless
                    targets: [ { provider: endless } ]
                """.formatted(provider.openAiBaseUrl(), provider.anthropicBaseUrl(), endless.baseUrl()) + sections);
    }

    private Command serve(long mib) throws IOException {
        return serve("-XX:MaxDirectMemorySize=" + mib + "m");
    }

    private Command serve(String limit) throws IOException {
        Command serve = Command.startWith(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        limit,
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-Dio.netty.tryReflectionSetAccessible=true",
                        "-Dio.netty.leakDetection.level=paranoid",
                        "-Dio.netty.leakDetection.targetRecords=0"),
                Command.SERVER_MAIN,
                directory,
                "serve",
                "--config",
                "test.yaml");
        serve.awaitOut(1);
        return serve;
    }

    private static int port(Command serve, int group) {
        Matcher ready = PORTS.matcher(serve.out().get(0));
        assertTrue(ready.matches(), serve.toString());
        return Integer.parseInt(ready.group(group));
    }

    /** UNKNOWN where it could not be had. */
    private static double metric(Command serve, String sample) {
        try (RawClient admin = new RawClient(port(serve, 2))) {
            String text = admin.get("/metrics", "accept: text/plain\r\n").text();
            return text.lines()
                    .filter(line -> line.startsWith(sample + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException withoutMemory) {
            // Where there is none at all, the admin listener has none either.
            return UNKNOWN;
        }
    }

    private static String chat(String directives) {
        return "{\"model\":\"demo\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"[[" + directives
                + "]] hi\"}]}";
    }

    /** An endless stream whose client takes nothing of it. */
    private void beginEndlessStream(Command serve) throws IOException {
        RawClient client = new RawClient(port(serve, 1), 4 * KIB);
        streams.add(client);
        client.send(
                "POST",
                "/v1/chat/completions",
                "content-type: application/json\r\n",
                chat("").replace("demo", "endless").getBytes(UTF_8));
    }

    /** What came of the requests that had an answer. */
    private static final class Seen {
        final AtomicInteger served = new AtomicInteger();
        final AtomicInteger overloaded = new AtomicInteger();
        final AtomicInteger overloadedAnthropic = new AtomicInteger();
        final AtomicInteger brokenOff = new AtomicInteger();

        void add(RawMessage answer) {
            switch (answer.status()) {
                case 200 -> served.incrementAndGet();
                case 503 -> {
                    assertEquals("overloaded", answer.field("x-slipstream-error"));
                    overloaded.incrementAndGet();
                }
                case 529 -> {
                    assertTrue(answer.text().contains("overloaded_error"), answer.text());
                    overloadedAnthropic.incrementAndGet();
                }
                default -> throw new AssertionError(answer.status() + " " + answer.text());
            }
        }

        @Override
        public String toString() {
            return "served " + served + ", 503 " + overloaded + ", 529 " + overloadedAnthropic + ", broken off "
                    + brokenOff;
        }
    }

    /** Of half a megabyte, and its model comes last. */
    private static byte[] largeBody() {
        return ("{\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"[[tokens=2]] " + "x".repeat(MIB / 2)
                        + "\"}],\"model\":\"demo\"}")
                .getBytes(UTF_8);
    }

    private static void post(Command serve, String path, byte[] body, Seen seen) {
        try (RawClient client = new RawClient(port(serve, 1))) {
            seen.add(client.post(path, "", body));
        } catch (IOException | UncheckedIOException cutOff) {
            // An early answer may be lost to the reset behind it, with so much unread.
            seen.brokenOff.incrementAndGet();
        }
    }

    /** Large uploads by so many clients at once, for a while. */
    private Seen upload(Command serve, int clients) throws Exception {
        Seen seen = new Seen();
        byte[] body = largeBody();
        List<Future<?>> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            String path = i % 4 == 0 ? "/v1/messages" : "/v1/chat/completions";
            all.add(threads.submit(() -> {
                while (System.nanoTime() - start < LOAD_NANOS) {
                    post(serve, path, body, seen);
                }
            }));
        }
        for (Future<?> each : all) {
            each.get(30, TimeUnit.SECONDS);
        }
        return seen;
    }

    /** However fast it is: uploads that do not end take all of {@code limits.held_total}. */
    private void fillHeldTotal(Command serve, Seen seen) {
        for (int i = 0; i < 6; i++) {
            beginUpload(serve);
        }
        byte[] body = largeBody();
        until("uploads are refused", () -> {
            post(serve, "/v1/chat/completions", body, seen);
            post(serve, "/v1/messages", body, seen);
            return seen.overloaded.get() > 0 && seen.overloadedAnthropic.get() > 0;
        });
    }

    /** One of half a megabyte, but for its last bytes, and with them its model; or as much as is taken of it. */
    private void beginUpload(Command serve) {
        RawClient client = new RawClient(port(serve, 1));
        synchronized (streams) {
            streams.add(client);
        }
        try {
            client.send(
                    "POST",
                    "/v1/chat/completions",
                    "content-type: application/json\r\ncontent-length: " + MIB + "\r\n",
                    new byte[0]);
            client.sendMore(("{\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(MIB / 2)).getBytes(UTF_8));
        } catch (IOException refused) {
            // It has been answered, and was cut off behind that.
        }
    }

    /** One small request of each dialect. */
    private static void ask(Command serve, Seen seen) {
        byte[] body = chat("tokens=5")
                .replace("{\"model", "{\"max_tokens\":5,\"model")
                .getBytes(UTF_8);
        post(serve, "/v1/chat/completions", body, seen);
        post(serve, "/v1/messages", body, seen);
    }

    private static String memory(Command serve) {
        return List.of(
                        "slipstream_in_flight",
                        "slipstream_buffered_bytes",
                        "slipstream_direct_memory_bytes",
                        "slipstream_direct_memory_limit_bytes",
                        OVERLOADED)
                .stream()
                .map(each -> each + " " + metric(serve, each))
                .toList()
                .toString();
    }

    /** What threads keep for the next time is given back while more than half of the limit is in use. */
    private static void memoryIsBack(Command serve) {
        double limit = metric(serve, "slipstream_direct_memory_limit_bytes");
        Await.until(
                () -> "memory is back; " + memory(serve),
                () -> metric(serve, "slipstream_direct_memory_bytes") <= limit / 2);
    }

    private void everybodyLeaves(Command serve) {
        streams.forEach(RawClient::close);
        streams.clear();
        until("no request is in flight", () -> metric(serve, "slipstream_in_flight") == 0);
        until("nothing is buffered", () -> metric(serve, "slipstream_buffered_bytes") == 0);
    }

    private static void everythingIsServed(Command serve) {
        until("a request is served again", () -> statusOf(serve) == 200);
        for (int i = 0; i < 20; i++) {
            assertEquals(200, statusOf(serve));
        }
    }

    private static int statusOf(Command serve) {
        try (RawClient client = new RawClient(port(serve, 1))) {
            return client.post("/v1/chat/completions", "", chat("tokens=5")).status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean says(Command serve, String part) {
        return serve.err().stream().anyMatch(line -> line.contains(part));
    }

    /** The kernel's queues fill first, a few hundred MiB of them. */
    private static void until(String what, BooleanSupplier condition) {
        Await.until(TimeUnit.SECONDS.toNanos(60), () -> what, condition);
    }

    @Test
    @DisplayName("as the configuration's sums have it never runs out: 503 before, and all is served and free behind")
    void computed() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                EndlessProvider endless = new EndlessProvider()) {
            write(
                    provider,
                    endless,
                    "limits: { connections: 90, in_flight: 60, held_body: 1MiB, held_total: 3MiB,"
                            + " replay: 64KiB, replay_total: 1MiB, stream_buffer: 16KiB }\n");
            // As the launcher says it: at most. The sum of the bounds is less, and is the limit.
            try (Command serve = serve("-Dslipstream.directMemoryMiB=4096")) {
                long mib = (long) metric(serve, "slipstream_direct_memory_limit_bytes") / MIB;
                assertTrue(mib > 50 && mib < 1024, () -> "limit " + mib + " MiB");
                double afterFirst = 0;
                for (int round = 0; round < 2; round++) {
                    for (int i = 0; i < 30; i++) {
                        beginEndlessStream(serve);
                    }
                    until(
                            "the streams wait for their readers",
                            () -> metric(serve, "slipstream_buffered_bytes") > 30 * 8 * KIB);
                    Seen seen = upload(serve, 24);
                    fillHeldTotal(serve, seen);
                    double used = metric(serve, "slipstream_direct_memory_bytes");
                    System.out.println("limit " + mib + " MiB, used " + (long) used / MIB + " MiB; " + seen);
                    assertTrue(seen.served.get() > 0, seen::toString);
                    assertTrue(metric(serve, OVERLOADED) > 0, "counted");
                    assertTrue(used > 0 && used <= mib * MIB, "used " + used);
                    everybodyLeaves(serve);
                    everythingIsServed(serve);
                    double behind = metric(serve, "slipstream_direct_memory_bytes");
                    if (round == 0) {
                        afterFirst = behind;
                    } else {
                        assertTrue(behind <= afterFirst + 8 * MIB, behind + " behind the second, " + afterFirst);
                    }
                }
                assertTrue(!says(serve, "OutOfDirectMemory") && !says(serve, "exhausted"), serve.toString());
                assertTrue(!says(serve, "LEAK"), serve.toString());
                serve.signal("TERM");
                assertEquals(0, serve.exitCode(), serve.toString());
            }
        }
    }

    /**
     * Nobody asks the admin listener before the memory has run out: what it needs for its first answer must be there.
     * Streams fill one after the other, so that the kernel's queues of a few are all that must fill first.
     */
    @Test
    @DisplayName("that is far too small costs the connections that need more, and the process lives on")
    void tooSmall() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                EndlessProvider endless = new EndlessProvider()) {
            write(provider, endless, "limits: { stream_buffer: 512KiB }\n");
            try (Command serve = serve(16)) {
                for (int i = 0; i < 60; i++) {
                    beginEndlessStream(serve);
                }
                until("memory runs out", () -> says(serve, "OutOfDirectMemoryError"));
                assertTrue(metric(serve, "slipstream_in_flight") > 0, () -> "unknown, or none goes on; " + serve);
                assertTrue(serve.isAlive(), serve.toString());
                Await.until(
                        "who is given up is gone, with all that waited for its reader",
                        () -> metric(serve, "slipstream_client_connections") == metric(serve, "slipstream_in_flight"));
                // A stream takes 700 KiB at most. Fewer than half of those that fit: others were given up without need.
                double goOn = metric(serve, "slipstream_in_flight");
                assertTrue(goOn >= 10, () -> goOn + " streams go on");
                Seen seen = new Seen();
                until("new requests are refused before they cost anything", () -> {
                    ask(serve, seen);
                    return seen.overloaded.get() >= 3;
                });
                System.out.println("16 MiB: go on " + goOn + ", failed " + metric(serve, OVERLOADED) + "; " + seen);
                everybodyLeaves(serve);
                everythingIsServed(serve);
                memoryIsBack(serve);
                assertTrue(!says(serve, "LEAK") && !says(serve, "a bug"), serve.toString());
                serve.signal("TERM");
                assertEquals(0, serve.exitCode(), serve.toString());
            }
        }
    }

    /**
     * Unread answers wait, each between its low and its high mark; then uploads come that all are held, for their model
     * comes last, and none of them ends: 50 MiB, which the budget for held bodies (64 MiB) would take.
     */
    @Test
    @DisplayName("that is smaller than the sums is refused at seven eighths, before any allocation fails")
    void gate() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                EndlessProvider endless = new EndlessProvider()) {
            write(provider, endless, "limits: { stream_buffer: 1MiB }\n");
            try (Command serve = serve(48)) {
                for (int i = 0; i < 8; i++) {
                    beginEndlessStream(serve);
                }
                Await.until(
                        () -> "the streams wait for their readers; " + memory(serve),
                        () -> metric(serve, "slipstream_buffered_bytes") > 8 * MIB / 2);
                assertEquals(0, metric(serve, OVERLOADED));
                Seen seen = new Seen();
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    all.add(threads.submit(() -> {
                        for (int upload = 0; upload < 25; upload++) {
                            beginUpload(serve);
                            ask(serve, seen);
                        }
                    }));
                }
                for (Future<?> each : all) {
                    each.get(30, TimeUnit.SECONDS);
                }
                double used = metric(serve, "slipstream_direct_memory_bytes");
                System.out.println("48 MiB: used " + (long) used / MIB + " MiB, refused " + metric(serve, OVERLOADED)
                        + "; " + seen);
                assertTrue(seen.overloaded.get() > 0, seen::toString);
                assertTrue(seen.overloadedAnthropic.get() > 0, seen::toString);
                assertEquals(0, seen.brokenOff.get(), seen::toString);
                assertTrue(metric(serve, OVERLOADED) >= seen.overloaded.get() + seen.overloadedAnthropic.get());
                assertTrue(used < 48 * MIB, "used " + used);
                everybodyLeaves(serve);
                everythingIsServed(serve);
                memoryIsBack(serve);
                assertTrue(!says(serve, "OutOfDirectMemory") && !says(serve, "exhausted"), serve.toString());
                assertTrue(!says(serve, "LEAK") && !says(serve, "a bug"), serve.toString());
                serve.signal("TERM");
                assertEquals(0, serve.exitCode(), serve.toString());
            }
        }
    }
}
