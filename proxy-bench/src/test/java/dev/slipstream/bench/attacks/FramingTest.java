package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Where a message ends: lengths, codings, chunks, and what follows them. */
class FramingTest {
    private static final String CL = "content-length: " + Raw.BODY.length();
    private static final String CHUNKED_BODY = Raw.chunked(Raw.BODY);
    private static final String SMUGGLED = "POST /v1/chat/completions HTTP/1.1\r\nhost: evil\r\n\r\n";

    @TestFactory
    Stream<DynamicTest> lengthsAndCodings() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.refused(
                "cl-te", Raw.head(Raw.CHAT, CL, "transfer-encoding: chunked") + "0\r\n\r\n" + SMUGGLED, 400));
        cases.add(Case.refused(
                "te-cl", Raw.head(Raw.CHAT, "transfer-encoding: chunked", "content-length: 4") + CHUNKED_BODY, 400));
        cases.add(Case.refused(
                "http10-te",
                Raw.head("POST /v1/chat/completions HTTP/1.0", "transfer-encoding: chunked") + CHUNKED_BODY,
                400));
        cases.add(Case.refused(
                "http10-cl-te",
                Raw.head("POST /v1/chat/completions HTTP/1.0", CL, "transfer-encoding: chunked") + CHUNKED_BODY,
                400));
        String[][] codings = {
            {"te-space-before-colon", "transfer-encoding : chunked"},
            {"te-tab-before-colon", "transfer-encoding\t: chunked"},
            {"te-vt", "transfer-encoding: \u000bchunked"},
            {"te-ff", "transfer-encoding: \fchunked"},
            {"te-nul", "transfer-encoding: chunked\0"},
            {"te-quotes", "transfer-encoding: \"chunked\""},
            {"te-xchunked", "transfer-encoding: xchunked"},
            {"te-chunked-identity", "transfer-encoding: chunked, identity"},
            {"te-gzip-chunked", "transfer-encoding: gzip, chunked"},
            {"te-identity", "transfer-encoding: identity"},
            {"te-two-headers", "transfer-encoding: chunked\r\ntransfer-encoding: chunked"},
            {"te-two-headers-other", "transfer-encoding: chunked\r\ntransfer-encoding: x"},
            {"te-twice-chunked", "transfer-encoding: chunked, chunked"},
            {"te-parameter", "transfer-encoding: chunked;q=1"},
            {"te-empty", "transfer-encoding:"},
            {"te-trailing-comma", "transfer-encoding: chunked,"},
            {"te-leading-comma", "transfer-encoding: ,chunked"},
            {"te-bare-cr-before", "x: y\rtransfer-encoding: chunked"},
            {"te-bare-lf-before", "x: y\ntransfer-encoding: chunked"},
            {"te-fold", "transfer-encoding:\r\n chunked"},
            {"te-fold-inside", "transfer-encoding: chunked\r\n , identity"},
            {"te-non-ascii", "transfer-encoding: chunk\u00e9d"},
        };
        for (String[] each : codings) {
            // Refused, whichever reason comes first.
            cases.add(Case.refused(each[0], Raw.head(Raw.CHAT, each[1]) + CHUNKED_BODY, 400, 501));
            cases.add(Case.refused(each[0] + "-and-cl", Raw.head(Raw.CHAT, each[1], CL) + CHUNKED_BODY, 400, 501));
        }
        cases.add(Case.served("te-tab-chunked", Raw.head(Raw.CHAT, "transfer-encoding:\tchunked\t") + CHUNKED_BODY));
        cases.add(Case.served("te-mixed-case", Raw.head(Raw.CHAT, "Transfer-Encoding: cHuNkEd") + CHUNKED_BODY));
        cases.add(Case.served(
                "te-underscore", Raw.head(Raw.CHAT, "Transfer_Encoding: chunked", "Content_Length: 3", CL) + Raw.BODY));
        String[] lengths = {
            "+5",
            "-5",
            "0x5",
            "",
            "5 5",
            "5.0",
            "5e0",
            "5_0",
            "5;",
            "5\u000b",
            "5, 5",
            "5,6",
            "9223372036854775808",
            "18446744073709551621",
            "1".repeat(400),
            "\u00b2",
            "five",
            "-0"
        };
        for (String length : lengths) {
            String name = length.length() > 30 ? "400-digits" : length.isEmpty() ? "empty" : length;
            // Too many digits for any length are no length: 400, not 413.
            cases.add(Case.refused("cl-" + name, Raw.head(Raw.CHAT, "content-length: " + length) + Raw.BODY, 400, 413));
        }
        cases.add(Case.refused("cl-twice-equal", Raw.head(Raw.CHAT, CL, CL) + Raw.BODY, 400));
        cases.add(Case.refused("cl-twice-different", Raw.head(Raw.CHAT, CL, "content-length: 5") + Raw.BODY, 400));
        cases.add(Case.served(
                "cl-leading-zeros", Raw.head(Raw.CHAT, "content-length: 000" + Raw.BODY.length()) + Raw.BODY));
        cases.add(Case.of("cl-then-fin", 400, 408)
                .send(Raw.head(Raw.CHAT, "content-length: 1000") + Raw.BODY)
                .halfClose()
                .orSilence()
                .closes());
        cases.add(Case.of("cl-large-then-fin", 400, 408)
                .send(Raw.head(Raw.CHAT, "content-length: 50000")
                        + Raw.large(40_000, true).substring(0, 30_000))
                .halfClose()
                .orSilence()
                .closes()
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(Case.answered("no-length", Raw.head(Raw.CHAT), 400).word("invalid_json"));
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    @TestFactory
    Stream<DynamicTest> chunks() {
        List<Case> cases = new ArrayList<>();
        String hex = Integer.toHexString(Raw.BODY.length());
        String[][] bad = {
            {"chunk-size-overflow", "100000000000000" + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-2-31", "80000000\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-2-32", "1000000" + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-minus", "-" + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-plus", "+" + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-0x", "0x" + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-underscore", hex + "_\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-blank", hex + " \r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-tab", hex + "\t\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-nul", hex + "\0\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-leading-space", " " + hex + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-non-hex", "g\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-size-empty", "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-line-lf", hex + "\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-line-cr", hex + "\r" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-nul", hex + ";a=\0\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-cr", hex + ";a\rb\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-lf", hex + ";a\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-quoted-crlf", hex + ";a=\"\r\n" + Raw.BODY + "\r\n0\r\n\r\n\"\r\n0\r\n\r\n"},
            {"chunk-ext-unfinished", hex + ";a=\"b\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-no-name", hex + ";=b\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-ext-64k", hex + ";a=" + "b".repeat(65_536) + "\r\n" + Raw.BODY + "\r\n0\r\n\r\n"},
            {"chunk-data-too-long", hex + "\r\n" + Raw.BODY + "x\r\n0\r\n\r\n"},
            {"chunk-data-lf", hex + "\r\n" + Raw.BODY + "\n0\r\n\r\n"},
            {"chunk-data-junk", hex + "\r\n" + Raw.BODY + "0\r\n\r\n"},
            {"chunk-end-lf", hex + "\r\n" + Raw.BODY + "\r\n0\n\n"},
            {"trailer-no-colon", hex + "\r\n" + Raw.BODY + "\r\n0\r\nx\r\n\r\n"},
            {"trailer-space-name", hex + "\r\n" + Raw.BODY + "\r\n0\r\nx y: 1\r\n\r\n"},
            {"trailer-fold", hex + "\r\n" + Raw.BODY + "\r\n0\r\nx: 1\r\n 2\r\n\r\n"},
            {"trailer-nul", hex + "\r\n" + Raw.BODY + "\r\n0\r\nx: \0\r\n\r\n"},
            {
                "trailer-200k",
                hex + "\r\n" + Raw.BODY + "\r\n0\r\n" + ("x: " + "y".repeat(97) + "\r\n").repeat(2000) + "\r\n"
            },
        };
        for (String[] each : bad) {
            cases.add(Case.refused(each[0], Raw.chunkedPost(each[1]), 400, 431).word("bad_request"));
        }
        // Beyond scan_first the provider may have the beginning, never the end.
        String large = Raw.large(20_000, true);
        cases.add(Case.of("chunk-bad-behind-scan-first", 400)
                .send(Raw.chunkedPost(Raw.chunk(large.substring(0, 15_000))))
                .step(client -> client.waitsFor(50))
                .send(Raw.chunk(large.substring(15_000)) + "zz\r\n")
                .closes()
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(Case.of("chunk-no-last-then-fin", 400, 408)
                .send(Raw.chunkedPost(Raw.chunk(large)))
                .halfClose()
                .orSilence()
                .closes()
                .up(Case.Up.AT_MOST_INCOMPLETE));
        cases.add(Case.served(
                "chunk-ext-valid", Raw.chunkedPost(hex + ";a=b;c=\"d\\\"e\";f\r\n" + Raw.BODY + "\r\n0;x\r\n\r\n")));
        cases.add(Case.served(
                "chunk-leading-zeros", Raw.chunkedPost("00" + hex + "\r\n" + Raw.BODY + "\r\n000\r\n\r\n")));
        cases.add(Case.served("chunk-one-byte-each", Raw.chunkedPost(oneByteChunks(Raw.BODY))));
        cases.add(Case.served(
                        "trailers-dropped",
                        Raw.chunkedPost(Raw.chunk(Raw.BODY)
                                + "0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n"
                                + "Authorization: Bearer x\r\nCookie: a=b\r\nx-stainless-evil: 1\r\n\r\n"))
                .check((client, seen) -> assertFalse(seen.toString().contains("evil"))));
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    private static String oneByteChunks(String data) {
        // The marker stays whole, for it is put in later.
        String[] parts = data.split(Raw.MARK, 2);
        StringBuilder out = new StringBuilder();
        parts[0].chars().forEach(c -> out.append("1\r\n").append((char) c).append("\r\n"));
        out.append(Raw.chunk(Raw.MARK));
        parts[1].chars().forEach(c -> out.append("1\r\n").append((char) c).append("\r\n"));
        return out + "0\r\n\r\n";
    }

    @TestFactory
    Stream<DynamicTest> sequences() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of("garbage-behind-a-body", 200, 400)
                .send(Raw.post(Raw.BODY) + "\0\1garbage\r\n\r\n")
                .answers(2)
                .closes()
                .up(Case.Up.AT_MOST_ONE)
                .check((client, seen) -> {
                    assertEquals(200, client.finals().get(0).status());
                    assertEquals(400, client.finals().get(1).status());
                    assertEquals(1, seen.size());
                }));
        cases.add(Case.of("three-pipelined", 200)
                .send(pipelined(3))
                .answers(3)
                .keeps()
                .up(Case.Up.COMPLETE)
                .check((client, seen) -> inOrder(client, seen, 3)));
        cases.add(Case.of("two-hundred-pipelined", 200)
                .send(pipelined(200))
                .answers(200)
                .keeps()
                .up(Case.Up.COMPLETE)
                .check((client, seen) -> inOrder(client, seen, 200)));
        for (String method : List.of("GET", "HEAD", "OPTIONS")) {
            String request = Raw.to(method + " /health HTTP/1.1", SMUGGLED);
            cases.add((method.equals("HEAD") ? headOnly(method) : Case.answered("body-on-" + method, request, 200, 405))
                    .up(Case.Up.NOTHING));
        }
        String key = Raw.AUTH;
        for (int size : new int[] {100, 200_000, 3_000_000}) {
            String rest = SMUGGLED.repeat(1 + size / SMUGGLED.length());
            String length = "content-length: " + rest.length();
            cases.add(Case.answered("early-401-" + size, Raw.bare(Raw.CHAT, Raw.HOST, Raw.JSON, length) + rest, 401));
            cases.add(Case.answered(
                    "early-404-" + size, Raw.bare("POST /nothing HTTP/1.1", Raw.HOST, key, length) + rest, 404));
            cases.add(Case.answered(
                    "early-415-" + size,
                    Raw.bare(Raw.CHAT, Raw.HOST, key, "content-type: text/plain", length) + rest,
                    415));
            cases.add(Case.refused(
                    "early-401-chunked-" + size,
                    Raw.bare(Raw.CHAT, Raw.HOST, Raw.JSON, "transfer-encoding: chunked") + Raw.chunked(rest),
                    401));
        }
        cases.add(Case.served("expect-continue", "")
                .send(Raw.head(Raw.CHAT, CL, "expect: 100-continue"))
                .step(RawClient::readOne)
                .send(Raw.BODY)
                .check((client, seen) ->
                        assertEquals(100, client.answers().get(0).status())));
        cases.add(Case.served("expect-continue-body-at-once", Raw.post(Raw.BODY, "expect: 100-continue"))
                .check((client, seen) ->
                        assertEquals(200, client.answers().get(0).status())));
        expectRefused(cases, "expect-401", Raw.bare(Raw.CHAT, Raw.HOST, Raw.JSON, CL, "expect: 100-continue"), 401);
        expectRefused(cases, "expect-404", Raw.head("POST /x HTTP/1.1", CL, "expect: 100-continue"), 404);
        expectRefused(cases, "expect-413", Raw.head(Raw.CHAT, "content-length: 99999999", "expect: 100-continue"), 413);
        expectRefused(
                cases,
                "expect-415",
                Raw.bare(Raw.CHAT, Raw.HOST, key, "content-type: text/plain", CL, "expect: 100-continue"),
                415);
        for (String expect :
                List.of("100-continued", "100-continue, x", "200-ok", "", "y 100-continue", "100-continue;a=b")) {
            expectRefused(cases, "expect-417-" + expect, Raw.head(Raw.CHAT, CL, "expect: " + expect), 417);
        }
        expectRefused(
                cases, "expect-twice", Raw.head(Raw.CHAT, CL, "expect: 100-continue", "expect: 100-continue"), 417);
        for (String upgrade : List.of("h2c", "websocket", "foo")) {
            cases.add(Case.served(
                    "upgrade-" + upgrade,
                    Raw.post(
                            Raw.BODY,
                            "connection: upgrade, http2-settings",
                            "upgrade: " + upgrade,
                            "http2-settings: AAMAAABkAAQCAAAAAAIAAAAA",
                            "sec-websocket-key: dGhlIHNhbXBsZQ==")));
        }
        cases.add(Case.of("upgrade-bytes-behind", 200, 505, 400)
                .send(Raw.post(Raw.BODY, "connection: upgrade", "upgrade: h2c") + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .answers(2)
                .closes()
                .up(Case.Up.AT_MOST_ONE));
        // The whole preface begins HTTP/2, which has tables of its own.
        cases.add(Case.refused("pri", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n\0\0\0\4\0\0\0\0\0", 400, 505));
        return Table.run(cases, 4, Lane.Settings.USUAL, Map.of());
    }

    private static Case headOnly(String method) {
        return Case.of("body-on-" + method).answers(0).step(client -> {
            client.send(Raw.to("HEAD /health HTTP/1.1", SMUGGLED));
            assertTrue(client.waitsFor(RawClient.TIMEOUT_MILLIS));
        });
    }

    private static void expectRefused(List<Case> cases, String name, String head, int status) {
        cases.add(Case.refused(name, head, status)
                .check((client, seen) -> assertEquals(1, client.answers().size(), "no 100 before a refusal")));
    }

    private static String pipelined(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(Raw.post("{\"model\":\"alias\",\"marker\":\"" + Raw.marker(9_000_000 + i) + "\"}"));
        }
        return all.toString();
    }

    private static void inOrder(RawClient client, List<Message> seen, int count) {
        for (int i = 0; i < count; i++) {
            String marker = Raw.marker(9_000_000 + i);
            assertEquals(
                    "{\"marker\":\"" + marker + "\"}", client.finals().get(i).body());
            assertTrue(seen.get(i).body().contains(marker));
        }
    }
}
