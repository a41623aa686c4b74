package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.ANSWER;
import static dev.slipstream.engine.Requests.CHAT;
import static dev.slipstream.engine.Requests.CHAT_AT_PROVIDER;
import static dev.slipstream.engine.Requests.LAST_CHUNK;
import static dev.slipstream.engine.Requests.answer;
import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.chunk;
import static dev.slipstream.engine.Requests.eventsHead;
import static dev.slipstream.engine.Requests.ok;
import static dev.slipstream.engine.Requests.post;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A request's life: the happy ways, at every split, one after another, and what is left when somebody goes. */
@Tag("jdk25")
final class LifeTest {
    private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";

    @Test
    void aRequestIsForwardedWithItsModelReplacedAndItsAnswerComesBack() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            Http request = Http.read(proxy.provider(0).allReceived());
            assertEquals("POST /v1/chat/completions HTTP/1.1", request.startLine());
            assertEquals(CHAT_AT_PROVIDER, request.text());
            assertEquals("first.test", request.field("host"));
            assertEquals("Bearer sk-first", request.field("authorization"));
            assertEquals("identity", request.field("accept-encoding"));
            proxy.provider(0).send(ok(ANSWER));
            Http response = Http.read(client.allReceived());
            assertEquals(200, response.status());
            assertEquals(ANSWER, response.text());
            assertEquals("first", response.field("x-slipstream-provider"));
            assertEquals("provider-model", response.field("x-slipstream-model"));
            assertEquals("exact", response.field("x-slipstream-model-reason"));
            assertEquals("1", response.field("x-slipstream-attempts"));
            assertTrue(response.field("x-request-id").matches("req_[0-9a-f]{24}"));
            assertTrue(response.field("server-timing")
                    .matches("slipstream;dur=\\d+\\.\\d{3}, upstream;dur=\\d+\\.\\d{3}"));
            assertTrue(client.isOpen());
        }
    }

    @Test
    void howTheBytesAreSplitMakesNoDifference() {
        byte[] request = chat().getBytes(ISO_8859_1);
        byte[] answer = (eventsHead() + chunk(EVENT) + chunk("data: [DONE]\n\n") + LAST_CHUNK).getBytes(ISO_8859_1);
        for (int split = 1; split < Math.max(request.length, answer.length); split++) {
            try (EmbeddedProxy proxy = new EmbeddedProxy()) {
                EmbeddedPeer client = proxy.client();
                sendSplit(client, request, split);
                assertEquals(
                        CHAT_AT_PROVIDER,
                        Http.read(proxy.provider(0).allReceived()).text(),
                        "at " + split);
                sendSplit(proxy.provider(0), answer, split);
                Http response = Http.read(client.allReceived());
                assertTrue(response.complete(), "at " + split);
                assertEquals(EVENT + "data: [DONE]\n\n", response.text(), "at " + split);
            }
        }
    }

    private static void sendSplit(EmbeddedPeer peer, byte[] bytes, int split) {
        int at = Math.min(split, bytes.length);
        peer.send(bytes, 0, at);
        if (at < bytes.length) {
            peer.send(bytes, at, bytes.length - at);
        }
    }

    @Test
    void manyRequestsFollowOnOneConnectionAndShareOneToTheProvider() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client();
            for (int i = 0; i < 5; i++) {
                client.send(chat());
                proxy.provider(0).received();
                proxy.provider(0).send(ok("{\"n\":" + i + "}"));
                assertEquals(
                        "{\"n\":" + i + "}",
                        Http.read(client.received().getBytes(ISO_8859_1)).text());
            }
            assertEquals(1, proxy.providerConnections());
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat() + Requests.get("/health") + chat());
            assertEquals("", client.received());
            proxy.provider(0).send(ok("{\"first\":1}"));
            proxy.provider(0).send(ok("{\"second\":2}"));
            Http first = Http.read(client.allReceived());
            Http health = Http.read(first.rest());
            Http second = Http.read(health.rest());
            assertEquals("{\"first\":1}", first.text());
            assertEquals("{\"status\":\"ok\"}", health.text());
            assertEquals("{\"second\":2}", second.text());
        }
    }

    @Test
    void aChunkedRequestThatIsScannedWholeLeavesWithItsLength() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.client()
                    .send("POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\ntransfer-encoding: chunked\r\n\r\n"
                            + chunk(CHAT.substring(0, 9)) + chunk(CHAT.substring(9)) + LAST_CHUNK);
            Http request = Http.read(proxy.provider(0).allReceived());
            assertEquals(CHAT_AT_PROVIDER, request.text());
            assertEquals(String.valueOf(CHAT_AT_PROVIDER.length()), request.field("content-length"));
        }
    }

    @Test
    void aLargeBodyIsCutThroughOnceItsModelIsKnown() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(200_000) + "\"}";
            byte[] request = post("/v1/chat/completions", body).getBytes(ISO_8859_1);
            EmbeddedPeer client = proxy.client();
            client.send(request, 0, 100_000);
            assertTrue(proxy.provider(0).allReceived().length > 90_000);
            client.send(request, 100_000, request.length - 100_000);
            Http received = Http.read(proxy.provider(0).allReceived());
            assertTrue(received.complete());
            assertEquals(body.replace("\"chat\"", "\"provider-model\""), received.text());
            proxy.provider(0).send(ok(ANSWER));
            assertEquals(200, Http.read(client.allReceived()).status());
        }
    }

    @Test
    void whatIsCutThroughDoesNotWaitForMoreToGather() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(EmbeddedProxy.CONFIG + "limits: { scan_first: 1KiB }\n")) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(3_000) + "\"}";
            byte[] request = post("/v1/chat/completions", body).getBytes(ISO_8859_1);
            EmbeddedPeer client = proxy.client();
            client.send(request, 0, 2_000);
            assertTrue(proxy.provider(0).allReceived().length > 1_500);
            client.send(request, 2_000, request.length - 2_000);
            assertEquals(
                    body.replace("\"chat\"", "\"provider-model\""),
                    Http.read(proxy.provider(0).allReceived()).text());
        }
    }

    @Test
    void aLargeBodyThatTurnsOutInvalidLeavesOnlyAnIncompleteRequest() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(200_000) + "\"";
            EmbeddedPeer client = proxy.client();
            client.sendInReadsOf(50_000, post("/v1/chat/completions", body).getBytes(ISO_8859_1));
            Http response = Http.read(client.allReceived());
            assertEquals(400, response.status());
            assertEquals("invalid_json", response.field("x-slipstream-error"));
            assertFalse(Http.read(proxy.provider(0).allReceived()).complete());
            assertFalse(proxy.provider(0).isOpen());
        }
    }

    @Test
    void aSecondModelBehindTheCutThroughIsRefused() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(200_000) + "\",\"mod\\u0065l\":\"chat\"}";
            EmbeddedPeer client = proxy.client();
            client.sendInReadsOf(50_000, post("/v1/chat/completions", body).getBytes(ISO_8859_1));
            assertEquals("duplicate_model", Http.read(client.allReceived()).field("x-slipstream-error"));
            assertFalse(Http.read(proxy.provider(0).allReceived()).complete());
        }
    }

    @Test
    void aClientThatLeavesAtAnyByteOfItsRequestLeavesNothingBehind() {
        byte[] request = chat().getBytes(ISO_8859_1);
        for (int sent = 0; sent <= request.length; sent++) {
            try (EmbeddedProxy proxy = new EmbeddedProxy()) {
                EmbeddedPeer client = proxy.client();
                if (sent > 0) {
                    client.send(request, 0, sent);
                }
                client.leave();
                assertEquals(0, proxy.exchangesInUse(), "after " + sent);
                assertEquals(0, proxy.busyProviderConnections(), "after " + sent);
            }
        }
    }

    @Test
    void aClientThatLeavesAtAnyByteOfItsAnswerCancelsTheProvider() {
        byte[] answer = (eventsHead() + chunk(EVENT) + chunk(EVENT)).getBytes(ISO_8859_1);
        for (int sent = 0; sent <= answer.length; sent++) {
            try (EmbeddedProxy proxy = new EmbeddedProxy()) {
                EmbeddedPeer client = proxy.client().send(chat());
                if (sent > 0) {
                    proxy.provider(0).send(answer, 0, sent);
                }
                client.leave();
                assertFalse(proxy.provider(0).isOpen(), "after " + sent);
                assertEquals(0, proxy.exchangesInUse(), "after " + sent);
            }
        }
    }

    @Test
    void aSlowClientStopsTheReadingOfItsProviderUntilItReadsAgain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            EmbeddedPeer provider = proxy.provider(0);
            provider.send(eventsHead() + chunk(EVENT));
            client.stopTaking();
            provider.send(chunk(EVENT));
            assertFalse(provider.isRead());
            client.takeAgain();
            assertTrue(provider.isRead());
            provider.send(LAST_CHUNK);
            assertEquals(EVENT + EVENT, Http.read(client.allReceived()).text());
            assertTrue(provider.isOpen());
        }
    }

    @Test
    void aSlowProviderStopsTheReadingOfItsClientUntilItReadsAgain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String body = "{\"model\":\"chat\",\"text\":\"" + "x".repeat(300_000) + "\"}";
            byte[] request = post("/v1/chat/completions", body).getBytes(ISO_8859_1);
            EmbeddedPeer client = proxy.client();
            client.send(request, 0, 100_000);
            proxy.provider(0).stopTaking();
            client.send(request, 100_000, 100_000);
            assertFalse(client.isRead());
            proxy.provider(0).takeAgain();
            assertTrue(client.isRead());
            client.send(request, 200_000, request.length - 200_000);
            assertTrue(Http.read(proxy.provider(0).allReceived()).complete());
        }
    }

    @Test
    void anOldClientGetsAnAnswerThatEndsWithTheConnection() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client()
                    .send("POST /v1/chat/completions HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: "
                            + CHAT.length() + "\r\n\r\n" + CHAT);
            proxy.provider(0).send(eventsHead() + chunk(EVENT) + LAST_CHUNK);
            Http response = Http.read(client.allReceived());
            assertEquals("", response.field("transfer-encoding"));
            assertEquals("close", response.field("connection"));
            assertEquals(EVENT, response.text());
            assertFalse(client.isOpen());
        }
    }

    @Test
    void aProvidersOwnErrorPassesAsItIs() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client().send(chat());
            proxy.provider(0).send(answer(401, "", "{\"error\":{\"message\":\"no\"}}"));
            Http response = Http.read(client.allReceived());
            assertEquals(401, response.status());
            assertEquals("{\"error\":{\"message\":\"no\"}}", response.text());
            assertEquals("provider", response.field("x-slipstream-error-source"));
        }
    }

    @Test
    void atTheEndOfADrainAStreamEndsInAnErrorAndAWaitingRequestIsTold() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer streaming = proxy.client().send(chat());
            proxy.provider(0).send(eventsHead() + chunk(EVENT));
            EmbeddedPeer waiting = proxy.client().send(chat());
            EmbeddedPeer sending = proxy.client().send(chat().substring(0, chat().length() - 3));
            proxy.startDraining();
            proxy.endForDrain();
            Http stream = Http.read(streaming.allReceived());
            assertTrue(stream.complete());
            assertTrue(stream.text().startsWith(EVENT + "event: error\n"), stream::text);
            assertTrue(stream.text().contains("draining"), stream::text);
            assertEquals("draining", Http.read(waiting.allReceived()).field("x-slipstream-error"));
            assertEquals("draining", Http.read(sending.allReceived()).field("x-slipstream-error"));
            assertFalse(proxy.provider(0).isOpen());
            assertFalse(proxy.provider(1).isOpen());
        }
    }
}
