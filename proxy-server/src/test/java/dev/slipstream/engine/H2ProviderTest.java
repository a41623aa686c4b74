package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.ANSWER;
import static dev.slipstream.engine.Requests.CHAT;
import static dev.slipstream.engine.Requests.CHAT_AT_PROVIDER;
import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.post;
import static dev.slipstream.harness.H2Peer.DATA;
import static dev.slipstream.harness.H2Peer.GOAWAY;
import static dev.slipstream.harness.H2Peer.HEADERS;
import static dev.slipstream.harness.H2Peer.PING;
import static dev.slipstream.harness.H2Peer.RST_STREAM;
import static dev.slipstream.harness.H2Peer.WINDOW_UPDATE;
import static dev.slipstream.harness.H2Peer.data;
import static dev.slipstream.harness.H2Peer.frame;
import static dev.slipstream.harness.H2Peer.goAway;
import static dev.slipstream.harness.H2Peer.headers;
import static dev.slipstream.harness.H2Peer.ok;
import static dev.slipstream.harness.H2Peer.reset;
import static dev.slipstream.harness.H2Peer.settings;
import static dev.slipstream.harness.H2Peer.windowUpdate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.H2Peer;
import dev.slipstream.harness.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that speaks HTTP/2: what it gets, and what it can do wrong. */
@Tag("jdk25")
final class H2ProviderTest {
    private static final String EVENT = "data: {\"choices\":[]}\n\n";
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private static final String CONFIG = EmbeddedProxy.CONFIG.replace("dialect:", "http: h2c, dialect:");

    private static EmbeddedProxy proxy() {
        return proxy("");
    }

    private static EmbeddedProxy proxy(String extra) {
        return new EmbeddedProxy(CONFIG + extra);
    }

    private static Http answerTo(EmbeddedPeer client) {
        return Http.read(client.allReceived());
    }

    private static H2Peer provider(EmbeddedProxy proxy, int i) {
        return new H2Peer(proxy.provider(i));
    }

    private static void assertFailed(EmbeddedPeer client, int status, String word) {
        Http response = answerTo(client);
        assertEquals(status, response.status());
        assertEquals(word, response.field("x-slipstream-error"));
    }

    @Test
    void theRequestArrivesWholeAndTheAnswerPasses() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client();
            client.send(post("/v1/chat/completions?a=b", "X-Stainless-Lang: java\r\ncookie: c\r\n", Requests.CHAT));
            H2Peer provider = provider(proxy, 0).greet();
            List<H2Peer.Frame> head = provider.all(HEADERS, 1);
            assertEquals(1, head.size());
            Map<String, String> fields = provider.fields(head.get(0));
            assertEquals("POST", fields.get(":method"));
            assertEquals("http", fields.get(":scheme"));
            assertEquals("first.test", fields.get(":authority"));
            assertEquals("/v1/chat/completions?a=b", fields.get(":path"));
            assertEquals("Bearer sk-first", fields.get("authorization"));
            assertEquals("java", fields.get("x-stainless-lang"));
            assertEquals("" + CHAT_AT_PROVIDER.length(), fields.get("content-length"));
            assertNull(fields.get("host"));
            assertNull(fields.get("cookie"));
            assertEquals(CHAT_AT_PROVIDER, provider.body(1));
            assertEquals(1, provider.all(DATA, 1).size(), "a small body is one frame");
            assertTrue(provider.requestEnded(1));
            provider.send(ok(1, ANSWER));
            Http response = answerTo(client);
            assertEquals(200, response.status());
            assertEquals(ANSWER, response.text());
            assertEquals("" + ANSWER.length(), response.field("content-length"));
        }
    }

    @Test
    void oneConnectionCarriesManyRequestsAtOnce() {
        try (EmbeddedProxy proxy = proxy()) {
            List<EmbeddedPeer> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(proxy.client().send(chat()));
            }
            assertEquals(1, proxy.providerConnections());
            H2Peer provider = provider(proxy, 0).greet();
            for (int i = 19; i >= 0; i--) {
                provider.send(ok(1 + 2 * i, ANSWER + i));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(ANSWER + i, answerTo(clients.get(i)).text());
            }
        }
    }

    @Test
    void anotherConnectionOpensBeforeTheFirstIsFull() {
        try (EmbeddedProxy proxy = proxy()) {
            proxy.client().send(chat());
            H2Peer first = provider(proxy, 0).greet(MAX_CONCURRENT_STREAMS, 4);
            proxy.client().send(chat());
            assertEquals(1, proxy.providerConnections());
            proxy.client().send(chat());
            assertEquals(2, proxy.providerConnections());
            assertEquals(1, first.all(HEADERS, 5).size());
            proxy.client().send(chat());
            assertEquals(0, first.all(HEADERS, 7).size());
            assertEquals(1, provider(proxy, 1).all(HEADERS, 1).size());
        }
    }

    @Test
    void moreThanTheProviderAllowsWaitAndAreServedWhenThereIsRoom() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG.replace("warm: 0", "warm: 0, max_connections: 1"))) {
            EmbeddedPeer one = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet(MAX_CONCURRENT_STREAMS, 0);
            EmbeddedPeer two = proxy.client().send(chat());
            // It allows none at all now: other connections would not help.
            provider.send(ok(1, ANSWER));
            assertEquals(200, answerTo(one).status());
            assertEquals("", two.received());
            provider.send(settings(MAX_CONCURRENT_STREAMS, 10));
            assertEquals(1, provider.all(HEADERS, 3).size());
            provider.send(ok(3, ANSWER));
            assertEquals(200, answerTo(two).status());
        }
    }

    @Test
    void eventsPassAsTheyComeAndEndAsTheyShould() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(headers(1, false, ":status", "103", "link", "x"));
            provider.send(headers(1, false, ":status", "200", "content-type", "text/event-stream"));
            provider.send(data(1, false, EVENT));
            assertTrue(client.received().contains(EVENT));
            provider.send(data(1, false, EVENT), headers(1, true, "grpc-status", "0"));
            Http response = answerTo(client);
            assertTrue(response.complete());
            assertEquals(EVENT + EVENT, response.text());
            assertEquals("", response.field("grpc-status"));
        }
    }

    @Test
    void anAnswerWithoutBody() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            provider(proxy, 0).greet().send(headers(1, true, ":status", "204"));
            assertEquals(204, answerTo(client).status());
            EmbeddedPeer other = proxy.client().send(chat());
            provider(proxy, 0).send(headers(3, true, ":status", "200", "content-type", "application/json"));
            Http response = answerTo(other);
            assertEquals(200, response.status());
            assertEquals("0", response.field("content-length"));
        }
    }

    // ------------------------------------------------------------------ faults of one stream

    @ParameterizedTest
    @ValueSource(strings = {"status", "upper", "connection", "lengths", "control", "twice101", "early", "body204"})
    void anAnswerThatBreaksTheRulesIs502AndTheConnectionGoesOn(String fault) {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer neighbour = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            byte[] bad = switch (fault) {
                case "status" -> headers(1, false, ":status", "99");
                case "upper" -> headers(1, false, ":status", "200", "Upper", "x");
                case "connection" -> headers(1, false, ":status", "200", "connection", "close");
                case "lengths" -> headers(1, false, ":status", "200", "content-length", "1", "content-length", "2");
                case "control" -> headers(1, false, ":status", "200", "x", "a\r\nb: c");
                case "twice101" -> headers(1, false, ":status", "101");
                case "early" -> data(1, false, "x");
                default -> headers(1, false, ":status", "204");
            };
            provider.send(bad);
            if (fault.equals("body204")) {
                assertEquals(204, answerTo(client).status());
                provider.send(data(1, true, "x"));
            } else {
                assertFailed(client, 502, "upstream_protocol");
            }
            assertEquals(1, provider.all(RST_STREAM, 1).size());
            provider.send(ok(3, ANSWER));
            assertEquals(200, answerTo(neighbour).status());
            assertTrue(proxy.provider(0).isOpen());
        }
    }

    @Test
    void aBodyThatIsNotAsLongAsItSaidIsNeverPresentedAsComplete() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(
                    headers(1, false, ":status", "200", "content-type", "application/json", "content-length", "100"),
                    data(1, true, "{"));
            assertFalse(answerTo(client).complete());
            assertFalse(client.isOpen());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, upstream_closed", "1, upstream_protocol", "2, upstream_closed", "3, upstream_protocol",
        "5, upstream_closed", "6, upstream_protocol", "8, upstream_closed", "9, upstream_protocol",
        "10, upstream_closed", "11, upstream_closed", "12, upstream_closed", "13, upstream_protocol",
        "4660, upstream_closed"
    })
    void aResetBeforeTheAnswerIs502(int code, String word) {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            provider(proxy, 0).greet().send(reset(1, code));
            assertFailed(client, 502, word);
            assertEquals(0, proxy.busyProviderConnections());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 7, 8, 11})
    void aResetAmidTheStreamEndsItInAnErrorEvent(int code) {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(
                    headers(1, false, ":status", "200", "content-type", "text/event-stream"), data(1, false, EVENT));
            provider.send(reset(1, code));
            Http response = answerTo(client);
            assertTrue(response.complete());
            assertTrue(response.text().startsWith(EVENT + "event: error\n"), response::text);
        }
    }

    @Test
    void aRefusedStreamIsSentAgain() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            provider(proxy, 0).greet().send(reset(1, 7));
            assertEquals(2, proxy.providerConnections());
            H2Peer second = provider(proxy, 1).greet();
            assertEquals(CHAT_AT_PROVIDER, second.body(1));
            second.send(ok(1, ANSWER));
            assertEquals(200, answerTo(client).status());
        }
    }

    @Test
    void whoRefusesForEverIsNotAskedForEver() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            for (int i = 0; i < proxy.providerConnections(); i++) {
                assertTrue(i < 10, "asked for ever");
                provider(proxy, i).greet().send(reset(1, 7));
            }
            assertFailed(client, 502, "upstream_closed");
            assertEquals(4, proxy.providerConnections());
        }
    }

    @Test
    void dataBehindTheEndTouchesNobodyElse() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer neighbour = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(ok(1, ANSWER), data(1, false, "more"), data(1, true, "more"));
            assertEquals(ANSWER, answerTo(client).text());
            provider.send(ok(3, ANSWER));
            assertEquals(ANSWER, answerTo(neighbour).text());
        }
    }

    @Test
    void aClientThatLeavesResetsItsStreamAlone() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer neighbour = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            client.leave();
            List<H2Peer.Frame> resets = provider.all(RST_STREAM, 1);
            assertEquals(1, resets.size());
            assertEquals(8, resets.get(0).number());
            provider.send(ok(1, ANSWER), ok(3, ANSWER));
            assertEquals(200, answerTo(neighbour).status());
        }
    }

    @Test
    void anEarlyAnswerEndsTheUploadAndKeepsTheConnection() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client();
            String start = "{\"model\":\"chat\",\"x\":\"" + "y".repeat(70_000);
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                    + "content-length: 1000000\r\n\r\n" + start);
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(headers(1, false, ":status", "413", "content-type", "application/json"), data(1, true, "{}"));
            assertEquals(413, answerTo(client).status());
            assertEquals(1, provider.all(RST_STREAM, 1).size());
            assertTrue(proxy.provider(0).isOpen());
        }
    }

    @Test
    void anAnswerToARequestThatCannotBeSentToItsEndFreesItsPlace() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer warm = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet(INITIAL_WINDOW_SIZE, 0);
            provider.send(ok(1, ANSWER));
            assertEquals(200, answerTo(warm).status());
            // A model without another target: nobody else is asked.
            EmbeddedPeer client = proxy.client().send(chat(CHAT.replace("\"chat\"", "\"open-x\"")));
            provider.send(headers(3, false, ":status", "429", "content-type", "application/json"), data(3, true, "{}"));
            assertEquals(429, answerTo(client).status());
            List<H2Peer.Frame> resets = provider.all(RST_STREAM, 3);
            assertEquals(1, resets.size());
            assertEquals(0, resets.get(0).number());
            assertEquals(0, proxy.busyProviderConnections());
        }
    }

    @Test
    void fewerStreamsAllowedMidFlightEndNoneAndLetNoMoreIn() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG.replace("warm: 0", "warm: 0, max_connections: 1"))) {
            List<EmbeddedPeer> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(proxy.client().send(chat()));
            }
            H2Peer provider = provider(proxy, 0).greet(MAX_CONCURRENT_STREAMS, 1);
            EmbeddedPeer waiting = proxy.client().send(chat());
            provider.send(ok(1, ANSWER), ok(3, ANSWER));
            assertEquals(0, provider.all(HEADERS, 7).size(), "one is still under way");
            provider.send(ok(5, ANSWER));
            assertEquals(1, provider.all(HEADERS, 7).size());
            provider.send(ok(7, ANSWER));
            clients.add(waiting);
            clients.forEach(client -> assertEquals(200, answerTo(client).status()));
        }
    }

    // ------------------------------------------------------------------ credit

    @Test
    void aSlowClientHoldsItsOwnStreamUpAndNoOther() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer slow = proxy.client().send(chat());
            EmbeddedPeer neighbour = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(headers(1, false, ":status", "200", "content-type", "application/octet-stream"));
            slow.received();
            slow.stopTaking();
            String block = "x".repeat(16_000);
            for (int i = 0; i < 16; i++) {
                provider.send(data(1, false, block));
            }
            assertEquals(0, provider.all(WINDOW_UPDATE, 1).size(), "no credit while the client is slow");
            assertFalse(provider.all(WINDOW_UPDATE, 0).isEmpty(), "the connection's is given back");
            provider.send(ok(3, ANSWER));
            assertEquals(200, answerTo(neighbour).status());
            slow.takeAgain();
            assertFalse(provider.all(WINDOW_UPDATE, 1).isEmpty(), "credit once it reads again");
            provider.send(data(1, true, ""));
            assertEquals(16 * 16_000, Http.read(slow.allReceived()).body().length);
        }
    }

    @Test
    void aProviderThatSendsBeyondItsCreditIsCutOff() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer slow = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(headers(1, false, ":status", "200", "content-type", "application/octet-stream"));
            slow.stopTaking();
            for (int i = 0; i < 20; i++) {
                provider.send(data(1, false, "x".repeat(16_000)));
            }
            assertFalse(answerTo(slow).complete());
            assertFalse(slow.isOpen());
        }
    }

    @Test
    void theProvidersWindowHoldsTheUploadAndShrinkingItDoesNoHarm() {
        try (EmbeddedProxy proxy = proxy()) {
            proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet(INITIAL_WINDOW_SIZE, 100);
            provider.send(ok(1, ANSWER));
            String body = "{\"model\":\"chat\",\"x\":\"" + "y".repeat(30_000) + "\"}";
            EmbeddedPeer client = proxy.client().send(chat(body));
            assertEquals(100, provider.body(3).length());
            provider.send(settings(INITIAL_WINDOW_SIZE, 10));
            provider.send(windowUpdate(3, 10_000));
            assertEquals(10_010, provider.body(3).length());
            provider.send(windowUpdate(3, 50_000));
            assertEquals(body.replace("\"chat\"", "\"provider-model\""), provider.body(3));
            assertTrue(provider.requestEnded(3));
            provider.send(ok(3, ANSWER));
            assertEquals(200, answerTo(client).status());
        }
    }

    @Test
    void aWindowThatStaysClosedEndsAtTheDeadline() {
        try (EmbeddedProxy proxy = proxy("timeouts: { first_byte: 10s }\n")) {
            EmbeddedPeer warm = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet(INITIAL_WINDOW_SIZE, 0);
            provider.send(ok(1, ANSWER));
            assertEquals(200, answerTo(warm).status());
            EmbeddedPeer client = proxy.client().send(chat());
            assertEquals("", provider.body(3));
            for (int i = 0; i < 11; i++) {
                provider.send(frame(PING, 0, 0, new byte[8]));
                proxy.advance(1, TimeUnit.SECONDS);
            }
            assertFailed(client, 504, "upstream_timeout");
            assertEquals(1, provider.all(RST_STREAM, 3).size());
            assertEquals(0, proxy.busyProviderConnections());
        }
    }

    // ------------------------------------------------------------------ faults of the connection

    @Test
    void goAwayLetsWhatItNamesEndAndSendsTheRestElsewhere() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer kept = proxy.client().send(chat());
            EmbeddedPeer moved = proxy.client().send(chat());
            H2Peer first = provider(proxy, 0).greet();
            first.send(goAway(1, 0));
            assertEquals(2, proxy.providerConnections());
            H2Peer second = provider(proxy, 1).greet();
            assertEquals(CHAT_AT_PROVIDER, second.body(1));
            second.send(ok(1, ANSWER));
            assertEquals(200, answerTo(moved).status());
            EmbeddedPeer later = proxy.client().send(chat());
            assertEquals(CHAT_AT_PROVIDER, second.body(3));
            second.send(ok(3, ANSWER));
            assertEquals(200, answerTo(later).status());
            assertTrue(proxy.provider(0).isOpen());
            first.send(ok(1, ANSWER));
            assertEquals(200, answerTo(kept).status());
            proxy.settle();
            assertFalse(proxy.provider(0).isOpen(), "it ends behind its last request");
        }
    }

    @Test
    void goAwayOnAnIdleConnectionEndsIt() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer first = provider(proxy, 0).greet();
            first.send(ok(1, ANSWER));
            first.send(goAway(1, 0));
            proxy.settle();
            assertFalse(proxy.provider(0).isOpen());
            client.send(chat());
            provider(proxy, 1).greet().send(ok(1, ANSWER));
            assertEquals(200, Http.read(answerTo(client).rest()).status());
        }
    }

    @Test
    void goAwayBeforeAnythingElseSendsTheRequestElsewhereButNotForEver() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            for (int i = 0; i < proxy.providerConnections(); i++) {
                assertTrue(i < 10, "asked for ever");
                provider(proxy, i).greet().send(goAway(0, 0));
            }
            assertFailed(client, 502, "upstream_closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "zeroIncrement", "push", "unknownData", "hugeFrame", "http1"})
    void whatBreaksTheConnectionFailsItsRequestsAlone(String fault) {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0);
            if (!fault.equals("http1")) {
                provider.greet();
            }
            byte[] bad = switch (fault) {
                case "garbage" -> frame(HEADERS, 4, 1, new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});
                case "zeroIncrement" -> windowUpdate(0, 0);
                case "push" -> frame(5, 4, 1, new byte[] {0, 0, 0, 2});
                case "unknownData" -> data(99, true, "x");
                case "hugeFrame" -> frame(DATA, 0, 1, new byte[20_000]);
                default -> "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            };
            provider.send(bad);
            proxy.settle();
            assertFailed(client, 502, "upstream_protocol");
            assertFalse(proxy.provider(0).isOpen());
            EmbeddedPeer next = proxy.client().send(chat());
            provider(proxy, 1).greet().send(ok(1, ANSWER));
            assertEquals(200, answerTo(next).status());
        }
    }

    @Test
    void aHeadThatIsTooLargeAndAFloodOfContinuationsAreBounded() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(frame(HEADERS, 0, 1, H2Peer.block(":status", "200")));
            for (int i = 0; i < 200 && proxy.provider(0).isOpen(); i++) {
                provider.send(frame(H2Peer.CONTINUATION, 0, 1, H2Peer.block("a", "b")));
                proxy.settle();
            }
            assertFailed(client, 502, "upstream_protocol");
            assertFalse(proxy.provider(0).isOpen());

            EmbeddedPeer other = proxy.client().send(chat());
            H2Peer second = provider(proxy, 1).greet();
            String[] fields = new String[2 + 2 * 150];
            fields[0] = ":status";
            fields[1] = "200";
            for (int i = 1; i <= 150; i++) {
                fields[2 * i] = "x" + i;
                fields[2 * i + 1] = "y".repeat(60);
            }
            second.send(headers(1, false, fields));
            EmbeddedProxy here = proxy;
            here.settle();
            assertEquals(200, answerTo(other).status());
            EmbeddedPeer third = proxy.client().send(chat());
            String[] many = new String[2 + 2 * 250];
            many[0] = ":status";
            many[1] = "200";
            for (int i = 1; i <= 250; i++) {
                many[2 * i] = "x" + i;
                many[2 * i + 1] = "y";
            }
            second.send(headers(3, false, many));
            assertFailed(third, 502, "upstream_protocol");
            second.send(data(1, true, ""));
        }
    }

    @Test
    void aConnectionThatEndsFailsWhatMayHaveBeenDoneAndRepeatsNothingElse() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            proxy.provider(0).leave();
            assertFailed(client, 502, "upstream_closed");
            assertEquals(1, proxy.providerConnections(), "it was alive when the request went out");
            assertTrue(provider.all(GOAWAY, 0).size() <= 1);
        }
    }

    @Test
    void aConnectionThatStoodIdleAndIsDeadIsNotTheRequestsEnd() {
        try (EmbeddedProxy proxy = proxy()) {
            proxy.client().send(chat());
            provider(proxy, 0).greet().send(ok(1, ANSWER));
            proxy.advance(6, TimeUnit.SECONDS);
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer first = provider(proxy, 0);
            first.take();
            assertEquals(1, first.all(PING, 0).size(), "asked for a sign of life along with the request");
            // None comes within timeouts.connect.
            proxy.advance(4, TimeUnit.SECONDS);
            assertFalse(proxy.provider(0).isOpen());
            provider(proxy, 1).greet().send(ok(1, ANSWER));
            assertEquals(200, answerTo(client).status());
        }
    }

    @Test
    void aConnectionThatDiesSilentlyIsNoticed() {
        try (EmbeddedProxy proxy = proxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            H2Peer provider = provider(proxy, 0).greet();
            provider.send(
                    headers(1, false, ":status", "200", "content-type", "text/event-stream"), data(1, false, EVENT));
            proxy.advance(16, TimeUnit.SECONDS);
            proxy.tick();
            assertEquals(1, provider.all(PING, 0).size());
            provider.send(H2Peer.pingAck(provider.all(PING, 0).get(0).payload()));
            proxy.advance(16, TimeUnit.SECONDS);
            proxy.tick();
            assertEquals(2, provider.all(PING, 0).size());
            assertTrue(client.isOpen());
            proxy.advance(4, TimeUnit.SECONDS);
            Http response = answerTo(client);
            assertTrue(response.complete());
            // Twice nothing came for a while, and the client was told that the provider lives.
            assertTrue(
                    response.text().startsWith(EVENT + ": keep-alive\n\n: keep-alive\n\nevent: error\n"),
                    response::text);
            assertFalse(proxy.provider(0).isOpen());
        }
    }
}
