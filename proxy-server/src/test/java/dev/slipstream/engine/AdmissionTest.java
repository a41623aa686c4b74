package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.ANSWER;
import static dev.slipstream.engine.Requests.CHAT;
import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.get;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is let in, what is not, and how the client is told; nothing of what is refused reaches a provider. */
final class AdmissionTest {
    private static final String KEYS = EmbeddedProxy.CONFIG + """
            keys: [ { name: one, key: sk-slip-the-first }, { name: two, key: sk-slip-the-second } ]
            """;

    private static Http ask(EmbeddedProxy proxy, String request) {
        return Http.read(proxy.client().send(request).allReceived());
    }

    private static void assertRefused(String request, int status, String word) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            Http response = ask(proxy, request);
            assertEquals(status, response.status(), response::text);
            assertEquals(word, response.field("x-slipstream-error"));
            assertEquals("no-store", response.field("cache-control"));
            assertEquals(0, proxy.providerConnections());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"messages\":[]} | 400 | missing_model",
                "{\"model\":7} | 400 | missing_model",
                "{\"model\":\"chat\",\"model\":\"chat\"} | 400 | duplicate_model",
                "{\"model\":\"chat\",\"m\\u006fdel\":\"chat\"} | 400 | duplicate_model",
                "{\"model\":\"nobody\"} | 404 | unknown_model",
                "{\"model\":\"CHAT\"} | 404 | unknown_model",
                "{\"model\":\"\"} | 404 | unknown_model",
                "{\"model\":\"open-x-anthropic\"} | 400 | no_target_for_dialect",
                "{\"model\":\"chat\" | 400 | invalid_json",
                "{\"model\":\"chat\",} | 400 | invalid_json",
                "[{\"model\":\"chat\"}] | 400 | invalid_json",
                "{\"model\":\"chat\"} {} | 400 | invalid_json",
                "{\"model\":\"chat\",\"n\":01} | 400 | invalid_json",
            })
    void aBodyThatCannotBeRoutedIsRefused(String body, int status, String word) {
        assertRefused(chat(body), status, word);
    }

    @Test
    void whatCannotBeServedIsRefusedByItsHead() {
        assertRefused(post("/v1/nothing", CHAT), 404, "unknown_path");
        assertRefused(post("/v1/chat/../messages", CHAT), 404, "unknown_path");
        assertRefused(post("/v1/chat%2Fcompletions", CHAT), 404, "unknown_path");
        assertRefused(get("/v1/chat/completions"), 405, "method_not_allowed");
        assertRefused(post("/v1/models", CHAT), 405, "method_not_allowed");
        assertRefused(post("/v1/chat/completions", "content-encoding: gzip\r\n", CHAT), 415, "unsupported_media_type");
        assertRefused(post("/v1/chat/completions", "expect: miracles\r\n", CHAT), 417, "expectation_failed");
        assertRefused(
                "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\n{}",
                415,
                "unsupported_media_type");
        assertRefused(
                "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\ncontent-length: 99999999999\r\n\r\n",
                413,
                "request_too_large");
        assertRefused("GET / HTTP/1.1\r\n\r\n", 400, "bad_request");
        assertRefused("GET / HTTP/2.0\r\nhost: p\r\n\r\n", 505, "http_version_not_supported");
        assertRefused("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nhost: p\r\n\r\n", 414, "uri_too_long");
        assertRefused("GET / HTTP/1.1\r\nhost: p\r\n" + "x: y\r\n".repeat(300) + "\r\n", 431, "header_too_large");
    }

    @Test
    void anErrorSpeaksTheDialectOfTheClient() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            Http openai = ask(proxy, chat("{\"model\":\"x\"}"));
            assertTrue(openai.text().startsWith("{\"error\":{\"message\":"), openai::text);
            assertTrue(openai.text().contains("\"code\":\"model_not_found\""), openai::text);
            Http anthropic = ask(proxy, messages("{\"model\":\"x\"}"));
            assertTrue(anthropic.text().startsWith("{\"type\":\"error\",\"error\":{"), anthropic::text);
            assertTrue(anthropic.text().contains("\"type\":\"not_found_error\""), anthropic::text);
            assertEquals(anthropic.field("x-request-id"), anthropic.field("request-id"));
            Http unknown = ask(proxy, post("/v1/messages/batches", "{}"));
            assertTrue(unknown.text().startsWith("{\"type\":\"error\""), unknown::text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization: Bearer sk-slip-the-first",
                "authorization: bearer sk-slip-the-second",
                "x-api-key: sk-slip-the-first",
                "api-key: sk-slip-the-first",
                "x-slipstream-key: sk-slip-the-first",
                "x-slipstream-key: wrong\r\nauthorization: Bearer sk-slip-the-first",
                "authorization: Basic eDp5\r\nauthorization: Bearer sk-slip-the-first",
            })
    void aValidKeyIsFoundWhereverItIsSentAndReplacedByTheProviders(String field) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(KEYS)) {
            EmbeddedPeer client = proxy.client().send(post("/v1/chat/completions", field + "\r\n", CHAT));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertEquals("Bearer sk-first", request.field("authorization"));
            assertFalse(
                    request.fields().toString().contains("sk-slip"),
                    () -> request.fields().toString());
            proxy.provider(0).send(ok(ANSWER));
            assertEquals(200, Http.read(client.allReceived()).status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "authorization: Bearer\r\n",
                "authorization: Bearer sk-slip-the-firs\r\n",
                "authorization: Bearer sk-slip-the-first2\r\n",
                "authorization: Bearer SK-SLIP-THE-FIRST\r\n",
                "authorization: sk-slip-the-first\r\n",
                "authorization: Basic c2stc2xpcC10aGUtZmlyc3Q=\r\n",
                "x-api-key: ' OR 1=1 --\r\n",
                "x-api-key: sk-slip-*\r\n",
            })
    void withoutAValidKeyNothingIsServedButHealth(String field) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(KEYS)) {
            Http response = ask(proxy, post("/v1/chat/completions", field, CHAT));
            assertEquals(401, response.status());
            assertEquals("invalid_api_key", response.field("x-slipstream-error"));
            assertEquals(0, proxy.providerConnections());
            assertEquals(200, ask(proxy, get("/health")).status());
            assertEquals(200, ask(proxy, get("/")).status());
            assertEquals(401, ask(proxy, get("/v1/models")).status());
        }
    }

    @Test
    void aKeyInTheQueryIsNeitherTakenNorForwarded() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.client()
                    .send(post(
                            "/v1/messages?beta=true&key=sk-1&api%5Fkey=sk-2&ACCESS_TOKEN=sk-3&x=1",
                            "{\"model\":\"chat\"}"));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertEquals("POST /v1/messages?beta=true&x=1 HTTP/1.1", request.startLine());
            assertEquals("2023-06-01", request.field("anthropic-version"));
            assertEquals("sk-claude", request.field("x-api-key"));
        }
    }

    @Test
    void onlyTheFieldsOfTheListsPass() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            EmbeddedPeer client = proxy.client()
                    .send(post(
                            "/v1/chat/completions",
                            "user-agent: test\r\nx-stainless-lang: java\r\nidempotency-key: i\r\ncookie: c\r\n"
                                    + "x-forwarded-for: 1.2.3.4\r\nopenai-organization: o\r\nte: trailers\r\n"
                                    + "connection: keep-alive, idempotency-key\r\nx-request-id: mine-1\r\n",
                            CHAT));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertEquals("test", request.field("user-agent"));
            assertEquals("java", request.field("x-stainless-lang"));
            for (String dropped : new String[] {
                "idempotency-key",
                "cookie",
                "x-forwarded-for",
                "openai-organization",
                "te",
                "connection",
                "x-request-id"
            }) {
                assertEquals("", request.field(dropped), dropped);
            }
            proxy.provider(0)
                    .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nset-cookie: c\r\nserver: s\r\n"
                            + "x-ratelimit-limit-requests: 9\r\nopenai-organization: o\r\nx-request-id: theirs\r\n"
                            + "retry-after-ms: 5\r\ncontent-length: 2\r\n\r\n{}");
            Http response = Http.read(client.allReceived());
            assertEquals("9", response.field("x-ratelimit-limit-requests"));
            assertEquals("5", response.field("retry-after-ms"));
            assertEquals("mine-1", response.field("x-request-id"));
            assertEquals("theirs", response.field("x-slipstream-upstream-request-id"));
            for (String dropped : new String[] {"set-cookie", "server", "openai-organization"}) {
                assertEquals("", response.field(dropped), dropped);
            }
        }
    }

    @Test
    void onlySoManyRequestsAreInFlight() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(EmbeddedProxy.CONFIG + "limits: { in_flight: 2 }\n")) {
            EmbeddedPeer one = proxy.client().send(chat());
            EmbeddedPeer two = proxy.client().send(chat());
            assertEquals(2, proxy.limits().inFlight().used());
            assertEquals(503, ask(proxy, chat()).status());
            assertEquals(529, ask(proxy, messages("{\"model\":\"chat\"}")).status());
            proxy.provider(0).send(ok(ANSWER));
            assertEquals(1, proxy.limits().inFlight().used());
            proxy.provider(1).send(ok(ANSWER));
            assertEquals(200, Http.read(one.allReceived()).status());
            assertEquals(200, Http.read(two.allReceived()).status());
        }
    }

    @Test
    void aContinueIsSentWhenTheBodyIsWantedAndNotOtherwise() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\nexpect: 100-continue\r\ncontent-length: "
                    + CHAT.length() + "\r\n\r\n";
            EmbeddedPeer client = proxy.client().send(head);
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.received());
            client.send(CHAT);
            assertEquals("", Http.read(proxy.provider(0).allReceived()).field("expect"));
            EmbeddedPeer eager = proxy.client().send(head + CHAT);
            proxy.provider(1).send(ok(ANSWER));
            assertEquals(200, Http.read(eager.allReceived()).status());
            assertEquals(
                    404, ask(proxy, head.replace("chat/completions", "nothing")).status());
        }
    }

    @Test
    void aSmallRefusedBodyIsDroppedAndTheConnectionServesOn() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(KEYS)) {
            EmbeddedPeer client = proxy.client().send(chat());
            Http refused = Http.read(client.received().getBytes(ISO_8859_1));
            assertEquals(401, refused.status());
            assertEquals("", refused.field("connection"));
            client.send(get("/health"));
            assertEquals(200, Http.read(client.received().getBytes(ISO_8859_1)).status());
            Http large = ask(proxy, chat("{\"x\":\"" + "y".repeat(100_000) + "\"}"));
            assertEquals("close", large.field("connection"));
        }
    }

    @Test
    void aModelThatComesTooLateInALargeBodyIs413() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(EmbeddedProxy.CONFIG + "limits: { held_body: 100KiB }\n")) {
            EmbeddedPeer client = proxy.client();
            client.sendInReadsOf(
                    40_000,
                    chat("{\"x\":\"" + "y".repeat(200_000) + "\",\"model\":\"chat\"}")
                            .getBytes(ISO_8859_1));
            assertEquals("request_too_large", Http.read(client.allReceived()).field("x-slipstream-error"));
            assertEquals(0, proxy.providerConnections());
        }
    }

    @Test
    void whatDoesNotComeInTimeIs408OrClosed() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(EmbeddedProxy.CONFIG + "timeouts: { client_min_rate: 0 }\n")) {
            EmbeddedPeer silent = proxy.client();
            EmbeddedPeer drips = proxy.client().send("POST /v1/chat/comp");
            EmbeddedPeer stalls = proxy.client().send(chat().substring(0, chat().length() - 5));
            EmbeddedPeer idle = proxy.client().send(get("/health"));
            proxy.advance(11, TimeUnit.SECONDS);
            assertFalse(silent.isOpen());
            assertEquals(408, Http.read(drips.allReceived()).status());
            assertTrue(idle.isOpen());
            proxy.advance(65, TimeUnit.SECONDS);
            assertFalse(idle.isOpen());
            assertEquals("", stalls.received());
            proxy.advance(45, TimeUnit.SECONDS);
            assertEquals("request_timeout", Http.read(stalls.allReceived()).field("x-slipstream-error"));
        }
    }

    @Test
    void aFullPoolIsWaitedForOnlySoLong() {
        try (EmbeddedProxy proxy =
                new EmbeddedProxy(EmbeddedProxy.CONFIG.replace("warm: 0", "warm: 0, max_connections: 1"))) {
            // Of a model without another target: nobody else is asked.
            String lone = chat(CHAT.replace("\"chat\"", "\"open-x\""));
            EmbeddedPeer first = proxy.client().send(lone);
            EmbeddedPeer second = proxy.client().send(lone);
            EmbeddedPeer third = proxy.client();
            proxy.advance(3, TimeUnit.SECONDS);
            third.send(lone);
            proxy.advance(3, TimeUnit.SECONDS);
            assertEquals("pool_timeout", Http.read(second.allReceived()).field("x-slipstream-error"));
            proxy.provider(0).send(ok("{\"first\":1}"));
            proxy.provider(0).send(ok("{\"third\":1}"));
            assertEquals("{\"first\":1}", Http.read(first.allReceived()).text());
            assertEquals("{\"third\":1}", Http.read(third.allReceived()).text());
            assertEquals(1, proxy.providerConnections());
        }
    }

    @Test
    void modelsAreListedInBothDialectsAndHealthKnowsOfADrain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            assertTrue(ask(proxy, get("/v1/models")).text().startsWith("{\"object\":\"list\""));
            assertTrue(ask(proxy, "GET /v1/models HTTP/1.1\r\nhost: p\r\nanthropic-version: 2023-06-01\r\n\r\n")
                    .text()
                    .endsWith("\"has_more\":false,\"first_id\":\"chat\",\"last_id\":\"both\"}"));
            assertEquals(200, ask(proxy, get("/v1/v1/models/chat")).status());
            assertEquals(404, ask(proxy, get("/models/nobody")).status());
            Http head = ask(proxy, get("/health").replace("GET", "HEAD"));
            assertEquals("15", head.field("content-length"));
            assertEquals(200, ask(proxy, get("/health/ready")).status());
            proxy.startDraining();
            Http draining = ask(proxy, get("/health/ready"));
            assertEquals(503, draining.status());
            assertEquals("close", draining.field("connection"));
        }
    }
}
