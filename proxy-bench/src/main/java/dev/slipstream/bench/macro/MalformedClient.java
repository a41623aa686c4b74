package dev.slipstream.bench.macro;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Sends what cannot be served: wants a refusal or a closed connection, and never a success. */
final class MalformedClient implements StormRole {
    private static final int GARBAGE_BYTES = 2_000;
    private static final int LARGE_FIELD_BYTES = 40_000;
    private static final long PAUSE_NANOS = 2_000_000;

    private final InetSocketAddress proxy;
    private final StormCounts counts;
    private final List<String> requests;

    MalformedClient(InetSocketAddress proxy, String key, StormCounts counts) {
        this.proxy = proxy;
        this.counts = counts;
        String start = "POST /v1/chat/completions HTTP/1.1\r\nhost: p\r\nauthorization: Bearer " + key + "\r\n";
        String json = start + "content-type: application/json\r\n";
        this.requests = List.of(
                start + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
                start + "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
                start + "content-length: -1\r\n\r\n",
                start + "name : value\r\n\r\n",
                start + "x: " + "y".repeat(LARGE_FIELD_BYTES) + "\r\n\r\n",
                start + "content-type: text/plain\r\ncontent-length: 2\r\n\r\n{}",
                json + "content-length: 7\r\n\r\n{\"a\":1,",
                json + "content-length: 11\r\n\r\n{\"model\":1}",
                json + "content-length: 27\r\n\r\n{\"model\":\"a\",\"model\":\"bcde\"}",
                json + "transfer-encoding: chunked\r\n\r\nzz\r\n{}",
                json + "transfer-encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
                json + "transfer-encoding: chunked\r\n\r\n9\r\n{\"a\":[[[[\r\n0\r\n\r\n",
                "GET /v1/nothing/here HTTP/1.1\r\nhost: p\r\nauthorization: Bearer " + key + "\r\n\r\n",
                "BREW /v1/models HTTP/1.1\r\nhost: p\r\nauthorization: Bearer " + key + "\r\n\r\n",
                "GET / HTTP/3.0\r\nhost: p\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n");
    }

    @Override
    public String name() {
        return "malformed";
    }

    /** A closed connection is as good an answer as any. */
    @Override
    public boolean mayFail(Exception e) {
        return e instanceof EOFException || e instanceof SocketException;
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        try (StormClient client = new StormClient(proxy)) {
            int which = random.nextInt(requests.size() + 2);
            boolean garbage = which >= requests.size();
            client.send(garbage ? garbage(random) : requests.get(which));
            counts.malformed.increment();
            LockSupport.parkNanos(PAUSE_NANOS);
            if (garbage) {
                // It may not even be a head; what is left out is not waited for.
                client.shutdownOutput();
            }
            StormClient.Answer answer = client.read(StormClient.Pace.FULL);
            if (answer.status() < 400) {
                throw new IllegalStateException("request " + which + " was answered with " + answer.status());
            }
        }
    }

    private static String garbage(SplittableRandom random) {
        StringBuilder garbage = new StringBuilder();
        for (int i = 1 + random.nextInt(GARBAGE_BYTES); i > 0; i--) {
            garbage.append((char) random.nextInt(256));
        }
        return garbage.append("\r\n\r\n").toString();
    }
}
