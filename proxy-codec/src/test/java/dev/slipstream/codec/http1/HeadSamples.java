package dev.slipstream.codec.http1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Heads and what the parser must make of them. Escapes: what stands here is what is sent, one char per byte. */
final class HeadSamples {
    private HeadSamples() {}

    static final String CHAT = String.join(
            "\r\n",
            "POST /v1/chat/completions HTTP/1.1",
            "Host: api.example.com:8080",
            "User-Agent: OpenAI/Python 1.109.1",
            "Accept: application/json",
            "Accept-Encoding: gzip, deflate",
            "Authorization: Bearer sk-test-0123456789",
            "Content-Type: application/json",
            "Content-Length: 12",
            "X-Stainless-Retry-Count: 0",
            "Connection: keep-alive",
            "",
            "");

    static final String ANSWER = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Date: Thu, 20 Nov 2026 10:00:00 GMT",
            "Content-Type: text/event-stream; charset=utf-8",
            "Transfer-Encoding: chunked",
            "x-request-id: req_0123",
            "openai-processing-ms: 17",
            "",
            "");

    /** A request whose host is there, with these lines behind it. */
    static String get(String... lines) {
        return "GET / HTTP/1.1\r\nHost: h\r\n" + String.join("\r\n", lines) + (lines.length == 0 ? "" : "\r\n")
                + "\r\n";
    }

    static String target(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    static String host(String line) {
        return "GET / HTTP/1.1\r\n" + line + "\r\n\r\n";
    }

    static String ok(String... lines) {
        return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", lines) + (lines.length == 0 ? "" : "\r\n") + "\r\n";
    }

    static List<String> acceptedRequests() {
        List<String> all = new ArrayList<>(List.of(
                CHAT,
                get(),
                "\r\n" + get(),
                "\r\n\r\n" + get(),
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
                "get / HTTP/1.1\r\nHost: h\r\n\r\n",
                "M-SEARCH / HTTP/1.1\r\nHost: h\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n",
                "A".repeat(32) + " / HTTP/1.1\r\nHost: h\r\n\r\n",
                get("Content-Length: 5"),
                get("Content-Length: 0"),
                get("Content-Length:5"),
                get("Content-Length: \t 5 \t "),
                get("Content-Length: 000000000000000005"),
                get("Content-Length: 999999999999999999"),
                get("Transfer-Encoding: chunked"),
                get("transfer-encoding: \tChUnKeD "),
                get("Transfer_Encoding: chunked"),
                get("Content_Length: 7", "Content-Length: 5"),
                get("Expect: 100-continue"),
                get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
                get("Connection: close"),
                get("Connection: keep-alive, ClOsE ,"),
                get("Empty:"),
                get("Blank: \t "),
                get("Obs: caf\u00e9 \u00ff\u0080"),
                get("Tabs: a\tb\t\tc"),
                get("Colon: a:b:c"),
                get("!#$%&'*+-.^_`|~09azAZ: all that a token is made of"),
                get("Long: " + "x".repeat(3000)),
                host("Host:h"),
                host("Host: \th:80\t "),
                host("HOST: [::1]:8080"),
                host("Host: 127.0.0.1:"),
                host("Host: my_service.local"),
                target("/a%00%0d%0a/../..//%2e%2e?x[]={y}|^`&z=~!$'()*,;:@"),
                target("//double"),
                target("http://other.example/path?q"),
                target("HTTPS://other.example"),
                target("http://other.example:80?q"),
                target("/" + "t".repeat(Reading.MAX_TARGET - 1))));
        String[] many = new String[Reading.MAX_FIELDS - 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = "f" + i + ": " + i;
        }
        all.add(get(many));
        int room = Reading.MAX_HEAD - get("L: ").length();
        all.add(get("L: " + "x".repeat(room)));
        return all;
    }

    static Map<String, HeadResult> refusedRequests() {
        Map<String, HeadResult> all = new LinkedHashMap<>();
        for (String bad : List.of(
                // Framing.
                get("Content-Length: 5", "Transfer-Encoding: chunked"),
                get("Transfer-Encoding: chunked", "Content-Length: 5"),
                get("Transfer-Encoding: gzip", "Content-Length: 5"),
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
                get("Transfer-Encoding : chunked"),
                get("Transfer-Encoding\t: chunked"),
                get("Transfer-Encoding: \u000bchunked"),
                get("Transfer-Encoding: \fchunked"),
                get("Transfer-Encoding: chunked\u0000"),
                get("Transfer-Encoding: \"chunked\""),
                get("Transfer-Encoding: chunked, identity"),
                get("Transfer-Encoding: chunked, chunked"),
                get("Transfer-Encoding: ,chunked"),
                get("Transfer-Encoding: chunked,"),
                get("Transfer-Encoding: chunked;q=1"),
                get("Transfer-Encoding: gzip;x"),
                get("Transfer-Encoding: chun\u212aed".replace("\u212a", "\u00eb")),
                get("Transfer-Encoding:"),
                get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                get("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
                get("Transfer-Encoding: gzip", "Transfer-Encoding: chunked"),
                get("X: y\rTransfer-Encoding: chunked"),
                get("X: y\nTransfer-Encoding: chunked"),
                get("Transfer-Encoding:\r\n chunked"),
                get("Content-Length: +5"),
                get("Content-Length: -5"),
                get("Content-Length: 0x5"),
                get("Content-Length:"),
                get("Content-Length: 5 5"),
                get("Content-Length: 5.0"),
                get("Content-Length: 5_0"),
                get("Content-Length: 5;"),
                get("Content-Length: 5\u000b"),
                get("Content-Length: 9223372036854775808"),
                get("Content-Length: 18446744073709551621"),
                get("Content-Length: " + "1".repeat(400)),
                get("Content-Length: 5", "Content-Length: 6"),
                get("Content-Length: 5", "Content-Length: 5"),
                get("Content-Length: 5, 5"),
                get("Content-Length: 5,6"),
                get("Content-Length: \u0665"),
                // Start line.
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: h\r\n\r\n",
                "G\u00cbT / HTTP/1.1\r\nHost: h\r\n\r\n",
                "A".repeat(33) + " / HTTP/1.1\r\nHost: h\r\n\r\n",
                "A".repeat(8192) + " / HTTP/1.1\r\nHost: h\r\n\r\n",
                "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
                target("*"),
                target("relative"),
                target("ftp://h/"),
                target("http:/h"),
                target("http://"),
                target("http:///path"),
                target("http://user@h/"),
                target("h"),
                target("/\u0000"),
                target("/a\tb"),
                target("/a b"),
                target("/a\rb"),
                target("/a\nb"),
                target("/a#b"),
                target("/a\\b"),
                target("/a\"b"),
                target("/<a>"),
                target("/\u007f"),
                target("/\u00c0\u00af"),
                target(""),
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\u0000GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\r\n\r\n",
                "GET\r\n\r\n",
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.10\r\nHost: h\r\n\r\n",
                "GET / HTTP/01.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1,1\r\nHost: h\r\n\r\n",
                "GET / HTTP/a.1\r\nHost: h\r\n\r\n",
                "GET / HTTPS/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\rHost: h\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                // Host.
                "GET / HTTP/1.1\r\n\r\n",
                get("Host: h"),
                get("Host: other"),
                "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n",
                host("Host:"),
                host("Host: a,b"),
                host("Host: a b"),
                host("Host: a/b"),
                host("Host: a?b"),
                host("Host: a#b"),
                host("Host: u@a"),
                host("Host: a:b"),
                host("Host: :80"),
                host("Host: a:80:80"),
                host("Host: a:123456"),
                host("Host: [::1"),
                host("Host: []"),
                host("Host: [::1]x"),
                host("Host: caf\u00e9"),
                "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n",
                // Fields.
                "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
                get("X : y"),
                get(": y"),
                get("no colon"),
                get("nocolon"),
                get("X(y): z"),
                get("X\u0000y: z"),
                get("N\u00e4me: z"),
                get("X: a\u0000b"),
                get("X: a\rb"),
                get("X: a\nb"),
                get("X: a\u0001b"),
                get("X: a\u007fb"),
                get("X: a\u001fb" + "x".repeat(20)),
                get("X: folded", " value"),
                get("X: folded", "\tvalue"),
                "GET / HTTP/1.1\r\nHost: h\r\n\rX",
                "GET / HTTP/1.1\r\nHost: h\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\n")) {
            all.put(bad, HeadResult.BAD);
        }
        for (String other : List.of("0.9", "1.2", "1.9", "2.0", "3.0", "9.9")) {
            all.put("GET / HTTP/" + other + "\r\nHost: h\r\n\r\n", HeadResult.VERSION);
        }
        for (String coding : List.of("gzip", "xchunked", "identity", "gzip, chunked", "gzip , deflate,chunked")) {
            all.put(get("Transfer-Encoding: " + coding), HeadResult.CODING);
        }
        all.put(target("/" + "t".repeat(Reading.MAX_TARGET)), HeadResult.TARGET_TOO_LONG);
        all.put("GET /" + "t".repeat(Reading.MAX_TARGET), HeadResult.TARGET_TOO_LONG);
        all.put(get("L: " + "x".repeat(Reading.MAX_HEAD - get("L: ").length() + 1)), HeadResult.TOO_LARGE);
        all.put("GET / HTTP/1.1\r\n" + "x".repeat(Reading.MAX_HEAD), HeadResult.TOO_LARGE);
        String[] many = new String[Reading.MAX_FIELDS];
        Arrays.fill(many, "f: v");
        all.put(get(many), HeadResult.TOO_LARGE);
        return all;
    }

    static List<String> acceptedResponses() {
        return List.of(
                ANSWER,
                ok(),
                ok("Content-Length: 3"),
                ok("Content-Length: 0", "Connection: close"),
                ok("Obs: caf\u00e9", "Set-Cookie: a=b", "Set-Cookie: c=d"),
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 200 \r\n\r\n",
                "HTTP/1.1 429 \tToo \u00e9 many\r\nRetry-After: 1\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
                "HTTP/1.1 529 Overloaded\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 599 x\r\nContent-Length: 0\r\n\r\n");
    }

    static Map<String, HeadResult> refusedResponses() {
        Map<String, HeadResult> all = new LinkedHashMap<>();
        for (String bad : List.of(
                ok("Content-Length: 5", "Transfer-Encoding: chunked"),
                ok("Content-Length: 5", "Content-Length: 5"),
                ok("Content-Length: 5", "Content-Length: 6"),
                ok("Content-Length: -1"),
                ok("Transfer-Encoding: chunked, chunked"),
                ok("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                ok("X: a\rb"),
                ok("X: a\u0000b"),
                ok("X : a"),
                ok("X: a", " b"),
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 099 x\r\n\r\n",
                "HTTP/1.1 99 x\r\n\r\n",
                "HTTP/1.1 600 x\r\n\r\n",
                "HTTP/1.1 1000 x\r\n\r\n",
                "HTTP/1.1 2x0 x\r\n\r\n",
                "HTTP/1.1  200 x\r\n\r\n",
                "HTTP/1.1\t200 x\r\n\r\n",
                "HTTP/1.1 200\tOK\r\n\r\n",
                "HTTP/1.1 200 O\u0000K\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "HTTP/1.1 200 OK\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "<html>garbage</html>",
                "\u0000\u0000\u0012\u0004")) {
            all.put(bad, HeadResult.BAD);
        }
        all.put("HTTP/2.0 200 OK\r\n\r\n", HeadResult.VERSION);
        all.put("HTTP/1.2 200 OK\r\n\r\n", HeadResult.VERSION);
        all.put(ok("Transfer-Encoding: gzip, chunked"), HeadResult.CODING);
        all.put(ok("L: " + "x".repeat(Reading.MAX_HEAD)), HeadResult.TOO_LARGE);
        all.put("HTTP/1.1 200 " + "x".repeat(Reading.MAX_HEAD), HeadResult.TOO_LARGE);
        String[] many = new String[20_000];
        Arrays.fill(many, "f: v");
        all.put(ok(many).substring(0, 6000), HeadResult.TOO_LARGE);
        return all;
    }
}
