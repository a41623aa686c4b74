package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Tries one invalid key after another, {@value #PER_SECOND} in a second at most: on a connection that is kept, and with
 * bodies so large that it is not. Wants 401 each time, and wants it before a large body is sent.
 */
final class FloodingClient implements StormRole {
    static final int LARGE_BYTES = 8 * 1024 * 1024;
    private static final int PER_SECOND = 1000;
    private static final int KEPT_REQUESTS = 200;
    private static final int SENT_BYTES = 16 * 1024;
    private static final int POURED_BYTES = 128 * 1024;
    private static final long PAUSE_NANOS = 1_000_000_000L / PER_SECOND;
    private static final String PATH = "/v1/chat/completions";

    private final InetSocketAddress proxy;
    private final StormCounts counts;

    FloodingClient(InetSocketAddress proxy, StormCounts counts) {
        this.proxy = proxy;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "flood";
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        String json = new StormRequest(Dialect.OPENAI, false, 1, "", 0).body();
        try (StormClient client = new StormClient(proxy)) {
            for (int i = 0; i < KEPT_REQUESTS; i++) {
                boolean empty = random.nextInt(4) == 0;
                client.send(
                        empty
                                ? "GET /v1/models HTTP/1.1\r\nhost: proxy\r\nx-api-key: " + key(random) + "\r\n\r\n"
                                : StormRequest.head(PATH, key(random), json.length()) + json);
                wants401(client.read(StormClient.Pace.FULL));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        for (Large large : Large.values()) {
            large(large, random);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How much of a large body goes out before the answer is there, and what announces it. */
    private enum Large {
        NOTHING_SENT(0, ""),
        A_BIT_SENT(SENT_BYTES, ""),
        EXPECTING(0, "expect: 100-continue\r\n"),
        CHUNKED(SENT_BYTES, "transfer-encoding: chunked\r\n");

        final int sentBytes;
        final String field;

        Large(int sentBytes, String field) {
            this.sentBytes = sentBytes;
            this.field = field;
        }

        /** A head and the first bytes of its body, most of which is missing. */
        String begin(String key) {
            String head = StormRequest.head(PATH, key, LARGE_BYTES);
            String body = "x".repeat(sentBytes);
            if (this == CHUNKED) {
                String length = "content-length: " + LARGE_BYTES + "\r\n";
                return head.replace(length, field) + Integer.toHexString(LARGE_BYTES) + "\r\n" + body;
            }
            return head.replace("\r\n\r\n", "\r\n" + field + "\r\n") + body;
        }
    }

    private void large(Large large, SplittableRandom random) throws IOException {
        try (StormClient client = new StormClient(proxy)) {
            client.send(large.begin(key(random)));
            // Nothing more of the body leaves this side before the answer is here, whole.
            StormClient.Answer answer = client.read(StormClient.Pace.FULL);
            wants401(answer);
            if (!answer.field("connection").equals("close")) {
                throw new IOException("kept a connection with " + LARGE_BYTES + " bytes to come: " + answer.head());
            }
            if (client.readSome(new byte[1]) >= 0) {
                throw new IOException("more behind the answer");
            }
            counts.refusedUnread.increment();
            if (random.nextBoolean()) {
                pour(client);
            }
        }
    }

    /** Sends on all the same, which may or may not be read to be dropped. */
    private static void pour(StormClient client) {
        try {
            client.send("x".repeat(POURED_BYTES));
        } catch (IOException refused) {
            // As it should be.
        }
    }

    private static String key(SplittableRandom random) {
        return "sk-slip-" + Long.toHexString(random.nextLong());
    }

    private void wants401(StormClient.Answer answer) throws IOException {
        if (answer.status() != 401 || !answer.field("x-slipstream-error").equals("invalid_api_key")) {
            throw new IOException("an invalid key was answered with " + answer.head());
        }
        counts.invalidKeys.increment();
    }
}
