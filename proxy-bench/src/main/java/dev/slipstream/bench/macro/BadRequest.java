package dev.slipstream.bench.macro;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A request that cannot be served, though its key is valid.
 *
 * @param statuses what it may be refused with
 * @param closes whether the connection must end behind the refusal
 * @param endsThere whether the client ends what it sends behind that; it has left then, and may get no answer
 */
record BadRequest(String name, String bytes, Set<Integer> statuses, boolean closes, boolean endsThere) {
    private static final int LARGE_FIELD_BYTES = 40_000;
    private static final int LONG_TARGET_BYTES = 10_000;
    private static final int MANY_FIELDS = 250;
    private static final int DEEP = 2_000;
    private static final String CHAT = "POST /v1/chat/completions HTTP/1.1";

    /** Framing, head, start line, JSON, size and type. */
    static List<BadRequest> all(String key) {
        List<BadRequest> all = new ArrayList<>();
        String start = CHAT + "\r\nhost: p\r\nauthorization: Bearer " + key + "\r\n";
        framing(all, start + "content-type: application/json\r\n");
        heads(all, start, key);
        bodies(all, start);
        return List.copyOf(all);
    }

    private static void framing(List<BadRequest> all, String json) {
        String chunked = json + "transfer-encoding: chunked\r\n\r\n";
        all.add(closing("cl-te", json + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}", 400));
        all.add(closing("cl-twice", json + "content-length: 2\r\ncontent-length: 3\r\n\r\n{}", 400));
        all.add(closing("cl-minus", json + "content-length: -1\r\n\r\n", 400));
        all.add(closing("cl-list", json + "content-length: 2, 2\r\n\r\n{}", 400));
        all.add(closing("cl-huge", json + "content-length: 99999999999\r\n\r\n{}", 413));
        all.add(closing("te-gzip", json + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, 501));
        all.add(closing("te-space", json + "transfer-encoding : chunked\r\n\r\n0\r\n\r\n", 400));
        all.add(closing("chunk-size", chunked + "zz\r\n{}", 400));
        all.add(closing("chunk-overflow", chunked + "ffffffffffffffff2\r\n{}\r\n0\r\n\r\n", 400));
        all.add(closing("chunk-junk", chunked + "2\r\n{}x\r\n0\r\n\r\n", 400));
        all.add(closing("chunk-bare-lf", chunked + "2\n{}\r\n0\r\n\r\n", 400));
    }

    private static void heads(List<BadRequest> all, String start, String key) {
        String auth = "authorization: Bearer " + key + "\r\n\r\n";
        all.add(closing("space-before-colon", start + "name : value\r\n\r\n", 400));
        all.add(closing("fold", start + "x: y\r\n z\r\n\r\n", 400));
        all.add(closing("nul-in-value", start + "x: \0\r\n\r\n", 400));
        all.add(closing("large-field", start + "x: " + "y".repeat(LARGE_FIELD_BYTES) + "\r\n\r\n", 431));
        all.add(closing("many-fields", start + "x: y\r\n".repeat(MANY_FIELDS) + "\r\n", 431));
        all.add(closing("long-target", "GET /" + "a".repeat(LONG_TARGET_BYTES) + " HTTP/1.1\r\nhost: p\r\n\r\n", 414));
        all.add(closing("version", "GET / HTTP/3.0\r\nhost: p\r\n\r\n", 400, 505));
        all.add(closing("half-a-preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 400, 505));
        all.add(closing("no-host", "GET / HTTP/1.1\r\n\r\n", 400));
        all.add(closing("two-hosts", "GET / HTTP/1.1\r\nhost: p\r\nhost: q\r\n\r\n", 400));
        all.add(kept("path", "GET /v1/nothing/here HTTP/1.1\r\nhost: p\r\n" + auth, 404));
        all.add(kept("method", "BREW /v1/models HTTP/1.1\r\nhost: p\r\n" + auth, 405));
        all.add(kept("expectation", start + "expect: wonders\r\ncontent-length: 2\r\n\r\n{}", 417));
    }

    private static void bodies(List<BadRequest> all, String start) {
        String json = start + "content-type: application/json\r\n";
        all.add(kept("type", start + "content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}", 415));
        all.add(kept("coding", json + "content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}", 415));
        for (String[] body : new String[][] {
            {"cut-off", "{\"a\":1,"},
            {"no-model", "{\"a\":1}"},
            {"model-number", "{\"model\":1}"},
            {"model-twice", "{\"model\":\"a\",\"model\":\"bcde\"}"},
            {"model-twice-escaped", "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}"},
            {"array", "[1,2]"},
            {"two-documents", "{\"model\":\"a\"}{\"model\":\"a\"}"},
            {"not-a-number", "{\"model\":\"a\",\"b\":NaN}"},
            {"deep", "{\"a\":" + "[".repeat(DEEP) + "]".repeat(DEEP) + ",\"model\":\"a\"}"},
        }) {
            String bytes = json + "content-length: " + body[1].length() + "\r\n\r\n" + body[1];
            all.add(new BadRequest("json-" + body[0], bytes, Set.of(400), false, false));
        }
        String missing = json + "content-length: 1000\r\n\r\n{\"model\":";
        all.add(closing("json-wrong-early", json + "content-length: 200000\r\n\r\n{\"model\":nope", 400));
        all.add(new BadRequest("short-body-then-fin", missing, Set.of(400, 408), true, true));
    }

    private static BadRequest closing(String name, String bytes, Integer... statuses) {
        return new BadRequest(name, bytes, Set.of(statuses), true, false);
    }

    private static BadRequest kept(String name, String bytes, Integer... statuses) {
        return new BadRequest(name, bytes, Set.of(statuses), false, false);
    }
}
