package dev.slipstream.bench.rawh2;

import static dev.slipstream.bench.rawh2.RawFrame.DATA;
import static dev.slipstream.bench.rawh2.RawFrame.GOAWAY;
import static dev.slipstream.bench.rawh2.RawFrame.INITIAL_WINDOW_SIZE;
import static dev.slipstream.bench.rawh2.RawFrame.MAX_CONCURRENT_STREAMS;
import static dev.slipstream.bench.rawh2.RawFrame.RST_STREAM;
import static dev.slipstream.bench.rawh2.RawFrame.SETTINGS;
import static dev.slipstream.bench.rawh2.RawFrame.WINDOW_UPDATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.bench.tls.SharedCertificates;
import dev.slipstream.bench.tls.TestIdentity;
import dev.slipstream.bench.upstream.ProviderWire;
import dev.slipstream.bench.upstream.SimulatedProvider;
import dev.slipstream.bench.upstream.SimulatedProviderOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A simulated provider on HTTP/2, frame by frame,")
class Http2ProviderTest {
    private static final String CHAT = "/v1/chat/completions";
    private SimulatedProvider provider;
    private RawH2 client;

    @BeforeEach
    void start() throws IOException {
        provider = SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withWire(ProviderWire.h2c().withMaxStreams(7)));
        client = RawH2.connect(provider.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        provider.close();
    }

    private static String chat(String directives, boolean stream) {
        return "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"[["
                + directives + "]]\"}]}";
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10), "waited in vain until " + what);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    @DisplayName("says how many streams it takes, and refuses no ping")
    void settings() throws Exception {
        RawFrame settings = client.greetAsClient();
        assertEquals(7, settings.setting(MAX_CONCURRENT_STREAMS, 0));
        RawFrame ping = RawFrame.ping(42);
        client.write(ping);
        client.expectPong(ping);
    }

    @Test
    @DisplayName("sends each event as a frame of its own, and a whole answer's end with its last byte")
    void framePerEvent() throws Exception {
        client.greetAsClient();
        client.request(1, "POST", CHAT, chat("tokens=5", true));
        assertEquals(200, client.expectHeaders(1).status());
        int events = 0;
        RawFrame frame = client.expect(DATA, 1);
        for (; !frame.has(RawFrame.END_STREAM); frame = client.expect(DATA, 1)) {
            assertTrue(frame.text().startsWith("data: "), frame.text());
            assertEquals(frame.text().length() - 2, frame.text().indexOf("\n\n"), frame.text());
            events++;
        }
        assertEquals(0, frame.payload().length);
        assertTrue(events >= 7, "events: " + events);
        client.request(3, "POST", CHAT, chat("tokens=5", false));
        RawMessageHead head = client.expectHeaders(3);
        RawFrame body = client.expect(DATA, 3);
        assertTrue(body.has(RawFrame.END_STREAM), body.toString());
        assertEquals(head.get("content-length"), "" + body.payload().length);
    }

    @Test
    @DisplayName("stops a stream whose credit is used up, and no other")
    void streamCredit() throws Exception {
        client.greetAsClient(INITIAL_WINDOW_SIZE, 100);
        client.request(1, "POST", CHAT, chat("tokens=1000 token-bytes=100", true));
        client.expectHeaders(1);
        int got = 0;
        while (got < 100) {
            got += client.expect(DATA, 1).payload().length;
        }
        assertEquals(100, got);
        client.expectNothingBut(Duration.ofMillis(100), SETTINGS, WINDOW_UPDATE);
        client.write(RawFrame.windowUpdate(1, 50));
        for (got = 0; got < 50; ) {
            got += client.expect(DATA, 1).payload().length;
        }
        assertEquals(50, got);
        client.expectNothingBut(Duration.ofMillis(100));
        client.request(3, "GET", "/v1/models/sim-small", null);
        client.write(RawFrame.windowUpdate(3, 1000));
        assertEquals(200, client.expectHeaders(3).status());
        assertTrue(client.readBody(3).contains("sim-small"));
    }

    @Test
    @DisplayName("serves the neighbours of a stalled stream, and goes on with it where it was")
    void stalledNeighbour() throws Exception {
        client.greetAsClient(INITIAL_WINDOW_SIZE, 0);
        client.request(1, "POST", CHAT, chat("tokens=2000 token-bytes=100", true));
        client.expectHeaders(1);
        client.request(3, "POST", CHAT, chat("tokens=3", true));
        client.expectHeaders(3);
        client.write(RawFrame.windowUpdate(3, 60_000));
        assertTrue(client.readBody(3).endsWith("data: [DONE]\n\n"));
        assertEquals(1, provider.counters().active());
        client.write(RawFrame.windowUpdate(1, 1 << 20), RawFrame.windowUpdate(0, 1 << 20));
        String late = client.readBody(1);
        assertEquals(2000, late.split("\"delta\":\\{\"content\":", -1).length - 1);
        assertTrue(late.endsWith("data: [DONE]\n\n"));
        await("both are done", () -> provider.counters().active() == 0);
        assertEquals(0, provider.counters().cancelled());
    }

    @Test
    @DisplayName("holds back for the whole connection's credit too")
    void connectionCredit() throws Exception {
        client.greetAsClient(INITIAL_WINDOW_SIZE, 1 << 24);
        client.request(1, "POST", CHAT, chat("tokens=2000 token-bytes=100", true));
        client.expectHeaders(1);
        int got = 0;
        while (got < 65_535) {
            got += client.expect(DATA, 1).payload().length;
        }
        assertEquals(65_535, got);
        client.expectNothingBut(Duration.ofMillis(100), SETTINGS);
        client.write(RawFrame.windowUpdate(0, 1 << 24));
        assertTrue(client.readBody(1).endsWith("data: [DONE]\n\n"));
    }

    @Test
    @DisplayName("breaks one stream off by RST_STREAM behind what it sent, and its neighbours live on")
    void breaksOneStream() throws Exception {
        client.greetAsClient();
        client.request(1, "POST", CHAT, chat("tokens=3 delay=300ms", true));
        client.request(3, "POST", CHAT, chat("close-after=2", true));
        client.expectHeaders(3);
        client.expect(DATA, 3);
        client.expect(DATA, 3);
        assertEquals(RawFrame.INTERNAL_ERROR, client.expect(RST_STREAM, 3).errorCode());
        client.request(5, "POST", CHAT, chat("refuse", true));
        assertEquals(RawFrame.REFUSED_STREAM, client.expect(RST_STREAM, 5).errorCode());
        client.request(7, "POST", CHAT, chat("cut-after=0", false));
        int declared = Integer.parseInt(String.valueOf(client.expectHeaders(7).get("content-length")));
        int half = declared / 2;
        assertEquals(half / 2, client.expect(DATA, 7).payload().length);
        assertEquals(RawFrame.INTERNAL_ERROR, client.expect(RST_STREAM, 7).errorCode());
        assertEquals(200, client.expectHeaders(1).status());
        assertTrue(client.readBody(1).endsWith("data: [DONE]\n\n"));
        assertEquals(1, provider.counters().connections());
    }

    @Test
    @DisplayName("resets the connection without a goodbye, and all streams with it")
    void resetsConnection() throws Exception {
        client.greetAsClient();
        client.request(1, "POST", CHAT, chat("stall-after=1", true));
        client.expectHeaders(1);
        client.expect(DATA, 1);
        client.request(3, "POST", CHAT, chat("reset-after=0", true));
        List<RawFrame> rest = client.readToEnd();
        assertTrue(rest.stream().noneMatch(frame -> frame.type() == GOAWAY), rest.toString());
        await("nothing is active", () -> provider.counters().active() == 0);
        assertEquals(1, provider.counters().cancelled());
        await("the connection is gone", () -> provider.counters().openConnections() == 0);
    }

    @Test
    @DisplayName("notices that a client gave a stream up, in every state of it")
    void cancels() throws Exception {
        client.greetAsClient(INITIAL_WINDOW_SIZE, 1000);
        int stream = 1;
        for (String directive : List.of("stall-after=3", "delay=1m", "gap=1m", "tokens=2000 token-bytes=100")) {
            long before = provider.counters().cancelled();
            client.request(stream, "POST", CHAT, chat(directive, true));
            await(directive + " is active", () -> provider.counters().active() == 1);
            client.write(RawFrame.rst(stream, RawFrame.CANCEL));
            await(directive + " was missed", () -> provider.counters().cancelled() == before + 1);
            await(directive + " is over", () -> provider.counters().active() == 0);
            stream += 2;
        }
        // Half a request, too: nothing was begun, nothing is cancelled.
        byte[] head = RawHeaderBlock.request("POST", "http", "localhost", CHAT).bytes();
        client.write(
                RawFrame.headers(stream, false, head),
                RawFrame.data(stream, false, "{\"model\""),
                RawFrame.rst(stream, RawFrame.CANCEL));
        RawFrame ping = RawFrame.ping(1);
        client.write(ping);
        for (RawFrame frame = client.next(); frame.type() != RawFrame.PING; frame = client.next()) {
            if (frame.type() == RawFrame.HEADERS) {
                client.decode(frame);
            }
        }
        assertEquals(4, provider.counters().cancelled());
    }

    @Test
    @DisplayName("drains: GOAWAY, what is begun to its end, then the end")
    void drains() throws Exception {
        client.greetAsClient();
        client.request(1, "POST", CHAT, chat("tokens=3 delay=200ms", true));
        await("it is active", () -> provider.counters().active() == 1);
        provider.drain();
        RawFrame goAway = client.expect(GOAWAY, 0);
        assertEquals(Integer.MAX_VALUE, goAway.lastStreamId());
        assertEquals(RawFrame.NO_ERROR, goAway.errorCode());
        assertEquals(200, client.expectHeaders(1).status());
        assertTrue(client.readBody(1).endsWith("data: [DONE]\n\n"));
        // What was sent before the news had come is served; then it says what was the last.
        client.request(3, "POST", CHAT, chat("tokens=3", true));
        assertEquals(200, client.expectHeaders(3).status());
        assertTrue(client.readBody(3).endsWith("data: [DONE]\n\n"));
        assertEquals(3, client.expect(GOAWAY, 0).lastStreamId());
        client.readToEnd();
        await("the connection is gone", () -> provider.counters().openConnections() == 0);
        assertThrows(IOException.class, () -> RawH2.connect(provider.port()));
    }

    @Test
    @DisplayName("shows who does not ask for h2 the door, where it offers nothing else")
    void withoutAlpn() throws Exception {
        SSLContext trusting =
                TestIdentity.trusting(SharedCertificates.authority().certificate());
        try (SimulatedProvider encrypted = SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withWire(ProviderWire.h2Tls(SharedCertificates.server())))) {
            try (RawH2 asking = RawH2.connectTls(trusting, encrypted.port(), "http/1.1", "h2")) {
                assertEquals("h2", asking.alpn());
                asking.greetAsClient();
                asking.request(1, "GET", "/v1/models", null);
                assertEquals(200, asking.expectHeaders(1).status());
            }
            try (RawH2 silent = RawH2.connectTls(trusting, encrypted.port())) {
                assertEquals("", silent.alpn());
                assertEquals(List.of(), silent.readToEnd());
            }
        }
    }

    @ParameterizedTest(name = "resumes sessions and keeps to its versions of TLS: {0}")
    @EnumSource(names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
    void tls(ProviderWire.Engine engine) throws Exception {
        SSLContext trusting =
                TestIdentity.trusting(SharedCertificates.authority().certificate());
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            ProviderWire wire = ProviderWire.tls(SharedCertificates.server())
                    .withEngine(engine)
                    .withTlsVersions(version);
            try (SimulatedProvider encrypted =
                    SimulatedProvider.start(SimulatedProviderOptions.defaults().withWire(wire))) {
                long created = 0;
                for (int i = 0; i < 2; i++) {
                    try (RawH2 connection = RawH2.connectTls(trusting, encrypted.port(), "h2")) {
                        connection.greetAsClient();
                        connection.request(1, "GET", "/v1/models", null);
                        connection.expectHeaders(1);
                        connection.readBody(1);
                        SSLSocket socket = (SSLSocket) connection.socket();
                        assertEquals(version, socket.getSession().getProtocol());
                        // A resumed session is as old as the first one.
                        long time = socket.getSession().getCreationTime();
                        assertEquals(i == 0 ? time : created, time, engine + " " + version);
                        created = time;
                    }
                }
            }
        }
    }
}
