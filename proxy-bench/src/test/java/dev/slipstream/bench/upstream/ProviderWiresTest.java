package dev.slipstream.bench.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A simulated provider, on every wire,")
class ProviderWiresTest {
    private static final Map<Boolean, String> SAID = new ConcurrentHashMap<>();

    private static SimulatedProvider start(Wires wire) throws IOException {
        return SimulatedProvider.start(
                SimulatedProviderOptions.defaults().withKeepRequests(1).withWire(wire.wire()));
    }

    private static ReceivedRequest last(SimulatedProvider provider) {
        return provider.received().get(0);
    }

    @ParameterizedTest(name = "says the same, whole and streamed: {0}")
    @EnumSource
    void same(Wires wire) throws Exception {
        try (SimulatedProvider provider = start(wire)) {
            for (boolean stream : new boolean[] {false, true}) {
                String body = Wire.chat("[[unicode tokens=40]]", stream);
                Wires.Response response = wire.post(provider.openAiBaseUrl() + "/chat/completions?a=b", body);
                assertEquals(200, response.status(), response.body());
                assertEquals(wire.protocol(), response.version());
                ReceivedRequest received = last(provider);
                assertEquals(wire.protocol(), received.protocol());
                assertEquals("/v1/chat/completions?a=b", received.uri());
                assertEquals("POST", received.method());
                assertEquals("127.0.0.1:" + provider.port(), received.header("host"));
                assertEquals("application/json", received.header("Content-Type"));
                assertEquals(body, received.bodyText());
                String said = response.body().replaceAll("\"created\":\\d+", "");
                String before = SAID.putIfAbsent(stream, said);
                assertEquals(before == null ? said : before, said);
            }
        }
    }

    @ParameterizedTest(name = "takes megabytes, and sends them: {0}")
    @EnumSource
    void large(Wires wire) throws Exception {
        try (SimulatedProvider provider = start(wire)) {
            String text = "[[tokens=4000 token-bytes=500]]" + "x".repeat(4 << 20);
            for (boolean stream : new boolean[] {false, true}) {
                String body = Wire.messages(text, stream).replace("100,", "100000,");
                Wires.Response response = wire.post(provider.anthropicBaseUrl() + "/v1/messages", body);
                assertEquals(200, response.status(), response.body());
                assertTrue(
                        response.body().length() > 2_000_000,
                        "got " + response.body().length());
                assertEquals(stream ? 4000 : 0, response.body().split("text_delta", -1).length - 1);
                assertEquals(body.length(), last(provider).bodyBytes().length);
                assertEquals(body, last(provider).bodyText());
            }
        }
    }

    @ParameterizedTest(name = "breaks off on demand: {0}")
    @EnumSource
    void broken(Wires wire) throws Exception {
        try (SimulatedProvider provider = start(wire)) {
            String url = provider.openAiBaseUrl() + "/chat/completions";
            for (String directive :
                    List.of("close-after=0", "close-after=3", "cut-after=2", "reset-after=2", "reset-after=0")) {
                Wires.Response response = wire.post(url, Wire.chat("[[" + directive + "]]", true));
                assertEquals(0, response.status(), directive);
            }
            for (String directive : List.of("close-after=1", "cut-after=0", "truncate")) {
                Wires.Response response = wire.post(url, Wire.chat("[[" + directive + "]]", false));
                assertEquals(0, response.status(), directive);
            }
            Wires.Response error = wire.post(url, Wire.chat("[[error-event-after=2]]", true));
            assertEquals(200, error.status());
            assertTrue(error.body().contains("simulated error within the stream"), error.body());
            assertFalse(error.body().contains("[DONE]"), error.body());
            assertEquals(429, wire.post(url, Wire.chat("[[status=429]]", true)).status());
            assertEquals(0, provider.counters().cancelled());
            Await.until("nothing is active", () -> provider.counters().active() == 0);
        }
    }

    @ParameterizedTest(name = "keeps its pace: {0}")
    @EnumSource
    void pace(Wires wire) throws Exception {
        try (SimulatedProvider provider = start(wire)) {
            long start = System.nanoTime();
            wire.post(
                    provider.openAiBaseUrl() + "/chat/completions",
                    Wire.chat("[[delay=60ms gap=20ms tokens=5]]", true));
            long tookMillis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(tookMillis >= 139, "took " + tookMillis + " ms");
        }
    }

    @ParameterizedTest(name = "repeats every recording byte for byte: {0}")
    @EnumSource(names = "H1", mode = EnumSource.Mode.EXCLUDE)
    void repeats(Wires wire) throws Exception {
        // A curl each: a few of every kind are enough where the JDK's client is not at hand.
        List<RecordedExchange> exchanges = new ArrayList<>(RecordedExchanges.bundled());
        if (wire == Wires.H2C) {
            exchanges.removeIf(exchange -> exchanges.indexOf(exchange) % 4 != 0);
        }
        ReplayDelivery delivery = wire == Wires.H2_TLS ? ReplayDelivery.BYTES : ReplayDelivery.EVENTS;
        try (ReplayProvider provider = ReplayProvider.start("127.0.0.1", 0, wire.wire(), exchanges, delivery)) {
            for (RecordedExchange exchange : exchanges) {
                Wires.Response response = wire.post(
                        provider.anthropicBaseUrl() + exchange.request().path(),
                        exchange.request().body());
                assertEquals(exchange.response().status(), response.status(), exchange.toString());
                assertEquals(exchange.response().body(), response.body(), exchange.toString());
            }
        }
    }

    @Test
    @DisplayName("tells its URL by it")
    void url() throws Exception {
        try (SimulatedProvider plain = start(Wires.H2C);
                SimulatedProvider encrypted = start(Wires.H1_TLS)) {
            assertEquals("http://127.0.0.1:" + plain.port() + "/v1", plain.openAiBaseUrl());
            assertEquals("https://127.0.0.1:" + encrypted.port(), encrypted.anthropicBaseUrl());
        }
    }
}
