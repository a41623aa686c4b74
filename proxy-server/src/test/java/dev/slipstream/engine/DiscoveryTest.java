package dev.slipstream.engine;

import static dev.slipstream.engine.Requests.answer;
import static dev.slipstream.engine.Requests.get;
import static dev.slipstream.engine.Requests.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.slipstream.harness.EmbeddedProxy;
import dev.slipstream.harness.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that providers tell of: what is asked, when, and what is listed of it. The clock stands. */
final class DiscoveryTest {
    private static final Pattern ID = Pattern.compile("[{,]\"id\":\"([^\"]*)\"");
    private static final String CONFIG = """
            listen: { address: "127.0.0.1:0" }
            admin: { address: "127.0.0.1:0" }
            pool: { warm: 0, idle: 1h }
            providers:
              first: { base_url: "http://first.test/v1", dialect: openai, api_key: sk-first, discover: true }
            models:
              - { name: mine, targets: [ { provider: first } ] }
              - { name: "*", targets: [ { provider: first } ] }
            """;

    private static List<String> listed(EmbeddedProxy proxy) {
        Http list = Http.read(proxy.client().send(get("/v1/models")).allReceived());
        List<String> ids = new ArrayList<>();
        Matcher matcher = ID.matcher(list.text());
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    private static String list(String... ids) {
        StringBuilder data = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (String id : ids) {
            data.append(data.charAt(data.length() - 1) == '[' ? "" : ",");
            data.append("{\"id\":\"").append(id).append("\",\"object\":\"model\",\"created\":7,\"owned_by\":\"x\"}");
        }
        return ok(data.append("]}").toString());
    }

    /** Somebody asks, and the loop comes round. */
    private static void want(EmbeddedProxy proxy) {
        listed(proxy);
        proxy.tick();
    }

    @Test
    void aProviderIsAskedAtTheStartWithItsCredentialAndListedBehindTheConfiguredNames() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            assertEquals(List.of("mine"), listed(proxy));
            proxy.tick();
            assertEquals(
                    "GET /v1/models HTTP/1.1\r\nhost: first.test\r\naccept-encoding: identity\r\n"
                            + "authorization: Bearer sk-first\r\naccept: application/json\r\n\r\n",
                    proxy.provider(0).received());
            assertEquals(List.of("mine"), listed(proxy), "nobody waits");
            proxy.provider(0).send(list("glm-4.6", "mine", "org/glm", "glm-4.6", "x-openai"));
            assertEquals(List.of("mine", "glm-4.6", "org/glm"), listed(proxy));
            Http one = Http.read(proxy.client().send(get("/v1/models/glm-4.6")).allReceived());
            assertEquals("{\"id\":\"glm-4.6\",\"object\":\"model\",\"created\":7,\"owned_by\":\"first\"}", one.text());
            assertEquals(0, proxy.busyProviderConnections());
        }
    }

    @Test
    void anAnthropicProviderIsAskedInItsDialect() {
        String yaml = CONFIG.replace(
                "base_url: \"http://first.test/v1\", dialect: openai",
                "base_url: \"http://first.test/api/anthropic\", dialect: anthropic");
        try (EmbeddedProxy proxy = new EmbeddedProxy(yaml)) {
            proxy.tick();
            String request = proxy.provider(0).received();
            assertTrue(request.startsWith("GET /api/anthropic/v1/models?limit=1000 HTTP/1.1\r\n"), request);
            assertTrue(request.contains("x-api-key: sk-first\r\n"), request);
            assertTrue(request.contains("anthropic-version: 2023-06-01\r\n"), request);
            proxy.provider(0)
                    .send(ok("{\"data\":[{\"type\":\"model\",\"id\":\"claude-x\",\"display_name\":\"Claude X\","
                            + "\"created_at\":\"2025-09-29T00:00:00Z\",\"max_input_tokens\":200000,"
                            + "\"max_tokens\":64000}],\"has_more\":false}"));
            Http one = Http.read(proxy.client()
                    .send("GET /v1/models/claude-x HTTP/1.1\r\nhost: p\r\nx-api-key: k\r\n\r\n")
                    .allReceived());
            assertEquals(
                    "{\"type\":\"model\",\"id\":\"claude-x\",\"display_name\":\"Claude X\","
                            + "\"created_at\":\"2025-09-29T00:00:00Z\",\"lifecycle\":\"active\","
                            + "\"max_input_tokens\":200000,\"max_tokens\":64000}",
                    one.text());
        }
    }

    @Test
    void aNameIsListedOnlyWhereARequestForItReachesThatProviderUnderIt() {
        String yaml = """
                listen: { address: "127.0.0.1:0" }
                admin: { address: "127.0.0.1:0" }
                pool: { warm: 0, idle: 1h }
                providers:
                  first: { base_url: "http://first.test/v1", dialect: openai, discover: true }
                  second: { base_url: "http://second.test/v1", dialect: openai, discover: true }
                  silent: { base_url: "http://silent.test/v1", dialect: openai }
                models:
                  - { name: "glm-*", targets: [ { provider: first } ] }
                  - { name: "glm-5*", context_window: 1000, targets: [ { provider: second } ] }
                  - { name: "claude-*", targets: [ { provider: first, model: glm-4.6 } ] }
                """;
        try (EmbeddedProxy proxy = new EmbeddedProxy(yaml)) {
            proxy.tick();
            assertEquals(2, proxy.providerConnections(), "who is not to be asked is not");
            assertEquals("first.test", proxy.provider(0).host());
            proxy.provider(0).send(list("glm-4.6", "glm-5.1", "claude-y", "other"));
            proxy.provider(1).send(list("glm-5.2", "glm-4.6"));
            assertEquals(List.of("glm-4.6", "glm-5.2"), listed(proxy));
        }
    }

    @Test
    void aListIsKeptFiveMinutesAndAnOldOneIsGivenOutWhileOneRequestIsUnderWay() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).received();
            proxy.provider(0).send(list("old"));
            proxy.advance(299, TimeUnit.SECONDS);
            want(proxy);
            assertEquals("", proxy.provider(0).received(), "it is fresh");
            proxy.advance(2, TimeUnit.SECONDS);
            proxy.tick();
            assertEquals("", proxy.provider(0).received(), "nobody wants it");
            want(proxy);
            assertTrue(proxy.provider(0).received().startsWith("GET /v1/models "));
            want(proxy);
            want(proxy);
            assertEquals("", proxy.provider(0).received(), "one request is under way");
            assertEquals(1, proxy.providerConnections());
            assertEquals(List.of("mine", "old"), listed(proxy));
            proxy.provider(0).send(list("new"));
            assertEquals(List.of("mine", "new"), listed(proxy));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "[1",
                "7",
                "{\"data\":{\"id\":\"x\"}}",
                "{\"error\":{\"message\":\"no\"}}",
                "null"
            })
    void whatIsNoListChangesNothing(String body) {
        assertKeepsItsList(ok(body));
    }

    @Test
    void anErrorAnEncodedAnswerARedirectAndABrokenOneChangeNothing() {
        assertKeepsItsList(answer(500, "", "{\"data\":[{\"id\":\"x\"}]}"));
        assertKeepsItsList(answer(401, "", "{\"data\":[]}"));
        assertKeepsItsList(answer(302, "location: http://elsewhere/\r\n", ""));
        assertKeepsItsList(answer(200, "content-encoding: gzip\r\n", "\u001f\u008b\u0008"));
        assertKeepsItsList("nonsense\r\n\r\n");
    }

    /** A provider that told one model is asked again, and answers with {@code answer}. */
    private static void assertKeepsItsList(String answer) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send(list("known"));
            proxy.advance(301, TimeUnit.SECONDS);
            want(proxy);
            proxy.provider(proxy.providerConnections() - 1).send(answer);
            assertEquals(List.of("mine", "known"), listed(proxy));
            assertEquals(0, proxy.busyProviderConnections());
            int connections = proxy.providerConnections();
            proxy.provider(connections - 1).received();
            proxy.advance(29, TimeUnit.SECONDS);
            want(proxy);
            assertEquals(0, proxy.busyProviderConnections(), "not again at once");
            proxy.advance(2, TimeUnit.SECONDS);
            want(proxy);
            proxy.provider(proxy.providerConnections() - 1).send(list("later"));
            assertEquals(List.of("mine", "later"), listed(proxy));
        }
    }

    @Test
    void anEmptyListIsAList() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send(list("known"));
            proxy.advance(301, TimeUnit.SECONDS);
            want(proxy);
            proxy.provider(0).send(ok("[]"));
            assertEquals(List.of("mine"), listed(proxy));
        }
    }

    @Test
    void aProviderThatIsSilentOrCannotBeReachedIsGivenUp() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            assertEquals(1, proxy.busyProviderConnections());
            proxy.advance(9, TimeUnit.SECONDS);
            assertEquals(1, proxy.busyProviderConnections());
            proxy.advance(2, TimeUnit.SECONDS);
            assertEquals(0, proxy.busyProviderConnections());
            assertFalse(proxy.provider(0).isOpen());
            proxy.refuseNext();
            proxy.advance(31, TimeUnit.SECONDS);
            want(proxy);
            assertEquals(1, proxy.providerConnections());
            proxy.advance(31, TimeUnit.SECONDS);
            want(proxy);
            proxy.provider(1).send(list("there"));
            assertEquals(List.of("mine", "there"), listed(proxy));
        }
    }

    @Test
    void aConnectionThatWentStaleIsReplacedOnce() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send(list("old"));
            proxy.advance(301, TimeUnit.SECONDS);
            want(proxy);
            proxy.provider(0).leave();
            assertEquals(2, proxy.providerConnections());
            proxy.provider(1).send(list("new"));
            assertEquals(List.of("mine", "new"), listed(proxy));
        }
    }

    @Test
    void aListBeyondItsBoundIsNotTaken() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-length: 5000000\r\n\r\n[" + " ".repeat(4 << 20));
            assertEquals(0, proxy.busyProviderConnections());
            assertFalse(proxy.provider(0).isOpen(), "the rest is not read");
            assertEquals(List.of("mine"), listed(proxy));
        }
    }

    @Test
    void ofALongListTheFirstTenThousandAreTakenAndOfItsNamesThoseThatAreOnes() {
        StringBuilder data =
                new StringBuilder("[{\"id\":7},{\"id\":\"\"},{\"id\":\" x\"},{\"id\":\"a\\nb\"},{\"no\":1},4,");
        data.append("{\"id\":\"").append("y".repeat(257)).append("\"}");
        for (int i = 0; i < 12_000; i++) {
            data.append(",{\"id\":\"n").append(i).append("\"}");
        }
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send(ok(data.append(']').toString()));
            List<String> listed = listed(proxy);
            assertEquals(10_001, listed.size());
            assertEquals("n0", listed.get(1));
        }
    }

    @Test
    void anotherConfigurationAsksAnewAndForgetsWhoIsNotAskedAnyMore() {
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).received();
            proxy.provider(0).send(list("old"));
            proxy.reload(CONFIG.replace("mine", "renamed"));
            assertEquals(List.of("renamed", "old"), listed(proxy));
            proxy.tick();
            assertTrue(proxy.provider(0).received().startsWith("GET /v1/models "));
            proxy.reload(CONFIG.replace("discover: true", "discover: false"));
            assertEquals(List.of("mine"), listed(proxy));
            proxy.tick();
            assertEquals(0, proxy.busyProviderConnections(), "the old request is given up");
        }
    }

    @Test
    void theEndGivesBackARequestUnderWay() {
        // The harness fails where anything is left.
        try (EmbeddedProxy proxy = new EmbeddedProxy(CONFIG)) {
            proxy.tick();
            proxy.provider(0).send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n[");
            assertEquals(1, proxy.busyProviderConnections());
            proxy.closeDiscovery();
            proxy.tick();
            assertEquals(0, proxy.busyProviderConnections());
        }
    }
}
