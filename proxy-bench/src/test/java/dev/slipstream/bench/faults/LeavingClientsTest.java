package dev.slipstream.bench.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import dev.slipstream.boot.Slipstream;
import dev.slipstream.config.TransportKind;
import dev.slipstream.loop.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("jdk25")
class LeavingClientsTest {
    private static final int CLIENTS = 1000;
    private static final int THREADS = 8;
    private static final String PATH = "/v1/chat/completions";

    /** Where a client is when it leaves. */
    private enum Moment {
        IN_HEAD,
        IN_SMALL_BODY,
        IN_LARGE_BODY,
        WAITING,
        WAITING_FOR_A_STREAM,
        IN_STREAM,
        AT_ANY_TIME,
        NEVER
    }

    private static String sections(TransportKind transport) {
        try {
            Transport.choose(transport);
        } catch (IllegalStateException absent) {
            Assumptions.abort(String.valueOf(absent.getMessage()));
        }
        String name = switch (transport) {
            case AUTO -> "auto";
            case EPOLL -> "epoll";
            case IO_URING -> "io_uring";
            case NIO -> "nio";
        };
        return "runtime: { loops: 2, transport: " + name + " }\npool: { max_connections: 64 }\n";
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO", "IO_URING"})
    void nothingIsLeftOfAThousandClientsThatLeaveAtRandomMoments(TransportKind transport) throws Exception {
        String sections = sections(transport);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults())) {
            Slipstream proxy = House.start(provider.anthropicBaseUrl(), sections);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    SplittableRandom own = random.split();
                    all.add(threads.submit(() -> {
                        live(proxy, own);
                        return 0;
                    }));
                }
                for (Future<?> each : all) {
                    each.get(20, TimeUnit.SECONDS);
                }
                House.awaitQuiet(proxy);
                House.until("no client is connected", () -> proxy.clientConnections() == 0);
                House.until(
                        "the provider answers nobody", () -> provider.counters().active() == 0);
                assertTrue(provider.counters().cancelled() > CLIENTS / 8, () -> String.valueOf(provider.counters()));
                try (Client after = new Client(proxy.apiAddress())) {
                    assertEquals(200, after.chat("tokens=3").status());
                }
            } finally {
                House.closeAndAudit(proxy);
            }
            House.until(
                    "the provider has no connection", () -> provider.counters().openConnections() == 0);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void live(Slipstream proxy, SplittableRandom random) throws IOException {
        Client client = new Client(proxy.apiAddress());
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        try {
            switch (moment) {
                case IN_HEAD -> {
                    String head = Client.head(PATH, 10);
                    client.out.write(
                            head.substring(0, random.nextInt(head.length())).getBytes(ISO_8859_1));
                }
                case IN_SMALL_BODY -> sendPart(client, 2_000, random);
                case IN_LARGE_BODY -> sendPart(client, 300_000, random);
                case WAITING -> client.send(PATH, Client.chat("delay=60s", false));
                case WAITING_FOR_A_STREAM -> client.send(PATH, Client.chat("delay=60s", true));
                case IN_STREAM -> {
                    client.send(PATH, Client.chat("tokens=100000 gap=1ms", true));
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        assertTrue(client.read(new byte[1 + random.nextInt(2_000)]) > 0);
                    }
                }
                case AT_ANY_TIME ->
                    client.send(
                            PATH,
                            Client.chat("delay=2ms gap=200us tokens=" + random.nextInt(30), random.nextBoolean()));
                case NEVER -> assertEquals(200, client.chat("tokens=5").status());
            }
            LockSupport.parkNanos(random.nextInt(4_000_000));
        } catch (IOException refusedOrAnswered) {
            // A body that is no JSON is answered, and its connection closed, before this client knew that it would
            // leave.
            if (moment == Moment.NEVER || moment == Moment.IN_STREAM) {
                throw refusedOrAnswered;
            }
        } finally {
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
        }
    }

    private static void sendPart(Client client, int bytes, SplittableRandom random) throws IOException {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(bytes) + "\"}]}";
        String part = body.substring(0, random.nextInt(body.length()));
        client.out.write((Client.head(PATH, body.length()) + part).getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO", "IO_URING"})
    void aLeaveWhileWaitingCancelsAtOnce(TransportKind transport) throws IOException {
        String sections = sections(transport);
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatedProviderOptions.defaults());
                Slipstream proxy = House.start(provider.anthropicBaseUrl(), sections)) {
            for (int round = 0; round < 8; round++) {
                boolean stream = round % 2 == 0;
                boolean reset = round % 4 < 2;
                boolean pipelined = round >= 4;
                Client client = new Client(proxy.apiAddress());
                client.send(PATH, Client.chat("delay=60s", stream));
                if (pipelined) {
                    client.send(PATH, Client.chat("delay=60s", stream));
                }
                House.until("it is at the provider", () -> provider.counters().active() == 1);
                long left = System.nanoTime();
                if (reset) {
                    client.reset();
                } else {
                    client.close();
                }
                House.until("it is cancelled", () -> provider.counters().active() == 0);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - left);
                assertTrue(millis < 500, "after " + millis + " ms");
                assertEquals(round + 1, provider.counters().cancelled());
                House.awaitQuiet(proxy);
            }
        }
    }
}
