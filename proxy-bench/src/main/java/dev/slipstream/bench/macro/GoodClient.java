package dev.slipstream.bench.macro;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Asks a few times on one connection and wants every byte of every answer. A slow one takes its time to read. */
final class GoodClient implements StormRole {
    private static final int MAX_REQUESTS = 8;
    private static final int SLOW_RECEIVE_BYTES = 4096;
    private static final int SLOW_TOKENS = 1500;
    private static final long SLOW_PAUSE_NANOS = 1_000_000;
    private static final long MAX_THINKING_NANOS = 20_000_000;

    private final InetSocketAddress proxy;
    private final String key;
    private final ExpectedAnswers expected;
    private final StormCounts counts;
    private final boolean slow;

    GoodClient(InetSocketAddress proxy, String key, ExpectedAnswers expected, StormCounts counts, boolean slow) {
        this.proxy = proxy;
        this.key = key;
        this.expected = expected;
        this.counts = counts;
        this.slow = slow;
    }

    @Override
    public String name() {
        return slow ? "slow" : "good";
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        try (StormClient client = new StormClient(proxy, slow ? SLOW_RECEIVE_BYTES : 0)) {
            int requests = slow ? 1 : 1 + random.nextInt(MAX_REQUESTS);
            for (int i = 0; i < requests; i++) {
                StormRequest any = StormRequest.any(random);
                StormRequest request =
                        slow ? new StormRequest(any.dialect(), any.stream(), SLOW_TOKENS, "", any.padding()) : any;
                counts.sent.increment();
                send(client, request, random);
                StormClient.Pace pace = slow ? () -> LockSupport.parkNanos(SLOW_PAUSE_NANOS) : StormClient.Pace.FULL;
                expected.check(request, client.read(pace));
                (slow ? counts.slowAnswered : counts.answered).increment();
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
