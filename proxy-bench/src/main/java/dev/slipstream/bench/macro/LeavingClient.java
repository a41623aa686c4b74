package dev.slipstream.bench.macro;

import dev.slipstream.codec.Dialect;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Leaves at each stage of a request, by a FIN or by a reset. */
final class LeavingClient implements StormRole {
    private static final long MAX_STAY_NANOS = 30_000_000;
    /** Of one millisecond each: nobody stays that long. */
    private static final int MANY_TOKENS = 20_000;

    private static final int PADDING = 30_000;

    /** When it leaves. */
    enum When {
        BEFORE_A_BYTE,
        IN_THE_HEAD,
        IN_THE_BODY,
        BEFORE_THE_ANSWER,
        IN_A_STREAM,
        IN_A_STREAM_UNREAD,
        WITH_MORE_REQUESTS_WAITING
    }

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

    @Override
    public void live(SplittableRandom random) throws IOException {
        When when = When.values()[random.nextInt(When.values().length)];
        Dialect dialect = random.nextBoolean() ? Dialect.OPENAI : Dialect.ANTHROPIC;
        StormClient client = new StormClient(proxy);
        try {
            leave(client, when, dialect, random);
            counts.left(when);
        } finally {
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
        }
    }

    private void leave(StormClient client, When when, Dialect dialect, SplittableRandom random) throws IOException {
        String held = new StormRequest(dialect, random.nextBoolean(), 1, "delay=60s", PADDING).bytes(key);
        String stream = new StormRequest(dialect, true, MANY_TOKENS, "gap=1ms", 0).bytes(key);
        int body = held.indexOf("\r\n\r\n") + 4;
        switch (when) {
            case BEFORE_A_BYTE -> {}
            case IN_THE_HEAD -> client.send(held.substring(0, 1 + random.nextInt(body - 1)));
            case IN_THE_BODY -> client.send(held.substring(0, body + random.nextInt(held.length() - body)));
            case BEFORE_THE_ANSWER -> client.send(held);
            case IN_A_STREAM, IN_A_STREAM_UNREAD -> client.send(stream);
            case WITH_MORE_REQUESTS_WAITING -> {
                String quick = new StormRequest(dialect, false, 1, "", 0).bytes(key);
                client.send(quick + stream + quick + quick);
            }
        }
        if (when == When.WITH_MORE_REQUESTS_WAITING) {
            wants200(client.read(StormClient.Pace.FULL).status(), when);
        }
        if (when == When.IN_A_STREAM || when == When.WITH_MORE_REQUESTS_WAITING) {
            wants200(client.readStatus(), when);
            byte[] some = new byte[1 + random.nextInt(2_000)];
            for (int reads = random.nextInt(4); reads > 0; reads--) {
                if (client.readSome(some) < 0) {
                    throw new IOException("the stream ended at once");
                }
            }
        }
        LockSupport.parkNanos(random.nextLong(MAX_STAY_NANOS));
        boolean unanswered = when.compareTo(When.BEFORE_THE_ANSWER) <= 0;
        if (unanswered && client.hasMore()) {
            throw new IOException(when + ": answered before its time");
        }
    }

    private static void wants200(int status, When when) throws IOException {
        if (status != 200) {
            throw new IOException(when + ": status " + status);
        }
    }
}
