package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Tries one invalid key after another on one connection, {@value #PER_SECOND} in a second at most. */
final class FloodingClient implements StormRole {
    private static final int PER_SECOND = 1000;
    private static final int REQUESTS = 500;
    private static final long PAUSE_NANOS = 1_000_000_000L / PER_SECOND;

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
        String body = new StormRequest(Dialect.OPENAI, false, 1, "", 0).body();
        try (StormClient client = new StormClient(proxy)) {
            for (int i = 0; i < REQUESTS; i++) {
                String key = "sk-slip-" + Long.toHexString(random.nextLong());
                client.send(StormRequest.head("/v1/chat/completions", key, body.length()) + body);
                int status = client.read(StormClient.Pace.FULL).status();
                if (status != 401) {
                    throw new IllegalStateException("an invalid key was answered with " + status);
                }
                counts.invalidKeys.increment();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
