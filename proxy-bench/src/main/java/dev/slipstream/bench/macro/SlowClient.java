package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes its time: over its upload, or over the reading of an answer that is larger than what may wait for it on the way.
 * It wants every byte too.
 */
final class SlowClient implements StormRole {
    private static final int RECEIVE_BYTES = 4096;
    /** Some 400 KB of events, and as much of one JSON answer. */
    private static final int STREAM_TOKENS = 1500;

    private static final int WHOLE_TOKENS = 60_000;
    private static final int UPLOAD_BYTES = 150_000;
    private static final int UPLOAD_PIECES = 25;
    private static final long BEFORE_READING_NANOS = 100_000_000;
    private static final long PAUSE_NANOS = 5_000_000;

    private final InetSocketAddress proxy;
    private final String key;
    private final ExpectedAnswers expected;
    private final StormCounts counts;

    SlowClient(InetSocketAddress proxy, String key, ExpectedAnswers expected, StormCounts counts) {
        this.proxy = proxy;
        this.key = key;
        this.expected = expected;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public void live(SplittableRandom random) throws IOException {
        Dialect dialect = random.nextBoolean() ? Dialect.OPENAI : Dialect.ANTHROPIC;
        boolean stream = random.nextBoolean();
        counts.sent.increment();
        if (random.nextInt(3) == 0) {
            upload(new StormRequest(dialect, stream, 16, "", UPLOAD_BYTES));
        } else {
            download(new StormRequest(dialect, stream, stream ? STREAM_TOKENS : WHOLE_TOKENS, "", 0));
        }
    }

    private void upload(StormRequest request) throws IOException {
        try (StormClient client = new StormClient(proxy)) {
            String bytes = request.bytes(key);
            int piece = bytes.length() / UPLOAD_PIECES + 1;
            for (int at = 0; at < bytes.length(); at += piece) {
                client.send(bytes.substring(at, Math.min(bytes.length(), at + piece)));
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            expected.check(request, client.read(StormClient.Pace.FULL));
            counts.slowUploads.increment();
        }
    }

    private void download(StormRequest request) throws IOException {
        try (StormClient client = new StormClient(proxy, RECEIVE_BYTES)) {
            client.send(request.bytes(key));
            LockSupport.parkNanos(BEFORE_READING_NANOS);
            expected.check(request, client.read(() -> LockSupport.parkNanos(PAUSE_NANOS)));
            counts.slowDownloads.increment();
        }
    }
}
