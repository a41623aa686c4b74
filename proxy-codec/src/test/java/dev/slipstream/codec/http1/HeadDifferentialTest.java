package dev.slipstream.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What we accept, Netty's decoders accept with their defaults and with the same meaning: the whole message, head,
 * body and where it ends. (Not the other way round: Netty is more lenient, on purpose.)
 */
class HeadDifferentialTest {
    private static final int CASES = 20_000;
    /** What mutations put in: the bytes that delimit, and some that have been mistaken for them. */
    private static final String SPICE =
            "\r\n :\t,;=/\"\\#*?@[]0159aAzZ\u0000\u000b\f\u001f\u007f\u0080\u0085\u00a0\u00ff";

    private static final String[] LINES = {
        "Content-Length: 5",
        "Content-Length: 0",
        "content-length:\t3 ",
        "Content-Length: 05",
        "Content-Length: 5, 5",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: CHUNKED",
        "Transfer-Encoding: gzip, chunked",
        "Transfer_Encoding: chunked",
        "Connection: close",
        "Connection: Keep-Alive",
        "Connection: close, x",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "Host: h",
        "X-A: b",
        "X-A: ",
        "Accept: */*",
        "Cookie: a=b; c=d",
        "Authorization: Bearer x y",
        "X: caf\u00e9",
        " folded",
        "X : y",
        ": empty",
        "none"
    };

    private static final String[] BODIES = {
        "",
        "hello",
        "5\r\nhello\r\n0\r\n\r\n",
        "3;a=b\r\nabc\r\n1\r\nx\r\n0\r\nT: v\r\n\r\n",
        "0\r\n\r\n",
        "hel\r\n0\r\n\r\nGET / HTTP/1.1\r\n"
    };

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWeAcceptNettyReadsInTheSameWay(boolean requests) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> samples =
                new ArrayList<>(requests ? HeadSamples.acceptedRequests() : HeadSamples.acceptedResponses());
        samples.addAll((requests ? HeadSamples.refusedRequests() : HeadSamples.refusedResponses()).keySet());
        samples.removeIf(sample -> sample.length() > 1000);
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            String head =
                    random.nextInt(3) == 0 ? samples.get(random.nextInt(samples.size())) : grown(random, requests);
            if (random.nextInt(3) > 0) {
                head = mutated(random, head);
            }
            byte[] input = Reading.bytes(head + BODIES[random.nextInt(BODIES.length)]);
            String ours = Messages.ours(requests, input);
            if (ours.isEmpty()) {
                continue;
            }
            accepted++;
            String theirs = Messages.nettys(requests, input);
            if (ours.endsWith(Messages.REFUSED_BODY)) {
                // Of the body Netty may think what it likes.
                ours = ours.substring(0, ours.length() - Messages.REFUSED_BODY.length());
                theirs = theirs.substring(0, Math.min(ours.length(), theirs.length()));
            }
            assertEquals(ours, theirs, () -> "seed " + seed + ", input <" + Reading.text(input, 0, input.length) + ">");
        }
        assertTrue(accepted > CASES / 20, "only " + accepted + " accepted, seed " + seed);
    }

    private static String grown(Random random, boolean requests) {
        StringBuilder head = new StringBuilder();
        if (requests) {
            head.append(pick(random, "GET", "POST", "get", "HEAD", "M-SEARCH", "OPTIONS"))
                    .append(' ');
            head.append(pick(random, "/", "/v1/x?y=z", "http://h/", "//x")).append(" HTTP/1.");
            head.append(random.nextInt(5) == 0 ? '0' : '1').append("\r\nHost: h\r\n");
        } else {
            head.append("HTTP/1.").append(random.nextInt(5) == 0 ? '0' : '1').append(' ');
            head.append(
                    pick(random, "200 OK", "204 No Content", "304 x", "100 Continue", "429 Too Many", "500", "200 "));
            head.append("\r\n");
        }
        int lines = random.nextInt(4);
        for (int i = 0; i < lines; i++) {
            head.append(LINES[random.nextInt(LINES.length)]).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    static String mutated(Random random, String text) {
        StringBuilder out = new StringBuilder(text);
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times && out.length() > 0; i++) {
            int at = random.nextInt(out.length());
            char spice = SPICE.charAt(random.nextInt(SPICE.length()));
            switch (random.nextInt(4)) {
                case 0 -> out.setCharAt(at, spice);
                case 1 -> out.insert(at, spice);
                case 2 -> out.deleteCharAt(at);
                default -> out.insert(at, text, at % text.length(), Math.min(text.length(), at % text.length() + 9));
            }
        }
        return out.toString();
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }
}
