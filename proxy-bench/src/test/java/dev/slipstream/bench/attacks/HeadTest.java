package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Start lines and fields. */
class HeadTest {
    private static final String CL = "content-length: " + Raw.BODY.length();

    private static String start(String line) {
        return Raw.head(line, CL) + Raw.BODY;
    }

    @TestFactory
    Stream<DynamicTest> startLines() {
        List<Case> cases = new ArrayList<>();
        String[][] methods = {
            {"method-control", "PO\u0001ST"},
            {"method-paren", "PO(ST"},
            {"method-nul", "PO\0ST"},
            {"method-non-ascii", "P\u00d6ST"},
            {"method-8k", "P".repeat(8192)},
            {"method-empty", ""},
            {"method-tab", "POST\t"},
        };
        for (String[] each : methods) {
            cases.add(Case.refused(each[0], start(each[1] + " /v1/chat/completions HTTP/1.1"), 400));
        }
        for (String method :
                List.of("post", "Post", "PUT", "PATCH", "DELETE", "GET", "QUERY", "TRACE", "OPTIONS", "CONNECT")) {
            cases.add(Case.answered("method-" + method, start(method + " /v1/chat/completions HTTP/1.1"), 405)
                    .check((client, seen) ->
                            assertEquals("POST", client.finals().get(0).field("allow"))));
        }
        String[][] targets = {
            {"connect", "CONNECT slip.test:443 HTTP/1.1"},
            {"trace-star", "TRACE * HTTP/1.1"},
            {"options-star", "OPTIONS * HTTP/1.1"},
            {"get-star", "GET * HTTP/1.1"},
            {"target-nul", "POST /v1/chat/completions\0 HTTP/1.1"},
            {"target-control", "POST /v1/chat\u0001/completions HTTP/1.1"},
            {"target-del", "POST /v1/chat\u007f/completions HTTP/1.1"},
            {"target-space", "POST /v1/chat /completions HTTP/1.1"},
            {"target-tab", "POST /v1/chat\t/completions HTTP/1.1"},
            {"target-bare-cr", "POST /v1/chat/completions\rHTTP/1.1"},
            {"target-fragment", "POST /v1/chat/completions#x HTTP/1.1"},
            {"target-backslash", "POST /v1\\chat\\completions HTTP/1.1"},
            {"target-overlong", "POST /v1/\u00c0\u00afchat/completions HTTP/1.1"},
            {"target-utf8", "POST /v1/ch\u00c3\u00a4t HTTP/1.1"},
            {"target-relative", "POST v1/chat/completions HTTP/1.1"},
            {"target-empty", "POST  HTTP/1.1"},
            {"two-spaces", "POST  /v1/chat/completions HTTP/1.1"},
            {"tab-between", "POST\t/v1/chat/completions\tHTTP/1.1"},
            {"trailing-space", "POST /v1/chat/completions HTTP/1.1 "},
            {"leading-space", " POST /v1/chat/completions HTTP/1.1"},
            {"leading-control", "\u0001POST /v1/chat/completions HTTP/1.1"},
            {"leading-nul", "\0POST /v1/chat/completions HTTP/1.1"},
            {"leading-lf", "\nPOST /v1/chat/completions HTTP/1.1"},
            {"userinfo", "POST http://a@slip.test/v1/chat/completions HTTP/1.1"},
            {"absolute-ftp", "POST ftp://slip.test/v1/chat/completions HTTP/1.1"},
            {"absolute-file", "POST file:///etc/passwd HTTP/1.1"},
            {"absolute-no-host", "POST http:///v1/chat/completions HTTP/1.1"},
            {"version-missing", "POST /v1/chat/completions"},
            {"version-lower", "POST /v1/chat/completions http/1.1"},
            {"version-word", "POST /v1/chat/completions HTTPS/1.1"},
            {"version-11", "POST /v1/chat/completions HTTP/11.1"},
            {"version-1.10", "POST /v1/chat/completions HTTP/1.10"},
            {"version-letters", "POST /v1/chat/completions HTTP/a.b"},
            {"line-lf", "POST /v1/chat/completions HTTP/1.1\nx: y"},
        };
        for (String[] each : targets) {
            cases.add(Case.refused(each[0], start(each[1]), 400).word("bad_request"));
        }
        for (String version : List.of("0.9", "2.0", "9.9", "1.2", "3.0")) {
            cases.add(Case.refused("version-" + version, start("POST /v1/chat/completions HTTP/" + version), 505)
                    .word("http_version_not_supported"));
        }
        cases.add(Case.served(
                "http10", Raw.to("POST /v1/chat/completions HTTP/1.0", Raw.BODY, "connection: keep-alive")));
        cases.add(Case.served("http10-closes", Raw.to("POST /v1/chat/completions HTTP/1.0", Raw.BODY))
                .closes());
        String[] elsewhere = {
            "/v1/chat/completions/",
            "/v1/chat//completions",
            "//v1/chat/completions",
            "/v1/./chat/completions",
            "/v1/../admin",
            "/v1/%2e%2e/metrics",
            "/v1/chat%2fcompletions",
            "/v1/chat/completions%00",
            "/v1/chat/completions%0d%0ax:y",
            "/v1/chat%20/completions",
            "/V1/chat/completions",
            "/v1/chat/Completions",
            "/v1/%63hat/completions",
            "/v1/chat/completions;a=b",
            "/v1/v1/v1/chat/completions",
            "/metrics",
            "/admin",
            "/config",
            "/debug",
            "/actuator",
            "/key/list",
            "/api/metrics/json",
            "/health/detailed",
            "/v1/../metrics",
            "/%2e%2e/metrics",
            "/health/../metrics",
            "/health/%2e%2e/config"
        };
        for (String path : elsewhere) {
            cases.add(Case.answered("path-" + path, start("POST " + path + " HTTP/1.1"), 404)
                    .word("unknown_path"));
            cases.add(Case.answered("keyless-" + path, Raw.bare("GET " + path + " HTTP/1.1", Raw.HOST), 401, 404));
        }
        cases.add(Case.refused("target-over-limit", start("POST /" + "a".repeat(5000) + " HTTP/1.1"), 414));
        cases.add(Case.answered("target-4k-ok", start("POST /" + "a".repeat(4000) + " HTTP/1.1"), 404));
        cases.add(Case.served(
                        "query-passes",
                        Raw.to(
                                "POST /v1/chat/completions?a=b&key=" + Raw.KEY + "&%6Bey=x&API_KEY=y"
                                        + "&c=%0d%0a HTTP/1.1",
                                Raw.BODY))
                .check((client, seen) -> assertEquals(
                        "POST /base/v1/chat/completions?a=b&c=%0d%0a HTTP/1.1",
                        seen.get(0).startLine())));
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> fields() {
        List<Case> cases = new ArrayList<>();
        String[][] hosts = {
            {"host-missing", "x: y"},
            {"host-twice", "host: slip.test\r\nhost: slip.test"},
            {"host-twice-other", "host: slip.test\r\nhost: evil"},
            {"host-list", "host: slip.test, evil"},
            {"host-path", "host: slip.test/x"},
            {"host-query", "host: slip.test?x"},
            {"host-fragment", "host: slip.test#x"},
            {"host-userinfo", "host: a@slip.test"},
            {"host-space", "host: slip test"},
            {"host-empty", "host:"},
            {"host-port", "host: slip.test:port"},
            {"host-long-port", "host: slip.test:123456"},
            {"host-bracket", "host: [::1"},
            {"host-non-ascii", "host: sl\u00efp"},
        };
        for (String[] each : hosts) {
            cases.add(Case.refused(each[0], Raw.bare(Raw.CHAT, each[1], Raw.AUTH, Raw.JSON, CL) + Raw.BODY, 400));
        }
        for (String host : List.of("[::1]:80", "127.0.0.1:", "evil.example:443", "localhost")) {
            cases.add(Case.served(
                    "host-" + host, Raw.bare(Raw.CHAT, "Host: " + host, Raw.AUTH, Raw.JSON, CL) + Raw.BODY));
        }
        String[][] bad = {
            {"space-before-colon", "x : y"},
            {"empty-name", ": y"},
            {"no-colon", "xy"},
            {"name-space", "x y: z"},
            {"name-paren", "x(: y"},
            {"name-non-ascii", "x\u00e9: y"},
            {"name-nul", "x\0: y"},
            {"value-nul", "x: a\0b"},
            {"value-bare-cr", "x: a\rb"},
            {"value-bare-lf", "x: a\nb"},
            {"value-esc", "x: \u001b[31m"},
            {"value-bel", "x: \u0007"},
            {"value-del", "x: \u007f"},
            {"value-vt", "x: a\u000bb"},
            {"obs-fold", "x: a\r\n b"},
            {"obs-fold-tab", "x: a\r\n\tb"},
            {"first-line-space", " x: y"},
        };
        for (String[] each : bad) {
            cases.add(Case.refused(each[0], Raw.post(Raw.BODY, each[1]), 400).word("bad_request"));
        }
        cases.add(Case.refused(
                "first-line-fold", Raw.bare(Raw.CHAT, " x: y", Raw.HOST, Raw.AUTH, Raw.JSON, CL) + Raw.BODY, 400));
        cases.add(Case.served("value-obs-text", Raw.post(Raw.BODY, "user-agent: caf\u00e9\u00ff"))
                .check((client, seen) ->
                        assertEquals("caf\u00e9\u00ff", seen.get(0).field("user-agent"))));
        cases.add(Case.served("value-empty", Raw.post(Raw.BODY, "x:", "y: ", "z:\t \t")));
        cases.add(Case.refused("header-over-limit", Raw.post(Raw.BODY, "x: " + "y".repeat(17_000)), 431));
        cases.add(Case.refused(
                "cookie-bomb", Raw.post(Raw.BODY, ("cookie: " + "c".repeat(400) + "\r\n").repeat(50) + "a: b"), 431));
        cases.add(Case.refused("too-many-fields", Raw.post(Raw.BODY, "a: b\r\n".repeat(70) + "c: d"), 431));
        cases.add(Case.served("one-empty-line", "\r\n" + Raw.post(Raw.BODY)));
        cases.add(Case.served("two-empty-lines", "\r\n\r\n" + Raw.post(Raw.BODY)));
        cases.add(Case.refused("three-empty-lines", "\r\n\r\n\r\n" + Raw.post(Raw.BODY), 400));
        cases.add(Case.refused(
                "tls-client-hello",
                "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + "\u00aa".repeat(500),
                400));
        SplittableRandom random = new SplittableRandom(20261);
        for (int i = 0; i < 20; i++) {
            StringBuilder bytes = new StringBuilder("\u0080");
            random.ints(400, 0, 256).forEach(b -> bytes.append((char) b));
            cases.add(Case.refused("random-bytes-" + i, bytes.toString(), 400));
        }
        byEveryByte(cases);
        hopByHop(cases);
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    /** However slowly it comes, a request is one request. */
    private static void byEveryByte(List<Case> cases) {
        cases.add(Case.of("byte-by-byte", 200)
                .step(client -> {
                    String request = Raw.post(Raw.BODY).replace(Raw.MARK, client.marker());
                    for (int i = 0; i < request.length(); i++) {
                        client.send(request.substring(i, i + 1));
                    }
                })
                .up(Case.Up.COMPLETE)
                .keeps());
    }

    private static void hopByHop(List<Case> cases) {
        cases.add(Case.served(
                        "connection-names-ours",
                        Raw.post(
                                Raw.BODY,
                                "connection: authorization, content-length, host, content-type, accept-encoding,"
                                        + " x-api-key, traceparent",
                                "traceparent: 00-secret-trace-00"))
                .check((client, seen) -> {
                    assertEquals("Bearer " + Raw.PROVIDER_KEY, seen.get(0).field("authorization"));
                    assertFalse(seen.toString().contains("secret-trace"));
                }));
        cases.add(Case.served(
                        "forwarded-fields",
                        Raw.post(
                                Raw.BODY,
                                "x-forwarded-for: 10.0.0.1",
                                "x-forwarded-host: evil",
                                "x-forwarded-proto: https",
                                "forwarded: for=evil",
                                "x-real-ip: 10.0.0.1",
                                "x-original-url: /admin",
                                "x-rewrite-url: /admin",
                                "x-http-method-override: DELETE",
                                "via: 1.1 evil",
                                "proxy-authorization: Basic eDp5",
                                "te: trailers",
                                "keep-alive: timeout=1000",
                                "range: bytes=0-1",
                                "x_api_key: evil",
                                "x-custom-host: evil"))
                .check((client, seen) -> assertFalse(seen.toString().contains("evil"))));
        cases.add(Case.served(
                        "request-id-bad", Raw.post(Raw.BODY, "x-request-id: a b\"<script>", "x-slipstream-error: fake"))
                .check((client, seen) -> assertFalse(client.all().contains("script"))));
        cases.add(Case.served("request-id-long", Raw.post(Raw.BODY, "x-request-id: " + "r".repeat(129)))
                .check((client, seen) -> assertFalse(client.all().contains("rrrr"))));
        cases.add(Case.served("request-id-good", Raw.post(Raw.BODY, "x-request-id: My.Id_1-2"))
                .check((client, seen) ->
                        assertEquals("My.Id_1-2", client.finals().get(0).field("x-request-id"))));
        cases.add(Case.answered("content-type-twice", Raw.post(Raw.BODY, "content-type: multipart/form-data"), 415));
        cases.add(Case.answered(
                "content-encoding-twice",
                Raw.post(Raw.BODY, "content-encoding: identity", "content-encoding: gzip"),
                415));
    }
}
