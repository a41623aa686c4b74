package dev.slipstream.bench.macro;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Leaves at any moment, by a FIN or by a reset. */
final class LeavingClient implements StormRole {
    private static final long MAX_STAY_NANOS = 30_000_000;

    private final InetSocketAddress proxy;
    private final String key;
    private final StormCounts counts;

    LeavingClient(InetSocketAddress proxy, String key, StormCounts counts) {
        this.proxy = proxy;
        this.key = key;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "leaver";
    }

    /** It may have been answered, and left by the proxy, before it knew that it would leave itself. */
    @Override
    public boolean mayFail(Exception e) {
        return e instanceof IOException;
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        StormClient client = new StormClient(proxy);
        try {
            StormRequest any = StormRequest.any(random);
            String pace = random.nextBoolean() ? "delay=60s" : "gap=1ms";
            String bytes = new StormRequest(any.dialect(), any.stream(), 10_000, pace, any.padding()).bytes(key);
            boolean whole = random.nextInt(3) > 0;
            client.send(whole ? bytes : bytes.substring(0, random.nextInt(bytes.length())));
            if (whole && pace.startsWith("gap") && any.stream()) {
                byte[] some = new byte[1 + random.nextInt(2_000)];
                for (int reads = random.nextInt(4); reads > 0 && client.readSome(some) >= 0; reads--) {}
            }
            LockSupport.parkNanos(random.nextLong(MAX_STAY_NANOS));
            counts.left.increment();
        } finally {
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
        }
    }
}
