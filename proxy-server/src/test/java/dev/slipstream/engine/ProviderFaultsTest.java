package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.ANSWER;
import static dev.slipstream.engine.Requests.LAST_CHUNK;
import static dev.slipstream.engine.Requests.answer;
import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.chunk;
import static dev.slipstream.engine.Requests.eventsHead;
import static dev.slipstream.engine.Requests.messages;
import static dev.slipstream.engine.Requests.ok;
import static dev.slipstream.engine.Requests.post;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider can do wrong, and what the client is told. */
final class ProviderFaultsTest {
    private static final String EVENT = "data: {\"choices\":[]}\n\n";
    private static final String BOTH = "{\"model\":\"both\",\"messages\":[]}";

    private static Http answerTo(EmbeddedPeer client) {
        return Http.read(client.allReceived());
    }

    private static void assertFailed(EmbeddedPeer client, int status, String word) {
        Http response = answerTo(client);
        assertEquals(status, response.status());
        assertEquals(word, response.field("x-slipstream-error"));
        assertTrue(response.text().contains("\"code\":\"" + word + "\""), response::text);
        assertFalse(response.text().contains("first.test"), response::text);
    }

    @Test
    void aProviderThatCannotBeReachedIs502() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.refuseAll();
            assertFailed(proxy.client().send(chat()), 502, "upstream_unreachable");
        }
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIs502() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).leave();
            assertFailed(client, 502, "upstream_closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/0.9 200 OK\r\n\r\n",
                "HTTP/1.1 99 Low\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nbad\rname: x\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
            })
    void aHeadThatBreaksTheRulesIs502(String head) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(head);
            assertFailed(client, 502, "upstream_protocol");
            assertFalse(proxy.provider(0).isOpen());
        }
    }

    @Test
    void aFewInterimAnswersAreSkippedAndAStormOfThemIsNot() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n".repeat(3) + ok(ANSWER));
            assertEquals(ANSWER, answerTo(client).text());

            EmbeddedPeer other = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 102 Processing\r\n\r\n".repeat(50));
            assertFailed(other, 502, "upstream_protocol");
        }
    }

    @Test
    void aHeadWithoutEndIs502() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(20_000));
            assertFailed(client, 502, "upstream_protocol");
        }
    }

    @Test
    void aWholeAnswerThatIsCutOffIsNeverPresentedAsComplete() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
            proxy.provider(0).leave();
            assertFalse(answerTo(client).complete());
            assertFalse(client.isOpen());
        }
    }

    @Test
    void aChunkedDocumentThatIsCutOffEndsWithoutItsLastChunk() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0)
                    .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
                            + chunk("{\"a\":"));
            proxy.provider(0).send("zz\r\n");
            assertFalse(answerTo(client).complete());
            assertFalse(client.isOpen());
        }
    }

    /** Over TLS anybody on the way can end the connection, but nobody can say that the provider did. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerOverTlsThatEndsWithItsConnectionIsWholeOnlyIfThatEndIsAnnounced(boolean announced) {
        String config = EmbeddedProxy.CONFIG.replace("http://first.test/v1", "https://first.test/v1");
        try (EmbeddedProxy proxy = new EmbeddedProxy(config)) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}");
            if (announced) {
                proxy.provider(0).channel().pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
            }
            proxy.provider(0).leave();
            assertEquals(announced, answerTo(client).complete());
            assertEquals(announced, client.isOpen());
        }
    }

    @Test
    void aStreamThatIsCutOffBetweenEventsEndsInAnErrorEvent() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(eventsHead() + chunk(EVENT));
            proxy.provider(0).leave();
            Http response = answerTo(client);
            assertTrue(response.complete());
            assertTrue(response.text().startsWith(EVENT + "event: error\ndata: {\"error\":{"), response::text);
            assertTrue(response.text().endsWith("}\n\n"), response::text);
            assertFalse(response.text().contains("[DONE]"), response::text);
        }
    }

    @Test
    void aStreamThatIsCutOffInsideAnEventGetsABlankLineFirstAndAnErrorInTheClientsDialect() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(messages("{\"model\":\"chat\"}"));
            proxy.provider(0).send(eventsHead() + chunk("event: message_start\ndata: {\"typ"));
            proxy.provider(0).leave();
            String text = answerTo(client).text();
            assertTrue(
                    text.startsWith(
                            "event: message_start\ndata: {\"typ\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{"),
                    text);
            assertFalse(text.contains("message_stop"), text);
        }
    }

    @Test
    void aPooledConnectionThatTurnsOutDeadIsReplacedOnce() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(ok(ANSWER));
            client.received();
            client.send(chat());
            proxy.provider(0).leave();
            assertEquals(2, proxy.providerConnections());
            proxy.provider(1).send(ok("{\"again\":1}"));
            Http response = Http.read(client.received().getBytes(ISO_8859_1));
            assertEquals("{\"again\":1}", response.text());
            assertEquals("2", response.field("x-slipstream-attempts"));
        }
    }

    @Test
    void aFreshConnectionThatEndsIsNotAskedAgain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 2");
            proxy.provider(0).leave();
            assertFailed(client, 502, "upstream_closed");
            assertEquals(1, proxy.providerConnections());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504, 529})
    void aStatusThatMayBeBetterElsewhereIsTriedAtTheNextTargetWithTheWholeBody(int status) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat(BOTH));
            proxy.provider(0).send(answer(status, "", "{}"));
            assertEquals("second.test", proxy.provider(1).host());
            assertEquals(
                    BOTH.replace("both", "second-model"),
                    Http.read(proxy.provider(1).allReceived()).text());
            proxy.provider(1).send(ok(ANSWER));
            Http response = answerTo(client);
            assertEquals(ANSWER, response.text());
            assertEquals("second", response.field("x-slipstream-provider"));
            assertEquals("fallback", response.field("x-slipstream-model-reason"));
            assertEquals("2", response.field("x-slipstream-attempts"));
        }
    }

    @Test
    void theLastTargetsOwnAnswerPasses() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat(BOTH));
            proxy.provider(0).send(answer(503, "", "{\"n\":1}"));
            proxy.provider(1).send(answer(429, "retry-after: 7\r\n", "{\"n\":2}"));
            Http response = answerTo(client);
            assertEquals(429, response.status());
            assertEquals("{\"n\":2}", response.text());
            assertEquals("7", response.field("retry-after"));
        }
    }

    @Test
    void aTargetThatRefusesTheConnectionIsFollowedByTheNext() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.refuseNext();
            EmbeddedPeer client = proxy.client().send(chat(BOTH));
            assertEquals("second.test", proxy.provider(0).host());
            proxy.provider(0).send(ok(ANSWER));
            assertEquals(200, answerTo(client).status());
        }
    }

    @Test
    void bytesThatNobodyAskedForEndAnIdleConnection() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(ok(ANSWER));
            proxy.provider(0).send(ok("{\"stray\":1}"));
            assertFalse(proxy.provider(0).isOpen());
            client.received();
            client.send(chat());
            proxy.provider(1).send(ok("{\"own\":1}"));
            assertEquals(
                    "{\"own\":1}",
                    Http.read(client.received().getBytes(ISO_8859_1)).text());
        }
    }

    @Test
    void aSecondAnswerInTheSameReadIsNotKeptForAnybody() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(ok(ANSWER) + ok("{\"stray\":1}"));
            Http response = answerTo(client);
            assertEquals(ANSWER, response.text());
            assertEquals(0, response.rest().length);
            assertFalse(proxy.provider(0).isOpen());
        }
    }

    @Test
    void anAnswerThatComesBeforeTheUploadEndedPassesAndTheUploadStops() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(300_000) + "\"}";
            byte[] request = post("/v1/chat/completions", body).getBytes(ISO_8859_1);
            EmbeddedPeer client = proxy.client();
            client.send(request, 0, 100_000);
            proxy.provider(0).send(answer(413, "", "{}"));
            Http response = answerTo(client);
            assertEquals(413, response.status());
            assertEquals("close", response.field("connection"));
            assertFalse(proxy.provider(0).isOpen());
            client.send(request, 100_000, request.length - 100_000);
            assertFalse(Http.read(proxy.provider(0).allReceived()).complete());
        }
    }

    @Test
    void aProviderThatClosesBehindItsAnswerIsNotAskedOnThatConnectionAgain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(answer(200, "connection: close\r\n", ANSWER));
            assertEquals(ANSWER, answerTo(client).text());
            assertFalse(proxy.provider(0).isOpen());
        }
    }

    @Test
    void noFirstByteInTimeIs504() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.advance(599, TimeUnit.SECONDS);
            assertEquals("", client.received());
            proxy.advance(2, TimeUnit.SECONDS);
            assertFailed(client, 504, "upstream_timeout");
            assertFalse(proxy.provider(0).isOpen());
        }
    }

    @Test
    void aStreamThatStallsEndsInAnErrorEvent() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(eventsHead() + chunk(EVENT));
            proxy.advance(299, TimeUnit.SECONDS);
            proxy.provider(0).send(chunk(EVENT));
            proxy.advance(299, TimeUnit.SECONDS);
            assertTrue(proxy.provider(0).isOpen());
            proxy.advance(2, TimeUnit.SECONDS);
            Http response = answerTo(client);
            assertTrue(response.complete());
            assertTrue(response.text().contains("event: error"), response::text);
        }
    }

    @Test
    void aStreamMayEndWithTheConnectionWhereItsHeadSaysSo() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + EVENT);
            proxy.provider(0).leave();
            Http response = answerTo(client);
            assertTrue(response.complete());
            assertEquals(EVENT, response.text());
            assertTrue(client.isOpen());
        }
    }

    @Test
    void anEmptyStreamIsAnEmptyAnswer() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(eventsHead() + LAST_CHUNK);
            assertTrue(answerTo(client).complete());
            EmbeddedPeer other = proxy.client().send(chat());
            proxy.provider(0).send("HTTP/1.1 204 No Content\r\n\r\n");
            assertEquals(204, answerTo(other).status());
        }
    }
}
