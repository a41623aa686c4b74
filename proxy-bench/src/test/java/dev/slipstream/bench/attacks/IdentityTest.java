package dev.slipstream.bench.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who asks, what may be said in whose name, and where it goes. */
class IdentityTest {
    private static final String CL = "content-length: " + Raw.BODY.length();

    private static String as(String... fields) {
        List<String> lines = new ArrayList<>(List.of(Raw.CHAT, Raw.HOST, Raw.JSON, CL));
        lines.addAll(List.of(fields));
        return Raw.bare(lines.toArray(String[]::new)) + Raw.BODY;
    }

    @TestFactory
    Stream<DynamicTest> keys() {
        List<Case> cases = new ArrayList<>();
        String upper = Raw.KEY.toUpperCase(Locale.ROOT);
        String[][] wrong = {
            {"none", "x: y"},
            {"empty", "authorization:"},
            {"bearer-only", "authorization: Bearer"},
            {"bearer-blank", "authorization: Bearer  "},
            {"wrong", "authorization: Bearer nothing"},
            {"prefix", "authorization: Bearer " + Raw.KEY.substring(0, 20)},
            {"one-less", "authorization: Bearer " + Raw.KEY.substring(0, Raw.KEY.length() - 1)},
            {"one-more", "authorization: Bearer " + Raw.KEY + "1"},
            {"upper", "authorization: Bearer " + upper},
            {"bare", "authorization: " + Raw.KEY},
            {"basic", "authorization: Basic " + Raw.KEY},
            {"quoted", "authorization: Bearer \"" + Raw.KEY + "\""},
            {"list", "authorization: Bearer " + Raw.KEY + ", x"},
            {"tab", "authorization: Bearer\t" + Raw.KEY},
            {"bearers", "authorization: Bearers " + Raw.KEY},
            {"two-wrong", "authorization: Bearer a\r\nauthorization: Bearer b"},
            {"sql", "authorization: Bearer ' OR '1'='1' --"},
            {"glob", "authorization: Bearer *"},
            {"glob-2", "x-api-key: sk-slip-planted?client*"},
            {"json", "authorization: Bearer {\"$ne\":null}"},
            {"bool", "authorization: Bearer true"},
            {"provider-key", "authorization: Bearer " + Raw.PROVIDER_KEY},
            {"admin-token", "authorization: Bearer " + Raw.ADMIN_TOKEN},
            {"x-api-key-empty", "x-api-key:"},
            {"x-goog-api-key", "x-goog-api-key: " + Raw.KEY},
            {"cookie", "cookie: key=" + Raw.KEY},
            {"proxy-authorization", "proxy-authorization: Bearer " + Raw.KEY},
            {"underscore", "x_api_key: " + Raw.KEY},
            {"hash", "authorization: Bearer " + "a".repeat(64)},
            {"10k", "authorization: Bearer " + "k".repeat(10_000)},
        };
        for (String[] each : wrong) {
            cases.add(Case.answered("wrong-" + each[0], as(each[1]), 401)
                    .word("invalid_api_key")
                    // One and the same text for all, so that it tells nothing.
                    .check((client, seen) -> assertTrue(
                            client.finals().get(0).body().contains("No valid API key was sent."), client::all)));
        }
        cases.add(Case.refused("key-nul", as("authorization: Bearer " + Raw.KEY + "\0"), 400));
        cases.add(Case.refused("key-60k", as("authorization: Bearer " + "k".repeat(60_000)), 431));
        cases.add(Case.answered(
                "key-in-query",
                Raw.bare(
                                "POST /v1/chat/completions?key=" + Raw.KEY + "&api_key=" + Raw.KEY + " HTTP/1.1",
                                Raw.HOST,
                                Raw.JSON,
                                CL)
                        + Raw.BODY,
                401));
        cases.add(Case.answered(
                "key-in-userinfo",
                Raw.bare("POST http://slip.test:80/v1/chat/completions HTTP/1.1", Raw.HOST, Raw.JSON, CL) + Raw.BODY,
                401));
        // The first valid one of all that were sent (contract), so a wrong one beside it does no harm.
        String[][] right = {
            {"bearer", Raw.AUTH},
            {"bearer-lower", "authorization: bearer " + Raw.KEY},
            {"bearer-blanks", "authorization: Bearer   " + Raw.KEY},
            {"x-api-key", "x-api-key: " + Raw.KEY},
            {"api-key", "api-key: " + Raw.KEY},
            {"x-slipstream-key", "x-slipstream-key: " + Raw.KEY},
            {"second-authorization", "authorization: Bearer wrong\r\nauthorization: Bearer " + Raw.KEY},
            {"beside-a-provider's", "authorization: Bearer sk-proj-theirs\r\nx-slipstream-key: " + Raw.KEY},
            {"other-key", "authorization: Bearer " + Raw.OTHER_KEY},
        };
        for (String[] each : right) {
            cases.add(Case.served("right-" + each[0], as(each[1])));
        }
        cases.add(Case.served(
                        "foreign-credentials",
                        as(
                                Raw.AUTH,
                                "x-api-key: sk-ant-theirs",
                                "api-key: theirs",
                                "x-goog-api-key: theirs",
                                "openai-organization: theirs",
                                "openai-project: theirs",
                                "cookie: theirs",
                                "anthropic-dangerous-direct-browser-access: theirs",
                                "x-amz-security-token: theirs"))
                .check((client, seen) -> assertFalse(seen.toString().contains("theirs"))));
        for (String admin : List.of(
                "/metrics",
                "/config",
                "/api/metrics/json",
                "/health/providers",
                "/health/detailed",
                "/admin",
                "/debug",
                "/actuator",
                "/key/list",
                "/v1/metrics",
                "/config/reload")) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                cases.add(Case.answered("admin-" + method + admin, Raw.head(method + " " + admin + " HTTP/1.1"), 404)
                        .word("unknown_path"));
            }
        }
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> destinations() {
        List<Case> cases = new ArrayList<>();
        String canary = "127.0.0.1:" + Canary.ONE.port();
        for (String scheme : List.of("http", "https", "HTTP")) {
            cases.add(Case.served(
                    "absolute-" + scheme,
                    Raw.to("POST " + scheme + "://" + canary + "/v1/chat/completions HTTP/1.1", Raw.BODY)));
        }
        cases.add(Case.served("host-field", Raw.bare(Raw.CHAT, "host: " + canary, Raw.AUTH, Raw.JSON, CL) + Raw.BODY));
        cases.add(Case.refused("connect", Raw.head("CONNECT " + canary + " HTTP/1.1"), 400));
        cases.add(Case.served(
                "fields",
                Raw.post(
                        Raw.BODY,
                        "x-custom-host: " + canary,
                        "x-forwarded-host: " + canary,
                        "x-portkey-custom-host: http://" + canary,
                        "x-original-host: " + canary,
                        "x-upstream: " + canary,
                        "x-slipstream-provider: an",
                        "forwarded: host=" + canary,
                        "openai-base-url: http://" + canary)));
        for (String name : List.of(
                "api_base",
                "base_url",
                "endpoint",
                "url",
                "callback_url",
                "proxy",
                "custom_llm_provider",
                "api_key",
                "organization")) {
            cases.add(Case.served(
                    "body-" + name,
                    Raw.post("{\"model\":\"alias\",\"marker\":\"" + Raw.MARK + "\",\"" + name + "\":\"http://" + canary
                            + "/\"}")));
        }
        for (String model :
                List.of("http://" + canary + "/x", "oa/alias", "gone/alias", "alias@" + canary, "../../metrics")) {
            cases.add(Case.answered(
                    "model-" + model.replace(canary, "canary"), Raw.post("{\"model\":\"" + model + "\"}"), 404));
        }
        for (String query : List.of("?api_base=http://" + canary, "?url=//" + canary, "?@" + canary, "?:80/../")) {
            cases.add(Case.served(
                    "query-" + query.replace(canary, "canary"),
                    Raw.to("POST /v1/chat/completions" + query + " HTTP/1.1", Raw.BODY)));
        }
        return Table.run(cases, 3, Lane.Settings.USUAL, Map.of());
    }

    @Test
    void whatClientsSaySettlesInNoLabelAndNoSecretInAnyOutput() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try (Lane lane = new Lane(
                Lane.Settings.USUAL,
                Map.of(
                        "is-401",
                        Scripts.says("HTTP/1.1 401 X\r\ncontent-length: 2\r\n\r\n{}"),
                        "is-garbage",
                        Scripts.closes("\0\0")))) {
            Set<String> odd =
                    Set.of("\\r\\ninjected", "\\u001b[31minjected", "injected\\\"} 1\\n", "injected" + "x".repeat(400));
            for (String name : odd) {
                lane.run(Case.answered("unknown", Raw.post("{\"model\":\"" + name + "\"}"), 404));
                lane.run(Case.served("wild", Raw.post("{\"model\":\"wild-" + name + "\",\"m\":\"" + Raw.MARK + "\"}")));
            }
            for (int i = 0; i < 50; i++) {
                lane.run(Case.answered("path", Raw.head("GET /injected/" + i + "?injected=%0a HTTP/1.1"), 404));
            }
            lane.run(Case.answered("id", Raw.post(Raw.BODY, "x-client-request-id: is-401"), 401)
                    .up(Case.Up.COMPLETE));
            lane.run(Case.answered("id", Raw.post(Raw.BODY, "x-client-request-id: is-garbage"), 502)
                    .up(Case.Up.ANYTHING));
            lane.run(Case.answered("dead", Raw.post("{\"model\":\"dead\",\"k\":\"" + Raw.KEY + "\"}"), 502));
            lane.run(Case.answered("bad", Raw.post(Raw.BODY, "x: \0"), 400));
            for (String path : List.of(
                    "/metrics",
                    "/config",
                    "/health/providers",
                    "/health/detailed",
                    "/api/metrics/json",
                    "/nothing",
                    "/metrics?token=" + Raw.ADMIN_TOKEN)) {
                String text = lane.admin(path);
                // The configuration is asked for by the one who wrote it: it may name the provider's address.
                Verdict.noSecrets(
                        text, path.equals("/config") ? -1 : lane.upstream().port());
                assertFalse(text.contains("injected"), text);
            }
            assertTrue(lane.admin("/metrics").contains("slipstream_requests_total"));
            for (String field : List.of(
                    "x: y",
                    "authorization: Bearer",
                    "authorization: Bearer " + Raw.KEY,
                    "authorization: Bearer " + Raw.ADMIN_TOKEN + "x",
                    "authorization: Basic " + Raw.ADMIN_TOKEN)) {
                for (String path :
                        List.of("/metrics", "/config", "/health/providers", "/%2e%2e/config", "/x/../config")) {
                    String text = lane.admin(path, field);
                    assertTrue(text.startsWith("HTTP/1.1 401") || text.startsWith("HTTP/1.1 404"), text);
                }
            }
        } finally {
            System.setErr(before);
        }
        String said = log.toString(UTF_8);
        assertTrue(said.contains("401"), () -> "the provider's refusal is logged: " + said);
        for (String secret : List.of(Raw.KEY, Raw.OTHER_KEY, Raw.PROVIDER_KEY, Raw.ADMIN_TOKEN)) {
            assertFalse(said.contains(secret), said);
        }
        assertFalse(said.contains("LEAK"), said);
        assertFalse(said.contains("a bug"), said);
        assertEquals(0, Canary.ONE.touched());
    }
}
