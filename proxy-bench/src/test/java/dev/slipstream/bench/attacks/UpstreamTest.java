package dev.slipstream.bench.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Providers that misbehave. */
class UpstreamTest {
    private static final String OK = "{\"marker\":\"" + Raw.MARK + "\"}";

    private final Map<String, Recorder.Script> scripts = new HashMap<>();
    private final List<Case> cases = new ArrayList<>();

    private Case with(String name, Recorder.Script script, Integer... statuses) {
        return with(name, "alias", script, statuses);
    }

    private Case with(String name, String model, Recorder.Script script, Integer... statuses) {
        scripts.put(name, script);
        String body = Raw.BODY.replace("alias", model);
        Case made = Case.answered(name, Raw.post(body, "x-client-request-id: " + name), statuses);
        cases.add(made);
        // A kept connection that ends without a byte is tried once more.
        return made.up(Case.Up.ANYTHING)
                .check((client, seen) -> assertTrue(seen.size() <= 2, () -> "asked again and again: " + seen));
    }

    private void is502(String name, String word, Recorder.Script script) {
        with(name, script, 502).word(word).keeps();
    }

    private Stream<DynamicTest> run(int lanes) {
        return Table.run(cases, lanes, Lane.Settings.USUAL, scripts);
    }

    @TestFactory
    Stream<DynamicTest> heads() {
        is502("closed-before-headers", "upstream_closed", Scripts.closes(""));
        is502("reset-before-headers", "upstream_closed", Scripts.resets(""));
        is502("closed-mid-head", "upstream_closed", Scripts.closes("HTTP/1.1 200 OK\r\ncontent-ty"));
        String[][] heads = {
            {"garbage", "\0\1\2garbage\r\n\r\n"},
            {"http09", "<html>hello</html>"},
            {"http2-frame", "\0\0\22\4\0\0\0\0\0\0\3\0\0\0\200"},
            {"tls-alert", "\25\3\3\0\2\2\50"},
            {"version-2", "HTTP/2.0 200 OK\r\n\r\n"},
            {"lower-case", "http/1.1 200 OK\r\n\r\n"},
            {"status-099", "HTTP/1.1 099 X\r\n\r\n"},
            {"status-600", "HTTP/1.1 600 X\r\ncontent-length: 0\r\n\r\n"},
            {"status-1000", "HTTP/1.1 1000 X\r\n\r\n"},
            {"status-20", "HTTP/1.1 20 X\r\n\r\n"},
            {"status-no-space", "HTTP/1.1 200OK\r\n\r\n"},
            {"leading-crlf", "\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"},
            {"switching", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n\1\2"},
            {"cl-te", Scripts.JSON_HEAD + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"},
            {"two-cls", Scripts.JSON_HEAD + "content-length: 2\r\ncontent-length: 3\r\n\r\n{} "},
            {"two-equal-cls", Scripts.JSON_HEAD + "content-length: 2\r\ncontent-length: 2\r\n\r\n{}"},
            {"negative-cl", Scripts.JSON_HEAD + "content-length: -1\r\n\r\n{}"},
            {"plus-cl", Scripts.JSON_HEAD + "content-length: +2\r\n\r\n{}"},
            {"cl-list", Scripts.JSON_HEAD + "content-length: 2, 2\r\n\r\n{}"},
            {"cl-2-64", Scripts.JSON_HEAD + "content-length: 18446744073709551618\r\n\r\n{}"},
            {"te-gzip-chunked", Scripts.JSON_HEAD + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
            {"te-identity", Scripts.JSON_HEAD + "transfer-encoding: identity\r\n\r\n{}"},
            {"http10-te", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"},
            {"bare-cr", Scripts.JSON_HEAD + "x: a\rset-cookie: b\r\ncontent-length: 2\r\n\r\n{}"},
            {"bare-cr-passing", "HTTP/1.1 200 OK\r\nretry-after: 1\rset-cookie: b\r\ncontent-length: 2\r\n\r\n{}"},
            {"bare-lf", "HTTP/1.1 200 OK\ncontent-length: 2\n\n{}"},
            {"nul-value", Scripts.JSON_HEAD + "retry-after: \0\r\ncontent-length: 2\r\n\r\n{}"},
            {"nul-reason", "HTTP/1.1 200 O\0K\r\ncontent-length: 2\r\n\r\n{}"},
            {"fold", Scripts.JSON_HEAD + "retry-after: 1\r\n 2\r\ncontent-length: 2\r\n\r\n{}"},
            {"space-colon", Scripts.JSON_HEAD + "content-length : 2\r\n\r\n{}"},
            {"no-colon", Scripts.JSON_HEAD + "xy\r\ncontent-length: 2\r\n\r\n{}"},
            {"interim-garbage", "HTTP/1.1 100 Continue\r\n\r\ngarbage\r\n\r\n"},
        };
        for (String[] each : heads) {
            is502("head-" + each[0], "upstream_protocol", Scripts.closes(each[1]));
            is502("head-" + each[0] + "-held-open", "upstream_protocol", Scripts.stalls(each[1] + "\r\n"));
        }
        AtomicLong ignored = new AtomicLong();
        String fields = "x-ratelimit-a: " + "b".repeat(90) + "\r\n";
        is502(
                "endless-fields",
                "upstream_protocol",
                Scripts.repeats("HTTP/1.1 200 OK\r\n", fields, 1 << 20, "", ignored));
        is502(
                "20000-fields",
                "upstream_protocol",
                Scripts.repeats("HTTP/1.1 200 OK\r\n", "a: b\r\n", 20_000, "content-length: 0\r\n\r\n", ignored));
        is502(
                "endless-field",
                "upstream_protocol",
                Scripts.repeats("HTTP/1.1 200 OK\r\nx: ", fields.strip(), 1 << 20, "", ignored));
        is502("endless-reason", "upstream_protocol", Scripts.repeats("HTTP/1.1 200 ", "reason ", 1 << 20, "", ignored));
        is502(
                "interim-storm",
                "upstream_protocol",
                Scripts.repeats("", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", 1 << 16, "", ignored));
        with("early-hints", Scripts.says("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + Scripts.json(OK)), 200)
                .keeps();
        with("continue-first", Scripts.says("HTTP/1.1 100 Continue\r\n\r\n" + Scripts.json(OK)), 200)
                .keeps();
        with("nine-interim", Scripts.says("HTTP/1.1 102 X\r\n\r\n".repeat(9) + Scripts.json(OK)), 200)
                .keeps();
        with("no-reason", Scripts.says("HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}"), 200)
                .keeps();
        with(
                        "obs-text",
                        Scripts.says("HTTP/1.1 200 caf\u00e9\r\nopenai-version: \u00e9\r\ncontent-length: 2\r\n\r\n{}"),
                        200)
                .keeps();
        cases.add(Case.answered("refused", Raw.post("{\"model\":\"dead\"}"), 502)
                .word("upstream_unreachable")
                .keeps());
        cases.add(
                Case.answered("refused-then-next", Raw.post("{\"model\":\"two-steps\"," + Raw.BODY.substring(17)), 200)
                        .up(Case.Up.COMPLETE)
                        .keeps()
                        .check((client, seen) ->
                                assertEquals("2", client.finals().get(0).field("x-slipstream-attempts"))));
        return run(4);
    }

    @TestFactory
    Stream<DynamicTest> bodies() {
        String half = "{\"marker\":\"" + Raw.MARK;
        brokenOff("truncated-length", Scripts.closes(Scripts.JSON_HEAD + "content-length: 100\r\n\r\n" + half));
        brokenOff(
                "truncated-chunk",
                Scripts.closes(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n50\r\n" + half));
        brokenOff(
                "no-last-chunk",
                Scripts.closes(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + Raw.chunk(half)));
        brokenOff(
                "half-last-chunk",
                Scripts.closes(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + Raw.chunk(half) + "0\r\n"));
        for (String size : List.of("fffffffffffffff0", "80000000", "-5", "0x5", "zz", "5 ", "5\n", ";", "5;a=\"\n")) {
            String name = "chunk-size-" + cases.size();
            brokenOff(
                    name,
                    Scripts.closes(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + Raw.chunk(half) + size
                            + "\r\nhello\r\n0\r\n\r\n"));
        }
        brokenOff(
                "chunk-too-long",
                Scripts.closes(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"));
        brokenOff("reset-in-length", Scripts.resets(Scripts.JSON_HEAD + "content-length: 100\r\n\r\n" + half));
        brokenOff(
                "reset-in-chunks",
                Scripts.resets(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + Raw.chunk(half)));
        brokenOff("reset-until-close", Scripts.resets(Scripts.JSON_HEAD + "\r\n" + half));
        brokenOff(
                "events-of-known-length",
                Scripts.closes(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100\r\n\r\ndata: x"));
        exact(
                "until-close",
                Scripts.closes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":1}"),
                "{\"a\":1}");
        exact(
                "http10",
                Scripts.closes("HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":1}"),
                "{\"a\":1}");
        exact(
                "html",
                Scripts.says("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>"),
                "<html></html>");
        exact(
                "gzip",
                Scripts.says(Scripts.JSON_HEAD + "content-encoding: gzip\r\ncontent-length: 4\r\n\r\n\u001f\u008b\b\0"),
                "\u001f\u008b\b\0");
        exact(
                "trailers",
                Scripts.says(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n" + Raw.chunk("{}")
                        + "0\r\nx-evil: 1\r\ncontent-length: 9\r\n\r\n"),
                "{}");
        exact(
                "extensions",
                Scripts.says(Scripts.JSON_HEAD + "transfer-encoding: chunked\r\n\r\n2;x=\"y\"\r\n{}\r\n0\r\n\r\n"),
                "{}");
        exact("head-then-body", Scripts.says(Scripts.json("")), "");
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            with(
                            "redirect-" + status,
                            Scripts.says("HTTP/1.1 " + status + " X\r\nlocation: http://127.0.0.1:" + Canary.ONE.port()
                                    + "/base/v1/chat/completions\r\ncontent-length: 2\r\n\r\n{}"),
                            status)
                    .keeps()
                    .check((client, seen) -> {
                        assertNull(client.finals().get(0).field("location"));
                        assertEquals(1, seen.size());
                    });
        }
        for (int status : new int[] {400, 401, 403, 404, 413, 429, 500, 503, 529}) {
            with(
                            "status-" + status,
                            Scripts.says("HTTP/1.1 " + status + " X\r\nretry-after: 7\r\ncontent-type: text/plain\r\n"
                                    + "content-length: 5\r\n\r\nhello"),
                            status)
                    .keeps()
                    .check((client, seen) -> {
                        Message answer = client.finals().get(0);
                        assertEquals("hello", answer.body());
                        assertEquals("provider", answer.field("x-slipstream-error-source"));
                        assertEquals("7", answer.field("retry-after"));
                        assertEquals(1, seen.size());
                    });
        }
        with("no-content", Scripts.says("HTTP/1.1 204 X\r\n\r\n"), 204).keeps();
        with("no-content-with-body", Scripts.says("HTTP/1.1 204 X\r\ncontent-length: 5\r\n\r\nhello"), 204)
                .keeps();
        with("not-modified-with-body", Scripts.says("HTTP/1.1 304 X\r\n\r\nhello"), 304)
                .keeps();
        with(
                        "leaks-its-credential",
                        Scripts.says(Scripts.JSON_HEAD + "x-goog-api-key: " + Raw.PROVIDER_KEY
                                + "\r\nauthorization: Bearer " + Raw.PROVIDER_KEY
                                + "\r\nset-cookie: s=evil\r\nserver: evil\r\nvia: evil\r\n"
                                + "access-control-allow-origin: evil\r\nx-slipstream-error: evil\r\nx-slipstream-provider: evil\r\n"
                                + "connection: x-ratelimit-evil, retry-after\r\nx-ratelimit-evil: evil\r\nretry-after: 666\r\n"
                                + "content-length: 2\r\n\r\n{}"),
                        200)
                .check((client, seen) -> {
                    assertFalse(client.all().contains("evil"), client::all);
                    assertFalse(client.all().contains("666"), client::all);
                });
        with("second-response", Scripts.says(Scripts.json(OK) + Scripts.json("{\"marker\":\"stolen\"}")), 200)
                .keeps();
        with("late-response", Scripts.late(Scripts.json("{\"marker\":\"stolen\"}")), 200);
        with("late-byte", Scripts.late("x"), 200);
        with("late-crlf", Scripts.late("\r\n"), 200);
        return run(4);
    }

    private void brokenOff(String name, Recorder.Script script) {
        Case made = with(name, script, 200).mayBreakOff().closes();
        made.check((client, seen) -> {
            assertFalse(client.finals().get(0).complete(), "presented as complete");
            assertEquals(1, seen.size(), "not asked again");
        });
    }

    private void exact(String name, Recorder.Script script, String body) {
        with(name, script, 200).keeps().check((client, seen) -> {
            assertEquals(
                    body.replace(Raw.MARK, client.marker()),
                    client.finals().get(0).body());
            assertEquals(1, seen.size());
        });
    }

    @TestFactory
    Stream<DynamicTest> events() {
        String one = "data: {\"a\":1}\n\n";
        String[][] whole = {
            {"lf", one + "data: [DONE]\n\n"},
            {"crlf", "data: 1\r\n\r\ndata: [DONE]\r\n\r\n"},
            {"cr", "data: 1\r\rdata: 2\r\r"},
            {"mixed", "data: 1\r\n\ndata: 2\n\r\n\r"},
            {"bom", "\u00ef\u00bb\u00bf" + one},
            {"no-done", one},
            {"empty", ""},
            {"not-events", "<html>\nfoo\0bar"},
            {"not-json", "data: {{{{\n\ndata: \u00ff\u00fe\n\n"},
            {"unfinished", one + "data: {\"b\""},
            {"only-comments", ": ping\n\n".repeat(500)},
            {"many-empty", "\n".repeat(20_000)},
            {"ten-megabyte-line", "data: " + "x".repeat(10 << 20) + "\n\n"},
            {"field-without-colon", "data\n\n"},
            {"long-field-name", "y".repeat(1 << 20) + ": 1\n\n"},
        };
        for (String[] each : whole) {
            String body = each[1];
            exact(
                    "events-" + each[0],
                    Scripts.says(body.isEmpty() ? Scripts.SSE_HEAD + "0\r\n\r\n" : Scripts.events(body)),
                    body);
        }
        for (int cut = 1; cut < 14; cut++) {
            int at = cut;
            exact(
                    "events-cut-" + cut,
                    Scripts.says(Scripts.SSE_HEAD + Raw.chunk(one.substring(0, at)) + Raw.chunk(one.substring(at))
                            + "0\r\n\r\n"),
                    one);
        }
        String begun = Raw.chunk(one) + Raw.chunk("data: {\"b");
        errorEvent("closed-mid-event", "alias", Scripts.closes(Scripts.SSE_HEAD + begun), one + "data: {\"b\n\n");
        errorEvent("reset-mid-event", "alias", Scripts.resets(Scripts.SSE_HEAD + begun), one + "data: {\"b\n\n");
        errorEvent("closed-between-events", "alias", Scripts.closes(Scripts.SSE_HEAD + Raw.chunk(one)), one);
        errorEvent("closed-before-events", "alias", Scripts.closes(Scripts.SSE_HEAD), "");
        errorEvent("bad-chunk-in-events", "alias", Scripts.closes(Scripts.SSE_HEAD + Raw.chunk(one) + "zz\r\n"), one);
        errorEvent("stall-after-first", "quick", Scripts.stalls(Scripts.SSE_HEAD + Raw.chunk(one)), one);
        errorEvent(
                "reset-events-until-close",
                "alias",
                Scripts.resets("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + one),
                one);
        with("slow-first-byte", "quick", Scripts.stalls(""), 504)
                .word("upstream_timeout")
                .keeps();
        with("slow-head", "quick", Scripts.stalls("HTTP/1.1 200 OK\r\nx: "), 504)
                .word("upstream_timeout")
                .keeps();
        with("only-interim", "quick", Scripts.stalls("HTTP/1.1 103 X\r\n\r\n"), 504)
                .word("upstream_timeout")
                .keeps();
        with("stall-in-json", "quick", Scripts.stalls(Scripts.JSON_HEAD + "content-length: 10\r\n\r\n{"), 200)
                .mayBreakOff()
                .closes()
                .check((client, seen) -> assertFalse(client.finals().get(0).complete()));
        return run(4);
    }

    private void errorEvent(String name, String model, Recorder.Script script, String begins) {
        with(name, model, script, 200).keeps().check((client, seen) -> {
            String body = client.finals().get(0).body();
            assertTrue(body.startsWith(begins + "event: error\ndata: {\"error\":{"), () -> body);
            assertTrue(body.endsWith("}}\n\n"), () -> body);
            assertFalse(body.contains("[DONE]"), () -> body);
        });
    }

    @TestFactory
    Stream<DynamicTest> early() {
        String half = Raw.large(200_000, true).substring(0, 100_000);
        for (int status : new int[] {200, 401, 413, 429, 500}) {
            for (String how : List.of("content-length: 3000000", "transfer-encoding: chunked")) {
                String name = String.format(Locale.ROOT, "early-%d-%s", status, how.substring(0, 7));
                scripts.put(name, Scripts.early("HTTP/1.1 " + status + " X\r\ncontent-length: 5\r\n\r\nhello"));
                boolean chunked = how.startsWith("transfer");
                cases.add(Case.of(name, status)
                        .send(Raw.head(Raw.CHAT, how, "x-client-request-id: " + name)
                                + (chunked ? Raw.chunk(half) : half))
                        .step(RawClient::readOne)
                        .closes()
                        .up(Case.Up.AT_MOST_INCOMPLETE)
                        .check((client, seen) ->
                                assertEquals("hello", client.finals().get(0).body())));
            }
        }
        return run(2);
    }

    @TestFactory
    Stream<DynamicTest> volume() {
        AtomicLong written = new AtomicLong();
        String piece = Raw.chunk("data: " + "x".repeat(65_000) + "\n\n");
        int times = 1_200;
        Case large = with(
                        "larger-than-memory",
                        Scripts.repeats(Scripts.SSE_HEAD, piece, times, "0\r\n\r\n", written),
                        200)
                .receiveBuffer(32 * 1024)
                .step(client -> {
                    // The provider is held up as long as nobody reads.
                    assertTrue(client.waitsFor(RawClient.TIMEOUT_MILLIS));
                    long before = -1;
                    while (written.get() != before) {
                        before = written.get();
                        LockSupport.parkNanos(100_000_000);
                    }
                    assertTrue(before < 24L << 20, () -> "taken ahead of the reader: " + written.get());
                });
        large.check((client, seen) ->
                assertEquals(times * 65_008L, client.finals().get(0).body().length()));
        return run(1);
    }
}
