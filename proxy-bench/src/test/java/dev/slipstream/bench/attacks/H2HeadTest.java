package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.slipstream.bench.rawh2.RawFrame;
import dev.slipstream.bench.rawh2.RawHeaderBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pseudo fields and fields of HTTP/2 (RFC 9113 §8), and what they may not become on the way to HTTP/1.1. */
class H2HeadTest {
    private static final String SMUGGLED = "POST /smuggled HTTP/1.1\r\nhost: evil\r\n\r\n";

    private final List<H2Case> cases = new ArrayList<>();

    private void malformed(String name, RawHeaderBlock head) {
        cases.add(H2Case.malformed(name, H2Raw.frames(1, head)));
    }

    private void served(String name, RawHeaderBlock head) {
        cases.add(H2Case.served(name, H2Raw.frames(1, head)));
    }

    /** Refused, or served without it: the provider, who reads by the letter, sees nothing of it. */
    private void refusedOrDropped(String name, RawHeaderBlock head) {
        cases.add(H2Case.malformed(name, H2Raw.frames(1, head)).isServed());
    }

    private static RawHeaderBlock pseudo(String method, String scheme, String authority, String path) {
        return H2Raw.withPseudo(":method", method, ":scheme", scheme, ":authority", authority, ":path", path);
    }

    private static RawHeaderBlock to(String path) {
        return pseudo("POST", "http", H2Raw.AUTHORITY, path);
    }

    @TestFactory
    Stream<DynamicTest> pseudoFields() {
        String path = H2Raw.PATH;
        served("usual", H2Raw.head());
        malformed("method-missing", H2Raw.withPseudo(":scheme", "http", ":authority", "a", ":path", path));
        malformed("scheme-missing", H2Raw.withPseudo(":method", "POST", ":authority", "a", ":path", path));
        malformed("path-missing", H2Raw.withPseudo(":method", "POST", ":scheme", "http", ":authority", "a"));
        malformed("all-missing", H2Raw.withPseudo());
        malformed("authority-missing", H2Raw.withPseudo(":method", "POST", ":scheme", "http", ":path", path));
        served(
                "host-for-authority",
                H2Raw.withPseudo(":method", "POST", ":scheme", "http", ":path", path, "host", "slip.test"));
        String[][] again = {
            {":method", "POST"},
            {":scheme", "http"},
            {":authority", H2Raw.AUTHORITY},
            {":path", path},
            {":path", "/smuggled"},
            {":authority", "evil"},
        };
        for (String[] each : again) {
            malformed(each[0] + "-twice-" + each[1], H2Raw.usual(H2Raw.pseudo().field(each[0], each[1])));
            malformed(each[0] + "-behind-fields-" + each[1], H2Raw.head().field(each[0], each[1]));
        }
        malformed(
                "path-behind-fields-alone",
                H2Raw.withPseudo(":method", "POST", ":scheme", "http", ":authority", "a", "x", "y", ":path", path));
        for (String unknown : List.of(":foo", ":status", ":protocol", ":", ":Path", ": path", "::path")) {
            malformed("unknown-" + unknown, H2Raw.usual(H2Raw.pseudo().field(unknown, "200")));
        }
        String[][] paths = {
            {"empty", ""},
            {"space", "/v1/chat /completions"},
            {"cr", path + "\r"},
            {"lf", path + "\n"},
            {"crlf", path + "\r\nx: y"},
            {"nul", path + "\0"},
            {"tab", path + "\t"},
            {"control", "/v1/chat\u0001/completions"},
            {"del", path + "\u007f"},
            {"fragment", path + "#x"},
            {"backslash", "/v1\\chat\\completions"},
            {"overlong", "/v1/\u00c0\u00afchat/completions"},
            {"relative", "v1/chat/completions"},
            {"absolute", "http://evil" + path},
            {"leading-space", " " + path},
            {"request-line", path + " HTTP/1.1\r\nhost: evil\r\n\r\n"},
            {"query-smuggled", path + "?a=b HTTP/1.1\r\nhost: evil\r\n\r\n" + SMUGGLED},
            {"query-space", path + "?a=b c"},
            {"query-lf", path + "?a=b\nx: y"},
        };
        for (String[] each : paths) {
            malformed("path-" + each[0], to(each[1]));
        }
        cases.add(H2Case.malformed("path-star", H2Raw.frames(1, to("*"))).answers(404, 405));
        cases.add(H2Case.refused("path-over-limit", H2Raw.frames(1, to("/" + "a".repeat(5_000))), 414));
        for (String elsewhere : List.of("/metrics", "/v1/../admin", "//v1/chat/completions", "/v1/%2e%2e/metrics")) {
            cases.add(H2Case.refused("path-" + elsewhere, H2Raw.frames(1, to(elsewhere)), 404)
                    .word("unknown_path"));
        }
        cases.add(H2Case.served("query-passes", H2Raw.frames(1, to(path + "?a=b&key=" + Raw.KEY + "&%6Bey=x&c=%0d%0a")))
                .check((client, seen) -> assertEquals(
                        "POST /base/v1/chat/completions?a=b&c=%0d%0a HTTP/1.1",
                        seen.get(0).startLine())));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> methodsSchemesAuthorities() {
        String path = H2Raw.PATH;
        String[][] methods = {
            {"empty", ""},
            {"space", "POST "},
            {"leading-space", " POST"},
            {"crlf", "POST\r\nx: y"},
            {"nul", "POST\0"},
            {"paren", "PO(ST"},
            {"non-ascii", "P\u00d6ST"},
            {"request-line", "GET /x HTTP/1.1\r\nhost: evil\r\n\r\n"},
            {"request-line-without-crlf", "GET /x HTTP/1.1"},
        };
        for (String[] each : methods) {
            malformed("method-" + each[0], pseudo(each[1], "http", H2Raw.AUTHORITY, path));
        }
        for (String method : List.of("post", "PUT", "DELETE", "GET", "TRACE", "OPTIONS", "QUERY")) {
            cases.add(H2Case.refused(
                            "method-" + method, H2Raw.frames(1, pseudo(method, "http", H2Raw.AUTHORITY, path)), 405)
                    .check((client, seen) ->
                            assertEquals("POST", client.answer(1).field("allow"))));
        }
        cases.add(H2Case.malformed(
                        "connect", H2Raw.frames(1, H2Raw.withPseudo(":method", "CONNECT", ":authority", "evil:443")))
                .answers(405, 501));
        cases.add(H2Case.malformed("connect-with-path", H2Raw.frames(1, pseudo("CONNECT", "http", "evil:443", path)))
                .answers(405, 501));
        String[][] schemes = {
            {"empty", ""},
            {"crlf", "http\r\nx: y"},
            {"url", "http://evil/x?"},
            {"space", "http "},
            {"nul", "http\0"},
        };
        for (String[] each : schemes) {
            malformed("scheme-" + each[0], pseudo("POST", each[1], H2Raw.AUTHORITY, path));
        }
        String[][] authorities = {
            {"userinfo", "a@slip.test"},
            {"path", "slip.test/x"},
            {"query", "slip.test?x"},
            {"fragment", "slip.test#x"},
            {"space", "slip test"},
            {"crlf", "slip.test\r\nx: y"},
            {"nul", "slip.test\0"},
            {"list", "slip.test, evil"},
            {"port", "slip.test:port"},
            {"bracket", "[::1"},
            {"non-ascii", "sl\u00efp"},
        };
        for (String[] each : authorities) {
            malformed("authority-" + each[0], pseudo("POST", "http", each[1], path));
        }
        malformed("authority-empty", pseudo("POST", "http", "", path));
        served("authority-other", pseudo("POST", "http", "127.0.0.1:" + Canary.ONE.port(), path));
        served("host-as-authority", H2Raw.head("host", H2Raw.AUTHORITY));
        malformed("host-not-authority", H2Raw.head("host", "evil"));
        malformed("host-twice", H2Raw.head("host", H2Raw.AUTHORITY, "host", "evil"));
        malformed("host-empty", H2Raw.head("host", ""));
        malformed("host-crlf", H2Raw.head("host", "slip.test\r\nx: y"));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> fields() {
        for (String name : List.of("X-Upper", "Content-type", "userAgent", "TE")) {
            malformed("name-" + name, H2Raw.head(name, "x"));
        }
        String[][] names = {
            {"empty", ""},
            {"space", "x y"},
            {"trailing-space", "x "},
            {"colon", "x:y"},
            {"crlf", "x\r\ny"},
            {"crlf-field", "user-agent: x\r\nevil"},
            {"lf", "x\n"},
            {"nul", "x\0"},
            {"paren", "x("},
            {"non-ascii", "x\u00e9"},
            {"del", "x\u007f"},
            {"request", "x: y\r\n\r\n" + SMUGGLED + "x"},
        };
        for (String[] each : names) {
            malformed("name-" + each[0], H2Raw.head(each[1], "y"));
        }
        // Of fields that pass, so that what is let through is seen by the provider.
        for (String field : List.of("user-agent", "x-client-request-id", "anthropic-version", "x-stainless-os")) {
            malformed(field + "-crlf", H2Raw.head(field, "a\r\nevil: 1"));
            malformed(field + "-lf", H2Raw.head(field, "a\nevil: 1"));
            malformed(field + "-cr", H2Raw.head(field, "a\rb"));
            malformed(field + "-nul", H2Raw.head(field, "a\0b"));
            malformed(field + "-request", H2Raw.head(field, "a\r\n\r\n" + SMUGGLED));
        }
        malformed(
                "content-type-crlf",
                H2Raw.pseudo()
                        .field("authorization", "Bearer " + Raw.KEY)
                        .field("content-type", "application/json\r\nevil: 1"));
        malformed(
                "authorization-crlf",
                H2Raw.pseudo()
                        .field("authorization", "Bearer " + Raw.KEY + "\r\nevil: 1")
                        .field("content-type", "application/json"));
        refusedOrDropped("value-leading-space", H2Raw.head("user-agent", " x"));
        refusedOrDropped("value-trailing-tab", H2Raw.head("user-agent", "x\t"));
        refusedOrDropped("value-esc", H2Raw.head("user-agent", "a\u001b[31m"));
        refusedOrDropped("value-bel", H2Raw.head("user-agent", "\u0007"));
        refusedOrDropped("value-del", H2Raw.head("user-agent", "a\u007f"));
        cases.add(H2Case.served("value-obs-text", H2Raw.post(1, "user-agent", "caf\u00e9\u00ff"))
                .check((client, seen) ->
                        assertEquals("caf\u00e9\u00ff", seen.get(0).field("user-agent"))));
        served("value-empty", H2Raw.head("user-agent", "", "x", ""));
        String[][] connection = {
            {"connection", "close"},
            {"connection", "authorization, content-length"},
            {"keep-alive", "timeout=5"},
            {"proxy-connection", "keep-alive"},
            {"transfer-encoding", "chunked"},
            {"transfer-encoding", "identity"},
            {"upgrade", "websocket"},
            {"te", "gzip"},
            {"te", "trailers, gzip"},
        };
        for (String[] each : connection) {
            malformed("of-http1-" + each[0] + "-" + each[1], H2Raw.head(each[0], each[1]));
        }
        served("te-trailers", H2Raw.head("te", "trailers"));
        cases.add(H2Case.served(
                        "forwarded-fields",
                        H2Raw.post(
                                1,
                                "x-forwarded-for",
                                "10.0.0.1",
                                "x-forwarded-host",
                                "evil",
                                "forwarded",
                                "for=evil",
                                "x-original-url",
                                "/evil",
                                "x-http2-stream-id",
                                "evil",
                                "x-http2-scheme",
                                "evil",
                                "x-custom-host",
                                "evil",
                                "cookie",
                                "evil=1",
                                "http2-settings",
                                "evil"))
                .check((client, seen) -> assertFalse(seen.toString().contains("evil"))));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> limitsAndPolicies() {
        for (String[] each : new String[][] {
            {"header-over-limit", "x", "y".repeat(17_000), "1"},
            {"header-far-over-limit", "x", "y".repeat(300), "200"},
            {"cookie-crumbs", "cookie", "a=b", "70"},
            {"cookie-crumbs-large", "cookie", "c".repeat(400), "50"},
            {"too-many-fields", "a", "b", "70"},
            {"too-many-empty-fields", "a", "", "300"},
        }) {
            cases.add(tooLarge(each[0], each[1], each[2], Integer.parseInt(each[3])));
        }
        served("fields-within-limit", fields(H2Raw.head(), "x", "y".repeat(100), 40));
        cases.add(H2Case.refused(
                        "no-key", H2Raw.frames(1, H2Raw.pseudo().field("content-type", "application/json")), 401)
                .word("invalid_api_key"));
        cases.add(H2Case.refused(
                "wrong-content-type",
                H2Raw.frames(
                        1,
                        H2Raw.pseudo()
                                .field("authorization", "Bearer " + Raw.KEY)
                                .field("content-type", "text/plain")),
                415));
        cases.add(H2Case.refused("content-encoding", H2Raw.post(1, "content-encoding", "gzip"), 415));
        cases.add(H2Case.refused("expectation", H2Raw.post(1, "expect", "200-maybe"), 417));
        cases.add(H2Case.served("expect-100-continue", H2Raw.post(1, "expect", "100-continue")));
        cases.add(H2Case.refused("declared-10-tb", H2Raw.post(1, "content-length", "10000000000000"), 413)
                .resets(RawFrame.PROTOCOL_ERROR));
        cases.add(H2Case.refused("unknown-model", H2Raw.frames(1, H2Raw.head(), "{\"model\":\"none\"}"), 404));
        cases.add(H2Case.refused("invalid-json", H2Raw.frames(1, H2Raw.head(), "{\"model\":"), 400)
                .word("invalid_json"));
        cases.add(H2Case.refused(
                        "no-body",
                        new RawFrame[] {RawFrame.headers(1, true, H2Raw.head().bytes())},
                        400)
                .word("invalid_json"));
        // H2.TE: what would be framing is a body, and none that makes sense.
        cases.add(H2Case.refused(
                "chunked-text-as-body", H2Raw.frames(1, H2Raw.head(), Raw.chunked(Raw.BODY) + SMUGGLED), 400));
        cases.add(H2Case.refused("smuggled-behind-body", H2Raw.frames(1, H2Raw.head(), Raw.BODY + SMUGGLED), 400));
        cases.add(H2Case.refused("smuggled-behind-chunk", H2Raw.frames(1, H2Raw.head(), "0\r\n\r\n" + SMUGGLED), 400));
        cases.add(H2Case.of("health")
                .send(RawFrame.headers(
                        1,
                        true,
                        RawHeaderBlock.request("GET", "http", H2Raw.AUTHORITY, "/health")
                                .bytes()))
                .answers(200)
                .keeps()
                .check((client, seen) ->
                        assertEquals("{\"status\":\"ok\"}", client.answer(1).body())));
        return H2Lane.run(cases, H2Lane.USUAL, Map.of());
    }

    private static RawHeaderBlock fields(RawHeaderBlock head, String name, String value, int times) {
        for (int i = 0; i < times; i++) {
            head.field(name, value);
        }
        return head;
    }

    private static H2Case tooLarge(String name, String field, String value, int times) {
        byte[] block = fields(H2Raw.head(), field, value, times).bytes();
        RawFrame[] frames = H2FrameTest.inFrames(1, false, block);
        return H2Case.of(name)
                .send(H2Raw.joined(frames, RawFrame.data(1, true, Raw.BODY)))
                .answers(431)
                .resets(RawFrame.PROTOCOL_ERROR, RawFrame.ENHANCE_YOUR_CALM)
                .goesAway(RawFrame.PROTOCOL_ERROR, RawFrame.ENHANCE_YOUR_CALM);
    }
}
