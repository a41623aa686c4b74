package dev.slipstream.bench.macro;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Asks a few times on one connection, for streams too, and wants every byte of every answer. */
final class GoodClient implements StormRole {
    private static final int MAX_REQUESTS = 8;
    private static final long MAX_THINKING_NANOS = 20_000_000;

    private final InetSocketAddress proxy;
    private final String key;
    private final ExpectedAnswers expected;
    private final StormCounts counts;

    GoodClient(InetSocketAddress proxy, String key, ExpectedAnswers expected, StormCounts counts) {
        this.proxy = proxy;
        this.key = key;
        this.expected = expected;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "good";
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        try (StormClient client = new StormClient(proxy)) {
            for (int i = 1 + random.nextInt(MAX_REQUESTS); i > 0; i--) {
                StormRequest request = StormRequest.any(random);
                counts.sent.increment();
                send(client, request, random);
                expected.check(request, client.read(StormClient.Pace.FULL));
                (request.stream() ? counts.streamsAnswered : counts.answered).increment();
                LockSupport.parkNanos(random.nextLong(MAX_THINKING_NANOS));
            }
        }
    }

    /** At once, or in pieces. */
    private void send(StormClient client, StormRequest request, SplittableRandom random) throws IOException {
        String bytes = request.bytes(key);
        if (random.nextInt(4) == 0) {
            int cut = random.nextInt(bytes.length());
            client.send(bytes.substring(0, cut));
            LockSupport.parkNanos(random.nextLong(MAX_THINKING_NANOS));
            client.send(bytes.substring(cut));
        } else {
            client.send(bytes);
        }
    }
}
