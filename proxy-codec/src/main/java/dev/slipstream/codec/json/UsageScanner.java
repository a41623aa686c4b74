package dev.slipstream.codec.json;

import io.netty.buffer.ByteBuf;

/**
 * Reads token usage out of an answer as it passes, whole or streamed, in either dialect, any split. Never fails: what
 * it cannot read it leaves unknown. Borrows every buffer and leaves its indices alone.
 */
public final class UsageScanner {
    /** How the answer is to be read. */
    public enum Mode {
        /** Nothing is read. */
        OFF,
        /** One JSON document. */
        WHOLE,
        /** Server-sent events whose data are JSON documents. */
        EVENTS
    }

    /** A figure that was not sent. */
    public static final long UNKNOWN = -1;

    /** Makes ready for the next answer. */
    public void reset(Mode mode) {}

    /** The answer's next bytes. */
    public void feed(ByteBuf piece) {
        throw new AssertionError("stub");
    }

    /** The answer has ended. */
    public void finish() {}

    /** All input tokens, cached ones included (Anthropic: input + cache read + cache creation), or {@link #UNKNOWN}. */
    public long promptTokens() {
        throw new AssertionError("stub");
    }

    /** All output tokens, reasoning included, or {@link #UNKNOWN}. */
    public long completionTokens() {
        throw new AssertionError("stub");
    }

    /** Input tokens read from the provider's cache, or {@link #UNKNOWN}. */
    public long cachedTokens() {
        throw new AssertionError("stub");
    }

    /** Output tokens spent on reasoning, or {@link #UNKNOWN}. */
    public long reasoningTokens() {
        throw new AssertionError("stub");
    }

    /** {@link Mode#EVENTS}: events with data that were complete so far. */
    public long events() {
        throw new AssertionError("stub");
    }

    /** {@link Mode#EVENTS}: whether the last byte ended an event (or there was none), so that another may follow. */
    public boolean atEventBoundary() {
        throw new AssertionError("stub");
    }

    /** {@link Mode#EVENTS}: whether {@code [DONE]} or {@code message_stop} was seen. */
    public boolean ended() {
        throw new AssertionError("stub");
    }
}
