package dev.slipstream.exchange;

import dev.slipstream.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/** What was counted of an answer while it passed, for whoever is told of its end. Lives in its exchange. */
public final class AnswerFigures {
    /** A figure that nobody told. */
    public static final long UNKNOWN = -1;

    private @Nullable FailureKind failure;
    private long bodyBytes;
    private long firstTokenNanos = UNKNOWN;
    private long inputTokens = UNKNOWN;
    private long outputTokens = UNKNOWN;
    private long cachedTokens = UNKNOWN;
    private long reasoningTokens = UNKNOWN;

    AnswerFigures() {}

    /** Why we refused or broke the request; the last reason where there were several. */
    public @Nullable FailureKind failure() {
        return failure;
    }

    void setFailure(FailureKind kind) {
        failure = kind;
    }

    /** Body bytes written for the client, without framing. */
    public long bodyBytes() {
        return bodyBytes;
    }

    public void addBodyBytes(int bytes) {
        bodyBytes += bytes;
    }

    /** From the first byte of the request to the first event of its answer, or {@link #UNKNOWN}. */
    public long firstTokenNanos() {
        return firstTokenNanos;
    }

    public void setFirstTokenNanos(long nanos) {
        firstTokenNanos = nanos;
    }

    /** Tokens as the provider counted them; each may be {@link #UNKNOWN}. */
    public void setTokens(long input, long output, long cached, long reasoning) {
        inputTokens = input;
        outputTokens = output;
        cachedTokens = cached;
        reasoningTokens = reasoning;
    }

    public long inputTokens() {
        return inputTokens;
    }

    public long outputTokens() {
        return outputTokens;
    }

    public long cachedTokens() {
        return cachedTokens;
    }

    public long reasoningTokens() {
        return reasoningTokens;
    }

    void reset() {
        failure = null;
        bodyBytes = 0;
        firstTokenNanos = UNKNOWN;
        setTokens(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    }
}
