package dev.slipstream.bench.load;

import io.netty.buffer.ByteBuf;

/**
 * One request and its answer. Made and recycled by its {@link LoadWorker}, lent to a connection from {@link
 * LoadConnection#send} to {@link LoadWorker#onDone}. Times by {@code System.nanoTime()}. Confined to its loop.
 */
final class LoadCall {
    private final TokenEvents events = new TokenEvents();
    private RequestKind kind = RequestKind.CHAT;
    private boolean measured;
    private long dueNanos;
    private long sentNanos;
    private int status;
    private long firstByteNanos;
    private boolean tokenSeen;
    private long firstTokenNanos;
    private long lastTokenNanos;
    private long answerBytes;

    void begin(RequestKind kind, boolean measured, long dueNanos, long sentNanos) {
        this.kind = kind;
        this.measured = measured;
        this.dueNanos = dueNanos;
        this.sentNanos = sentNanos;
        status = 0;
        firstByteNanos = 0;
        tokenSeen = false;
        firstTokenNanos = 0;
        lastTokenNanos = 0;
        answerBytes = 0;
        events.reset();
    }

    RequestKind kind() {
        return kind;
    }

    boolean isMeasured() {
        return measured;
    }

    long dueNanos() {
        return dueNanos;
    }

    long sentNanos() {
        return sentNanos;
    }

    /** 0: no head came. */
    int status() {
        return status;
    }

    long firstByteNanos() {
        return firstByteNanos;
    }

    boolean hasToken() {
        return tokenSeen;
    }

    long firstTokenNanos() {
        return firstTokenNanos;
    }

    /** Of the answer's body. */
    long answerBytes() {
        return answerBytes;
    }

    void onHead(int status, long nowNanos) {
        this.status = status;
        firstByteNanos = nowNanos;
    }

    /** Borrows the next {@code length} bytes of the body. */
    void onBody(ByteBuf in, int length, long nowNanos, byte[] scratch, LoadResults results) {
        answerBytes += length;
        if (kind != RequestKind.STREAM || status != 200) {
            return;
        }
        for (int tokens = events.feed(in, length, scratch); tokens > 0; tokens--) {
            if (tokenSeen) {
                if (measured) {
                    // Tokens that came in one read came at once.
                    results.record(Metric.TOKEN_GAP, nowNanos - lastTokenNanos);
                }
            } else {
                tokenSeen = true;
                firstTokenNanos = nowNanos;
            }
            lastTokenNanos = nowNanos;
        }
    }

    /** What an answer is that ended well. */
    Outcome outcome() {
        Outcome outcome = Outcome.ofStatus(status);
        if (outcome != Outcome.OK || kind != RequestKind.STREAM) {
            return outcome;
        }
        return events.isFailed() ? Outcome.ERROR_EVENT : events.isEnded() ? Outcome.OK : Outcome.TRUNCATED;
    }
}
