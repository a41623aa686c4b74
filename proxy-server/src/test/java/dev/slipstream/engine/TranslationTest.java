package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.chat;
import static dev.slipstream.engine.Requests.messages;
import static dev.slipstream.engine.Requests.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedPeer;
import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests whose provider speaks the other dialect, from the client's first byte to the answer's last. */
final class TranslationTest {
    private static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            admin: { address: "127.0.0.1:0" }
            pool: { warm: 0 }
            timeouts: { ping: 10s }
            providers:
              gpt: { base_url: "http://gpt.test/v1", dialect: openai, api_key: sk-gpt }
              asked: { base_url: "http://asked.test/v1", dialect: openai, inject_usage: on }
              claude: { base_url: "http://claude.test", dialect: anthropic, api_key: sk-claude }
            models:
              - name: gpt
                targets: [ { provider: gpt, model: gpt-there } ]
              - name: claude
                targets: [ { provider: claude, model: claude-there } ]
              - name: both
                targets: [ { provider: claude, model: claude-there }, { provider: gpt, model: gpt-there } ]
              - name: claude-by-name
                targets: [ { provider: gpt, model: glm-there } ]
              - name: asked
                targets: [ { provider: asked } ]
              - name: blind
                vision: sighted
                targets: [ { provider: gpt } ]
              - name: sighted
                targets: [ { provider: claude, model: eyes } ]
              - name: small
                assumed_context: 200000
                context_window: 100000
                targets: [ { provider: gpt }, { provider: claude } ]
            """;

    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";
    private static final String COMPLETION = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
            + "\"model\":\"gpt-there\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":\"Hi.\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,\"total_tokens\":14}}";
    private static final String MESSAGE = "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
            + "\"model\":\"claude-there\",\"content\":[{\"type\":\"text\",\"text\":\"Hi.\"}],\"stop_reason\":\"end_turn\","
            + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":11,\"output_tokens\":3}}";
    private static final String CHUNK = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"gpt-there\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi.\"},"
            + "\"finish_reason\":null}]}\n\n";
    private static final String FINISH = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"gpt-there\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
            + "\"model\":\"gpt-there\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,"
            + "\"total_tokens\":14}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String toMessages(String model, String more) {
        return messages("{\"model\":\"" + model + "\",\"max_tokens\":99," + HELLO + more + "}");
    }

    private static String toChat(String model, String more) {
        return chat("{\"model\":\"" + model + "\"," + HELLO + more + "}");
    }

    private static String answer(int status, String type, String body) {
        return "HTTP/1.1 " + status + " X\r\ncontent-type: " + type + "\r\ncontent-length: "
                + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }

    private static String json(String body) {
        return answer(200, "application/json", body);
    }

    private static String eventsHead() {
        return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static Http read(EmbeddedPeer client) {
        return Http.read(client.allReceived());
    }

    @Test
    void aMessageGoesToAProviderOfTheOtherDialectAndItsAnswerComesBack() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ""));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertTrue(request.startLine().startsWith("POST /v1/chat/completions HTTP"), request::startLine);
            assertEquals("Bearer sk-gpt", request.field("authorization"));
            assertEquals("", request.field("anthropic-version"));
            assertTrue(request.complete());
            assertTrue(request.text().contains("\"model\":\"gpt-there\""), request::text);
            assertTrue(request.text().contains("\"content\":\"Hello\""), request::text);
            proxy.provider(0).send(json(COMPLETION));
            Http response = read(client);
            assertEquals(200, response.status());
            assertEquals("application/json", response.field("content-type"));
            assertEquals("gpt", response.field("x-slipstream-provider"));
            assertEquals("gpt-there", response.field("x-slipstream-model"));
            assertTrue(response.complete());
            assertTrue(response.text().contains("\"type\":\"message\""), response::text);
            assertTrue(response.text().contains("\"input_tokens\":11"), response::text);
            assertTrue(response.text().contains("\"stop_reason\":\"end_turn\""), response::text);
        }
    }

    @Test
    void aChatGoesToAProviderOfTheOtherDialectAndItsAnswerComesBack() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toChat("claude", ""));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertTrue(request.startLine().startsWith("POST /v1/messages HTTP"), request::startLine);
            assertEquals("sk-claude", request.field("x-api-key"));
            assertEquals("2023-06-01", request.field("anthropic-version"));
            assertTrue(request.text().contains("\"model\":\"claude-there\""), request::text);
            assertTrue(request.text().contains("\"max_tokens\":"), request::text);
            proxy.provider(0).send(json(MESSAGE));
            Http response = read(client);
            assertEquals(200, response.status());
            assertTrue(response.text().contains("\"object\":\"chat.completion\""), response::text);
            assertTrue(response.text().contains("\"prompt_tokens\":11"), response::text);
        }
    }

    /** Trap 16: betas of one dialect are no business of the other's providers. */
    @Test
    void queryAndBetasOfTheClientsDialectStayHere() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            String fields =
                    "anthropic-version: 2023-06-01\r\nanthropic-beta: context-1m-2025-08-07\r\nuser-agent: cli\r\n";
            String body = "{\"model\":\"gpt\",\"max_tokens\":9," + HELLO + "}";
            proxy.client().send(post("/v1/messages?beta=true", fields, body));
            Http request = Http.read(proxy.provider(0).allReceived());
            assertTrue(request.startLine().startsWith("POST /v1/chat/completions HTTP"), request::startLine);
            assertEquals("", request.field("anthropic-beta"));
            assertEquals("", request.field("anthropic-version"));
            assertEquals("cli", request.field("user-agent"));
            proxy.provider(0).send(json(COMPLETION));
        }
    }

    @Test
    void eachReadOfAStreamLeavesTranslatedAtOnce() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            EmbeddedPeer provider = proxy.provider(0);
            provider.send(eventsHead());
            assertEquals("", client.received(), "an error may still become a status");
            provider.send(chunk(CHUNK));
            String first = client.received();
            assertTrue(first.startsWith("HTTP/1.1 200"), first);
            assertTrue(first.contains("content-type: text/event-stream"), first);
            assertTrue(first.contains("event: message_start"), first);
            assertTrue(first.contains("\"text\":\"Hi.\""), first);
            provider.send(chunk(FINISH + USAGE + DONE));
            String last = client.received();
            assertTrue(last.contains("event: message_delta"), last);
            assertTrue(last.contains("\"input_tokens\":11"), last);
            assertTrue(last.contains("event: message_stop"), last);
            assertFalse(last.endsWith("0\r\n\r\n"), "the provider has not ended yet");
            provider.send("0\r\n\r\n");
            assertEquals("0\r\n\r\n", client.received());
            assertTrue(provider.isOpen(), "kept for the next request");
        }
    }

    @Test
    void aStreamThatBreaksEndsInAnErrorOfTheClientsDialect() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            proxy.provider(0).send(eventsHead() + chunk(CHUNK));
            proxy.provider(0).leave();
            Http response = read(client);
            assertTrue(response.complete());
            assertTrue(response.text().contains("event: content_block_stop"), response::text);
            assertTrue(response.text().contains("event: error"), response::text);
            assertFalse(response.text().contains("message_stop"), response::text);
        }
    }

    @Test
    void aStreamThatBreaksBeforeItsFirstEventIsAStatus() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            proxy.provider(0).send(eventsHead());
            proxy.provider(0).leave();
            Http response = read(client);
            assertEquals(502, response.status());
            assertEquals("upstream_closed", response.field("x-slipstream-error"));
        }
    }

    @Test
    void anErrorInAStreamOfStatus200IsAStatusAndAsksTheNextTarget() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            String error =
                    "data: {\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":429}}\n\n";
            proxy.provider(0).send(eventsHead() + chunk(error) + "0\r\n\r\n");
            Http response = read(client);
            assertEquals(429, response.status());
            assertEquals("provider", response.field("x-slipstream-error-source"));
            assertTrue(response.text().contains("\"type\":\"rate_limit_error\""), response::text);
            assertTrue(response.text().contains("slow down"), response::text);
        }
    }

    /** Traps 47 and 50: the error is in the client's dialect, and tells when to try again. */
    @Test
    void anErrorAnswerIsTranslatedWithItsStatusAndItsRetryAfter() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ""));
            String body = "{\"error\":{\"message\":\"Too many\",\"type\":\"requests\",\"param\":null,\"code\":null}}";
            proxy.provider(0)
                    .send("HTTP/1.1 429 X\r\ncontent-type: application/json\r\nretry-after: 7\r\ncontent-length: "
                            + body.length() + "\r\n\r\n" + body);
            Http response = read(client);
            assertEquals(429, response.status());
            assertEquals("7", response.field("retry-after"));
            assertEquals("provider", response.field("x-slipstream-error-source"));
            assertTrue(response.text().contains("\"type\":\"error\""), response::text);
            assertTrue(response.text().contains("rate_limit_error"), response::text);
        }
    }

    @Test
    void theOtherDialectIsAskedWhereTheClientsOwnFails() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("both", ""));
            proxy.provider(0).send(answer(529, "application/json", "{}"));
            assertTrue(proxy.provider(1).received().startsWith("POST /v1/chat/completions"));
            proxy.provider(1).send(json(COMPLETION));
            Http response = read(client);
            assertEquals(200, response.status());
            assertEquals("fallback", response.field("x-slipstream-model-reason"));
            assertEquals("2", response.field("x-slipstream-attempts"));
            assertTrue(response.text().contains("\"type\":\"message\""), response::text);
        }
    }

    @Test
    void aRequestThatCannotBeTranslatedIs400AndReachesNobody() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            Http response = read(proxy.client().send(toChat("claude", ",\"n\":3")));
            assertEquals(400, response.status());
            assertEquals("bad_request", response.field("x-slipstream-error"));
            assertTrue(response.text().startsWith("{\"error\":{\"message\":\"n: this "), response::text);
            assertTrue(response.text().endsWith("\"param\":\"n\",\"code\":\"bad_request\"}}"), response::text);
            assertEquals(0, proxy.providerConnections());
        }
    }

    @Test
    void anAnswerIsNotGivenUpForATargetThatCannotHaveTheRequest() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toChat("small", ",\"n\":3"));
            String body = "{\"error\":{\"message\":\"Too many\"}}";
            proxy.provider(0)
                    .send("HTTP/1.1 429 X\r\ncontent-type: application/json\r\nretry-after: 7\r\ncontent-length: "
                            + body.length() + "\r\n\r\n" + body);
            Http response = read(client);
            assertEquals(429, response.status());
            assertEquals("7", response.field("retry-after"));
            assertEquals(body, response.text());
            assertEquals(1, proxy.providerConnections());
        }
    }

    @Test
    void anAnswerIsNotGivenUpWhileTheRestOfTheRequestIsStillToCome() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            String half = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(100_000);
            EmbeddedPeer client = proxy.client();
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                    + "content-length: 900000\r\n\r\n" + half);
            proxy.provider(0).send(answer(429, "application/json", "{}"));
            assertEquals(429, read(client).status());
        }
    }

    @Test
    void anAnswerThatIsNoJsonIs502() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ""));
            proxy.provider(0).send(json("{\"choices\":"));
            Http response = read(client);
            assertEquals(502, response.status());
            assertEquals("upstream_protocol", response.field("x-slipstream-error"));
        }
    }

    /** Trap 45: usage, and all else, cannot be read in an encoded body; it was not asked for, and is not guessed at. */
    @Test
    void anEncodedAnswerIs502() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ""));
            proxy.provider(0)
                    .send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
                            + "content-length: 2\r\n\r\n{}");
            assertEquals(502, read(client).status());
        }
    }

    /** Trap 46: the length is that of the edited body. */
    @Test
    void aBodyInManyReadsIsTranslatedWhenItIsWhole() {
        String body = "{\"model\":\"gpt\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "word ".repeat(60_000) + "\"}]}";
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client();
            client.sendInReadsOf(10_000, messages(body).getBytes(UTF_8));
            proxy.provider(0).takeAgain();
            Http request = Http.read(proxy.provider(0).allReceived());
            assertTrue(request.complete());
            assertTrue(request.text().contains("word ".repeat(60_000)));
            assertEquals(request.body().length, Integer.parseInt(request.field("content-length")));
            proxy.provider(0).send(json(COMPLETION));
            assertEquals(200, read(client).status());
        }
    }

    @Test
    void aClientThatLeavesInMidUploadCostsNothing() {
        String body = "{\"model\":\"gpt\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "word ".repeat(60_000);
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client();
            client.send("POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                    + "content-length: 1000000\r\n\r\n" + body);
            client.leave();
            assertEquals(0, proxy.exchangesInUse());
            assertEquals(0, proxy.providerConnections());
        }
    }

    @Test
    void aClientIsToldThatAThinkingProviderLives() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            EmbeddedPeer provider = proxy.provider(0);
            provider.send(eventsHead());
            proxy.advance(11, TimeUnit.SECONDS);
            assertEquals("", client.received(), "nothing is said before there is an answer");
            provider.send(chunk(CHUNK));
            client.received();
            proxy.advance(11, TimeUnit.SECONDS);
            assertTrue(client.received().contains("event: ping\ndata: {\"type\":\"ping\"}\n\n"));
            proxy.advance(11, TimeUnit.SECONDS);
            assertTrue(client.received().contains("event: ping"));
            provider.send(chunk(FINISH + USAGE + DONE) + "0\r\n\r\n");
            assertTrue(client.received().contains("message_stop"));
            proxy.advance(60, TimeUnit.SECONDS);
            assertEquals("", client.received());
        }
    }

    @Test
    void aStreamOfTheClientsOwnDialectIsPingedBetweenItsEventsAlone() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toChat("gpt", ",\"stream\":true"));
            EmbeddedPeer provider = proxy.provider(0);
            provider.send(eventsHead() + chunk(CHUNK + "data: {\"half"));
            client.received();
            proxy.advance(11, TimeUnit.SECONDS);
            assertEquals("", client.received());
            provider.send(chunk("\":1}\n\n"));
            client.received();
            proxy.advance(11, TimeUnit.SECONDS);
            assertTrue(client.received().contains(": keep-alive\n\n"));
            provider.send("0\r\n\r\n");
        }
    }

    @Test
    void usageThatTheClientDidNotAskForIsAskedForAndHidden() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toChat("asked", ",\"stream\":true"));
            EmbeddedPeer provider = proxy.provider(0);
            Http request = Http.read(provider.allReceived());
            assertTrue(request.text().endsWith(",\"stream_options\":{\"include_usage\":true}}"), request::text);
            provider.send(eventsHead() + chunk(CHUNK + FINISH + USAGE + DONE) + "0\r\n\r\n");
            Http response = read(client);
            assertEquals(CHUNK + FINISH + DONE, response.text());
        }
    }

    @Test
    void whoAsksForUsageGetsItAsTheProviderSentIt() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            String own = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
            EmbeddedPeer client = proxy.client().send(toChat("asked", own));
            proxy.provider(0).send(eventsHead() + chunk(CHUNK + FINISH + USAGE + DONE) + "0\r\n\r\n");
            assertEquals(CHUNK + FINISH + USAGE + DONE, read(client).text());
        }
    }

    @Test
    void inputTokensAreScaledOnEveryWay() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toChat("small", ""));
            proxy.provider(0).send(json(COMPLETION));
            assertEquals(
                    COMPLETION
                            .replace("\"prompt_tokens\":11", "\"prompt_tokens\":22")
                            .replace(":14}", ":25}"),
                    read(client).text());
            client = proxy.client().send(toChat("small", ",\"stream\":true"));
            proxy.provider(0).send(eventsHead() + chunk(CHUNK + FINISH + USAGE + DONE) + "0\r\n\r\n");
            assertTrue(read(client).text().contains("\"prompt_tokens\":22"));
            client = proxy.client().send(toChat("small-anthropic", ""));
            proxy.provider(1).send(json(MESSAGE));
            assertTrue(read(client).text().contains("\"prompt_tokens\":22"));
            client = proxy.client().send(toMessages("small", ""));
            proxy.provider(1).send(json(MESSAGE));
            assertEquals(
                    MESSAGE.replace("\"input_tokens\":11", "\"input_tokens\":22"),
                    read(client).text());
        }
    }

    @Test
    void aRequestWithAnImageGoesToTheVisionModel() {
        String image = "{\"model\":\"blind\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
                + "\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"iVBORw0K\"}}]}]}";
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(messages(image));
            String request = proxy.provider(0).received();
            assertTrue(request.startsWith("POST /v1/messages HTTP"), request);
            assertTrue(request.contains("\"model\":\"eyes\""), request);
            proxy.provider(0).send(json(MESSAGE));
            assertEquals("vision", read(client).field("x-slipstream-model-reason"));
            client = proxy.client().send(toMessages("blind", ""));
            assertTrue(proxy.provider(1).received().startsWith("POST /v1/chat/completions"));
            proxy.provider(1).send(json(COMPLETION));
            assertEquals("exact", read(client).field("x-slipstream-model-reason"));
        }
    }

    /** Trap 48: never 404, never 0, never unscaled. */
    @Test
    void tokensAreCountedHereWhereNoProviderCounts() {
        String body = "{\"model\":\"gpt\"," + HELLO + "}";
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            long tokens = 0;
            for (String each : new String[] {body, body, body.replace("gpt", "small-openai")}) {
                Http response = read(proxy.client().send(post("/v1/messages/count_tokens", each)));
                assertEquals(200, response.status());
                assertEquals("true", response.field("x-slipstream-estimated"));
                assertTrue(response.text().matches("\\{\"input_tokens\":[1-9]\\d*}"), response::text);
                long counted = Long.parseLong(response.text().replaceAll("\\D", ""));
                assertTrue(tokens == 0 || counted == (each.equals(body) ? tokens : 2 * tokens), response::text);
                tokens = counted;
            }
            assertEquals(0, proxy.providerConnections());
        }
    }

    @Test
    void whatIsCountedHereIsScaledAsEveryFigureOfTheModelIs() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            long plain = countedHere(proxy, "gpt");
            assertEquals(2 * plain, countedHere(proxy, "small-openai"));
        }
    }

    @Test
    void aLargeBodyIsCountedTooAndAgainToTheSame() {
        String words = "count me ".repeat(20_000);
        String body = "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}";
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            String first = read(proxy.client().send(post("/v1/messages/count_tokens", body)))
                    .text();
            String again = read(proxy.client().send(post("/v1/messages/count_tokens", body)))
                    .text();
            assertEquals(first, again);
            long tokens = Long.parseLong(first.replaceAll("\\D", ""));
            assertTrue(tokens > 30_000 && tokens < 100_000, first);
            String less = read(proxy.client()
                            .send(post("/v1/messages/count_tokens", body.replaceFirst("count me count me ", ""))))
                    .text();
            assertTrue(Long.parseLong(less.replaceAll("\\D", "")) < tokens, less);
        }
    }

    /** Claude's tokenizer and prompt of tools differ from others'; what matters is who answers. */
    @Test
    void tokensAreThoseOfTheModelThatAnswersWhateverTheClientCallsIt() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            assertEquals(countedHere(proxy, "gpt"), countedHere(proxy, "claude-by-name"));
        }
    }

    private static long countedHere(EmbeddedProxy proxy, String model) {
        String body = "{\"model\":\"" + model + "\"," + HELLO
                + ",\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]}";
        String text = read(proxy.client().send(post("/v1/messages/count_tokens", body)))
                .text();
        return Long.parseLong(text.replaceAll("\\D", ""));
    }

    @Test
    void aProviderThatDoesNotCountIsCountedFor() {
        String body = "{\"model\":\"claude\"," + HELLO + "}";
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(post("/v1/messages/count_tokens?beta=true", body));
            assertTrue(proxy.provider(0).received().startsWith("POST /v1/messages/count_tokens?beta=true"));
            proxy.provider(0).send(answer(404, "text/plain", "no such path"));
            Http response = read(client);
            assertEquals(200, response.status());
            assertEquals("true", response.field("x-slipstream-estimated"));
        }
    }

    @Test
    void aDrainEndsWhatIsBeingTranslated() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            EmbeddedPeer client = proxy.client().send(toMessages("gpt", ",\"stream\":true"));
            proxy.provider(0).send(eventsHead() + chunk(CHUNK));
            proxy.startDraining();
            proxy.endForDrain();
            Http response = read(client);
            assertTrue(response.complete());
            assertTrue(response.text().contains("event: error"), response::text);
        }
    }
}
